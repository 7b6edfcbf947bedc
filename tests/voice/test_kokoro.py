"""The service's voice, judged by what a recogniser hears in it over a telephone."""

import asyncio
import threading
from collections.abc import AsyncIterator

import onnxruntime
import pytest
import pytest_asyncio

from base.errors import EngineUnavailable
from bench.speech import character_error_rate, over_phone
from tests.guard import until
from voice import audio
from voice.kokoro import Kokoro, phonemes
from voice.models import default_cache_dir, installed

PATHS = installed(default_cache_dir())
QUIET = bytes(audio.RATE_HZ)
engine = [
    pytest.mark.engine,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not (PATHS.kokoro and PATHS.whisper), reason="needs the models (make demo)"),
]


def marked(test: object) -> object:
    for mark in engine:
        test = mark(test)
    return test


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def voice() -> AsyncIterator[Kokoro]:
    assert PATHS.kokoro
    voice = await asyncio.to_thread(Kokoro, PATHS.kokoro, "zf_xiaoxiao")
    yield voice
    await voice.aclose()


def hear(pcm: bytes) -> str:
    from voice.whisper import WhisperRecogniser

    assert PATHS.whisper
    recogniser = WhisperRecogniser(PATHS.whisper)
    text = recogniser.recognise(QUIET + over_phone(pcm) + QUIET, threading.Event()).text
    recogniser.thread.shutdown()
    return text


@marked
async def test_an_answer_is_understood_over_the_phone(voice: Kokoro) -> None:
    said = "备案以后，您在北京看病可以直接结算。"
    heard = await asyncio.to_thread(hear, await voice.speak(said, 0.95))
    assert character_error_rate(said, heard) < 0.25, heard


@marked
async def test_slower_is_longer_and_the_same_is_the_same(voice: Kokoro) -> None:
    normal, slow = await voice.speak("不用备案。", 1.0), await voice.speak("不用备案。", 0.75)
    assert 1.1 < len(slow) / len(normal) < 1.6
    assert await voice.speak("不用备案。", 1.0) == normal


@marked
async def test_long_text_is_said_to_its_end(voice: Kokoro, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.kokoro.SPEAK_TIMEOUT_SECONDS", 600.0)  # eight sentences at once, on a busy machine
    sentence = "异地就医人员在备案有效期内，可以在备案地和参保地双向享受医保待遇，"
    assert audio.seconds(await voice.speak(sentence * 8)) > 6 * audio.seconds(await voice.speak(sentence))


@marked
@pytest.mark.parametrize("text", ["", "。", "😀", "   "])
async def test_nothing_to_say_is_silence(voice: Kokoro, text: str) -> None:
    assert audio.seconds(await voice.speak(text)) < 1


@marked
async def test_cancelling_frees_the_voice(voice: Kokoro, monkeypatch: pytest.MonkeyPatch) -> None:
    speak = voice._speak
    begun, said = threading.Event(), []

    def noted(text: str, pace: float, run: onnxruntime.RunOptions) -> bytes:
        begun.set()
        pcm = speak(text, pace, run)
        said.append(text)
        return pcm

    monkeypatch.setattr(voice, "_speak", noted)
    long = asyncio.create_task(voice.speak("异地就医人员在备案有效期内，可以双向享受医保待遇，" * 4))
    await until(begun.is_set)
    long.cancel()
    await voice.speak("好。")
    assert said == ["好。"], "the long text is given up half-way"


@marked
async def test_an_unknown_voice_is_named() -> None:
    assert PATHS.kokoro
    with pytest.raises(EngineUnavailable, match="zf_nobody"):
        Kokoro(PATHS.kokoro, "zf_nobody")


def test_letters_digits_and_local_names_have_sounds() -> None:
    assert "ˈA" in phonemes("A")
    assert phonemes("12") == phonemes("一二")
    assert phonemes("任城") == phonemes("人城"), "a surname elsewhere, a district here"
