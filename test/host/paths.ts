/** Where the runner finds and keeps things. Everything it writes is git-ignored. */
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

/** Editors, kept between runs: installing one takes minutes. */
export const HOSTS = join(ROOT, '.vscode-test');

/** Screenshots, packages and logs of the last run. */
export const ARTIFACTS = join(ROOT, 'artifacts');

/** Copied for each run, so that a test may edit it. */
export const SAMPLE_WORKSPACE = join(ROOT, 'test', 'host', 'workspace');

/** Bundled suites, for the extension host has no tsx. */
export const BUNDLES = join(ROOT, 'out', 'test');
