import { AppError } from '../common/errors';
import type { SegmentResult, TextResult } from '../protocol/engine';
import type { Invocation, TextOptions } from './arguments';
import { referenceDecoding } from './generationDefaults';
import { readText } from './input';
import { groupLines, splitLines, splitPieces, withoutSeparators } from './lines';
import { writeOut } from './output';
import { Progress } from './progress';
import { translateRaw } from './raw';
import { openReferenceSession, openSession, type Session } from './session';
import { Texts } from './texts';

type TranslateInvocation = Extract<Invocation, { command: 'translate' }>;

const BYTE_ORDER_MARK = '\uFEFF';

/** Everything is translated before anything is written: a failure half way leaves no half file behind. */
export async function translate(options: TranslateInvocation): Promise<void> {
  const input = await readText(options.file);
  const mark = input.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const text = input.slice(mark.length);
  const session = options.raw ? await openReferenceSession(options) : await openSession(options);
  try {
    const output = options.raw
      ? await rawLines(session, options, text)
      : options.lines
        ? await translatedLines(session, options, text)
        : await translatedText(session, options, text);
    await writeOut(options.json ? output : mark + output);
  } finally {
    await session.model.dispose();
  }
}

/** The whole as one text, which the engine splits and puts together again. */
async function translatedText(
  session: Session,
  options: TranslateInvocation,
  text: string,
): Promise<string> {
  const [result] = await translateTexts(session, options, [text]);
  if (!result) throw new AppError('internal', 'The engine returned no result.');
  return options.json ? jsonLine(result) : result.text;
}

async function translatedLines(
  session: Session,
  options: TranslateInvocation,
  text: string,
): Promise<string> {
  const pieces = splitPieces(text);
  const texts = pieces.map((piece) => piece.text);
  const results = await translateTexts(session, options, texts);
  const translated: TranslatedPiece[] = pieces.map(({ text: source, separator }, index) => {
    const result = results[index];
    if (!result) throw new AppError('internal', 'The engine returned too few results.');
    return { source, result: { ...result, text: withoutSeparators(result.text) }, separator };
  });
  return options.json
    ? groupLines(translated).map(joinPieces).map(jsonLine).join('')
    : translated.map(({ result, separator }) => result.text + separator).join('');
}

interface TranslatedPiece {
  readonly source: string;
  readonly result: TextResult;
  readonly separator: string;
}

/** A line of several pieces (form feeds, U+2028) is one object; its offsets count from the line's start. */
function joinPieces(line: readonly TranslatedPiece[]): Pick<TextResult, 'text' | 'segments'> {
  let sourceLength = 0;
  let text = '';
  const segments: SegmentResult[] = [];
  for (const { source, result, separator } of line) {
    for (const segment of result.segments)
      segments.push({
        ...segment,
        sourceStart: segment.sourceStart + sourceLength,
        sourceEnd: segment.sourceEnd + sourceLength,
        targetStart: segment.targetStart + text.length,
        targetEnd: segment.targetEnd + text.length,
      });
    const inside = separator.endsWith('\n') ? '' : separator;
    text += result.text + inside;
    sourceLength += source.length + inside.length;
  }
  return { ...line[0]?.result, text, segments };
}

async function translateTexts(
  session: Session,
  options: TextOptions,
  texts: readonly string[],
): Promise<readonly TextResult[]> {
  const progress = new Progress('sentences');
  try {
    const translator = await Texts.of(session, options);
    return await translator.translate(texts, (done, total) => progress.show(done, total));
  } finally {
    progress.end();
  }
}

async function rawLines(
  session: Session,
  options: TranslateInvocation,
  text: string,
): Promise<string> {
  const decoding = await referenceDecoding(session.folder, options);
  const lines = splitLines(text);
  const progress = new Progress('lines');
  let output = '';
  for (const [index, line] of lines.entries()) {
    const result = await translateRaw(session, line.text, options.to, decoding);
    output += options.json ? jsonLine(result) : withoutSeparators(result.text) + line.separator;
    progress.show(index + 1, lines.length);
  }
  progress.end();
  return output;
}

function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
