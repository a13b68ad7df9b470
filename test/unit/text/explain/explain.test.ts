import assert from 'node:assert/strict';
import { isGrounded } from '../../../../src/text/explain/grounded';
import { splitIdentifier } from '../../../../src/text/explain/identifiers';
import { markdownProse } from '../../../../src/text/explain/markdownProse';
import { regexLiteralAt, regexStringAt } from '../../../../src/text/explain/regexLiteral';
import { parseCommandLine } from '../../../../src/text/explain/shell';

describe('parseCommandLine', () => {
  const names = (text: string) => parseCommandLine(text)?.commands.map(({ name }) => name);

  it('tells program, verb, options, operands and redirections apart', () => {
    assert.deepEqual(parseCommandLine('git commit -m \'Fix it\' --author="A B" -- a.txt > log'), {
      commands: [
        {
          name: 'git',
          verb: 'commit',
          options: [{ name: '-m' }, { name: '--author', value: 'A B' }],
          operands: ['Fix it', 'a.txt'],
          redirections: [{ operator: '>', target: 'log' }],
        },
      ],
      operators: [],
    });
  });

  it('follows pipes, lists and continued lines', () => {
    const line = parseCommandLine('find . -name "*.ts" |\n  xargs \\\n wc -l && echo done; ls &');
    assert.deepEqual(
      line?.commands.map(({ name }) => name),
      ['find', 'xargs', 'echo', 'ls'],
    );
    assert.deepEqual(line?.operators, ['|', '&&', ';']);
  });

  it('looks behind assignments, keywords and programs that run others', () => {
    assert.deepEqual(names('LANG=C sudo -E env A=b /usr/bin/python3 x.py'), ['python3']);
    assert.deepEqual(names('if grep -q a b; then rm c; fi'), ['grep', 'rm']);
    assert.deepEqual(names('while read line; do echo $line; done'), ['read', 'echo']);
  });

  it('gives nothing where no program runs', () => {
    for (const text of ['', '# comment', 'A=b', 'fi', '}', 'echo "open', '$(', '123', '"quoted']) {
      assert.equal(parseCommandLine(text), undefined, text);
    }
  });

  it('takes quoted operators as words, and quoted options as options', () => {
    const [command] = parseCommandLine('grep "a | b" \'-x\' c\\ d')?.commands ?? [];
    assert.deepEqual(command?.operands, ['a | b', 'c d']);
    assert.deepEqual(command?.options, [{ name: '-x' }]);
  });

  it('ends on any text, however broken', () => {
    const marks = ['"', "'", '`', '$(', ')', '|', '>', '\\', '\n', '#', ' ', 'ls', '-x', '&', ';'];
    let seed = 7;
    for (let round = 0; round < 3000; round++) {
      let text = '';
      for (let index = 0; index < 12; index++) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        text += marks[seed % marks.length];
      }
      parseCommandLine(text);
    }
  });
});

describe('regular expressions in code', () => {
  const literal = (line: string, mark: string) => {
    const found = regexLiteralAt(line, line.indexOf(mark));
    return found && [found.pattern, found.flags, line.slice(found.start, found.end)];
  };

  it('are told from divisions, comments and strings', () => {
    assert.deepEqual(literal('x = /a[/]b/gi.test(y)', '[/]'), ['a[/]b', 'gi', '/a[/]b/gi']);
    assert.deepEqual(literal('return /^\\/x$/;', 'x$'), ['^\\/x$', '', '/^\\/x$/']);
    assert.equal(literal('a = b / c / d;', 'c'), undefined);
    assert.equal(literal('x = 1; // a /b/ c', 'b/'), undefined);
    assert.equal(literal("s = '/a/';", 'a/'), undefined);
    assert.equal(literal('f(/a/, b)', 'b'), undefined);
    assert.deepEqual(literal('f(1 / 2, /z/)', 'z/'), ['z', '', '/z/']);
  });

  const inString = (line: string, mark: string) => {
    const found = regexStringAt(line, line.indexOf(mark));
    return found && [found.pattern, found.flags];
  };

  it('are found in calls that take them as strings', () => {
    assert.deepEqual(inString("re.compile(r'\\d+')", 'd+'), ['\\d+', '']);
    assert.deepEqual(inString('new RegExp("\\\\d+", "g")', 'd+'), ['\\d+', '']);
    assert.deepEqual(inString('Pattern.compile("a\\\\.b")', 'b'), ['a\\.b', '']);
    assert.deepEqual(inString('regexp.MustCompile(`^a\\d`)', 'd'), ['^a\\d', '']);
    assert.deepEqual(inString('Regex::new(r"^\\w+$")', 'w+'), ['^\\w+$', '']);
    assert.deepEqual(inString("preg_match('/^a+$/i', $x)", 'a+'), ['^a+$', 'i']);
    assert.equal(inString('print("a+b")', 'a+'), undefined);
    assert.equal(inString("re.compile(r'a+') + 'b'", "b'"), undefined);
  });

  it('are not looked for in long lines', () => {
    const line = `${'x'.repeat(3000)} = /a/;`;
    assert.equal(regexLiteralAt(line, 3004), undefined);
    assert.equal(regexStringAt(line, 3004), undefined);
  });
});

describe('splitIdentifier', () => {
  it('takes names of several words apart, not strings and single words', () => {
    assert.deepEqual(splitIdentifier('readHTMLFile(max_size, "open file", path)'), [
      { name: 'readHTMLFile', words: ['read', 'HTML', 'file'] },
      { name: 'max_size', words: ['max', 'size'] },
    ]);
  });
});

describe('markdownProse', () => {
  it('keeps what is read, one line per paragraph or item', () => {
    const markdown = [
      '```ts',
      'let code: string',
      '```',
      '---',
      'Reads the **first** line of [the file](command:evil?x)',
      'and `closes` it.',
      '',
      '*@param* `path` — The path &amp; name.',
      '- one <b>item</b>',
      '- $(info) two',
      '',
      '| --- |',
      '![picture](https://example.org/x.png)',
    ].join('\n');
    assert.equal(
      markdownProse(markdown),
      'Reads the first line of the file and `closes` it.\n@param `path` — The path & name.\none item\ntwo',
    );
  });

  it('leaves no link, tag, icon or picture, nested ones included', () => {
    const hostile =
      '[a [b](command:x)](command:y) <a href="command:z">c</a> $(warning~spin) ![d](command:e)';
    assert.doesNotMatch(markdownProse(hostile), /\]\(command|<a|\$\(|!\[/);
  });

  it('is bounded', () => {
    assert.ok(markdownProse('word '.repeat(100_000)).length <= 3000);
  });
});

describe('isGrounded', () => {
  it('refuses what an explanation makes up and a reader would act on', () => {
    assert.equal(
      isGrounded('Find all files and remove them', 'find . -print0 | xargs touch'),
      false,
    );
    assert.equal(isGrounded('Find all files and remove them', 'find . -delete'), true);
    assert.equal(isGrounded('Kill the process', 'ps aux'), false);
    assert.equal(isGrounded('List all files', 'ls'), true);
  });
});
