import { AlignedText } from './alignedText';
import { asArray, asBoolean, asIndex, asObject, asString, invalid } from './json';
import type { TokenModel } from './model';
import type { Normalizer } from './normalizers';
import { LONGEST_PIECE, Trie } from './trie';
import { WHITE_SPACE, WORD } from './unicode';

interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** What is looked for, and what the id decodes to: the normalized content for `normalized` tokens. */
  readonly surface: string;
  readonly special: boolean;
  readonly normalized: boolean;
  readonly singleWord: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
}

/** A stretch of text: an added token, or text for the model. */
export interface Section {
  readonly text: AlignedText;
  readonly id?: number;
}

/** Tokens that are found in the text before the model sees it. */
export class AddedTokens {
  private readonly byContent = new Map<string, AddedToken>();
  private readonly byId = new Map<number, AddedToken>();
  private readonly special = new Set<string>();
  private readonly inOriginal: Trie;
  private readonly inNormalized: Trie;

  constructor(
    json: unknown,
    model: TokenModel,
    private readonly normalizer: Normalizer,
  ) {
    const list = json === undefined ? [] : asArray(json, 'added_tokens');
    for (const [index, entry] of list.entries()) {
      const token = readToken(entry, `added_tokens[${index}]`, model, normalizer);
      if (token.content === '') continue;
      this.byContent.set(token.content, token);
      this.byId.set(token.id, token);
      if (token.special) this.special.add(token.content);
    }
    const tokens = [...this.byContent.values()];
    this.inOriginal = trieOf(tokens.filter((token) => !token.normalized));
    this.inNormalized = trieOf(tokens.filter((token) => token.normalized));
  }

  /** Ids that the model itself does not have. */
  countBeyond(model: TokenModel): number {
    return [...this.byId.keys()].filter((id) => model.idToToken(id) === undefined).length;
  }

  tokenToId(token: string): number | undefined {
    return this.byContent.get(token)?.id;
  }

  idToToken(id: number): string | undefined {
    return this.byId.get(id)?.surface;
  }

  isSpecial(token: string): boolean {
    return this.special.has(token);
  }

  /** Looks for tokens in the text as it is, normalizes what lies between, looks for the others there. */
  sections(text: AlignedText): Section[] {
    return this.cut(text, this.inOriginal).flatMap((section) =>
      section.id === undefined
        ? this.cut(this.normalizer(section.text), this.inNormalized)
        : section,
    );
  }

  /** Leftmost, of these the longest. */
  private cut(text: AlignedText, trie: Trie): Section[] {
    const sections: Section[] = [];
    let done = 0;
    for (let at = 0; at < text.length;) {
      const found = trie.longestAt(text.text, at);
      const token = found && this.byId.get(found.value);
      if (!token) {
        at++;
        continue;
      }
      const end = found.end;
      if (!token.singleWord || standsAlone(text.text, at, end)) {
        const from = token.lstrip ? Math.max(done, blanksBefore(text.text, at)) : at;
        const to = token.rstrip ? blanksBehind(text.text, end) : end;
        if (from > done) sections.push({ text: text.slice(done, from) });
        sections.push({ text: text.slice(from, to), id: token.id });
        done = to;
      }
      at = end;
    }
    if (done === 0) return [{ text }];
    if (done < text.length) sections.push({ text: text.slice(done, text.length) });
    return sections;
  }
}

function readToken(
  entry: unknown,
  field: string,
  model: TokenModel,
  normalizer: Normalizer,
): AddedToken {
  const json = asObject(entry, field);
  const content = asString(json['content'], `${field}.content`);
  if (content.length > LONGEST_PIECE) {
    throw invalid(`longer than ${LONGEST_PIECE} units`, `${field}.content`);
  }
  const special = asBoolean(json['special'], `${field}.special`, false);
  const normalized = asBoolean(json['normalized'], `${field}.normalized`, !special);
  return {
    // The model's own id for the same text counts before the one that the list states, as in the reference.
    id: model.tokenToId(content) ?? asIndex(json['id'], `${field}.id`),
    content,
    surface: normalized ? normalizer(AlignedText.of(content)).text : content,
    special,
    normalized,
    singleWord: asBoolean(json['single_word'], `${field}.single_word`, false),
    lstrip: asBoolean(json['lstrip'], `${field}.lstrip`, false),
    rstrip: asBoolean(json['rstrip'], `${field}.rstrip`, false),
  };
}

function trieOf(tokens: readonly AddedToken[]): Trie {
  return new Trie(new Map(tokens.map(({ surface, id }) => [surface, id])));
}

const WORD_BEFORE = new RegExp(`[${WORD}]$`, 'u');
const WORD_BEHIND = new RegExp(`^[${WORD}]`, 'u');
const BLANK = new RegExp(WHITE_SPACE, 'u');

function standsAlone(text: string, from: number, to: number): boolean {
  return (
    !WORD_BEFORE.test(text.slice(Math.max(0, from - 2), from)) &&
    !WORD_BEHIND.test(text.slice(to, to + 2))
  );
}

function blanksBefore(text: string, at: number): number {
  let from = at;
  while (from > 0 && BLANK.test(text.charAt(from - 1))) from--;
  return from;
}

function blanksBehind(text: string, at: number): number {
  let to = at;
  while (to < text.length && BLANK.test(text.charAt(to))) to++;
  return to;
}
