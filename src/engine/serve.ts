import {
  type CancellationToken,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { type AppError, toAppError } from '../common/errors';
import type { EngineMethod, EngineParams } from '../protocol/engine';
import { paramsReaders } from '../protocol/engineGuards';
import { createHandlers, type Handlers, type Notify } from './handlers';
import type { Trial } from './trial';

/** Codes from -32000 on are the application's; ours is in the data. */
const APPLICATION_ERROR = -32000;

/** Serves the contract on this process's IPC channel, and ends with it: an engine without a host is of no use. */
export function serve(trial: Trial): void {
  process.once('disconnect', () => process.exit());
  const connection = createMessageConnection(
    new IPCMessageReader(process),
    new IPCMessageWriter(process),
  );
  const notify: Notify = (name, value) => {
    // Fails only when the channel is closing; `disconnect` then ends the process.
    connection.sendNotification(name, value).catch(() => undefined);
  };
  const handlers = createHandlers(notify, trial);
  for (const method of Object.keys(handlers) as EngineMethod[]) {
    register(connection, method, handlers);
  }
  connection.listen();
}

function register<M extends EngineMethod>(
  connection: MessageConnection,
  method: M,
  handlers: Handlers,
): void {
  connection.onRequest(method, async (params: unknown, token: CancellationToken) => {
    const abort = new AbortController();
    const detach = token.onCancellationRequested(() => abort.abort());
    if (token.isCancellationRequested) abort.abort();
    try {
      // The reader of a method gives that method's parameters; TypeScript cannot follow M through the table.
      const checked = paramsReaders[method](params, method) as EngineParams<M>;
      return await handlers[method](checked, abort.signal);
    } catch (error) {
      throw toResponseError(toAppError(error));
    } finally {
      detach.dispose();
    }
  });
}

function toResponseError(error: AppError): ResponseError<unknown> {
  return new ResponseError(APPLICATION_ERROR, error.message, error.toWire());
}
