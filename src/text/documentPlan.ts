/** Translating whole documents: which texts they have, and how the document looks with some of them translated. */
import type { Range } from './characters';
import { placeJoints } from './markdown/joints';
import { splitParts } from './markdown/parts';
import { type MarkdownRuns, markdownRuns, type Run } from './markdown/runs';
import { skeletonOf } from './markdown/skeleton';
import { plainRuns } from './plainRuns';

/** A sentence of a run in UTF-16 units of the run's text and of its translation. */
export interface RunSegment {
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly targetStart: number;
  readonly targetEnd: number;
}

/** A run's translation: the whole, and where its sentences stand. A sentence that stays has the same text in both. */
export interface RunTranslation {
  readonly text: string;
  readonly segments: readonly RunSegment[];
}

export interface DocumentPlan {
  /** Each a line of text, sent to the engine as it is; the same text may stand several times. */
  readonly texts: readonly string[];
  /**
   * The document with the runs replaced, `undefined` keeps one. Everything else stays byte for byte, and every line is on
   * the line where it was. `lost`: sentences kept because their markup did not come back.
   */
  assemble(translate: (text: string) => RunTranslation | undefined): {
    readonly text: string;
    readonly lost: number;
  };
}

/**
 * What was found out about earlier versions of a document, so that an edit costs what it changed: the runs of each part,
 * and how runs were written (checking the markup of all of them again would take longer than translating one).
 */
export class DocumentMemory {
  private readonly parts = new Generations<MarkdownRuns>();
  private readonly written = new Generations<Written & { readonly by: RunTranslation }>();

  /** To be called before a version is looked at: what the last one did not use is forgotten. */
  beginPlan(): void {
    this.parts.turn();
  }

  beginAssembly(): void {
    this.written.turn();
  }

  /** Undefined where the part was not seen before. */
  part(source: string): MarkdownRuns | undefined {
    return this.parts.get(source);
  }

  keepPart(source: string, runs: MarkdownRuns): MarkdownRuns {
    return this.parts.set(source, runs);
  }

  write(run: Run, by: RunTranslation, write: () => Written): Written {
    const key = JSON.stringify([run.block, run.text, run.joints]);
    const known = this.written.get(key);
    return this.written.set(key, known?.by === by ? known : { ...write(), by });
  }
}

/** What the present or the last round used. */
class Generations<T> {
  private before = new Map<string, T>();
  private now = new Map<string, T>();

  turn(): void {
    this.before = this.now;
    this.now = new Map();
  }

  get(key: string): T | undefined {
    const value = this.now.get(key) ?? this.before.get(key);
    if (value !== undefined) this.now.set(key, value);
    return value;
  }

  set(key: string, value: T): T {
    this.now.set(key, value);
    return value;
  }
}

export type DocumentKind = 'markdown' | 'plain';

/** Markdown by its structure; everything else as plain text in paragraphs. */
export function planDocument(
  source: string,
  kind: DocumentKind,
  memory = new DocumentMemory(),
): DocumentPlan {
  const steps = planSteps(source, kind, memory);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same with pauses: `breathe` is awaited between parts. */
export async function planDocumentGently(
  source: string,
  kind: DocumentKind,
  memory: DocumentMemory,
  breathe: () => Promise<void>,
): Promise<DocumentPlan> {
  const steps = planSteps(source, kind, memory);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await breathe();
  }
}

/** Stops after each part that had to be parsed. */
function* planSteps(
  source: string,
  kind: DocumentKind,
  memory: DocumentMemory,
): Generator<undefined, DocumentPlan> {
  if (kind === 'plain') return planOf(source, plainRuns(source), undefined, memory);
  memory.beginPlan();
  const runs: Run[] = [];
  const definitions = new Set<string>();
  let offset = 0;
  for (const part of splitParts(source)) {
    // The same text is front matter at the beginning and a rule elsewhere.
    const key = `${offset === 0 ? 'first' : ''}\n${part}`;
    let found = memory.part(key);
    if (!found) {
      found = memory.keepPart(key, markdownRuns(part, offset === 0));
      yield;
    }
    for (const run of found.runs) {
      runs.push({ ...run, start: run.start + offset, end: run.end + offset });
    }
    for (const mark of found.definitions) definitions.add(mark);
    offset += part.length;
  }
  return planOf(source, runs, definitions, memory);
}

function planOf(
  source: string,
  runs: readonly Run[],
  definitions: ReadonlySet<string> | undefined,
  memory: DocumentMemory,
): DocumentPlan {
  return {
    texts: runs.map(({ text }) => text),
    assemble: (translate) => {
      let text = '';
      let end = 0;
      let lost = 0;
      memory.beginAssembly();
      for (const run of runs) {
        const translation = translate(run.text);
        if (!translation) continue;
        const written = memory.write(run, translation, () =>
          writeRun(run, translation, definitions),
        );
        lost += written.lost;
        text += source.slice(end, run.start) + written.text;
        end = run.end;
      }
      return { text: text + source.slice(end), lost };
    },
  };
}

