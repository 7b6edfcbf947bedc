import pytest

from voice.barge_in import BargeIn, is_backchannel

STEP = 0.032


def seconds_until_interrupted(*probabilities: float) -> float | None:
    barge_in = BargeIn()
    for number, probability in enumerate(probabilities, start=1):
        if barge_in.hear(STEP, probability):
            return number * STEP
    return None


def test_a_word_interrupts_within_200_ms() -> None:
    found = seconds_until_interrupted(*[0.9] * 10)
    assert found is not None
    assert found <= 0.2


def test_a_cough_does_not() -> None:
    assert seconds_until_interrupted(0.9, 0.9, 0.9, 0.2, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0) is None


def test_speech_with_one_weak_window_still_interrupts() -> None:
    assert seconds_until_interrupted(0.9, 0.9, 0.3, 0.9, 0.9, 0.9, 0.9) is not None


@pytest.mark.parametrize("text", ["", "嗯", "嗯嗯", "好的", "哦，好", "知道了", "是是"])
def test_said_along_with_the_voice(text: str) -> None:
    assert is_backchannel(text)


@pytest.mark.parametrize("text", ["好吗", "转人工", "那济南呢", "不对", "是什么", "再说一遍"])
def test_said_against_it(text: str) -> None:
    assert not is_backchannel(text)
