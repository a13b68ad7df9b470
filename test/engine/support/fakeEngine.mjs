// An engine that misbehaves in the way its environment names. It speaks the wire format by hand, so that what it sends is
// not bounded by any library. `status` is answered (the client's handshake) except where the start is what goes wrong.
import { writeSync } from 'node:fs';
import { setInterval } from 'node:timers';

const mode = process.env.HEADLIGHT_FAKE;

const status = { state: 'empty', cacheBytes: 0, cacheEntries: 0, residentBytes: 1 };

const atStart = {
  exitAtStart() {
    process.stderr.write('the library of the device is missing\n');
    process.exit(3);
  },
  silentAtStart() {
    process.on('message', () => undefined);
  },
  garbageAtStart() {
    process.send('what is this');
  },
};

/** What becomes of any call other than `status`. */
const onCall = {
  exit: () => process.exit(0),
  abort: () => process.abort(),
  disconnect() {
    process.disconnect();
    setInterval(() => undefined, 1000);
  },
  silent: () => undefined,
  text: () => process.send('not a message'),
  neither: ({ id }) => process.send({ jsonrpc: '2.0', id }),
  wrongShape: ({ id }) => process.send({ jsonrpc: '2.0', id, result: { results: 'none' } }),
  uncodedError: ({ id }) =>
    process.send({ jsonrpc: '2.0', id, error: { code: -32603, message: 'oops' } }),
  unknownNotification: () => process.send({ jsonrpc: '2.0', method: 'surprise', params: {} }),
  wrongNotification: () =>
    process.send({ jsonrpc: '2.0', method: 'progress', params: { call: 'one' } }),
  requestToHost: () => process.send({ jsonrpc: '2.0', id: 1, method: 'status', params: {} }),
  // Read as the length of a message that never comes.
  bytes: () => writeSync(process.channel.fd, 'garbage\n'),
};

if (mode in atStart) {
  atStart[mode]();
} else {
  process.on('message', (message) => {
    if (message.method === 'status') {
      process.send({ jsonrpc: '2.0', id: message.id, result: status });
    } else if (message.id !== undefined) {
      onCall[mode](message);
    }
  });
  process.on('disconnect', () => {
    if (mode !== 'disconnect') process.exit(0);
  });
}
