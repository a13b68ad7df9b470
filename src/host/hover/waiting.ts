import type * as vscode from 'vscode';

/** Waits; false if the token fired meanwhile. */
export function pause(milliseconds: number, token: vscode.CancellationToken): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(!token.isCancellationRequested);
    };
    const timer = setTimeout(finish, milliseconds);
    const subscription = token.onCancellationRequested(finish);
  });
}

/** What the promise gives, or `late`; a failure that comes later is nobody's. */
export async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), milliseconds);
  });
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
