import * as vscode from 'vscode';
import type { Disposable } from '../common/disposable';
import type { Logger, LogLevel } from '../common/logger';

/** The log channel. VS Code filters it by the level the user set and keeps the file for bug reports. */
export class ChannelLogger implements Logger, Disposable {
  private readonly channel = vscode.window.createOutputChannel('Headlight', { log: true });

  log(level: LogLevel, message: string): void {
    switch (level) {
      case 'debug':
        return this.channel.debug(message);
      case 'info':
        return this.channel.info(message);
      case 'warn':
        return this.channel.warn(message);
      case 'error':
        return this.channel.error(message);
    }
  }

  show(): void {
    this.channel.show();
  }

  dispose(): void {
    this.channel.dispose();
  }
}
