import { deepEqual, ok } from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

const ROOT = join(__dirname, '..', '..');

/** Of the panel's script as it is published: it is read anew whenever the panel comes back into view. */
const MOST_BYTES = 220 * 1024;

/** Names of XML namespaces; nothing loads them. */
const NAMESPACE = /^http:\/\/www\.w3\.org\//;

describe("the panel's script", function () {
  this.timeout(60_000);
  let script: Buffer;

  before(async () => {
    const { webview } = createRequire(__filename)(join(ROOT, 'esbuild.js')) as {
      webview: BuildOptions;
    };
    const options = { ...webview, minify: true, sourcemap: false, write: false, metafile: false };
    const { outputFiles } = await build({ ...options, absWorkingDir: ROOT, logLevel: 'silent' });
    script = Buffer.from(outputFiles?.[0]?.contents ?? []);
  });

  it('is small enough', () => {
    ok(script.length > 10_000, 'it was built');
    ok(script.length <= MOST_BYTES, `${script.length} bytes, ${MOST_BYTES} are the limit`);
  });

  it('names no address, runs no text as a program and starts no worker', () => {
    const text = script.toString('utf8');
    const addresses = (text.match(/\b(https?|wss?):\/\/[^\s"'`\\)]+/g) ?? []).filter(
      (address) => !NAMESPACE.test(address),
    );
    deepEqual(addresses, []);
    deepEqual(text.match(/\beval\(|new Function\(|new Worker\(/g), null);
  });
});
