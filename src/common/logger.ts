export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where a part writes what it did. Never the user's text above `debug`: logs are pasted into public issues. */
export interface Logger {
  log(level: LogLevel, message: string): void;
}

export const silentLogger: Logger = { log: () => undefined };
