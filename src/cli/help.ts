import type { CommandName } from './arguments';

const OVERVIEW = `headlight: translate between English and Korean on this machine.

Usage: headlight COMMAND [options]

  translate   translate a file or the standard input
  batch       translate JSON Lines, for big work in pieces
  generate    write a title, a one-liner or an explanation of a command
  summarize   choose the sentences that say most of a text
  inspect     write every attention map of one translation
  model       show a model's configuration and parameters
  devices     show which devices can run a model, and why others cannot
  bench       measure this machine
  prepare     show text as the model reads it, for training data

headlight COMMAND --help explains a command; --version prints the version.
Exit codes: 0 done, 1 failed while running, 2 the command line is wrong.
`;

const MODEL = `  --model DIR          folder with config.json, tokenizer.json, model.safetensors
                       (default: the model that comes with the program)
  --device D           auto, cpu, cuda, dml, webgpu or coreml (default auto)
  --threads N          threads of one operator (default 0: the program chooses)
`;

const DECODING = `  --to ko|en           target language (default: Korean text to English, other text to
                       Korean)
  --beam N             hypotheses kept in the search, 1 is greedy (default 4)
  --length-penalty X   exponent of the length that scores are divided by (default 1)
  --max-tokens N       most target tokens of a sentence (default 256)
`;

const SHORTLIST = `  --no-shortlist       weigh every piece of the vocabulary at each step, not only those that the
                       model's shortlist names for a sentence
`;

const TEXT = `${DECODING}  --raw                the model alone, on any MarianMTModel folder: a line is tokenized as
                       it is, with no splitting, protection or guards. With --to, the
                       tag <2ko> or <2en> and a blank are put before it. Options not given
                       come from generation_config.json, and else from the reference's
                       own defaults.
${MODEL}`;

