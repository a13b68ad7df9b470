import type { ErrorCode } from '../common/errors';
import { toAppError } from '../common/errors';

/** What a person at a terminal can do next. The engine's own message says what was wrong. */
const NEXT_STEP: Readonly<Record<ErrorCode, string>> = {
  cancelled: 'Run the command again to start afresh.',
  invalidArgument: 'Correct what the message names; see headlight --help.',
  modelNotFound:
    'Give the folder with config.json, tokenizer.json and model.safetensors by --model.',
  modelConfigInvalid: 'Correct config.json, or give another folder by --model.',
  modelWeightsInvalid: 'Copy model.safetensors again, or give another folder by --model.',
  tokenizerInvalid: 'Copy tokenizer.json again, or give another folder by --model.',
  textTooLong: 'Split the text into shorter lines.',
  deviceUnavailable: 'Use --device cpu, or see headlight devices for the reasons.',
  engineStartFailed: 'Install the program again.',
  engineDied: 'Run the command again; give fewer --threads if memory is short.',
  engineProtocol: 'Install the program again; its parts do not fit each other.',
  engineTimeout: 'Run the command again when the machine is less busy.',
  inferenceFailed: 'Try --device cpu; if it fails there too, the model does not fit this program.',
  downloadFailed: 'Try again later; what has come so far is kept.',
  archiveInvalid: 'Give another archive.',
  noSpace: 'Make room on that disk.',
  internal: 'This is a fault of the program: please report it with the command you ran.',
};

/** Two lines for stderr: the cause, then the next step. */
export function describeFailure(error: unknown): string {
  const failure = toAppError(error);
  const detail = failure.data['detail'];
  const more = typeof detail === 'string' && !failure.message.includes(detail);
  const cause = more ? `${failure.message}\n${detail}` : failure.message;
  return `headlight: ${cause.trim()} [${failure.code}]\n${NEXT_STEP[failure.code]}\n`;
}
