import type { ChildProcess } from 'node:child_process';
import {
  AbstractMessageReader,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
} from 'vscode-jsonrpc/node';
import { AppError } from '../../common/errors';

/**
 * Reads the engine's messages from the IPC channel. The package's own reader hands anything on, and its connection only
 * logs what is no message: the call that waited for it would never settle. Here it is an error, and the process is ended.
 */
export class CheckedMessageReader extends AbstractMessageReader implements MessageReader {
  constructor(private readonly child: ChildProcess) {
    super();
  }

  listen(callback: DataCallback): Disposable {
    const listener = (message: unknown) => {
      if (isMessage(message)) callback(message);
      else this.fireError(new AppError('engineProtocol', 'The engine sent what is no message.'));
    };
    this.child.on('message', listener);
    return { dispose: () => this.child.off('message', listener) };
  }
}

/** A notification, or a response with a result or an error. The engine sends no requests. */
function isMessage(value: unknown): value is Message {
  if (!isRecord(value) || value['jsonrpc'] !== '2.0') return false;
  if ('method' in value) return typeof value['method'] === 'string' && !('id' in value);
  if (!Number.isSafeInteger(value['id'])) return false;
  if (!('error' in value)) return value['result'] !== undefined;
  const error = value['error'];
  return (
    isRecord(error) && typeof error['code'] === 'number' && typeof error['message'] === 'string'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
