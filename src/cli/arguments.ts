import { parseArgs } from 'node:util';
import type { AttentionKind } from '../attention/headMetrics';
import type { DeviceChoice, Language } from '../protocol/engine';
import type { GenerationTask } from '../protocol/tasks';

/** The command line itself is wrong: exit code 2, with the way to the help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const COMMANDS = [
  'translate',
  'batch',
  'generate',
  'summarize',
  'inspect',
  'model',
  'devices',
  'bench',
  'prepare',
] as const;
export type CommandName = (typeof COMMANDS)[number];

/** Options that choose the model and where it runs; every command but `prepare` takes them. */
export interface ModelOptions {
  /** Absent: the model that the program comes with. */
  readonly model?: string;
  readonly device: DeviceChoice;
  readonly threads: number;
}

/** Absent fields mean that the command's own default holds (in raw mode: generation_config.json's). */
export interface DecodingArguments {
  readonly beam?: number;
  readonly lengthPenalty?: number;
  readonly maxTokens?: number;
  readonly wholeVocabulary?: boolean;
}

export interface TextOptions extends ModelOptions, DecodingArguments {
  readonly to?: Language;
  readonly raw: boolean;
}

/** One attention head; layer and head from 0. */
export interface HeadName {
  readonly kind: AttentionKind;
  readonly layer: number;
  readonly head: number;
}

export type Invocation =
  | { readonly command: 'help'; readonly topic?: CommandName }
  | { readonly command: 'version' }
  | (TextOptions & {
      readonly command: 'translate';
      readonly lines: boolean;
      readonly json: boolean;
      readonly file?: string;
    })
  | (TextOptions & {
      readonly command: 'batch';
      /** The text of each record. */
      readonly field: string;
      readonly out?: string;
      readonly resume: boolean;
      readonly file?: string;
    })
  | (Omit<TextOptions, 'raw'> & {
      readonly command: 'generate';
      readonly task: GenerationTask;
      readonly nBest: number;
      readonly lines: boolean;
      readonly json: boolean;
      readonly file?: string;
    })
  | (ModelOptions & {
      readonly command: 'summarize';
      readonly sentences: number;
      readonly lines: boolean;
      readonly json: boolean;
      readonly file?: string;
    })
  | (TextOptions & {
      readonly command: 'inspect';
      readonly out: string;
      readonly text: string;
      readonly heads: readonly HeadName[];
    })
  | (ModelOptions & { readonly command: 'model'; readonly json: boolean })
  | (ModelOptions & {
      readonly command: 'devices';
      readonly json: boolean;
      readonly probe: boolean;
    })
  | (ModelOptions & { readonly command: 'bench'; readonly json: boolean; readonly quick: boolean })
  | (ModelOptions & { readonly command: 'prepare'; readonly ids: boolean; readonly file?: string });

const DEVICES: readonly DeviceChoice[] = ['auto', 'cpu', 'cuda', 'dml', 'webgpu', 'coreml'];

const TASKS: readonly GenerationTask[] = ['title', 'oneLine', 'explain', 'translate'];

const modelOptions = {
  model: { type: 'string' },
  device: { type: 'string' },
  threads: { type: 'string' },
} as const;

const decodingOptions = {
  ...modelOptions,
  to: { type: 'string' },
  beam: { type: 'string' },
  'length-penalty': { type: 'string' },
  'max-tokens': { type: 'string' },
} as const;

const textOptions = { ...decodingOptions, raw: { type: 'boolean' } } as const;
/** Of what translates sentences: other tasks have no shortlist. */
const shortlistOptions = { 'no-shortlist': { type: 'boolean' } } as const;

