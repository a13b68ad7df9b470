"""One register and one set of terms for the Korean that the model learns to write.

    python terms.py FILE.ko [...]      # which lines break them, one text per line

Register: statements end in the formal polite -ㅂ니다, requests in -세요. Endings in the plain -다 and in -해요 are
rewritten where the form is unambiguous; a line whose end cannot be is told by `other_register`. Terms: where two spellings
or two words for one thing stand in the data, one is kept. The particle behind a replaced word follows its new end.
"""

import re
import sys
from pathlib import Path

HANGUL = "가-힣"
NIEUN, RIEUL, BIEUP = 4, 8, 17  # final consonants, counted as Unicode counts them (0: none)

# (written, kept, English word that must stand in the source, or None where the Korean alone decides)
TERMS = (
    ("응용 프로그램", "애플리케이션", "application|app"),
    ("응용프로그램", "애플리케이션", "application|app"),
    ("어플리케이션", "애플리케이션", None),
    ("끝점", "엔드포인트", "endpoint|end point"),
    ("엔드 포인트", "엔드포인트", None),
    ("디렉토리", "디렉터리", None),
    ("리포지터리", "리포지토리", None),
    ("레포지토리", "리포지토리", None),
    ("레파지토리", "리포지토리", None),
    ("매개 변수", "매개변수", None),
    ("파라메터", "매개변수", "parameter|param"),
    ("파라미터", "매개변수", "parameter|param"),
    ("메소드", "메서드", None),
    ("에러", "오류", "error"),
    ("메세지", "메시지", None),
    ("컨텐츠", "콘텐츠", None),
    ("컨텐트", "콘텐츠", None),
    ("엔티티", "엔터티", None),
    ("쓰레드", "스레드", None),
    ("릴리즈", "릴리스", None),
    ("억세스", "액세스", None),
    ("엑세스", "액세스", None),
    ("캐쉬", "캐시", None),
    ("데이타", "데이터", None),
    ("라벨", "레이블", "label"),
    ("플러그 인", "플러그인", "plug-?in"),
    ("전자 메일", "이메일", "e-?mail"),
    ("웹 사이트", "웹사이트", None),
    ("환경변수", "환경 변수", None),
    ("유저", "사용자", "user"),
    ("알고리듬", "알고리즘", None),
    ("콘테이너", "컨테이너", None),
    ("네트웍", "네트워크", None),
    ("메뉴얼", "매뉴얼", None),
    ("세팅", "설정", "setting|set up|setup|set"),
    ("디펜던시", "종속성", "dependency|dependencies"),
)

# particles by what they follow: (after a consonant, after a vowel); 으로 also becomes 로 after ㄹ
PARTICLES = {"은": "는", "이": "가", "을": "를", "과": "와", "으로": "로", "이나": "나", "이란": "란"}
AFTER_CONSONANT = {vowel: consonant for consonant, vowel in PARTICLES.items()}
PARTICLE = re.compile(rf"(으로|이나|이란|로|나|란|은|는|이|가|을|를|과|와)(?=(?:부터|서|써|의|도|만|는)?(?![{HANGUL}]))")


def final(character):
    """The final consonant of a Hangul syllable, 0 where it has none."""
    return (ord(character) - 0xAC00) % 28 if "가" <= character <= "힣" else 0


def with_final(character, consonant):
    return chr(ord(character) - final(character) + consonant)


def fitting(particle, word):
    """The form of the particle that follows `word`."""
    end = final(word[-1])
    pair = (particle, PARTICLES[particle]) if particle in PARTICLES else (AFTER_CONSONANT[particle], particle)
    if pair == ("으로", "로"):
        return "로" if end in (0, RIEUL) else "으로"
    return pair[0] if end else pair[1]


def is_word(text, start):
    """No Hangul directly before: the middle of another word is left alone."""
    return start == 0 or not "가" <= text[start - 1] <= "힣"


