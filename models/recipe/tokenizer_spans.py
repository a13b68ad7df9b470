"""What spans a token should have, found by another way than src/tokenizer finds them.

The reference gives a composed character the offsets of its first part only, and a replaced run of blanks those of its
last blank, so its offsets alone cannot say whether a slice of the source is the text that a token stands for.
"""

import re
import unicodedata

BLANKS = re.compile("[ \t\u00a0\u3000]+")


def segments(text, form="NFC"):
    """Cuts `text` into the smallest parts that normalize each by itself; yields (start, end)."""
    norm = lambda s: unicodedata.normalize(form, s)
    chunks = []
    for i, c in enumerate(text):
        if chunks and unicodedata.combining(c):
            chunks[-1][1] = i + 1
        else:
            chunks.append([i, i + 1])
    joined = []
    for start, end in chunks:
        if joined:
            s, e = joined[-1]
            if norm(text[s:e]) + norm(text[start:end]) != norm(text[s:end]):
                joined[-1] = (s, end)
                continue
        joined.append((start, end))
    for start, end in joined:
        at = start
        for p in range(start + 1, end):
            if norm(text[at:p]) + norm(text[p:end]) == norm(text[at:end]):
                yield at, p
                at = p
        yield at, end


def aligned(text, offset):
    """NFC and one blank for a run of blanks: a list of (character, start, end, loose). Loose: several characters share
    a changed segment, so that the span is an upper bound for each of them."""
    result = []
    for start, end in segments(text):
        norm = unicodedata.normalize("NFC", text[start:end])
        loose = len(norm) > 1 and norm != text[start:end]
        if norm == text[start:end]:
            result += [(c, offset + start + i, offset + start + i + 1, False) for i, c in enumerate(norm)]
        else:
            result += [(c, offset + start, offset + end, loose) for c in norm]
    merged = []
    for m in re.finditer("[ \t\u00a0\u3000]+|[^ \t\u00a0\u3000]+", "".join(c for c, *_ in result)):
        part = result[m.start():m.end()]
        if BLANKS.match(m.group()):
            merged.append((" ", part[0][1], part[-1][2], False))
        else:
            merged += part
    return merged


def expected_spans(tokenizer, text):
    """(start, end, loose) in code points for each token of the default tokenizer; (-1, -1) for no source."""
    contents = sorted((t.content for t in tokenizer.get_added_tokens_decoder().values()), key=len, reverse=True)
    chars, at = [], 0
    for m in list(re.finditer("|".join(map(re.escape, contents)), text)) + [None]:
        start, end = (m.start(), m.end()) if m else (len(text), len(text))
        chars += aligned(text[at:start], at)
        chars += [(text[i], i, i + 1, False) for i in range(start, end)]
        at = end
    normalized = "".join(c for c, *_ in chars)
    encoding, original = tokenizer.encode(normalized), tokenizer.encode(text)
    assert encoding.ids == original.ids, (text, encoding.tokens, original.tokens)

    spans = []
    for k, (token, (s, e)) in enumerate(zip(encoding.tokens, encoding.offsets)):
        following = encoding.offsets[k + 1] if k + 1 < len(encoding.offsets) else None
        is_bytes = re.fullmatch("<0x[0-9A-F]{2}>", token) and normalized[s:e] != token
        if encoding.special_tokens_mask[k] and (s, e) == (0, 0):
            spans.append((-1, -1, False))
        elif k == 0 and token == "▁" and following[0] == 0 and not normalized.startswith((" ", "▁")):
            spans.append((-1, -1, False))
        elif is_bytes:
            # All bytes of a run have the offsets of the run: count characters off by their bytes.
            first = k
            while first > 0 and encoding.offsets[first - 1] == (s, e) and spans[first - 1][0] != -1:
                first -= 1
            counts = [len(c.encode()) for c in normalized[s:e]]
            at, left = s, k - first
            while left >= counts[at - s]:
                left -= counts[at - s]
                at += 1
            spans.append(chars[at][1:])
        else:
            part = chars[s:e]
            spans.append((part[0][1], part[-1][2], any(c[3] for c in part)))
    return original, spans
