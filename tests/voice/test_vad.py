"""The two turn models, on speech a synthetic caller says over a telephone."""

import time

import numpy as np
import pytest
import pytest_asyncio

from bench.speech import over_phone, pink_noise
from voice import audio
from voice.models import default_cache_dir, installed
from voice.vad import WINDOW_SAMPLES, SileroModel, SileroVad, SmartTurn

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]
PATHS = installed(default_cache_dir())
if PATHS.turns is None or PATHS.kokoro is None:
    pytest.skip("needs the models (make demo)", allow_module_level=True)
SECOND = bytes(2 * audio.RATE_HZ)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def said() -> dict[str, bytes]:
    from voice.kokoro import Kokoro

    assert PATHS.kokoro
    voice = Kokoro(PATHS.kokoro, "zf_xiaoxiao")
    texts = ("异地就医需要什么材料", "我想问一下那个", "因为我现在")
    spoken = {text: over_phone(await voice.speak(text, 0.95)) for text in texts}
    await voice.aclose()
    return spoken


@pytest.fixture
def detector() -> SileroVad:
    assert PATHS.turns
    return SileroVad(SileroModel(PATHS.turns))


def heard(detector: SileroVad, pcm: bytes) -> list[float]:
    step = 2 * WINDOW_SAMPLES
    return [detector.hear(pcm[at : at + step]) for at in range(0, len(pcm) - step + 1, step)]


async def test_speech_is_told_from_silence(detector: SileroVad, said: dict[str, bytes]) -> None:
    speech = said["异地就医需要什么材料"]
    before, during, after = heard(detector, SECOND), heard(detector, speech), heard(detector, SECOND)
    assert max(before) < 0.2
    assert np.mean(np.array(during) > 0.5) > 0.85
    assert max(after[12:]) < 0.2, "0.4 s after the last word it is quiet again"


async def test_noise_is_not_speech(detector: SileroVad) -> None:
    street = audio.from_float(0.3 * pink_noise(5 * audio.RATE_HZ))
    assert np.mean(np.array(heard(detector, street)) > 0.5) < 0.05


async def test_speech_after_long_ringing_is_heard_as_soon_as_ever(detector: SileroVad, said: dict[str, bytes]) -> None:
    tone = 0.2 * np.sin(2 * np.pi * 450 * np.arange(20 * audio.RATE_HZ) / audio.RATE_HZ)
    ringing = audio.from_float(tone.astype(np.float32))
    for speech in said.values():
        detector.reset()
        at_once = first_speech(heard(detector, SECOND + speech))
        detector.reset()
        assert first_speech(heard(detector, ringing + SECOND + speech)) - len(ringing) // 1024 <= at_once + 2


def first_speech(probabilities: list[float]) -> int:
    return next(window for window, probability in enumerate(probabilities) if probability > 0.5)


async def test_a_window_of_another_length_is_refused(detector: SileroVad) -> None:
    with pytest.raises(ValueError, match="window"):
        detector.hear(bytes(640))


async def test_listening_takes_less_time_than_speaking(detector: SileroVad) -> None:
    began = time.process_time()
    heard(detector, SECOND * 5)
    assert time.process_time() - began < 5


async def test_a_finished_question_is_told_from_an_unfinished_one(said: dict[str, bytes]) -> None:
    assert PATHS.turns
    model = SmartTurn(PATHS.turns)
    pause = SECOND[:6400]
    finished = await model.complete(said["异地就医需要什么材料"] + pause)
    unfinished = [await model.complete(said[text] + pause) for text in ("我想问一下那个", "因为我现在")]
    # The synthetic caller does not sound the same on every kind of processor, so no single figure is certain.
    assert finished > 0.9
    assert max(unfinished) < finished - 0.1
    assert min(unfinished) < 0.5
    assert 0 <= await model.complete(b"") <= 1
    assert 0 <= await model.complete(SECOND * 20) <= 1
    assert model.features(SECOND).shape == (80, 800)
    await model.aclose()
