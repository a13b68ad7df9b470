import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { AppError, type ErrorCode } from '../../src/common/errors';
import type { EngineClient, EngineClientState } from '../../src/host/engine/client';
import {
  buildEngine,
  type BuiltEngine,
  clientOf,
  FAKE_ENGINE,
  loadParams,
  translateParams,
} from './support/engine';

const ENGLISH = 'Open the settings and select a language for the new project.';
const DOCUMENT = Array.from(
  { length: 60 },
  (_, index) => `The file number ${index} was saved in the folder of the project.`,
).join('\n');

async function codeOf(call: Promise<unknown>): Promise<ErrorCode> {
  const error: unknown = await call.then(
    () => assert.fail('the call resolved'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  return error.code;
}

/** A fake that goes wrong in the named way. Waits are short only where they are to run out: a busy machine is slow to answer. */
function fake(mode: string): EngineClient {
  const fallsSilent = mode === 'silent' || mode === 'bytes';
  return clientOf(FAKE_ENGINE, {
    env: { HEADLIGHT_FAKE: mode },
    startTimeoutMs: mode === 'silentAtStart' ? 400 : 30_000,
    silenceTimeoutMs: fallsSilent ? 3_000 : 30_000,
    cancelTimeoutMs: 400,
  });
}

function statesOf(client: EngineClient): EngineClientState[] {
  const states: EngineClientState[] = [];
  client.onState((state) => states.push(state));
  return states;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resolves when the process is gone; mocha's time limit is the only other end. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Kills the engine when it says that it is in this phase, the given number of times. */
function killWhenLoading(client: EngineClient, times: number): { readonly killed: number[] } {
  const killed: number[] = [];
  client.onNotification('state', ({ state }) => {
    if (state !== 'loading' || killed.length >= times || client.pid === undefined) return;
    killed.push(client.pid);
    process.kill(client.pid, 'SIGKILL');
  });
  return { killed };
}

function killWhenTranslating(client: EngineClient, times: number): { readonly killed: number[] } {
  const killed: number[] = [];
  client.onNotification('progress', ({ done, total }) => {
    if (done === total || killed.length >= times || client.pid === undefined) return;
    if (killed.includes(client.pid)) return;
    killed.push(client.pid);
    process.kill(client.pid, 'SIGKILL');
  });
  return { killed };
}

describe('an engine that dies', function () {
  this.timeout(120_000);
  let engine: BuiltEngine;
  let client: EngineClient;
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => unhandled.push(reason);

  before(async () => {
    engine = await buildEngine();
    process.on('unhandledRejection', onUnhandled);
  });

  after(async () => {
    process.off('unhandledRejection', onUnhandled);
    await engine.remove();
  });

  afterEach(async () => {
    const { pid } = client;
    await client.stop();
    client.dispose();
    if (pid !== undefined) assert.equal(isAlive(pid), false, 'the child is gone');
    assert.deepEqual(unhandled.splice(0), [], 'no rejection without a handler');
  });

  describe('at its start', () => {
    for (const [what, path, code] of [
      ['there is no such file', join(__dirname, 'noEngine.js'), 'engineStartFailed'],
      ['it ends with an error', 'exitAtStart', 'engineStartFailed'],
      ['it never answers', 'silentAtStart', 'engineStartFailed'],
      ['it sends garbage', 'garbageAtStart', 'engineProtocol'],
    ] as const) {
      it(`${what}: one restart, then ${code}`, async () => {
        client = path.endsWith('.js') ? clientOf(path) : fake(path);
        const states = statesOf(client);
        const calls = [
          client.request('load', loadParams()),
          client.request('translate', translateParams([ENGLISH])),
          client.request('status', {}),
        ];
        assert.deepEqual(await Promise.all(calls.map(codeOf)), [code, code, code]);
        assert.equal(client.state, 'failed');
        assert.deepEqual(states, ['starting', 'failed']);
      });
    }

    it('it is killed: one restart, then engineStartFailed; the next request tries afresh', async () => {
      client = fake('silentAtStart');
      const pids: number[] = [];
      const code = codeOf(client.request('status', {}));
      // The pid is there as soon as the process was forked.
      while (client.state !== 'failed') {
        const { pid } = client;
        if (pid !== undefined && !pids.includes(pid)) {
          pids.push(pid);
          process.kill(pid, 'SIGKILL');
          await gone(pid);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal(await code, 'engineStartFailed');
      assert.equal(pids.length, 2);
      const again = codeOf(client.request('status', {}));
      assert.equal(client.state, 'starting');
      assert.equal(await again, 'engineStartFailed');
    });

    it('its last words come with the error', async () => {
      client = fake('exitAtStart');
      await assert.rejects(client.request('status', {}), (error: AppError) => {
        assert.match(error.message, /exit code 3/u);
        assert.match(String(error.data['detail']), /library of the device is missing/u);
        return true;
      });
    });
  });

  describe('under a call', () => {
    for (const [mode, code] of [
      ['exit', 'engineDied'],
      ['abort', 'engineDied'],
      ['disconnect', 'engineDied'],
      ['silent', 'engineTimeout'],
      ['bytes', 'engineTimeout'],
      ['text', 'engineProtocol'],
      ['neither', 'engineProtocol'],
      ['wrongShape', 'engineProtocol'],
      ['uncodedError', 'engineProtocol'],
      ['unknownNotification', 'engineProtocol'],
      ['wrongNotification', 'engineProtocol'],
      ['requestToHost', 'engineProtocol'],
    ] as const) {
      it(`${mode}: one restart, then ${code} for every call, and a clear state`, async () => {
        client = fake(mode);
        await client.request('status', {});
        const states = statesOf(client);
        const first = client.pid;
        const calls = [
          client.request('translate', translateParams([ENGLISH])),
          client.request('load', loadParams()),
          client.request('translate', translateParams([ENGLISH])),
        ];
        assert.deepEqual(await Promise.all(calls.map(codeOf)), [code, code, code]);
        assert.deepEqual(states, ['starting', 'running', 'failed']);
        assert.equal(client.pid, undefined);
        if (first !== undefined) await gone(first);
        const status = await client.request('status', {});
        assert.equal(status.state, 'empty', 'the next request starts it again');
      });
    }

    it('a cancelled call settles at once, and the engine that does not give it up is ended', async () => {
      client = fake('silent');
      await client.request('status', {});
      const { pid } = client;
      const abort = new AbortController();
      const call = client.request('translate', translateParams([ENGLISH]), abort.signal);
      abort.abort();
      assert.equal(await codeOf(call), 'cancelled');
      assert.ok(pid !== undefined);
      await gone(pid);
      assert.equal(client.state, 'stopped');
    });

    it('dispose ends the calls as cancelled and the child with them', async () => {
      client = fake('silent');
      await client.request('status', {});
      const { pid } = client;
      const call = client.request('translate', translateParams([ENGLISH]));
      client.dispose();
      assert.equal(await codeOf(call), 'cancelled');
      assert.ok(pid !== undefined);
      await gone(pid);
      assert.equal(await codeOf(client.request('status', {})), 'cancelled');
    });
  });

  describe('the real one', () => {
    it('killed in load: starts again and loads', async () => {
      client = clientOf(engine.path);
      const { killed } = killWhenLoading(client, 1);
      const info = await client.request('load', loadParams());
      assert.equal(killed.length, 1);
      assert.equal(info.device, 'cpu');
      assert.equal(client.state, 'running');
    });

    it('killed in load twice: engineDied, failed, and the next request works', async () => {
      client = clientOf(engine.path);
      const { killed } = killWhenLoading(client, 2);
      assert.equal(await codeOf(client.request('load', loadParams())), 'engineDied');
      assert.equal(killed.length, 2);
      assert.equal(client.state, 'failed');
      assert.equal((await client.request('load', loadParams())).device, 'cpu');
    });

    it('killed in a run: loads the model again and gives the same translation', async () => {
      client = clientOf(engine.path);
      await client.request('load', loadParams());
      const whole = await client.request('translate', translateParams([DOCUMENT]));
      const { killed } = killWhenTranslating(client, 1);
      const again = await client.request('translate', translateParams([DOCUMENT]));
      assert.equal(killed.length, 1);
      assert.deepEqual(again.results, whole.results);
      assert.notEqual(client.pid, killed[0]);
    });

    it('killed in a run twice: engineDied for the document and the hover beside it', async () => {
      client = clientOf(engine.path);
      await client.request('load', loadParams());
      const { killed } = killWhenTranslating(client, 2);
      const calls = [
        client.request('translate', translateParams([DOCUMENT])),
        client.request('translate', translateParams([DOCUMENT.replaceAll('file', 'page')])),
      ];
      assert.deepEqual(await Promise.all(calls.map(codeOf)), ['engineDied', 'engineDied']);
      assert.equal(killed.length, 2);
      assert.equal(client.state, 'failed');
      const result = await client.request('translate', translateParams([ENGLISH]));
      assert.match(result.results[0]?.text ?? '', /[가-힣]/u);
    });

    it('ended while nothing is asked of it: the next call starts it with its model', async () => {
      client = clientOf(engine.path);
      await client.request('load', loadParams());
      const stopped = new Promise<void>((resolve) => {
        client.onState((state) => {
          if (state === 'stopped') resolve();
        });
      });
      process.kill(client.pid ?? 0, 'SIGKILL');
      await stopped;
      const result = await client.request('translate', translateParams([ENGLISH]));
      assert.match(result.results[0]?.text ?? '', /[가-힣]/u);
    });

    it('ends by itself when its host is gone', async () => {
      client = clientOf(engine.path);
      const host = fork(join(__dirname, 'support', 'shortLivedHost.mjs'), [engine.path], {
        execArgv: [],
      });
      const pid = await new Promise<number>((resolve) => {
        host.once('message', (message) => resolve(message as number));
      });
      assert.ok(isAlive(pid));
      host.kill('SIGKILL');
      await gone(pid);
    });
  });
});