const commandOptions = {
  translate: {
    ...textOptions,
    ...shortlistOptions,
    lines: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  batch: {
    ...decodingOptions,
    ...shortlistOptions,
    field: { type: 'string' },
    out: { type: 'string' },
    resume: { type: 'boolean' },
  },
  generate: {
    ...decodingOptions,
    task: { type: 'string' },
    'n-best': { type: 'string' },
    lines: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  summarize: {
    ...modelOptions,
    sentences: { type: 'string' },
    lines: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  inspect: { ...textOptions, out: { type: 'string' }, head: { type: 'string', multiple: true } },
  model: { ...modelOptions, json: { type: 'boolean' } },
  devices: { ...modelOptions, json: { type: 'boolean' }, probe: { type: 'boolean' } },
  bench: { ...modelOptions, json: { type: 'boolean' }, quick: { type: 'boolean' } },
  prepare: { model: { type: 'string' }, ids: { type: 'boolean' } },
} as const;

/** Parses `process.argv.slice(2)`. Throws UsageError, never anything else. */
export function parseInvocation(argv: readonly string[]): Invocation {
  const [first, ...rest] = argv;
  if (first === undefined) throw new UsageError('No command was given.');
  if (first === '--version' || first === '-v') return { command: 'version' };
  if (first === '--help' || first === '-h') return { command: 'help' };
  if (first === 'help') {
    const [topic] = rest;
    return topic === undefined
      ? { command: 'help' }
      : { command: 'help', topic: commandName(topic) };
  }
  const command = commandName(first);
  if (asksForHelp(rest)) return { command: 'help', topic: command };
  const { values, heads, positionals } = read(command, rest);
  const model = readModel(values);
  switch (command) {
    case 'translate':
      return {
        command,
        ...model,
        ...readText(values),
        lines: values['lines'] === true,
        json: values['json'] === true,
        ...optionalFile(positionals),
      };
    case 'batch': {
      const { field = 'text', out, resume = false } = values;
      if (resume && !out)
        throw new UsageError('--resume needs the file to go on with: --out FILE.');
      return {
        command,
        ...model,
        ...readText(values),
        field: String(field),
        ...(out === undefined ? {} : { out: String(out) }),
        resume: resume === true,
        ...optionalFile(positionals),
      };
    }
    case 'generate':
      return {
        command,
        ...model,
        ...readText(values),
        task: readTask(values['task']),
        nBest: integer('--n-best', values['n-best'] ?? '1', 1, 64),
        ...readLayout(values),
        ...optionalFile(positionals),
      };
    case 'summarize':
      return {
        command,
        ...model,
        sentences: integer('--sentences', values['sentences'] ?? '3', 1, 5),
        ...readLayout(values),
        ...optionalFile(positionals),
      };
    case 'inspect': {
      const out = values['out'];
      if (typeof out !== 'string' || out === '') throw new UsageError('inspect needs --out DIR.');
      const [text, ...more] = positionals;
      if (text === undefined) throw new UsageError('inspect needs a TEXT (or - to read it).');
      if (more.length > 0) throw new UsageError('inspect takes one TEXT: put it in quotes.');
      return { command, ...model, ...readText(values), out, text, heads: heads.map(headName) };
    }
    case 'model':
      refuseArguments(command, positionals);
      return { command, ...model, json: values['json'] === true };
    case 'devices':
      refuseArguments(command, positionals);
      return {
        command,
        ...model,
        json: values['json'] === true,
        probe: values['probe'] === true,
      };
    case 'bench':
      refuseArguments(command, positionals);
      return {
        command,
        ...model,
        json: values['json'] === true,
        quick: values['quick'] === true,
      };
    case 'prepare':
      return { command, ...model, ids: values['ids'] === true, ...optionalFile(positionals) };
  }
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function read(command: CommandName, args: readonly string[]) {
  try {
    const parsed = parseArgs({
      args: [...args],
      options: commandOptions[command],
      allowPositionals: true,
      strict: true,
    });
    const { head, ...values } = parsed.values as Values & { head?: readonly string[] };
    return { values: values as Values, heads: head ?? [], positionals: parsed.positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** `--help` wins wherever it stands, but not after `--`, where it is a text to translate. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  return options.includes('--help') || options.includes('-h');
}

function commandName(name: string): CommandName {
  const found = COMMANDS.find((command) => command === name);
  if (!found)
    throw new UsageError(`There is no command '${name}'. Commands: ${COMMANDS.join(', ')}.`);
  return found;
}

/** `cross.1.3`: kind, layer and head, both from 0 as in metrics.csv. */
function headName(name: string): HeadName {
  const [, kind, layer, head] = /^(encoder|decoder|cross)\.(\d{1,4})\.(\d{1,4})$/.exec(name) ?? [];
  if (kind === undefined)
    throw new UsageError(`--head is a kind, a layer and a head such as cross.1.3, not '${name}'.`);
  return { kind: kind as AttentionKind, layer: Number(layer), head: Number(head) };
}

function readModel(values: Values): ModelOptions {
  const device = values['device'] ?? 'auto';
  const known = DEVICES.find((name) => name === device);
  if (!known)
    throw new UsageError(`--device is one of ${DEVICES.join(', ')}, not '${String(device)}'.`);
  const model = values['model'];
  if (model === '') throw new UsageError('--model needs a folder.');
  const threads = values['threads'];
  return {
    device: known,
    threads: threads === undefined ? 0 : integer('--threads', threads, 0, 1024),
    ...(typeof model === 'string' ? { model } : {}),
  };
}

function readText(values: Values): Omit<TextOptions, keyof ModelOptions> {
  const { to, beam, 'length-penalty': lengthPenalty, 'max-tokens': maxTokens } = values;
  if (to !== undefined && to !== 'ko' && to !== 'en')
    throw new UsageError(`--to is ko or en, not '${String(to)}'.`);
  return {
    raw: values['raw'] === true,
    ...(values['no-shortlist'] === true ? { wholeVocabulary: true } : {}),
    ...(to === undefined ? {} : { to }),
    ...(beam === undefined ? {} : { beam: integer('--beam', beam, 1, 64) }),
    ...(lengthPenalty === undefined
      ? {}
      : { lengthPenalty: decimal('--length-penalty', lengthPenalty) }),
    ...(maxTokens === undefined
      ? {}
      : { maxTokens: integer('--max-tokens', maxTokens, 1, 100_000) }),
  };
}

function readTask(value: string | boolean | undefined): GenerationTask {
  const task = TASKS.find((name) => name === value);
  if (!task) throw new UsageError(`--task is one of ${TASKS.join(', ')}.`);
  return task;
}

function readLayout(values: Values): { readonly lines: boolean; readonly json: boolean } {
  return { lines: values['lines'] === true, json: values['json'] === true };
}

function optionalFile(positionals: readonly string[]): { readonly file?: string } {
  const [file, ...more] = positionals;
  if (more.length > 0)
    throw new UsageError(`One FILE at most; '${more[0] ?? ''}' is one too many.`);
  return file === undefined || file === '-' ? {} : { file };
}

function refuseArguments(command: CommandName, positionals: readonly string[]): void {
  if (positionals.length > 0)
    throw new UsageError(`${command} takes no argument; '${positionals[0] ?? ''}' is one.`);
}

function integer(name: string, value: string | boolean, least: number, most: number): number {
  const text = String(value);
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(number >= least && number <= most))
    throw new UsageError(`${name} is a whole number from ${least} to ${most}, not '${text}'.`);
  return number;
}

function decimal(name: string, value: string | boolean): number {
  const text = String(value);
  const number = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(number)) throw new UsageError(`${name} is a number, not '${text}'.`);
  return number;
}
