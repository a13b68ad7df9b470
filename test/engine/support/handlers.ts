import { createHandlers, type Handlers } from '../../../src/engine/handlers';
import type { LoadParams } from '../../../src/protocol/engine';
import { loadParams } from './engine';

/** The engine's own answers in this process, with the default model loaded; nobody is notified, and no device is tried. */
export async function loadedHandlers(changes: Partial<LoadParams> = {}): Promise<Handlers> {
  const handlers = createHandlers(
    () => undefined,
    () => Promise.resolve({ ok: false, reason: 'not here' }),
  );
  await handlers.load(loadParams(changes), new AbortController().signal);
  return handlers;
}
