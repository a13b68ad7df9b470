import { deepEqual } from 'node:assert/strict';
import { readFiles } from './files';
import { checkHosts, checkLockFile, checkRemote } from './hygiene';

const files = readFiles();
const bad = (entries: Record<string, string>) => new Map(Object.entries(entries));

describe('committed files', () => {
  it('name no registry and no machine path', () => {
    deepEqual(checkHosts(files), []);
  });

  it('finds a registry and a machine path', () => {
    const registry = ['https://registry.npmjs', 'org/x'].join('.');
    const home = ['', 'home', 'me', 'x'].join('/');
    const problems = checkHosts(
      bad({
        '.npmrc': `registry=${registry}`,
        'README.md': `fine\nsee ${home}`,
        'test/fixtures/text/mixed.txt': `see ${home}`,
      }),
    );
    deepEqual(problems, [
      `.npmrc:1: names the registry ${registry.slice(8, -2)}`,
      'README.md:2: names the machine path ' + home.slice(0, 7),
    ]);
  });

  it('have a lock file without addresses', () => {
    deepEqual(checkLockFile(files), []);
  });

  it('finds an address in a lock file', () => {
    const line = `"${'resolved'}": "x"`;
    deepEqual(checkLockFile(bad({ 'package-lock.json': `{\n${line}\n}`, 'other.json': line })), [
      'package-lock.json:2: states where a package came from',
    ]);
  });

  it('load nothing from the network in the panel', () => {
    deepEqual(checkRemote(files), []);
  });

  it('finds a remote address in the panel, but not a namespace', () => {
    const problems = checkRemote(
      bad({
        'src/webview/a.ts':
          "const svg = 'http://www.w3.org/2000/svg';\n// see docs.example.com\nload('//cdn.example.com/x.js');",
        'media/panel.css': '@import url(https://fonts.example.com/a.css);',
        'src/host/b.ts': "open('https://example.com');",
      }),
    );
    deepEqual(problems, [
      'src/webview/a.ts:3: refers to //cdn.example.com/x.js',
      'media/panel.css:1: refers to https://fonts.example.com/a.css',
    ]);
  });
});
