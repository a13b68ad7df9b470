import type { DecoderStage, Sink } from './decoderStages';
import {
  ByteFallbackStage,
  ByteLevelStage,
  FuseStage,
  LastStage,
  MapStage,
  StripStage,
  WholeStage,
} from './decoderStages';
import type { JsonObject } from './json';
import { asArray, asCharacter, asIndex, asObject, asString, typeOf, unsupported } from './json';
import { readMetaspace } from './metaspace';
import { readPattern } from './pattern/patterns';

/** A stage is made anew for every text. */
type StageFactory = () => DecoderStage;

/** Tokens in, text out: the chain of stages that one text goes through. */
export class DecoderRun {
  private readonly steps: { readonly stage: DecoderStage; readonly out: Sink }[] = [];
  private text = '';
  private readonly first: Sink;

  constructor(factories: readonly StageFactory[]) {
    let out: Sink = (text) => {
      this.text += text;
    };
    for (const factory of factories.toReversed()) {
      const stage = factory();
      const next = out;
      this.steps.unshift({ stage, out: next });
      out = (text, starts) => stage.push(text, starts, next);
    }
    this.first = out;
  }

  /** Text that is certain now and was not before. */
  push(token: string): string {
    this.first(token, true);
    return this.take();
  }

  end(): string {
    for (const { stage, out } of this.steps) stage.end(out);
    return this.take();
  }

  private take(): string {
    const text = this.text;
    this.text = '';
    return text;
  }
}

export function readDecoder(value: unknown): readonly StageFactory[] {
  if (value === null || value === undefined) {
    return [() => new MapStage((text, index) => (index === 0 ? text : ` ${text}`))];
  }
  const stages: StageFactory[] = [];
  // Behind a stage that makes one token of all, tokens come in pieces; some stages must put them together first.
  let inPieces = false;
  for (const { json, field, type } of flatten(value, 'decoder')) {
    if (inPieces && NEEDS_WHOLE.has(type)) stages.push(() => new WholeStage());
    if (NEEDS_WHOLE.has(type)) inPieces = false;
    stages.push(readStage(json, field, type));
    if (type === 'Fuse' || type === 'ByteLevel') inPieces = true;
  }
  return stages;
}

const NEEDS_WHOLE: ReadonlySet<string> = new Set([
  'Replace',
  'ByteFallback',
  'BPEDecoder',
  'ByteLevel',
]);

interface Step {
  readonly json: JsonObject;
  readonly field: string;
  readonly type: string;
}

function flatten(value: unknown, field: string): Step[] {
  const json = asObject(value, field);
  const type = typeOf(json, field);
  if (type !== 'Sequence') return [{ json, field, type }];
  return asArray(json['decoders'], `${field}.decoders`).flatMap((step, i) =>
    flatten(step, `${field}.decoders[${i}]`),
  );
}

function readStage(json: JsonObject, field: string, type: string): StageFactory {
  switch (type) {
    case 'Replace': {
      const pattern = readPattern(json['pattern'], `${field}.pattern`);
      const content = asString(json['content'], `${field}.content`);
      return () => new MapStage((text) => replaceIn(text, pattern, content));
    }
    case 'ByteFallback':
      return () => new ByteFallbackStage();
    case 'Fuse':
      return () => new FuseStage();
    case 'Strip': {
      const content = asCharacter(json['content'], `${field}.content`);
      const start = asIndex(json['start'], `${field}.start`);
      const stop = asIndex(json['stop'], `${field}.stop`);
      return () => new StripStage(content, start, stop);
    }
    case 'Metaspace': {
      const { replacement, prepends } = readMetaspace(json, field);
      return () =>
        new MapStage((text, index) =>
          text.replaceAll(replacement, index === 0 && prepends ? '' : ' '),
        );
    }
    case 'ByteLevel':
      return () => new ByteLevelStage();
    case 'BPEDecoder': {
      const suffix = asString(json['suffix'] ?? '</w>', `${field}.suffix`);
      return () => new LastStage((text, last) => text.replaceAll(suffix, last ? '' : ' '));
    }
    default:
      throw unsupported(field, type);
  }
}

function replaceIn(text: string, pattern: ReturnType<typeof readPattern>, content: string): string {
  let result = '';
  let done = 0;
  pattern(text, (start, end) => {
    result += text.slice(done, start) + content;
    done = end;
  });
  return result + text.slice(done);
}
