import type { AlignedText, Span } from './alignedText';
import { mergeAll } from './bpeMerge';
import type { Merge, MergeRow, MergeTable, Word } from './bpeMerge';
import type { JsonObject } from './json';
import { asArray, asBoolean, asIndex, asObject, asString, invalid, unsupported } from './json';
import type { TokenList, TokenModel } from './model';
import { bytePiece, unitsAt, utf8 } from './unicode';

/**
 * Byte pair encoding (Sennrich et al. 2016, arXiv 1508.07909): starting from characters, the neighbouring pair that was
 * learnt earliest is joined until no learnt pair is left.
 */
export class Bpe implements TokenModel {
  private readonly ids = new Map<string, number>();
  private readonly tokens = new Map<number, string>();
  private readonly merges: MergeTable;
  private readonly unknownId: number | undefined;
  private readonly fuseUnknown: boolean;
  private readonly byteFallback: boolean;
  private readonly ignoreMerges: boolean;
  private readonly prefix: string;
  private readonly suffix: string;

  constructor(json: JsonObject) {
    for (const [token, id] of Object.entries(asObject(json['vocab'], 'model.vocab'))) {
      this.ids.set(asString(token, 'model.vocab'), asIndex(id, 'model.vocab'));
      this.tokens.set(asIndex(id, 'model.vocab'), token);
    }
    const dropout = json['dropout'] ?? 0;
    if (dropout !== 0) throw unsupported('model.dropout', 'random merges');
    const unknown = json['unk_token'] ?? undefined;
    this.unknownId =
      unknown === undefined ? undefined : this.ids.get(asString(unknown, 'model.unk_token'));
    if (unknown !== undefined && this.unknownId === undefined) {
      throw invalid('not in the vocabulary', 'model.unk_token');
    }
    this.fuseUnknown = asBoolean(json['fuse_unk'], 'model.fuse_unk', false);
    this.byteFallback = asBoolean(json['byte_fallback'], 'model.byte_fallback', false);
    this.ignoreMerges = asBoolean(json['ignore_merges'], 'model.ignore_merges', false);
    this.prefix = asString(
      json['continuing_subword_prefix'] ?? '',
      'model.continuing_subword_prefix',
    );
    this.suffix = asString(json['end_of_word_suffix'] ?? '', 'model.end_of_word_suffix');
    this.merges = this.readMerges(json['merges']);
  }

  get size(): number {
    return this.ids.size;
  }

  tokenToId(token: string): number | undefined {
    return this.ids.get(token);
  }

  idToToken(id: number): string | undefined {
    return this.tokens.get(id);
  }

  tokenize(piece: AlignedText, into: TokenList): void {
    if (piece.length === 0) return;
    const whole = this.ignoreMerges ? this.ids.get(piece.text) : undefined;
    if (whole !== undefined) {
      into.push(whole, piece.span(0, piece.length));
      return;
    }
    const word = this.characters(piece);
    mergeAll(word, this.merges);
    for (let i = 0; i >= 0 && i < word.ids.length; i = word.next[i] ?? -1) {
      into.push(word.ids[i] ?? 0, spanOf(word, i, piece));
    }
  }

  /** The word as the ids of its characters; what has no id is unknown, or dropped if there is no unknown token. */
  private characters(piece: AlignedText): Word {
    const { text } = piece;
    const ids: number[] = [];
    const from: number[] = [];
    const to: number[] = [];
    const add = (id: number, start: number, end: number): void => {
      ids.push(id);
      from.push(start);
      to.push(end);
    };
    let unknown: { start: number; end: number } | undefined;
    const flush = (): void => {
      if (unknown && this.unknownId !== undefined) add(this.unknownId, unknown.start, unknown.end);
      unknown = undefined;
    };
    for (let at = 0; at < text.length;) {
      const end = at + unitsAt(text, at);
      const start = at;
      at = end;
      const symbol =
        (start > 0 ? this.prefix : '') +
        text.slice(start, end) +
        (end === text.length ? this.suffix : '');
      const id = this.ids.get(symbol);
      if (id !== undefined) {
        flush();
        add(id, start, end);
        continue;
      }
      const bytes = this.byteFallback ? this.bytesOf(symbol) : undefined;
      if (bytes) {
        // The reference leaves a waiting unknown where it is, so that it comes behind these bytes.
        for (const byte of bytes) add(byte, start, end);
      } else if (unknown && this.fuseUnknown) unknown.end = end;
      else {
        flush();
        unknown = { start, end };
      }
    }
    flush();
    return { ids, from, to, next: [], previous: [] };
  }

  private bytesOf(symbol: string): number[] | undefined {
    const ids = utf8(symbol).map((byte) => this.ids.get(bytePiece(byte)) ?? -1);
    return ids.includes(-1) ? undefined : ids;
  }

  private readMerges(value: unknown): MergeTable {
    const table: MergeTable = new Map();
    for (const [rank, entry] of asArray(value, 'model.merges').entries()) {
      const field = `model.merges[${rank}]`;
      const parts = typeof entry === 'string' ? entry.split(' ') : asArray(entry, field);
      if (parts.length !== 2) throw invalid('not a pair', field);
      const [left, right] = [asString(parts[0], field), asString(parts[1], field)];
      const first = this.ids.get(left);
      const second = this.ids.get(right);
      const result = this.ids.get(left + right.slice(this.prefix.length));
      if (first === undefined || second === undefined || result === undefined) {
        throw invalid('a token that is not in the vocabulary', field);
      }
      const row: MergeRow = table.get(first) ?? new Map<number, Merge>();
      row.set(second, { rank, id: result });
      table.set(first, row);
    }
    return table;
  }
}

function spanOf(word: Word, i: number, piece: AlignedText): Span {
  return piece.span(word.from[i] ?? 0, word.to[i] ?? 0);
}