const TOPICS: Readonly<Record<CommandName, string>> = {
  translate: `Usage: headlight translate [options] [FILE]

Translates FILE, or the standard input, and keeps its lay-out: indentation, list marks and
blank lines stay. Code, paths, URLs and placeholders come out unchanged. The output is
written when all of it is there.

${TEXT}${SHORTLIST}  --lines              one output line for each input line, empty ones included; implied
                       by --raw
  --json               one JSON object per text (with --lines per line, else one):
                       {text, source, target, segments: [{sourceStart, sourceEnd,
                       targetStart, targetEnd, status, reason?, logProbability?, uncertain?}]}, offsets
                       in UTF-16 units, log-probability the mean per token in nats; with
                       --raw {text, ids, sourceIds, logProbability, score,
                       tokenLogProbabilities, ended}, where ids are those of the
                       reference's generate: the start token first, </s> last if it came
`,
  batch: `Usage: headlight batch [options] [FILE]

Reads JSON Lines from FILE, or the standard input, and writes each record again, in the same
order, with what its text became:
  in   {"id": 7, "text": "The file is empty."}
  out  {"id": 7, "text": "The file is empty.", "translation": {"text": "파일이 비어 있습니다.",
        "source": "en", "target": "ko"}}
A translation has "kept" with the reasons where sentences stand in it as they were. Lines come
out as they are done, and memory does not grow with the input, so it runs as a filter:
  parallel --pipe --block 1M -k headlight batch --threads 1 < corpus.jsonl > translated.jsonl

  --field NAME         the field with the text (default text)
  --out FILE           write to FILE instead of the standard output
  --resume             go on where FILE was cut off; an unfinished last line is done again
${DECODING}${SHORTLIST}${MODEL}`,
  generate: `Usage: headlight generate --task T [options] [FILE]

Reads a text and writes what the model has to say of it; an empty line where nothing it wrote
may stand (it ran on, repeated itself, or made up a number or a name).

  --task T             title (a heading or commit subject), oneLine (what a page or comment
                       is about), explain (what a command or a line of code does) or
                       translate (alternatives for a phrase)
  --to ko|en           language of the output (default: that of the text; English to explain)
  --beam N             hypotheses kept in the search (default 4)
  --length-penalty X   exponent of the length that scores are divided by (default 1)
  --max-tokens N       most target tokens (default and at most 96)
  --n-best N           candidates wanted, at most the beam (default 1); needs --json to show
  --lines              each line is a text by itself; a line that is a JSON string stands for
                       a text with lines of its own
  --json               {candidates: [{text, logProbability}], refused?, cut}, log-probability
                       the mean per token in nats
${MODEL}`,
  summarize: `Usage: headlight summarize [options] [FILE]

Chooses the sentences that are most like all others by the model's own encoder states; the
first sentence is always one of them.

  --sentences N        1 to 5 (default 3)
  --lines              each line is a text by itself (as in generate), with its summary on one
  --json               {language, sentences: [{start, end, text, score}], total}, offsets in
                       UTF-16 units
${MODEL}`,
  inspect: `Usage: headlight inspect --out DIR [options] TEXT

Translates TEXT (- reads the standard input), runs the model once more over the result and
writes into DIR
  maps.npz      float32 arrays, read by numpy.load:
                enc   [layers, heads, S, S]  encoder self-attention
                dec   [layers, heads, T, T]  decoder self-attention
                cross [layers, heads, T, S]  decoder to encoder
                row t is the query whose decoder input is token t, the start token first
                enc_norm [layers, heads, S], dec_norm, cross_norm: norms of the value
                vectors per head and key, projected to the output
  metrics.csv   one row per kind, layer and head: entropy, confidence and so on
  alignment.txt word pairs of text and translation (Pharaoh format, from 0), by the layer
                and row of cross-attention that align this model's words best
  tokens.json   the S source tokens, the T decoder inputs and what each row predicts, with
                their spans in the text and in the translation (UTF-16 units, -1 where there
                is none) and the numbers of their words
Sentences that are too long together give maps-1.npz, tokens-1.json and so on for each.

  --out DIR            folder to write to; made if it is not there
  --head KIND.L.H      draw a head into KIND.L.H.svg, as in cross.1.3; layer and head from 0,
                       kind is encoder, decoder or cross; may be given more than once
${TEXT}`,
  model: `Usage: headlight model [options]

Shows the configuration of a model and the number of parameters of each component.

${MODEL}  --json               the same as JSON
`,
  devices: `Usage: headlight devices [options]

A table of this platform's devices with the model: which are found, by which library or why
not, how long a probe took, which one is chosen and why the others are not. What was found is
kept and holds until the model, a driver or the program changes.

CUDA needs what the command Install CUDA Support puts into VS Code's folder for extensions'
data, below globalStorage/headlight.headlight/cuda: the variable HEADLIGHT_CUDA names it.

${MODEL}  --probe              try all devices anew
  --json               the same as JSON
`,
  bench: `Usage: headlight bench [options]

Measures load time, the time of one sentence (50th and 95th percentile), target tokens per
second on a document, and peak memory.

${MODEL}  --quick              fewer repetitions
  --json               the same as JSON
`,
  prepare: `Usage: headlight prepare [--ids] [--model DIR] [FILE]

Shows text as the model reads it. Reads JSON lines, from the standard input if no FILE is
named, and writes one JSON line for each:
  in   {"text": "Call \`run()\`.", "target": "\`run()\`을 부르세요.", "to": "ko"}
  out  {"source": "<2ko> Call <c0>.", "target": "<c0>을 부르세요.", "to": "ko",
        "spans": ["\`run()\`"], "ok": true}
target and to are optional: without to the scripts of the text decide, without target there
is none in the output. Line breaks become <nl>. A pair that cannot be used for training has
"ok": false and a reason: "missing" (the target lacks a protected span of the text),
"doubled" (it has one more often than the text) or "tooMany" (more than 16 different spans).

  --ids                adds sourceIds and, with a target, targetIds, by the tokenizer of --model
  --model DIR          model folder (default: the model that comes with the program)
`,
};

export function helpText(topic: CommandName | undefined): string {
  return topic === undefined ? OVERVIEW : TOPICS[topic];
}