interface Written {
  readonly text: string;
  readonly lost: number;
}

/** With all sentences; if the markup suffered, without those whose own did; if it still did, as it was. */
function writeRun(
  run: Run,
  translation: RunTranslation,
  definitions: ReadonlySet<string> | undefined,
): Written {
  const { segments } = translation;
  const targets = segments.map((segment) => sentenceOf(run, translation, segment));
  const missing = (list: readonly (string | undefined)[]): number =>
    list.filter((target, index) => target === undefined && changes(run, translation, index)).length;
  const whole = compose(run, segments, targets);
  if (definitions === undefined || keepsMarkup(run, whole, definitions)) {
    return { text: whole, lost: missing(targets) };
  }
  const sound = targets.map((target, index) => {
    const { sourceStart, sourceEnd } = segments[index]!;
    const original = run.text.slice(sourceStart, sourceEnd);
    const same = target !== undefined && sameMarkup(run, original, target, definitions);
    return same ? target : undefined;
  });
  const partly = compose(run, segments, sound);
  return keepsMarkup(run, partly, definitions)
    ? { text: partly, lost: missing(sound) }
    : { text: originalOf(run), lost: missing(segments.map(() => undefined)) };
}

function changes(run: Run, { text, segments }: RunTranslation, index: number): boolean {
  const { sourceStart, sourceEnd, targetStart, targetEnd } = segments[index]!;
  return run.text.slice(sourceStart, sourceEnd) !== text.slice(targetStart, targetEnd);
}

/** The translation of a sentence with the line ends of its source; undefined where they find no place. */
function sentenceOf(
  run: Run,
  translation: RunTranslation,
  { sourceStart, sourceEnd, targetStart, targetEnd }: RunSegment,
): string | undefined {
  const inside = ({ start, end }: Range): boolean => start >= sourceStart && end <= sourceEnd;
  const source = {
    text: run.text.slice(sourceStart, sourceEnd),
    joints: run.joints
      .filter(({ at }) => at >= sourceStart && at < sourceEnd)
      .map((joint) => ({ ...joint, at: joint.at - sourceStart })),
    solid: run.solid
      .filter(inside)
      .map(({ start, end }) => ({ start: start - sourceStart, end: end - sourceStart })),
  };
  const target = translation.text.slice(targetStart, targetEnd);
  if (target === source.text) return undefined;
  return source.joints.length === 0 ? target : placeJoints(source, target);
}

/** The run in the document, sentence by sentence; what stands between sentences stays, and so do sentences without a target. */
function compose(
  run: Run,
  segments: readonly RunSegment[],
  targets: readonly (string | undefined)[],
): string {
  let text = '';
  let end = 0;
  segments.forEach(({ sourceStart, sourceEnd }, index) => {
    const between = originalOf(run, end, sourceStart);
    const target = targets[index];
    // Korean sentences may touch; in English two sentences never do.
    const touching = between === '' && index > 0 && target !== undefined;
    text += between + (touching ? ' ' : '') + (target ?? originalOf(run, sourceStart, sourceEnd));
    end = sourceEnd;
  });
  return text + originalOf(run, end, run.text.length);
}

/** A part of the run as it stands in the document. */
function originalOf(run: Run, start = 0, end = run.text.length): string {
  let text = '';
  let from = start;
  for (const joint of run.joints) {
    if (joint.at < start || joint.at >= end) continue;
    text += run.text.slice(from, joint.at) + joint.source;
    from = joint.at + 1;
  }
  return text + run.text.slice(from, end);
}

function keepsMarkup(run: Run, written: string, definitions: ReadonlySet<string>): boolean {
  // Marks of containers are no part of the block: what is compared begins its lines without them.
  const bare = run.joints.reduce((text, { source }) => text.replaceAll(source, '\n'), written);
  return sameMarkup(run, run.text, bare, definitions);
}

/** What Markdown or GitHub could take for markup, anywhere or at the start of a line. */
const MARKUP = /[`*_~[\]<>!&\\|#@]|:\/\/|www\.|^\s*(?:[-+=]|\d{1,9}[.)])/mu;

function sameMarkup(
  run: Run,
  source: string,
  target: string,
  definitions: ReadonlySet<string>,
): boolean {
  if (!MARKUP.test(source) && !MARKUP.test(target)) return true;
  if (run.block === 'cell' && barsOf(source) !== barsOf(target)) return false;
  // A heading and a cell hold one line of inline content, whatever it looks like.
  const lead = run.block === 'paragraph' ? '' : '# ';
  return skeletonOf(lead + source, definitions) === skeletonOf(lead + target, definitions);
}

function barsOf(text: string): number {
  return text.match(/(?<!\\)\|/gu)?.length ?? 0;
}
