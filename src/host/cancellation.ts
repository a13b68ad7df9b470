import * as vscode from 'vscode';
import { onAbort } from '../common/async';

/** An abort signal that follows a token until it is detached. */
export function abortOn(token: vscode.CancellationToken): {
  readonly signal: AbortSignal;
  readonly detach: () => void;
} {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  const subscription = token.onCancellationRequested(() => abort.abort());
  return { signal: abort.signal, detach: () => void subscription.dispose() };
}

/** What a task gives that is to be cancelled by a token, where there is a signal. */
export async function withToken<T>(
  signal: AbortSignal,
  task: (token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  const detach = onAbort(signal, () => source.cancel());
  try {
    return await task(source.token);
  } finally {
    detach();
    source.dispose();
  }
}
