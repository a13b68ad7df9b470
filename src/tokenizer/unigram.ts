import type { AlignedText } from './alignedText';
import type { JsonObject } from './json';
import { asArray, asBoolean, asIndex, asString, invalid } from './json';
import type { TokenList, TokenModel } from './model';
import { LONGEST_PIECE, Trie } from './trie';
import { bytePiece, unitsAt, utf8 } from './unicode';

/** How much worse than the worst piece an unknown character is (SentencePiece's constant, in nats). */
const UNKNOWN_PENALTY = 10;

/**
 * Unigram language model (Kudo 2018, arXiv 1804.10959): of all ways to cut the text into pieces of the vocabulary, the one
 * with the greatest sum of log probabilities, found by Viterbi over the positions of the text.
 */
export class Unigram implements TokenModel {
  private readonly pieces: string[] = [];
  private readonly scores: Float64Array;
  private readonly ids = new Map<string, number>();
  private readonly trie: Trie;
  private readonly unknownId: number | undefined;
  private readonly unknownScore: number;
  /** [256], ids of <0x00>..<0xFF>, -1 for a missing one; undefined without byte fallback. */
  private readonly byteIds: Int32Array | undefined;
  /** Edges of the lattice looked at by all calls so far: what the test of linearity counts. */
  latticeSteps = 0;

  constructor(json: JsonObject) {
    const vocab = asArray(json['vocab'], 'model.vocab');
    this.scores = new Float64Array(vocab.length);
    let lowest = Infinity;
    for (const [id, entry] of vocab.entries()) {
      const [piece, score] = readPiece(entry, id);
      this.pieces.push(piece);
      this.scores[id] = score;
      this.ids.set(piece, id);
      lowest = Math.min(lowest, score);
    }
    this.unknownScore = lowest - UNKNOWN_PENALTY;
    const unknown = json['unk_id'] ?? undefined;
    this.unknownId = unknown === undefined ? undefined : asIndex(unknown, 'model.unk_id');
    if (this.unknownId !== undefined && this.unknownId >= vocab.length) {
      throw invalid('outside the vocabulary', 'model.unk_id');
    }
    if (asBoolean(json['byte_fallback'], 'model.byte_fallback', false)) {
      this.byteIds = Int32Array.from({ length: 256 }, (_, b) => this.ids.get(bytePiece(b)) ?? -1);
    }
    this.trie = new Trie(this.ids);
  }

  get size(): number {
    return this.pieces.length;
  }

  tokenToId(token: string): number | undefined {
    return this.ids.get(token);
  }

  idToToken(id: number): string | undefined {
    return this.pieces[id];
  }

  tokenize(piece: AlignedText, into: TokenList): void {
    const cuts = this.bestPath(piece.text);
    for (let i = 0; i + 1 < cuts.length; i++) {
      const from = cuts[i] ?? 0;
      const to = cuts[i + 1] ?? 0;
      const id = this.ids.get(piece.text.slice(from, to));
      if (id !== undefined) into.push(id, piece.span(from, to));
      else if (!this.pushBytes(piece, from, to, into)) {
        into.push(this.unknown(), piece.span(from, to));
      }
    }
  }

  /**
   * Positions where the best path cuts `text`, from 0 to its length. Neighbouring unknown characters are one step.
   * Of equal sums the path found first wins (strictly greater replaces), which is the reference's order: earlier
   * starts first. Sums are added left to right in float64, again as there, so that ties are the same ties.
   */
  private bestPath(text: string): number[] {
    const size = text.length;
    const bestScore = new Float64Array(size + 1);
    const cameFrom = new Int32Array(size + 1).fill(-1);
    const bestId = new Int32Array(size + 1);
    const offer = (from: number, to: number, id: number, score: number): void => {
      if ((cameFrom[to] ?? 0) >= 0 && score <= (bestScore[to] ?? 0)) return;
      bestScore[to] = score;
      cameFrom[to] = from;
      bestId[to] = id;
    };
    let steps = 0;
    for (let from = 0; from < size;) {
      const score = bestScore[from] ?? 0;
      const next = from + unitsAt(text, from);
      let single = false;
      steps++;
      let node = this.trie.step(0, text.charCodeAt(from));
      for (let to = from + 1; node >= 0; to++) {
        steps++;
        const id = this.trie.valueAt(node);
        if (id >= 0) {
          offer(from, to, id, score + (this.scores[id] ?? 0));
          if (to === next) single = true;
        }
        if (to >= size) break;
        node = this.trie.step(node, text.charCodeAt(to));
      }
      if (!single) offer(from, next, this.unknown(), score + this.unknownScore);
      from = next;
    }
    this.latticeSteps += steps;

    const cuts: number[] = [];
    for (let at = size; at > 0; at = cameFrom[at] ?? 0) {
      const previous = cuts.at(-1);
      const fused =
        previous !== undefined &&
        bestId[at] === this.unknownId &&
        bestId[previous] === this.unknownId;
      if (!fused) cuts.push(at);
    }
    cuts.push(0);
    return cuts.reverse();
  }

  /** Byte fallback is all or nothing over a run of unknown characters; each byte has its character's span. */
  private pushBytes(piece: AlignedText, from: number, to: number, into: TokenList): boolean {
    const byteIds = this.byteIds;
    if (!byteIds) return false;
    if (utf8(piece.text.slice(from, to)).some((byte) => (byteIds[byte] ?? -1) < 0)) return false;
    for (let at = from; at < to;) {
      const next = at + unitsAt(piece.text, at);
      const span = piece.span(at, next);
      for (const byte of utf8(piece.text.slice(at, next))) into.push(byteIds[byte] ?? -1, span);
      at = next;
    }
    return true;
  }

  private unknown(): number {
    if (this.unknownId === undefined) {
      throw invalid('missing, and the text has a character that is in no piece', 'model.unk_id');
    }
    return this.unknownId;
  }
}

function readPiece(entry: unknown, id: number): [string, number] {
  const field = `model.vocab[${id}]`;
  const pair = asArray(entry, field);
  const piece = asString(pair[0], field);
  const score = pair[1];
  if (typeof score !== 'number' || !Number.isFinite(score)) throw invalid('not a score', field);
  if (piece.length > LONGEST_PIECE) throw invalid(`longer than ${LONGEST_PIECE} units`, field);
  return [piece, score];
}
