import { CHARACTER_BYTES } from './byteLevel';
import { utf8 } from './unicode';

/** Takes text; `starts` says that a new token begins with it. Without it the text goes on with the token before. */
export type Sink = (text: string, starts: boolean) => void;

/**
 * One step from tokens to text. Every stage gives what can no longer change as soon as it is certain, so that decoding all
 * at once is nothing but a stream that is read to its end: both give the same text because they are the same code.
 */
export interface DecoderStage {
  push(text: string, starts: boolean, out: Sink): void;
  end(out: Sink): void;
}

/** Changes each token by itself. */
export class MapStage implements DecoderStage {
  private index = -1;

  constructor(private readonly change: (text: string, index: number) => string) {}

  push(text: string, starts: boolean, out: Sink): void {
    if (starts) this.index++;
    out(this.change(text, this.index), starts);
  }

  end(): void {}
}

/** Collects the pieces of a token, for a stage behind it that has to see the token whole. */
export class WholeStage implements DecoderStage {
  private held: string | undefined;

  push(text: string, starts: boolean, out: Sink): void {
    if (starts) this.end(out);
    this.held = (this.held ?? '') + text;
  }

  end(out: Sink): void {
    if (this.held !== undefined) out(this.held, true);
    this.held = undefined;
  }
}

/** Makes one token of all. */
export class FuseStage implements DecoderStage {
  private begun = false;

  push(text: string, _starts: boolean, out: Sink): void {
    out(text, !this.begun);
    this.begun = true;
  }

  end(): void {}
}

const BYTE_PIECE = /^<0x([0-9A-Fa-f]{2})>$/;

/**
 * A run of byte pieces is held until it ends: the reference decodes it as a whole, and writes one U+FFFD per byte if
 * the run is not UTF-8, so that no part of it is certain before.
 */
export class ByteFallbackStage implements DecoderStage {
  private run: number[] = [];

  push(text: string, _starts: boolean, out: Sink): void {
    const byte = BYTE_PIECE.exec(text)?.[1];
    if (byte !== undefined) {
      this.run.push(parseInt(byte, 16));
      return;
    }
    this.end(out);
    out(text, true);
  }

  end(out: Sink): void {
    if (this.run.length === 0) return;
    const bytes = Uint8Array.from(this.run);
    this.run = [];
    try {
      out(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), true);
    } catch {
      for (let i = 0; i < bytes.length; i++) out('\ufffd', true);
    }
  }
}

/** Makes one token of all; half a character is held until its other bytes come. */
export class ByteLevelStage implements DecoderStage {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private begun = false;

  push(text: string, _starts: boolean, out: Sink): void {
    const bytes = Array.from(text, (character) => CHARACTER_BYTES.get(character) ?? -1);
    // A token with other characters than the alphabet's (an added one) stands for its own bytes.
    const all = Uint8Array.from(bytes.includes(-1) ? utf8(text) : bytes);
    this.emit(this.decoder.decode(all, { stream: true }), out);
  }

  end(out: Sink): void {
    this.emit(this.decoder.decode(), out);
  }

  private emit(text: string, out: Sink): void {
    out(text, !this.begun);
    this.begun = true;
  }
}

/** Takes up to `first` times `content` off the beginning of each token and up to `last` times off its end. */
export class StripStage implements DecoderStage {
  private left = 0;
  private held = '';

  constructor(
    private readonly content: string,
    private readonly first: number,
    private readonly last: number,
  ) {}

  push(text: string, starts: boolean, out: Sink): void {
    const { content } = this;
    if (starts) {
      this.left = this.first;
      this.held = '';
    }
    let from = 0;
    while (this.left > 0 && text.startsWith(content, from)) {
      from += content.length;
      this.left--;
    }
    if (from < text.length) this.left = 0;
    const whole = this.held + text.slice(from);
    let to = whole.length;
    for (let i = 0; i < this.last && to > 0 && whole.endsWith(content, to); i++)
      to -= content.length;
    this.held = whole.slice(to);
    out(whole.slice(0, to), starts);
  }

  end(): void {}
}

/** Changes each token, the last one otherwise. */
export class LastStage implements DecoderStage {
  private held: string | undefined;

  constructor(private readonly change: (text: string, last: boolean) => string) {}

  push(text: string, _starts: boolean, out: Sink): void {
    if (this.held !== undefined) out(this.change(this.held, false), true);
    this.held = text;
  }

  end(out: Sink): void {
    if (this.held !== undefined) out(this.change(this.held, true), true);
    this.held = undefined;
  }
}
