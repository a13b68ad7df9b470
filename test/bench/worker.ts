/** One engine in a process of its own, spoken to in JSON lines. Nothing else runs while it answers. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

export interface WorkerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ready {
  readonly version: string;
  /** Opening the model and its tokenizer. */
  readonly loadSeconds: number;
  /** The same and importing the engine. */
  readonly startSeconds: number;
}

export interface Work {
  readonly texts: readonly string[];
  readonly batch: number;
  readonly beam: number;
  readonly maxTokens: number;
}

export interface Answer {
  readonly seconds: number;
  /** Per text, up to and with `</s>`, without the start token. */
  readonly ids: readonly (readonly number[])[];
}

export class Worker {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;
  private errors = '';

  private constructor(
    private readonly name: string,
    command: WorkerCommand,
  ) {
    this.child = spawn(command.file, command.args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, HF_HUB_OFFLINE: '1', ...command.env },
    });
    const { stdout, stderr } = this.child;
    if (!stdout || !stderr) throw new Error('The worker has no pipes.');
    stderr.on(
      'data',
      (data: Buffer) => (this.errors = (this.errors + data.toString()).slice(-4000)),
    );
    this.child.on('error', (error) => (this.errors += error.message));
    // Writing to a worker that has died is reported by the read that follows.
    this.child.stdin?.on('error', () => undefined);
    this.reader = createInterface({ input: stdout });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  static async start(name: string, command: WorkerCommand): Promise<[Worker, Ready]> {
    const worker = new Worker(name, command);
    return [worker, (await worker.read()) as Ready];
  }

  async run(work: Work): Promise<Answer> {
    return (await this.ask(work)) as Answer;
  }

  /** Ends the process. Result: its peak of resident memory in MiB. */
  async end(): Promise<number> {
    const { peakMiB } = (await this.ask({ end: true })) as { peakMiB: number };
    this.reader.close();
    return peakMiB;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private ask(request: unknown): Promise<unknown> {
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    return this.read();
  }

  private async read(): Promise<unknown> {
    const next = await this.lines.next();
    if (next.done === true) throw new Error(`${this.name} ended:\n${this.errors}`);
    return JSON.parse(next.value);
  }
}
