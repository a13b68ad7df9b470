import assert from 'node:assert/strict';
import { codeSource, passageSource, taskOutput } from '../../../src/text/task';

const anything = (): boolean => true;

describe('texts of tasks', () => {
  it('reads a passage on one line, spans protected, without bold marks and link targets', () => {
    const source = passageSource(
      'The **whole** `cache` of\nthe [server `a`](https://example.com/x).\n\n- An item.\n',
      [],
      anything,
    );
    assert.equal(source?.text, 'The whole <c0> of the server <c1>. An item.');
    assert.deepEqual(
      source.spans.map(({ text }) => text),
      ['`cache`', '`a`'],
    );
    assert.equal(source.cut, false);
  });

  it('knows where in the passage each unit stands that it reads', () => {
    for (const [passage, blanks] of [
      [
        'The **whole** `cache` of\nthe [server `a`](https://example.com/the-server).\n\n- An item.\n',
        2,
      ],
      ['/**\n * A _first_ line of words\n * and a second. Then\r\n * a third one.\n */\n', 3],
    ] as const) {
      const source = passageSource(passage, [], anything);
      assert.ok(source);
      const spans = new Map(source.spans.map(({ placeholder, text }) => [placeholder, text]));
      const plain = source.text.replaceAll(/<c\d+>/g, (name) => spans.get(name) ?? '');
      assert.equal(source.places.length, plain.length);
      let last = -1;
      [...plain].forEach((unit, index) => {
        const place = source.places[index] ?? -1;
        if (place < 0) return assert.equal(unit, ' ');
        assert.equal(passage[place], unit);
        assert.ok(place > last);
        last = place;
      });
      assert.equal(source.places.filter((place) => place < 0).length, blanks);
    }
  });

  it('reads as many sentences as fit, and none if the first does not', () => {
    const text = 'One is here. Two is here. Three is here.';
    const short = passageSource(text, [], (part) => part.length < 30);
    assert.deepEqual([short?.text, short?.cut], ['One is here. Two is here.', true]);
    assert.equal(
      passageSource(text, [], (part) => part.length < 5),
      undefined,
    );
    assert.equal(passageSource('---\n', [], anything), undefined);
  });

  it('never has more spans than there are placeholders', () => {
    const text = Array.from({ length: 30 }, (_, index) => `Run \`a${index}\` now.`).join(' ');
    const source = passageSource(text, [], anything);
    assert.equal(source?.spans.length, 16);
    assert.equal(source.cut, true);
  });

  it('reads code as it is, with line ends marked and special tokens taken apart', () => {
    assert.equal(
      codeSource('  tar -xzf a\n  ls </s> <c0> <title>\n'),
      'tar -xzf a <nl> ls < /s> < c0> < title>',
    );
    assert.equal(codeSource(' \n'), '');
  });

  it('puts spans back, allows for missing ones and refuses made-up ones', () => {
    const source = passageSource('Use `run` in `main`.', [], anything);
    assert.ok(source);
    assert.equal(taskOutput('Using <c1>', source.spans, 'en'), 'Using `main`');
    assert.equal(taskOutput('Using <c2>', source.spans, 'en'), undefined);
    assert.equal(taskOutput('A <nl> b', source.spans, 'en'), 'A b');
    assert.equal(taskOutput('<c0>를 사용', source.spans, 'ko'), '`run`을 사용');
  });
});
