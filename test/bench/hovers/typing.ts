import { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { Command } from '../../../src/host/ids';
import type { Connection } from './connection';
import { type FirstRound, type Mode, MODES, type Round, type Strokes } from './samples';

const STROKES = 5;
const ROUNDS = 16;
/** Rounds with a file that was just opened: each takes seconds. */
const FRESH_ROUNDS = 6;
const FRESH_STROKES = 15;
/** What a change of mode sets off has ended by then, and so has what waits for typing to pause. */
const SETTLE_MS = 400;
/** The event loop is idle when it was busy for less than this share of the time. */
const MOST_BUSY = 0.1;
const IDLE_MS = 1000;

/** Rounds of strokes in the middle of the text, in every mode in turn. */
export async function measureTyping(connection: Connection, text: string): Promise<Round[]> {
  const document = await openInMiddle(text);
  await untilIdle();
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const taken: Partial<Record<Mode, Strokes>> = {};
    for (const mode of turned(MODES, round)) {
      await enter(connection, mode);
      taken[mode] = await strokes(connection, STROKES);
      await leave(connection, mode);
    }
    rounds.push(taken as Round);
  }
  await close(document);
  return rounds;
}

/** The same right after the text was opened and a hover asked for: its grammar is reading the lines above. */
export async function measureFirstTyping(
  connection: Connection,
  text: string,
): Promise<FirstRound[]> {
  const rounds: FirstRound[] = [];
  for (let round = 0; round < FRESH_ROUNDS; round++) {
    const taken: Partial<Record<Mode, Strokes>> = {};
    for (const mode of turned(['hovers', 'without'] as const, round)) {
      await enter(connection, mode);
      const document = await openInMiddle(text);
      taken[mode] = await strokes(connection, FRESH_STROKES);
      await close(document);
      await leave(connection, mode);
    }
    rounds.push(taken as FirstRound);
  }
  return rounds;
}

function turned<T>(items: readonly T[], turns: number): T[] {
  const first = turns % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

/** The cursor stands in the middle, and the hover there was asked for. */
async function openInMiddle(content: string): Promise<vscode.TextDocument> {
  // Of C the editor itself knows nothing but its colours: no other extension works beside ours.
  const document = await vscode.workspace.openTextDocument({ content, language: 'c' });
  const editor = await vscode.window.showTextDocument(document);
  const middle = document.positionAt(Math.floor(content.length / 2));
  editor.selection = new vscode.Selection(middle, middle);
  editor.revealRange(editor.selection);
  await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, middle);
  return document;
}

async function close(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}

/** The extension host has done what it had to do, such as to read a long file for the first time. */
async function untilIdle(): Promise<void> {
  for (let busy = 1; busy > MOST_BUSY;) {
    const before = performance.eventLoopUtilization();
    await delay(IDLE_MS);
    busy = performance.eventLoopUtilization(before).utilization;
  }
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

async function strokes(connection: Connection, count: number): Promise<Strokes> {
  const traffic = new Traffic();
  const whole: number[] = [];
  const own: number[] = [];
  const sent: number[] = [];
  for (let stroke = 0; stroke < count; stroke++) {
    connection.takeListening();
    const before = traffic.bytes;
    const start = performance.now();
    await vscode.commands.executeCommand('type', { text: 'a' });
    whole.push(performance.now() - start);
    own.push(connection.takeListening());
    sent.push(traffic.bytes - before);
  }
  traffic.dispose();
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
