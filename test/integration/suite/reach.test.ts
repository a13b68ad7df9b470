import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { LanguageTool } from '../../../src/host/ids';
import type { HeadlightApi } from '../../../src/host/publicApi';
import { ENGLISH_SENTENCE, KOREAN, KOREAN_SENTENCE } from '../support';

async function readApi(): Promise<HeadlightApi> {
  const extension = vscode.extensions.getExtension<HeadlightApi>('headlight.headlight');
  assert.ok(extension, 'the extension is there');
  return extension.activate();
}

async function invoke(name: string, input: object): Promise<Record<string, unknown>> {
  const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  const [part] = result.content;
  assert.ok(part instanceof vscode.LanguageModelTextPart, 'the tool answers with text');
  return JSON.parse(part.value) as Record<string, unknown>;
}

const LONG = [
  'Headlight runs a model inside the editor.',
  'The weather was fine on that day.',
  'The model of the editor translates comments without a network.',
  'Somebody had left an umbrella at the door.',
].join(' ');

suite('other extensions and language models', () => {
  test('translate through the exported API, with places', async () => {
    const api = await readApi();
    assert.equal(api.version, 1);
    const text = `- ${ENGLISH_SENTENCE}\n- \`code\``;
    const result = await api.translate(text);
    assert.match(result.text, KOREAN);
    assert.ok(result.text.endsWith('\n- `code`'));
    assert.deepEqual([result.source, result.target], ['en', 'ko']);
    const [sentence] = result.sentences;
    assert.equal(text.slice(sentence?.sourceStart, sentence?.sourceEnd), ENGLISH_SENTENCE);
    assert.deepEqual([sentence?.translated, sentence?.uncertain], [true, false]);
    assert.equal((await api.translate(KOREAN_SENTENCE, { target: 'ko' })).text, KOREAN_SENTENCE);
  });

  test('summarize through the exported API: sentences as they stand in the text', async () => {
    const { language, sentences } = await (await readApi()).summarize(LONG, { sentences: 2 });
    assert.equal(language, 'en');
    assert.equal(sentences.length, 2);
    for (const { start, end, text } of sentences) assert.equal(LONG.slice(start, end), text);
  });

  test('what the API cannot take is refused with a code, and a cancelled call says so', async () => {
    const api = await readApi();
    const wrong = api as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    await assert.rejects(wrong['translate']!(7), { code: 'invalidArgument' });
    await assert.rejects(wrong['translate']!('a', { target: 'fr' }), { code: 'invalidArgument' });
    await assert.rejects(wrong['summarize']!('a', { sentences: 0 }), { code: 'invalidArgument' });
    await assert.rejects(api.translate('x'.repeat(1_000_001)), { code: 'textTooLong' });
    const abort = new AbortController();
    abort.abort();
    await assert.rejects(api.translate('Never seen before.', { signal: abort.signal }), {
      code: 'cancelled',
    });
  });

  test('the tools are offered with their schema, and answer', async () => {
    for (const name of Object.values(LanguageTool)) {
      const tool = vscode.lm.tools.find((candidate) => candidate.name === name);
      assert.ok(tool?.inputSchema, `${name} is offered`);
    }
    const text = ENGLISH_SENTENCE;
    const translated = await invoke(LanguageTool.translateText, { text, targetLanguage: 'ko' });
    assert.match(String(translated['translation']), KOREAN);
    assert.equal(translated['target'], 'ko');
    const summary = await invoke(LanguageTool.summarizeText, { text: LONG, sentences: 1 });
    assert.ok(Array.isArray(summary['sentences']));
    assert.equal(summary['sentences'].length, 1);
  });
});
