"""What the model must never change becomes a numbered placeholder `<c0>`..`<c15>`: in training pairs and in use alike.

The editor's rules are those of `src/text` (TypeScript); these are the same kinds in Python, for training pairs, where
both sides are at hand: a string is replaced only where both sides hold it equally often, so a placeholder of the source
is always owed exactly as often in the target. Numbers follow the first appearance in the source; the same string has
the same number.
"""

import re

LIMIT = 16  # <c0>..<c15>
PLACEHOLDER = re.compile(r"<c(?:1[0-5]|[0-9])>")
# text that would be read as one of the tokenizer's own tokens
RESERVED = re.compile(r"<(?:c(?:1[0-5]|[0-9])|nl|2ko|2en|pad|unk|title|titlek|sum|sumk|explain|explaink)>|</s>")

START, END = r"(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9_])"
INLINE_CODE = r"`[^`\n]+`"
URL = r"https?://[^\s<>\"'`)\]\u3131-\uD7A3]*[^\s<>\"'`)\].,;:!?\u3131-\uD7A3]"
EMAIL = START + r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+" + END
FORMAT = (
    r"\$\{[^{}\n]+\}|\{\{[^{}\n]+\}\}|\{[A-Za-z0-9_.:,$-]*\}|\$t\([^()\n]*\)"
    r"|%(?:\d+\$)?[-+0#]*\d*(?:\.\d+)?(?:l{0,2}[diufsxXcpeg]|@)" + END + r"|%\([\w.]+\)[sdrif]"
    r"|</?[A-Za-z][\w-]*(?:\s[^<>\n]*)?/?>"
)
PATH = (
    r"(?<![\w.])(?:[A-Za-z]:\\|~/|\.{1,2}/|/)[\w.@-]+(?:[/\\][\w.@-]+)*/?"
    r"|" + START + r"[\w.-]+(?:[/\\][\w.-]+)+" + END
)
FILE = START + r"[\w-]+\.(?:json|js|ts|tsx|jsx|py|cs|cpp|h|c|md|txt|xml|ya?ml|html?|css|sh|ps1|exe|dll|config|csproj|toml|rs|go|java|ini|log|zip|png)" + END
FLAG = r"(?<![\w-])--?[A-Za-z][\w-]*" + END
CALL = START + r"[A-Za-z_][\w.]*\(\)"
DOTTED = START + r"(?!(?:[A-Za-z]\.)+[A-Za-z]" + END + r")[A-Za-z_]\w*(?:(?:\.|::)[A-Za-z_]\w*)+" + END
SNAKE = START + r"_*[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)+_*" + END
CAMEL = START + r"[a-z]+[0-9]*(?:[A-Z][A-Za-z0-9]*)+" + END
PASCAL = START + r"(?:[A-Z][a-z0-9]+){2,}" + END
VERSION = START + r"v?\d+(?:\.\d+)+(?:-[A-Za-z0-9.]+)?" + END
HASH = START + r"(?=[a-f0-9]*\d)(?=[a-f0-9]*[a-f])[a-f0-9]{7,40}" + END
LATIN = START + r"(?:[A-Z][A-Za-z0-9+#-]+|\d{2,}|[A-Z]{2,})" + END


def ascii_words(*patterns):
    """Korean particles touch what they follow, so words are ASCII here: `\\w` must not reach into Hangul."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.ASCII)


ALWAYS = ascii_words(INLINE_CODE, URL, EMAIL, FORMAT)
IDENTIFIERS = ascii_words(
    INLINE_CODE, URL, EMAIL, FORMAT, PATH, CALL, FILE, DOTTED, SNAKE, CAMEL, PASCAL, FLAG, VERSION, HASH
)
NAMES = ascii_words(
    INLINE_CODE, URL, EMAIL, FORMAT, PATH, CALL, FILE, DOTTED, SNAKE, CAMEL, PASCAL, FLAG, VERSION, HASH, LATIN
)
LEVELS = {"code": ALWAYS, "identifiers": IDENTIFIERS, "names": NAMES}


def literal(strings):
    """Finds any of the strings, the longest first, never as a part of a longer ASCII word."""

    def bounded(text):
        before = START if re.match(r"[A-Za-z0-9_]", text[0]) else ""
        after = END if re.match(r"[A-Za-z0-9_]", text[-1]) else ""
        return before + re.escape(text) + after

    return re.compile("|".join(bounded(text) for text in sorted(strings, key=len, reverse=True)))


def counts(pattern, text):
    result = {}
    for match in pattern.finditer(text):
        result[match.group()] = result.get(match.group(), 0) + 1
    return result


def protect(source, level="identifiers"):
    """-> (text with placeholders, [span of <c0>, span of <c1>, ...]); strings past the sixteenth stay as they are."""
    spans = []

    def replace(match):
        text = match.group()
        if text not in spans:
            if len(spans) == LIMIT:
                return text
            spans.append(text)
        return f"<c{spans.index(text)}>"

    return LEVELS[level].sub(replace, source), spans


def protect_pair(source, target, level):
    """-> (source, target) with placeholders for every string that both hold equally often."""
    kept = list(dict.fromkeys(match.group() for match in LEVELS[level].finditer(source)))[:LIMIT]
    while kept:
        pattern = literal(kept)
        left, right = counts(pattern, source), counts(pattern, target)
        agreeing = [text for text in kept if left.get(text) and left.get(text) == right.get(text)]
        if len(agreeing) == len(kept):
            break
        kept = agreeing  # a dropped string may have hidden a shorter one: count again
    if not kept:
        return source, target
    pattern = literal(kept)
    numbers = {}
    for match in pattern.finditer(source):
        numbers.setdefault(match.group(), len(numbers))

    def replace(match):
        return f"<c{numbers[match.group()]}>"

    return pattern.sub(replace, source), pattern.sub(replace, target)


def protect_task(source, target, level):
    """For titles and summaries the target owes nothing: what it does repeat from the source is replaced."""
    source, spans = protect(source, level)
    if spans:
        numbers = {text: index for index, text in enumerate(spans)}
        target = literal(spans).sub(lambda match: f"<c{numbers[match.group()]}>", target)
    return source, target


def restore(text, spans):
    """Puts the spans back; -> (text, whether each placeholder named a span)."""
    good = True

    def replace(match):
        nonlocal good
        index = int(match.group()[2:-1])
        if index >= len(spans):
            good = False
            return ""
        return spans[index]

    return PLACEHOLDER.sub(replace, text), good


def placeholders_agree(source, target):
    """Every placeholder of the source comes out exactly as often as it went in, and no other does."""
    return sorted(PLACEHOLDER.findall(source)) == sorted(PLACEHOLDER.findall(target))
