import { unsupported } from '../json';
import type { CharSet } from './charSet';
import type { Edge, SyntaxTree } from './syntaxTree';
import { lengths } from './syntaxTree';

const MOST_INSTRUCTIONS = 5000;
const MOST_SPLITS = 512;

export type Instruction =
  | { readonly op: 'set'; readonly set: CharSet }
  /** Tries `first`, then `second`. `index` numbers the splits of a program from 0. */
  | { readonly op: 'split'; first: number; second: number; readonly index: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'ahead'; readonly program: Program; readonly negative: boolean }
  | { readonly op: 'behind'; readonly set: CharSet; readonly negative: boolean }
  | { readonly op: 'edge'; readonly edge: Edge }
  | { readonly op: 'match' };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly splits: number;
  /** Greatest length of a match in UTF-16 units, possibly Infinity. */
  readonly reach: number;
}

/** Thompson's construction (Communications of the ACM 11:6, 1968): one instruction per character set of the tree. */
export function compile(tree: SyntaxTree, field: string): Program {
  return new Compiler(field).compile(tree);
}

class Compiler {
  private readonly instructions: Instruction[] = [];
  private splits = 0;

  constructor(private readonly field: string) {}

  compile(tree: SyntaxTree): Program {
    this.emit(tree);
    this.add({ op: 'match' });
    return {
      instructions: this.instructions,
      splits: this.splits,
      reach: lengths(tree).most * 2,
    };
  }

  private emit(tree: SyntaxTree): void {
    switch (tree.type) {
      case 'set':
        this.add({ op: 'set', set: tree.set });
        return;
      case 'sequence':
        for (const item of tree.items) this.emit(item);
        return;
      case 'choice':
        this.emitChoice(tree.options);
        return;
      case 'repeat':
        this.emitRepeat(tree.item, tree.min, tree.max, tree.lazy);
        return;
      case 'ahead':
        this.add({
          op: 'ahead',
          program: compile(tree.item, this.field),
          negative: tree.negative,
        });
        return;
      case 'behind':
        this.add({ op: 'behind', set: tree.set, negative: tree.negative });
        return;
      case 'edge':
        this.add({ op: 'edge', edge: tree.edge });
        return;
    }
  }

  private emitChoice(options: readonly SyntaxTree[]): void {
    const jumps: { to: number }[] = [];
    options.forEach((option, index) => {
      if (index === options.length - 1) {
        this.emit(option);
        return;
      }
      const split = this.split();
      split.first = this.next;
      this.emit(option);
      const jump = { op: 'jump' as const, to: 0 };
      this.add(jump);
      jumps.push(jump);
      split.second = this.next;
    });
    for (const jump of jumps) jump.to = this.next;
  }

  private emitRepeat(item: SyntaxTree, min: number, max: number, lazy: boolean): void {
    for (let i = 0; i < min; i++) this.emit(item);
    const loop = max === Infinity;
    const exits: ((to: number) => void)[] = [];
    for (let i = min; i < (loop ? min + 1 : max); i++) {
      const at = this.next;
      const split = this.split();
      if (lazy) split.second = this.next;
      else split.first = this.next;
      exits.push((to) => {
        if (lazy) split.first = to;
        else split.second = to;
      });
      this.emit(item);
      if (loop) this.add({ op: 'jump', to: at });
    }
    for (const exit of exits) exit(this.next);
  }

  private split(): { first: number; second: number } {
    const split = { op: 'split' as const, first: 0, second: 0, index: this.splits++ };
    if (this.splits > MOST_SPLITS) throw unsupported(this.field, 'so large a pattern');
    this.add(split);
    return split;
  }

  private add(instruction: Instruction): void {
    if (this.instructions.length >= MOST_INSTRUCTIONS) {
      throw unsupported(this.field, 'so large a pattern');
    }
    this.instructions.push(instruction);
  }

  private get next(): number {
    return this.instructions.length;
  }
}
