import { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { Command } from '../../../src/host/ids';
import type { Connection } from './connection';
import { type Mode, MODES, type Round, type Strokes } from './samples';

const STROKES = 5;
const ROUNDS = 24;
/** What a change of mode sets off has ended by then, and so has what waits for typing to pause. */
const SETTLE_MS = 400;

/** Rounds of strokes in the middle of the text, in every mode in turn. */
export async function measureTyping(connection: Connection, text: string): Promise<Round[]> {
  // Of C the editor itself knows nothing but its colours: no other extension works beside ours.
  const document = await vscode.workspace.openTextDocument({ content: text, language: 'c' });
  const editor = await vscode.window.showTextDocument(document);
  const middle = document.positionAt(Math.floor(text.length / 2));
  editor.selection = new vscode.Selection(middle, middle);
  // The comments around are known before typing begins, as they are when someone has pointed at one.
  await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, middle);
  const traffic = new Traffic();
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const taken: Partial<Record<Mode, Strokes>> = {};
    for (let turn = 0; turn < MODES.length; turn++) {
      const mode = MODES[(round + turn) % MODES.length]!;
      await enter(connection, mode);
      taken[mode] = await strokes(connection, traffic);
      await leave(connection, mode);
    }
    rounds.push(taken as Round);
  }
  traffic.dispose();
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  return rounds;
}

async function enter(connection: Connection, mode: Mode): Promise<void> {
  if (mode === 'without') connection.disconnect();
  if (mode === 'bilingual') await toggleBilingual();
  await delay(SETTLE_MS);
}

async function leave(connection: Connection, mode: Mode): Promise<void> {
  if (mode === 'without') connection.connect();
  if (mode === 'bilingual') await toggleBilingual();
}

async function toggleBilingual(): Promise<void> {
  await vscode.commands.executeCommand(Command.toggleBilingual);
}

async function strokes(connection: Connection, traffic: Traffic): Promise<Strokes> {
  const whole: number[] = [];
  const own: number[] = [];
  const sent: number[] = [];
  for (let stroke = 0; stroke < STROKES; stroke++) {
    connection.takeListening();
    const before = traffic.bytes;
    const start = performance.now();
    await vscode.commands.executeCommand('type', { text: 'a' });
    whole.push(performance.now() - start);
    own.push(connection.takeListening());
    sent.push(traffic.bytes - before);
  }
  return { whole, own, sent };
}

/** Counts what this process writes to its sockets; the extension host has one, which leads to the editor. */
class Traffic {
  bytes = 0;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- It is called on the socket it came from.
  private readonly write = Socket.prototype.write;

  constructor() {
    const { write } = this;
    const count = (chunk: Uint8Array | string): void => {
      this.bytes += Buffer.byteLength(chunk);
    };
    Socket.prototype.write = function (this: Socket, ...args: Parameters<Socket['write']>) {
      count(args[0]);
      return write.apply(this, args);
    } as Socket['write'];
  }

  dispose(): void {
    Socket.prototype.write = this.write;
  }
}
