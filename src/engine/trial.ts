import { fork } from 'node:child_process';
import { join } from 'node:path';
import { onAbort } from '../common/async';
import { cancelled, toAppError } from '../common/errors';
import type { DeviceName } from '../protocol/engine';
import {
  aBoolean,
  aNumber,
  anInteger,
  anObject,
  arrayOf,
  aString,
  oneOf,
  optional,
} from '../protocol/shape';
import type { Adapter } from './adapter';

/** First argument that makes the engine's bundle try one device and end. */
export const TRIAL_ARGUMENT = '--trial';

/** Compiling every kernel of a GPU for the first time can take most of a minute. Less than the host bears an engine's silence. */
const TRIAL_TIMEOUT_MS = 150_000;
/** The runtime lists the machine's cards first, and says at the end what is wrong. */
const STDERR_KEPT = 20_000;
const WORDS_KEPT = 2000;
/** A line of the runtime's log that is no warning. */
const CHATTER = /^\S+ \S+ \[[VI]:.*$\n?/gmu;
const CARD =
  /Discovered OrtHardwareDevice \{vendor_id:(\w+), device_id:(\w+), vendor:([^,]*), type:1\b/gu;

export interface TrialRequest {
  readonly modelPath: string;
  readonly device: DeviceName;
  readonly threads: number;
}

interface Found {
  readonly milliseconds: number;
  /** Which libraries and cards did it; absent where the system does not say. */
  readonly library?: string;
  /** No graphics card did it. */
  readonly software?: boolean;
}

export type TrialOutcome =
  | ({ readonly ok: true } & Found)
  /** The runtime's own words: its exception, then what it wrote to stderr. */
  | { readonly ok: false; readonly reason: string };

/** Tries a device. Rejects only with `cancelled`; everything else is an outcome. */
export type Trial = (request: TrialRequest, signal?: AbortSignal) => Promise<TrialOutcome>;

const trialRequest = anObject({
  modelPath: aString,
  device: oneOf('cpu', 'cuda', 'dml', 'webgpu', 'coreml'),
  threads: anInteger(0),
});
const trialAnswer = anObject({
  measured: optional(
    anObject({
      milliseconds: aNumber(0),
      libraries: arrayOf(aString),
      holdsCard: optional(aBoolean),
    }),
  ),
  error: optional(aString),
});

/** What a device's own process finds. */
export type Measured = Adapter & { readonly milliseconds: number };

/**
 * Tries devices in a process of their own: a driver that crashes takes nothing with it, and what the runtime writes to
 * stderr (the missing library's name stands only there) is caught with the device it belongs to.
 */
export function forkedTrial(enginePath = join(__dirname, 'engine.js')): Trial {
  return (request, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(cancelled());
        return;
      }
      const child = fork(enginePath, [TRIAL_ARGUMENT], {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      let stderr = '';
      let measured: Measured | undefined;
      let said: string | undefined;
      const timer = setTimeout(() => {
        said = `The trial did not end within ${TRIAL_TIMEOUT_MS / 1000} s.`;
        child.kill('SIGKILL');
      }, TRIAL_TIMEOUT_MS);
      const detach = onAbort(signal, () => {
        child.kill('SIGKILL');
        reject(cancelled());
      });
      const settle = (ending: string) => {
        clearTimeout(timer);
        detach();
        resolve(
          measured
            ? { ok: true, ...describe(request.device, measured, stderr) }
            : { ok: false, reason: withStderr(said ?? ending, stderr) },
        );
      };
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-STDERR_KEPT);
      });
      child.on('message', (message) => {
        try {
          const answer = trialAnswer(message, 'answer');
          measured = answer.measured;
          said = answer.error;
        } catch (error) {
          said = toAppError(error).message;
        }
      });
      child.on('error', (error) => settle(error.message));
      // Not `exit`: the last lines of stderr may still be on their way then.
      child.on('close', (code, killedBy) =>
        settle(`The trial process ended: ${killedBy ?? `exit code ${code}`}.`),
      );
      // A child that died at once closes its channel before this is written; `close` tells.
      child.send(request, () => undefined);
    });
}

/** The child's side: `attempt` opens the model and times it. Ends the process. */
export function runTrial(attempt: (request: TrialRequest) => Promise<Measured>): void {
  process.once('disconnect', () => process.exit());
  process.once('message', (message) => {
    const answer = async () => {
      try {
        return { measured: await attempt(trialRequest(message, 'request')) };
      } catch (error) {
        return { error: reasonOf(error) };
      }
    };
    void answer().then((value) => process.send?.(value, () => process.exit()));
  });
}

/** What to tell a person of a device that failed: the message, and the runtime's words where they stand apart. */
export function reasonOf(error: unknown): string {
  const { message, data } = toAppError(error);
  const detail = data['detail'];
  return typeof detail === 'string' && !message.includes(detail)
    ? `${message}\n${detail}`
    : message;
}

/** WebGPU takes a driver that computes on the CPU where there is no other; the other providers do not. */
function describe(device: DeviceName, measured: Measured, stderr: string): Found {
  const { milliseconds, libraries, holdsCard } = measured;
  const cards = [...stderr.matchAll(CARD)].map(
    ([, vendor, card, name]) => `${name?.trim()} ${vendor}:${card}`,
  );
  const names = device === 'cpu' ? libraries : [...libraries, ...cards];
  return {
    milliseconds,
    ...(names.length > 0 ? { library: names.join(', ') } : {}),
    ...(device === 'webgpu' ? { software: !(holdsCard ?? cards.length > 0) } : {}),
  };
}

function withStderr(said: string, stderr: string): string {
  // Colour codes of the runtime's log.
  // eslint-disable-next-line no-control-regex
  const plain = stderr.replaceAll(/\x1b\[[0-9;]*m/gu, '');
  const words = plain.replaceAll(CHATTER, '').trim().slice(-WORDS_KEPT);
  return words === '' ? said : `${said}\n${words}`;
}
