/** Every failure that may cross a boundary has a code; only the host turns a code into a sentence for people. */
export type ErrorCode =
  | 'cancelled'
  /** An argument or message does not have the shape its contract states. */
  | 'invalidArgument'
  | 'modelNotFound'
  /** config.json states values that no Transformer can have. `data.field` names the first. */
  | 'modelConfigInvalid'
  /** model.safetensors is truncated, hostile, or does not fit config.json. */
  | 'modelWeightsInvalid'
  | 'tokenizerInvalid'
  /** The text is longer than the model's positions and could not be split. */
  | 'textTooLong'
  | 'deviceUnavailable'
  /** The engine process could not be started. */
  | 'engineStartFailed'
  /** The engine process ended while a call was under way. */
  | 'engineDied'
  /** The engine sent something that is not a message of the contract. */
  | 'engineProtocol'
  /** The engine did not answer in the time given. */
  | 'engineTimeout'
  /** A session failed in the middle of a run. `data.detail` has the runtime's own words. */
  | 'inferenceFailed'
  /** `data.url`, and `data.status` or `data.detail` for what went wrong. */
  | 'downloadFailed'
  /** An archive cannot be used. `data.problem`: damaged, hash, version or incomplete; `data.path` names it. */
  | 'archiveInvalid'
  /** `data.needed` and `data.free` in bytes, `data.path` the folder. */
  | 'noSpace'
  | 'internal';

/** Plain values only, so that an error survives every boundary unchanged. */
export type ErrorData = Readonly<Record<string, string | number | boolean>>;

/** The shape in which an error crosses a process boundary. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly data: ErrorData;
}

export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    /** English, for logs and developers; never shown to users as it is. */
    message: string,
    readonly data: ErrorData = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  toWire(): WireError {
    return { code: this.code, message: this.message, data: this.data };
  }
}

/** Cancelling is a result the caller asked for, not a fault: nothing shows or logs it as an error. */
export function cancelled(): AppError {
  return new AppError('cancelled', 'The call was cancelled.');
}

export function isCancelled(error: unknown): boolean {
  return error instanceof AppError && error.code === 'cancelled';
}

/** Wraps whatever was thrown, so that no boundary ever sees a failure without a code. */
export function toAppError(error: unknown, code: ErrorCode = 'internal'): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError(code, message, {}, { cause: error });
}
