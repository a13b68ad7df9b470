import Mocha from 'mocha';

/**
 * Imported before the suites: bundled into one file, they define their tests while they are loaded, so mocha's globals
 * must exist by then. A model is loaded and run on a busy machine, hence the long limit.
 */
export const mocha = new Mocha({ ui: 'tdd', timeout: 120_000, slow: 5_000, forbidOnly: true });
mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, '', mocha);
