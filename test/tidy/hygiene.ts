import type { Files } from './files';

/** Written in pieces, so that this file does not find itself. */
const REGISTRY_HOSTS = [
  'registry.npmjs' + '.org',
  'registry.yarnpkg' + '.com',
  'npm.pkg.github' + '.com',
  'files.pythonhosted' + '.org',
  'pypi' + '.org',
  'download.pytorch' + '.org',
];

/** Home folders of a person or of a build machine, and the root that a build machine worked in. */
const MACHINE_PATHS = new RegExp(
  ['/' + 'home/\\w', '/' + 'Users/\\w', '/' + 'root/', '[A-Z]:\\\\' + 'Users', '/' + 'work/'].join(
    '|',
  ),
);

/** Samples of text to translate and to tokenize hold invented paths on purpose. */
const SAMPLES = /^test\/fixtures\/|\.test\.ts$|^models\/default\/tokenizer\.json$/;

/** Names of package registries and of this or that machine have no place in what is committed. */
export function checkHosts(files: Files): string[] {
  return eachLine(files, (path, line) => {
    const host = REGISTRY_HOSTS.find((name) => line.includes(name));
    if (host !== undefined) return `names the registry ${host}`;
    const place = SAMPLES.test(path) ? null : MACHINE_PATHS.exec(line);
    return place ? `names the machine path ${place[0]}` : undefined;
  });
}

/** A lock file with addresses installs from one registry only; without, from whichever is configured. */
export function checkLockFile(files: Files): string[] {
  const locks = new Map([...files].filter(([path]) => path.endsWith('package-lock.json')));
  return eachLine(locks, (_path, line) =>
    line.includes('"' + 'resolved"') ? 'states where a package came from' : undefined,
  );
}

/** Namespaces are names, not addresses that anything loads. */
const NAMESPACE = /^https?:\/\/www\.w3\.org\/(2000\/svg|1999\/xlink|1999\/xhtml)\b/;

/** What runs in the panel loads nothing from the network. */
export function checkRemote(files: Files): string[] {
  const panel = new Map(
    [...files].filter(([path]) => /^(src\/webview|media)\/.*\.(ts|css|html|svg|js)$/.test(path)),
  );
  return eachLine(panel, (_path, line) => {
    for (const match of line.matchAll(
      /(https?:|wss?:)?\/\/[a-z0-9-]+(\.[a-z0-9-]+)+[^\s'"`)]*/gi,
    )) {
      const isComment = match[1] === undefined && !/^['"`(]/.test(line.slice(match.index - 1));
      if (!isComment && !NAMESPACE.test(match[0])) return `refers to ${match[0]}`;
    }
    return undefined;
  });
}

function eachLine(
  files: Files,
  check: (path: string, line: string) => string | undefined,
): string[] {
  const problems: string[] = [];
  for (const [path, text] of files)
    text.split('\n').forEach((line, index) => {
      const problem = check(path, line);
      if (problem !== undefined) problems.push(`${path}:${index + 1}: ${problem}`);
    });
  return problems;
}
