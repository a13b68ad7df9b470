"""Lines for the tokenizer's fixtures: written here, put together by chance from a fixed seed.

They are not natural text. They are there to reach every path of a tokenizer: scripts, composition, blanks, byte
fallback, added tokens at all kinds of places, and runs that are far longer than text has.
"""

import random
import unicodedata

ENGLISH = """the a this each server client module request button token header value cache build folder update
install opens reads returns ignores fails before after while unless because only never quickly without with under
between new old empty broken hidden shared local remote Node Python TypeScript GitHub API JSON HTTP UTF-8 don't can't
it's user's co-operate naïve café e.g. i.e. v1.2.3 42 3.14 1,024 100% #12 @home""".split()

KOREAN = """서버 클라이언트 모듈 요청 단추 토큰 머리글 값 캐시 빌드 폴더 업데이트 설치 합니다 읽습니다 돌려줍니다 무시합니다
실패했습니다 전에 뒤에 동안 때문에 오직 절대로 빠르게 없이 함께 아래에 사이에 새로운 오래된 비어 있는 깨진 숨겨진
한국어를 영어로 번역 한다 값이 값을 값은 읽었다 닭볶음 꿰뚫 쀍 뷁 힣 가 각 똠방각하""".split()

CODE = [
    "const x = items.map((item) => item.id ?? 0);", "if (a <= b && !done) { return; }", "def f(x: int) -> str:",
    "    return f'{x:>8}'", "\tfor (let i = 0; i < n; i++)", "git commit -m \"fix: NPE in loadUser()\"",
    "https://example.org/a/b?c=d&e=%20#f", "C:\\Users\\me\\file.txt", "SELECT * FROM t WHERE id IN (1, 2);",
    "#include <stdio.h>", "std::vector<std::pair<int, int>> v;", "a[i][j] += b->c.d;", "{{name}} ${value} %s %1$d {0}",
    "user_name userName UserName USER_NAME user-name", "/* c */ // d", "x = 0xFF | 0b1010 ^ ~y;", "<b>bold</b> &amp; &#39;",
    "regex: ^[a-z]+\\d{2,}$", "!@#$%^&*()_+-=[]{}|;':\",./<>?`~", "\"\\u00e9\\n\"", "npm run build --silent 2>&1 | tee log",
]

EMOJI = ["😀", "👩‍💻", "🤦🏽‍♂️", "👨‍👩‍👧‍👦", "🇰🇷", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "❤️", "☎︎", "🧑🏿‍🚀", "✔️", "⚠"]

OTHER = [
    "مرحبا بالعالم", "السَّلَامُ عَلَيْكُمْ", "שָׁלוֹם", "नमस्ते क्षेत्र", "สวัสดีครับ ที่นี่", "Привет, мир", "Γειά σου Κόσμε",
    "こんにちは世界 が ガ", "你好，世界。", "ｆｕｌｌ　ｗｉｄｔｈ １２３ ＡＢＣ！", "ﾊﾝｶｸ ｶﾞ", "ﬁ ﬂ ﬃ ½ ² ① Ⅷ ㎏ ㈜ ℡", "ı İ ß ẞ ſ ǅ",
    "Å Å Å Ω Ω K", "Đặng Thị Ngọc", "ñ Ñ", "ㄱㄴㄷ ㅏㅑ ﾡ", "e\u0301 n\u0303 o\u0308\u0304 q\u0323\u0307 q\u0307\u0323",
    "s\u0323\u0307 s\u0307\u0323 \u1e69", "\u09c7\u09be \u0b47\u0b56", "\u0958 \u2adc \u212b", "a\u0315\u0300\u05ae\u0062",
    "\ufb2c \ufb1d", "\u1100\u1161\u11a8 \uac00\u11a8 \u1100\u1100\u1161\u11a8\u11a8", "=\u0338 <\u0338c0> >\u0338",
]

BLANKS = [" ", "  ", "   ", "\t", "\t\t ", "\u00a0", "\u3000", " \u3000 ", "\r\n", "\n", "\n\n", "\r", "\u2009", "\u200b",
          "\u2028", "\x85", "\ufeff", "\x0b", "\x1c"]

TOKENS = ["<2ko>", "<2en>", "<nl>", "<c0>", "<c1>", "<c9>", "<c10>", "<c15>", "<sum>", "<title>", "</s>", "<pad>", "<unk>",
          "<explaink>"]
ALMOST = ["<c16>", "<c 0>", "<<c0>>", "<2ko", "c0>", "<C0>", "< c0 >", "</S>", "<0x41>", "<0xE3>", "<0x4>", "▁", "▁▁a", "_"]

