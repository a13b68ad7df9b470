"""CTranslate2 as a worker of the benchmark: python ctranslate2_worker.py MODEL CONVERTED TYPE THREADS

One JSON object per line, on both sides. Asked {"texts", "batch", "beam", "maxTokens"} it answers {"seconds", "ids"};
asked {"end": true} it answers {"peakMiB"} and ends. The clock holds tokenizing, decoding and making text.
"""
import json
import os
import sys
import time

model, converted, kind, threads = sys.argv[1:]
start = time.perf_counter()
import ctranslate2
from tokenizers import Tokenizer

imported = time.perf_counter()
engine = ctranslate2.Translator(converted, device="cpu", compute_type=kind, inter_threads=1, intra_threads=int(threads))
tokenizer = Tokenizer.from_file(os.path.join(model, "tokenizer.json"))
tokenizer.no_padding()
loaded = time.perf_counter()
with open(os.path.join(model, "generation_config.json"), encoding="utf-8") as file:
    banned = [[tokenizer.id_to_token(i) for i in word] for word in json.load(file).get("bad_words_ids") or []]


def translate(texts, batch, beam, most):
    results = engine.translate_batch(
        [e.tokens for e in tokenizer.encode_batch(texts)],
        max_batch_size=batch,  # sorts by length by itself
        beam_size=beam,
        length_penalty=1.0,
        suppress_sequences=banned or None,
        max_decoding_length=most,
        min_decoding_length=0,  # the default of 1 would forbid an empty output, which the others allow
        return_end_token=True,
    )
    ids = [[tokenizer.token_to_id(t) for t in r.hypotheses[0]] for r in results]
    tokenizer.decode_batch(ids)
    return ids


def answer(value):
    print(json.dumps(value), flush=True)


answer({"version": ctranslate2.__version__, "loadSeconds": loaded - imported, "startSeconds": loaded - start})
for line in sys.stdin:
    request = json.loads(line)
    if "end" in request:
        with open("/proc/self/status", encoding="ascii") as file:
            peak = next(int(x.split()[1]) for x in file if x.startswith("VmHWM"))
        answer({"peakMiB": peak / 1024})
        break
    begin = time.perf_counter()
    out = translate(request["texts"], request["batch"], request["beam"], request["maxTokens"])
    answer({"seconds": time.perf_counter() - begin, "ids": out})
