import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { alone, DeviceSession, type Session, type Tensors } from '../../src/engine/deviceSession';
import { int64 } from '../../src/engine/runtime';

/** A session whose runs take some turns of the event loop, as a binding's that does not block its thread would. */
class SlowSession implements Session {
  static running = 0;
  static most = 0;
  readonly outputNames = ['a', 'b'];
  readonly fetched: (readonly string[])[] = [];
  readonly tensors: Record<string, ReturnType<typeof int64>> = {};
  failing = false;

  static reset(): void {
    SlowSession.running = SlowSession.most = 0;
  }

  run(_feeds: Tensors, fetches: readonly string[]): Promise<Tensors> {
    return SlowSession.work(() => {
      if (this.failing) throw new Error('lost');
      this.fetched.push(fetches);
      for (const name of fetches) this.tensors[name] = int64([1], [1]);
      return { ...this.tensors };
    });
  }

  release(): Promise<void> {
    return SlowSession.work(() => undefined);
  }

  static async work<T>(result: () => T): Promise<T> {
    SlowSession.most = Math.max(SlowSession.most, ++SlowSession.running);
    await setImmediate();
    await setImmediate();
    SlowSession.running--;
    return result();
  }
}

describe('sessions on a device', () => {
  beforeEach(() => SlowSession.reset());

  it('never run two at once, whichever models they are of, nor while one is made or released', async () => {
    const wrap = (session: Session) => new DeviceSession(session, false);
    const all = async (a: Session, b: Session) => {
      await Promise.all([a.run({}, ['a']), b.run({}, ['a']), a.run({}, ['b']), b.release()]);
      return SlowSession.most;
    };
    assert.ok((await all(new SlowSession(), new SlowSession())) > 1, 'unguarded, they meet');
    SlowSession.reset();
    const made = alone(() => SlowSession.work(() => undefined));
    assert.equal(await all(wrap(new SlowSession()), wrap(new SlowSession())), 1);
    await made;
  });

  it('go on after one that failed', async () => {
    const [failing, working] = [new SlowSession(), new SlowSession()];
    failing.failing = true;
    const first = new DeviceSession(failing, false).run({}, ['a']);
    const second = new DeviceSession(working, false).run({}, ['a']);
    await assert.rejects(first, /lost/u);
    assert.ok((await second)['a']);
  });

  it('fetch all outputs where some stay on the device, and let go of those nobody asked for', async () => {
    const session = new SlowSession();
    const results = await new DeviceSession(session, true).run({}, ['b']);
    assert.deepEqual(session.fetched, [['a', 'b']]);
    assert.deepEqual(Object.keys(results), ['b']);
    assert.throws(() => session.tensors['a']?.data, /disposed|not available|not on CPU|none/iu);
    assert.equal(results['b']?.data.length, 1);
  });
});
