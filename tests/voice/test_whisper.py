"""The recogniser hears what a synthetic caller says over a telephone, and writes nothing when nobody speaks."""

import asyncio
import threading
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio

from bench.speech import CALLERS_SAY, character_error_rate, over_phone, pink_noise
from tests.guard import until
from voice import audio
from voice.kokoro import Kokoro
from voice.models import default_cache_dir, installed
from voice.recogniser import Transcript
from voice.whisper import WhisperRecogniser

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]
QUIET = bytes(audio.RATE_HZ)
PATHS = installed(default_cache_dir())
if PATHS.whisper is None or PATHS.kokoro is None:
    pytest.skip("needs the models (make demo)", allow_module_level=True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine() -> AsyncIterator[WhisperRecogniser]:
    assert PATHS.whisper
    engine = await asyncio.to_thread(WhisperRecogniser, PATHS.whisper)
    yield engine
    await engine.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def caller() -> AsyncIterator[Kokoro]:
    assert PATHS.kokoro
    voice = await asyncio.to_thread(Kokoro, PATHS.kokoro, "zm_yunxi")
    yield voice
    await voice.aclose()


async def heard(engine: WhisperRecogniser, pcm: bytes, asked: str = "") -> str:
    utterance = engine.utterance(asked)
    for start in range(0, len(pcm), audio.FRAME_BYTES):
        utterance.feed(pcm[start : start + audio.FRAME_BYTES])
    transcript = await utterance.transcript()
    utterance.close()
    return transcript.text


async def test_a_question_over_the_phone(engine: WhisperRecogniser, caller: Kokoro) -> None:
    said = "个人账户的钱能给家里人用吗？"
    assert character_error_rate(said, await heard(engine, over_phone(QUIET + await caller.speak(said) + QUIET))) < 0.2


async def test_going_on_after_an_early_answer(engine: WhisperRecogniser, caller: Kokoro) -> None:
    utterance = engine.utterance()
    utterance.feed(QUIET + await caller.speak("我想问一下。"))
    early = await utterance.transcript()
    assert await utterance.transcript() is early, "nothing new was fed: the answer is kept"
    utterance.feed(QUIET + await caller.speak("个人账户还有多少钱？") + QUIET)
    assert "多少钱" in (await utterance.transcript()).text
    utterance.close()


async def test_speech_longer_than_the_model_can_take(engine: WhisperRecogniser, caller: Kokoro) -> None:
    story = CALLERS_SAY[2:14]
    pcm = b"".join([QUIET + await caller.speak(sentence) for sentence in story]) + QUIET
    assert audio.seconds(pcm) > 30
    text = await heard(engine, over_phone(pcm))
    assert character_error_rate("".join(story), text) < 0.25, text
    assert "报销" in text[-20:]


@pytest.mark.parametrize("kind", ["silence", "hiss", "street", "ringing", "melody", "clicks"])
async def test_nothing_is_made_up(engine: WhisperRecogniser, kind: str) -> None:
    assert await heard(engine, over_phone(noises()[kind])) == ""


ASKED = "都对，就说提交，或者按一。哪里不对，您直接说。"


async def test_short_words_are_understood_from_the_question(engine: WhisperRecogniser, caller: Kokoro) -> None:
    for said in ("对，提交。", "都对，提交。", "不提交。"):
        text = await heard(engine, over_phone(QUIET + await caller.speak(said) + QUIET), ASKED)
        assert character_error_rate(said, text) == 0, text


@pytest.mark.parametrize("kind", ["silence", "hiss", "street", "ringing", "melody", "clicks"])
async def test_noise_is_not_taken_for_the_answer(engine: WhisperRecogniser, kind: str) -> None:
    assert await heard(engine, over_phone(noises()[kind]), ASKED) == ""


async def test_another_answer_than_the_expected_is_heard(engine: WhisperRecogniser, caller: Kokoro) -> None:
    said = "个人账户的钱能给家里人用吗？"
    text = await heard(engine, over_phone(QUIET + await caller.speak(said) + QUIET), ASKED)
    assert character_error_rate(said, text) < 0.2, text


async def test_a_long_question_before_a_long_answer_fits_the_decoder(engine: WhisperRecogniser, caller: Kokoro) -> None:
    story = QUIET + b"".join([await caller.speak(sentence) for sentence in CALLERS_SAY[2:6]]) + QUIET
    assert len(await heard(engine, over_phone(story), ASKED * 20)) > 30


async def test_cancelling_frees_the_engine(
    engine: WhisperRecogniser, caller: Kokoro, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognise = engine.recognise
    begun, texts = threading.Event(), []

    def noted(pcm: bytes, cancelled: threading.Event, asked: str = "") -> Transcript:
        begun.set()
        transcript = recognise(pcm, cancelled, asked)
        texts.append(transcript.text)
        return transcript

    monkeypatch.setattr(engine, "recognise", noted)
    pcm = (QUIET + await caller.speak("谢谢你，再见。") + QUIET) * 8
    first = engine.utterance()
    first.feed(pcm)
    task = asyncio.create_task(first.transcript())
    waiting = [asyncio.create_task(first.transcript()) for _ in range(3)]
    await until(begun.is_set)
    for one in (task, *waiting):
        one.cancel()
    second = engine.utterance()
    second.feed(QUIET + await caller.speak("谢谢你，再见。") + QUIET)
    heard = (await second.transcript()).text
    assert "再见" in heard
    assert texts == ["", heard], "the first is given up half-way, those behind it are never begun"


def noises() -> dict[str, bytes]:
    random = np.random.default_rng(1)
    time = np.arange(4 * audio.RATE_HZ) / audio.RATE_HZ
    notes = [np.sin(2 * np.pi * pitch * time[:8000]) * np.exp(-4 * time[:8000]) for pitch in (262, 330, 392, 523, 294)]
    kinds = {
        "silence": np.zeros(3 * audio.RATE_HZ),
        "hiss": 0.02 * random.standard_normal(3 * audio.RATE_HZ),
        "street": 0.3 * pink_noise(4 * audio.RATE_HZ),
        "ringing": 0.2 * np.sin(2 * np.pi * 450 * time),
        "melody": 0.3 * np.concatenate(notes * 2),
        "clicks": np.where(random.random(2 * audio.RATE_HZ) < 0.0003, 0.8, 0.0),
    }
    return {kind: audio.from_float(samples.astype(np.float32)) for kind, samples in kinds.items()}
