import pytest

from terms import TERMS, broken_terms, clean, in_register, other_register, with_terms


@pytest.mark.parametrize(
    ("plain", "formal"),
    [
        ("파일을 엽니다.", "파일을 엽니다."),
        ("파일을 연다.", "파일을 엽니다."),
        ("값을 반환한다.", "값을 반환합니다."),
        ("목록을 만든다", "목록을 만듭니다"),
        ("요청을 받는다.", "요청을 받습니다."),
        ("이름이 길다.", "이름이 깁니다."),
        ("파일이 없다.", "파일이 없습니다."),
        ("서버가 멈췄다!", "서버가 멈췄습니다!"),
        ("이것은 배열이다.", "이것은 배열입니다."),
        ("배열이 아니다.", "배열이 아닙니다."),
        ("값이 다르다.", "값이 다릅니다."),
        ("결과는 다음과 같다:", "결과는 다음과 같습니다:"),
        ("파일을 연다. 그리고 읽는다.", "파일을 엽니다. 그리고 읽습니다."),
        ("(기본값은 1이다.)", "(기본값은 1입니다.)"),
        ("링크를 참조하십시오.", "링크를 참조하세요."),
        ("할 수 있어요.", "할 수 있습니다."),
        ("함수예요.", "함수입니다."),
        # left alone: comparison, adverb, quoted speech, nouns before -다, nouns in -요
        ("이전보다 빠릅니다.", "이전보다 빠릅니다."),
        ("값을 다 지웁니다.", "값을 다 지웁니다."),
        ("“간다”라고 씁니다.", "“간다”라고 씁니다."),
        ("이것은 링크다.", "이것은 링크다."),
        ("여기서 중요한 것은 차이다.", "여기서 중요한 것은 차이다."),
        ("개요", "개요"),
    ],
)
def test_endings(plain, formal):
    assert in_register(plain) == formal
    assert in_register(formal) == formal


def test_what_no_rule_can_turn_is_told():
    assert other_register("이것은 링크다.")
    assert other_register("지금 가까요?") is False  # a question keeps its mark outside the rules
    assert other_register("같이 가요.") is False  # 가요: not one of the endings that are sure
    assert other_register("먹어요.")
    assert not other_register("파일을 엽니다.")
    assert not other_register("파일을 여세요.")
    assert not other_register("개요")
    assert not other_register("파일이 필요")


@pytest.mark.parametrize(
    ("english", "korean", "kept"),
    [
        ("Start the application.", "응용 프로그램을 시작합니다.", "애플리케이션을 시작합니다."),
        ("The endpoint is up.", "끝점이 작동합니다.", "엔드포인트가 작동합니다."),
        ("Send it to the endpoint.", "끝점으로 보냅니다.", "엔드포인트로 보냅니다."),
        ("The endpoint of the service", "서비스의 끝점은", "서비스의 엔드포인트는"),
        ("from the endpoint", "끝점으로부터", "엔드포인트로부터"),
        ("It is an endpoint.", "끝점입니다.", "엔드포인트입니다."),
        # the point where a line ends is no network endpoint: the English decides
        ("The end of the line", "선의 끝점을 찾습니다.", "선의 끝점을 찾습니다."),
        ("Open a directory.", "디렉토리를 엽니다.", "디렉터리를 엽니다."),
        ("Print errors.", "에러를 출력합니다.", "오류를 출력합니다."),
        ("The `에러` key", "`에러` 키", "`에러` 키"),
        ("The network is down.", "네트웍이 끊겼습니다.", "네트워크가 끊겼습니다."),
        # inside another word
        ("A terror", "테에러", "테에러"),
    ],
)
def test_terms_and_their_particles(english, korean, kept):
    assert with_terms(english, korean) == kept
    assert with_terms(english, kept) == kept
    assert broken_terms(english, kept) == []


def test_no_kept_word_is_one_that_is_replaced():
    kept = {word for _, word, _ in TERMS}
    assert not kept & {word for word, *_ in TERMS}
    for word in kept:
        assert with_terms("application endpoint label user setting", word) == word


def test_both_at_once():
    assert clean("The app has an endpoint.", "응용 프로그램은 끝점을 갖는다.") == "애플리케이션은 엔드포인트를 갖습니다."
    assert broken_terms("An error in the method", "메소드의 에러") == ["메소드", "에러"]