RANGES = [(0x00, 0x20), (0x21, 0x7f), (0x7f, 0x100), (0x100, 0x250), (0x300, 0x370), (0x370, 0x400), (0x400, 0x500),
          (0x590, 0x600), (0x600, 0x700), (0x900, 0x980), (0xe00, 0xe80), (0x1100, 0x1200), (0x1e00, 0x2000),
          (0x2000, 0x2070), (0x2100, 0x2200), (0x3000, 0x3100), (0x3130, 0x3190), (0x4e00, 0x4f00), (0xac00, 0xad00),
          (0xd700, 0xd7a4), (0xe000, 0xe010), (0xf900, 0xfa00), (0xfb00, 0xfb50), (0xfe00, 0xfe10), (0xff00, 0xfff0),
          (0xfff9, 0x10000), (0x1d100, 0x1d1f0), (0x1f600, 0x1f650), (0x20000, 0x20010), (0xe0000, 0xe0010),
          (0x10fff0, 0x110000)]

LONG = ["a" * 700, "ab" * 300, " " * 600, "x" + " " * 700 + "y", "가" * 200, "😀" * 60, "e" + "\u0301" * 150, "\u0301" * 80,
        "a" + "\u0323\u0301" * 70, "\u1112\u1161\u11ab" * 100, "=" * 500, "<c0>" * 100, "<" * 300, "\0" * 100, "=-" * 300,
        "https://example.org/" + "path/" * 60, "0123456789" * 40, "▁" * 120, "ﬁ" * 100, "\t" * 300, "\ufffd" * 60]


def random_text(rng, length):
    low, high = rng.choice(RANGES)
    return "".join(chr(rng.randrange(*rng.choice([(low, high), rng.choice(RANGES)]))) for _ in range(length))


def sentence(rng, words, blank=None):
    chosen = [rng.choice(words) for _ in range(rng.randint(2, 12))]
    return "".join(w + (blank or rng.choice([" "] * 12 + BLANKS)) for w in chosen[:-1]) + chosen[-1] + rng.choice(["", ".", "!", "?"])


def mixed(rng):
    parts = []
    for _ in range(rng.randint(2, 7)):
        parts.append(rng.choice([
            lambda: rng.choice(ENGLISH), lambda: rng.choice(KOREAN), lambda: rng.choice(CODE), lambda: rng.choice(EMOJI),
            lambda: rng.choice(OTHER), lambda: rng.choice(TOKENS), lambda: rng.choice(ALMOST),
            lambda: unicodedata.normalize("NFD", rng.choice(KOREAN)), lambda: random_text(rng, rng.randint(1, 4)),
        ])())
        parts.append(rng.choice(["", "", " ", rng.choice(BLANKS)]))
    return "".join(parts)


def with_lone_surrogates(rng, text):
    for _ in range(rng.randint(1, 3)):
        at = rng.randint(0, len(text))
        lone = chr(rng.randrange(0xD800, 0xE000))
        text = text[:at] + lone + text[at:]
    # A high and a low half side by side would be a whole character to UTF-16.
    return text if text == text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") else "\ud800x"


def make_lines(seed=20):
    rng = random.Random(seed)
    lines = ["", " ", "  ", "\0", "\n", "\r\n", "\t", "a", "가", "▁", " a", "a ", " a ", "\ufeff", "\ufffd", "\u0301", "a\0b",
             "\ud800", "\udfff", "a\ud83d", "\ude00b", "가\udc00나", " \ud800 "]
    lines += LONG + CODE + EMOJI + OTHER + TOKENS + ALMOST
    lines += [f"<2ko> {line}" for line in CODE + OTHER]
    lines += [a + b + c for a in TOKENS[:6] for b in ["", " ", "x", "  가"] for c in ["<c1>", " <nl>", "y"]]
    for _ in range(420):
        lines.append(sentence(rng, ENGLISH))
        lines.append(sentence(rng, KOREAN))
    for _ in range(150):
        lines.append(unicodedata.normalize("NFD", sentence(rng, KOREAN)))
        lines.append(sentence(rng, ENGLISH + KOREAN + TOKENS, blank=" "))
        lines.append(random_text(rng, rng.randint(1, 12)))
        lines.append("".join(rng.choice("ab \u0301\u0323\u0307가\u11a8") for _ in range(rng.randint(1, 14))))
    for _ in range(450):
        lines.append(mixed(rng))
    for _ in range(60):
        lines.append(with_lone_surrogates(rng, mixed(rng)))
    return list(dict.fromkeys(lines))


if __name__ == "__main__":
    print(len(make_lines()))