def replace_term(korean, written, kept):
    parts, position = [], 0
    for match in re.finditer(re.escape(written), korean):
        if not is_word(korean, match.start()):
            continue
        parts += [korean[position : match.start()], kept]
        position = match.end()
        particle = PARTICLE.match(korean, position)
        if particle and bool(final(written[-1])) != bool(final(kept[-1])):
            parts.append(fitting(particle.group(1), kept))
            position = particle.end()
    return "".join([*parts, korean[position:]])


def with_terms(english, korean):
    """The Korean with one word for each term. Code spans stay."""
    pieces = re.split(r"(`[^`\n]*`)", korean)
    for written, kept, needed in TERMS:
        if written in korean and (needed is None or re.search(rf"\b(?:{needed})", english, re.IGNORECASE)):
            pieces = [
                piece if piece.startswith("`") else replace_term(piece, written, kept) for piece in pieces
            ]
    return "".join(pieces)


def broken_terms(english, korean):
    """[written] of the terms that stand in another form than the kept one."""
    prose = re.sub(r"`[^`\n]*`", " ", korean)
    return [
        written
        for written, _, needed in TERMS
        if any(is_word(prose, match.start()) for match in re.finditer(re.escape(written), prose))
        and (needed is None or re.search(rf"\b(?:{needed})", english, re.IGNORECASE))
    ]


# where a sentence ends: at its stop, or with the text; what closes a quotation or a parenthesis may follow
END = r"(?=[.:!]+[)\"'”’]*(?:\s|$)|[)\"'”’]*$)"
PLAIN = re.compile(rf"([{HANGUL}]?)([{HANGUL}])다{END}")
POLITE = (
    (re.compile(rf"십시오{END}"), "세요"),
    (re.compile(rf"(?:이에요|이예요|예요|에요){END}"), "입니다"),
    (re.compile(rf"해요{END}"), "합니다"),
    (re.compile(rf"(?:돼요|되요){END}"), "됩니다"),
    (re.compile(rf"(?<=[있없았었했였됐갔왔났졌렸냈겠])어요{END}"), "습니다"),
)
SOFT = "어|아|여|에|예|해|돼|되|워|와|져|줘|려|네|나|까|군|래|게|데|지"  # -해요 and its kin; 필요 and 개요 are nouns
OTHER_END = re.compile(rf"(?:{SOFT})요{END}|죠{END}")


def formal(before, stem):
    """The formal ending of `stem` + 다, where no other reading is left; `before` is the syllable in front of it."""
    end = final(stem)
    if stem == "는" and before and final(before):
        return "습니다"  # 받는다 -> 받습니다
    if end in (NIEUN, RIEUL):
        return with_final(stem, BIEUP) + "니다"  # 한다 -> 합니다, 만든다 -> 만듭니다, 길다 -> 깁니다
    if end:
        return stem + "습니다"  # 있다 -> 있습니다, 했다 -> 했습니다
    # a noun may end in any vowel (정보다, 링크다); 차이다 is 차이 + 이다
    if stem in "하되르" or (stem == "이" and before not in tuple("차사아높길")) or before + stem == "아니":
        return with_final(stem, BIEUP) + "니다"
    return None


def is_formal(match):
    before, stem = match.groups()
    return stem == "니" and before != "" and final(before) == BIEUP


def in_register(korean):
    """The Korean with the endings of its sentences in the formal polite style, where a rule can tell how."""

    def polite(match):
        before, stem = match.groups()
        ending = None if is_formal(match) else formal(before, stem)
        return match.group() if ending is None else before + ending

    for pattern, ending in POLITE:
        korean = pattern.sub(ending, korean)
    return PLAIN.sub(polite, korean)


def other_register(korean):
    """Whether a sentence ends in another register than -ㅂ니다 and -세요. What ends in a noun has none."""
    if OTHER_END.search(korean):
        return True
    return any(not is_formal(match) for match in PLAIN.finditer(korean))


def clean(english, korean):
    """The Korean as the model is to write it."""
    return in_register(with_terms(english, korean))


def main():
    for name in sys.argv[1:]:
        for number, line in enumerate(Path(name).read_text(encoding="utf-8").splitlines(), 1):
            if other_register(line) or any(pattern in line for pattern, _, needed in TERMS if needed is None):
                print(f"{name}:{number}: {line}")


if __name__ == "__main__":
    main()
