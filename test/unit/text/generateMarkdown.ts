import { Random } from './random';

const WORDS =
  'the cache keeps results in memory and a file that was not saved can be opened again when server starts after it stops'.split(
    ' ',
  );

/** Markdown of any structure GitHub has, the same for the same seed. */
export class MarkdownGenerator {
  private readonly random: Random;
  private names = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  document(blocks: number): string {
    const eol = this.random.chance(0.1) ? '\r\n' : '\n';
    const parts: string[] = [];
    if (this.random.chance(0.2))
      parts.push('---\ntitle: The title of this page\ntags: [a, b]\n---');
    for (let index = 0; index < blocks; index++) parts.push(this.block(0));
    if (this.random.chance(0.3)) parts.push('[ref]: https://example.com/ref "The reference"');
    if (this.random.chance(0.2)) parts.push('[^1]: The note of the footnote is here.');
    const end = this.random.chance(0.8) ? '\n' : '';
    return (parts.join('\n\n') + end).replaceAll('\n', eol);
  }

  private block(depth: number): string {
    const makers = [
      () => this.paragraph(),
      () => this.paragraph(),
      () =>
        `${'#'.repeat(1 + this.random.below(6))} ${this.phrase()}${this.random.chance(0.1) ? ' #' : ''}`,
      () => `${this.phrase()}\n${this.random.pick(['====', '----'])}`,
      () => this.fence(),
      () => `    ${this.phrase()};\n    const x = 1;`,
      () => this.table(),
      () => '<div class="note">\n  <b>Not text</b> to anyone.\n</div>',
      () => '<!-- A comment that stays as it is. -->',
      () => this.random.pick(['***', '---', '* * *']),
      () => this.list(depth),
      () => this.quote(depth),
      () => `![${this.phrase()}](images/picture_${this.random.below(9)}.png)`,
    ];
    return this.random.pick(depth > 2 ? makers.slice(0, 2) : makers)();
  }

  private paragraph(): string {
    const sentences = Array.from({ length: 1 + this.random.below(4) }, () => this.sentence());
    const text = sentences.join(' ');
    if (this.random.chance(0.5)) return text;
    const hard = this.random.chance(0.15);
    return text.replaceAll(/(.{20,60}?) /gu, (_, line: string) => {
      const ending = hard && this.random.chance(0.3) ? this.random.pick(['  ', '\\']) : '';
      return `${line}${ending}\n`;
    });
  }

  private sentence(): string {
    const words = Array.from({ length: 3 + this.random.below(9) }, () =>
      this.random.chance(0.2) ? this.inline() : this.random.pick(WORDS),
    );
    const text = words.join(' ');
    return (
      text.charAt(0).toUpperCase() + text.slice(1) + this.random.pick(['.', '.', '.', '!', '?'])
    );
  }

  private inline(): string {
    return this.random.pick([
      () => `\`code_${this.names++} --flag\``,
      () => `**${this.phrase()}**`,
      () => `*${this.random.pick(WORDS)}*`,
      () => `_${this.random.pick(WORDS)}_`,
      () => `~~${this.random.pick(WORDS)}~~`,
      () => `[${this.phrase()}](https://example.com/a_${this.names++}?b=1)`,
      () => `[${this.phrase()}](docs/page.md "A title")`,
      () => `[${this.random.pick(WORDS)}][ref]`,
      () => `<https://example.com/auto/${this.names++}>`,
      () => `<kbd>Ctrl+${this.random.pick(['C', 'V'])}</kbd>`,
      () => `\`\`a \` b\`\``,
      () => '&amp;',
      () => '[^1]',
      () => `v1.${this.random.below(9)}.0`,
      () => `src/main_${this.random.below(9)}.ts`,
    ])();
  }

  private phrase(): string {
    return Array.from({ length: 1 + this.random.below(3) }, () => this.random.pick(WORDS)).join(
      ' ',
    );
  }

  private fence(): string {
    const mark = this.random.pick(['```', '~~~', '````']);
    return `${mark}${this.random.pick(['', 'ts', 'sh'])}\n// ${this.phrase()} is not touched.\nlet value = 1;\n${mark}`;
  }

  private table(): string {
    const cell = (): string => (this.random.chance(0.3) ? this.inline() : this.phrase());
    const row = (): string => `| ${cell()} | ${cell()} \\| ${this.random.pick(WORDS)} |`;
    return ['| Name | Meaning |', '|:-----|---:|', row(), row()].join('\n');
  }

  private list(depth: number): string {
    const mark = this.random.pick(['- ', '* ', '1. ', '- [ ] ', '- [x] ']);
    const items = Array.from({ length: 1 + this.random.below(3) }, () => {
      const inner = this.random.chance(0.2)
        ? `${this.paragraph()}\n\n${this.block(depth + 1)}`
        : this.paragraph();
      const indent = ' '.repeat(mark.startsWith('1') ? 3 : 2);
      return mark + inner.replaceAll('\n', `\n${indent}`).replaceAll(/^ +$/gmu, '');
    });
    return items.join(this.random.chance(0.2) ? '\n\n' : '\n');
  }

  private quote(depth: number): string {
    const inner = this.random.chance(0.4)
      ? `${this.paragraph()}\n\n${this.block(depth + 1)}`
      : this.paragraph();
    return inner
      .split('\n')
      .map((line) => (line === '' ? '>' : `> ${line}`))
      .join('\n');
  }
}
