import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../host/paths';

export const HANGUL = /[가-힣]/;

async function readTexts(...path: string[]): Promise<Readonly<Record<string, string>>> {
  return JSON.parse(await readFile(join(ROOT, ...path), 'utf8')) as Record<string, string>;
}

/** What the extension says in Korean: of its manifest by key, of its sentences by the English one. */
export class KoreanTexts {
  private constructor(
    readonly manifest: Readonly<Record<string, string>>,
    readonly sentences: Readonly<Record<string, string>>,
  ) {}

  static async read(): Promise<KoreanTexts> {
    return new KoreanTexts(
      await readTexts('package.nls.ko.json'),
      await readTexts('l10n', 'bundle.l10n.ko.json'),
    );
  }

  /** A command's title as the palette has it. */
  command(id: string): string {
    return `Headlight: ${this.manifestText(`command.${id}`)}`;
  }

  manifestText(key: string): string {
    const text = this.manifest[key];
    assert.ok(text !== undefined, `${key} has a Korean text`);
    return text;
  }

  sentence(english: string, ...values: readonly string[]): string {
    const text = this.sentences[english];
    assert.ok(text !== undefined, `${english} has a Korean sentence`);
    return text.replaceAll(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? '');
  }
}
