import pytest

from spans import RESERVED, placeholders_agree, protect, protect_pair, protect_task, restore


def test_numbers_follow_first_appearance_and_equal_strings_share_one():
    text, found = protect("Use `b` after `a`, not `b` at https://x.org/y.")
    assert text == "Use <c0> after <c1>, not <c0> at <c2>."
    assert found == ["`b`", "`a`", "https://x.org/y"]
    assert restore(text, found) == ("Use `b` after `a`, not `b` at https://x.org/y.", True)


@pytest.mark.parametrize(
    "span",
    ["getValue", "max_size", "List.add", "run()", "--no-verify", "1.2.3", "src/a/b.ts", "%s", "{0}", "${HOME}", "<b>",
     "a@b.org", "std::vector", "deadbeef1", "tsconfig.json"],
)  # fmt: skip
def test_kinds_of_identifiers(span):
    text, found = protect(f"Then {span} is read")
    assert found == [span]
    assert text == "Then <c0> is read"


def test_plain_words_stay():
    for sentence in ("The cat sat on the mat - twice.", "It costs 10 dollars, e.g. today.", "He said so (or not)."):
        assert protect(sentence) == (sentence, [])


def test_a_particle_may_touch_what_is_protected():
    pair = protect_pair("Call `run()` on fooBar.", "fooBar에서 `run()`을 부릅니다.", "identifiers")
    assert pair == ("Call <c0> on <c1>.", "<c1>에서 <c0>을 부릅니다.")


def test_pairs_replace_only_what_both_sides_hold_equally_often():
    source, target = protect_pair("fooBar and fooBar and bazQux", "fooBar와 bazQux", "identifiers")
    assert (source, target) == ("fooBar and fooBar and <c0>", "fooBar와 <c0>")
    assert placeholders_agree(source, target)


def test_a_dropped_string_gives_way_to_shorter_ones():
    source, target = protect_pair("app.run and app", "app와 app.run, app.run", "names")
    assert placeholders_agree(source, target)


def test_at_most_sixteen():
    text, found = protect(" ".join(f"`x{index}`" for index in range(20)))
    assert len(found) == 16
    assert text.endswith("<c15> `x16` `x17` `x18` `x19`")


def test_tasks_owe_nothing():
    assert protect_task("Use `a` and `b`.", "About `b`", "code") == ("Use <c0> and <c1>.", "About <c1>")


def test_restore_tells_unknown_placeholders():
    assert restore("<c1> x", ["`a`"]) == (" x", False)


def test_reserved_text_is_seen():
    assert RESERVED.search("the <title> element")
    assert RESERVED.search("ends </s> here")
    assert not RESERVED.search("a <b> tag and <c16>")
