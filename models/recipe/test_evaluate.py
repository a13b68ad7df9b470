from evaluate import Words, normalized, repeats


def test_repeats():
    assert repeats("a b c d a b c d a b c d")
    assert not repeats("a b c d a b c d")
    assert not repeats("one two three")


def test_words_keep_hangul():
    assert Words().tokenize("Git 저장소를 Clone합니다.") == ["git", "저장소를", "clone합니다"]


def test_a_line_stays_one_line():
    assert normalized(" a\tb \n c ") == "a b c"
