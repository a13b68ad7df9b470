// Forks an engine, waits for its first answer, tells its own parent the process id, and waits to be killed.
import { fork } from 'node:child_process';

const engine = fork(process.argv[2], [], {
  serialization: 'advanced',
  stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
});
engine.once('message', () => process.send(engine.pid));
engine.send({ jsonrpc: '2.0', id: 1, method: 'status', params: {} });
