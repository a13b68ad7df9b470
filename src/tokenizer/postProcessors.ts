import { NO_SPAN } from './alignedText';
import type { JsonObject } from './json';
import {
  asArray,
  asBoolean,
  asIndex,
  asObject,
  asString,
  invalid,
  typeOf,
  unsupported,
} from './json';
import { TokenList } from './model';

/** Adds the model's own tokens around those of the text; without them it only tidies spans. */
export type PostProcessor = (
  tokens: TokenList,
  text: string,
  addSpecialTokens: boolean,
) => TokenList;

export function readPostProcessor(value: unknown, field = 'post_processor'): PostProcessor {
  if (value === null || value === undefined) return (tokens) => tokens;
  const json = asObject(value, field);
  const type = typeOf(json, field);
  switch (type) {
    case 'Sequence': {
      const list = asArray(json['processors'], `${field}.processors`);
      const steps = list.map((step, i) => readPostProcessor(step, `${field}.processors[${i}]`));
      return (tokens, text, add) => steps.reduce((list, step) => step(list, text, add), tokens);
    }
    case 'TemplateProcessing':
      return readTemplate(json, field);
    case 'ByteLevel': {
      const trim = asBoolean(json['trim_offsets'], `${field}.trim_offsets`, true);
      const prefix = asBoolean(json['add_prefix_space'], `${field}.add_prefix_space`, true);
      return trim ? (tokens, text) => trimBlanks(tokens, text, prefix) : (tokens) => tokens;
    }
    default:
      throw unsupported(field, type);
  }
}

/** Only the template for one text: this reader never encodes pairs. */
function readTemplate(json: JsonObject, field: string): PostProcessor {
  const special = asObject(json['special_tokens'], `${field}.special_tokens`);
  const parts = asArray(json['single'], `${field}.single`).map(
    (part, i): readonly number[] | null => {
      const at = `${field}.single[${i}]`;
      const object = asObject(part, at);
      if (object['Sequence'] !== undefined) {
        const id = asString(asObject(object['Sequence'], at)['id'], at);
        if (id !== 'A') throw invalid('a template for one text has only sequence A', at);
        return null;
      }
      const name = asString(asObject(object['SpecialToken'], at)['id'], at);
      if (!Object.hasOwn(special, name)) throw invalid(`"${name}" is not in special_tokens`, at);
      const ids = asArray(asObject(special[name], at)['ids'], at);
      return ids.map((id) => asIndex(id, at));
    },
  );
  return (tokens, _text, addSpecialTokens) => {
    if (!addSpecialTokens) return tokens;
    const result = new TokenList();
    for (const ids of parts) {
      if (ids) for (const id of ids) result.push(id, NO_SPAN);
      else tokens.ids.forEach((id, i) => result.push(id, tokens.spans[i] ?? NO_SPAN));
    }
    return result;
  };
}

/**
 * Byte-level words carry the blank before them; files that ask for it want spans of the word alone. Where a blank may have
 * been put in front of the text, the reference leaves the first one alone, even if it was there all along.
 */
function trimBlanks(tokens: TokenList, text: string, prefix: boolean): TokenList {
  const result = new TokenList();
  tokens.ids.forEach((id, i) => {
    const { start, end } = tokens.spans[i] ?? NO_SPAN;
    let to = end;
    while (to > start && text.charAt(to - 1) === ' ') to--;
    let from = start;
    while (from < end && text.charAt(from) === ' ') from++;
    if (prefix && from === start + 1 && (i === 0 || start === 0)) from = start;
    result.push(id, { start: from, end: Math.max(from, to) });
  });
  return result;
}
