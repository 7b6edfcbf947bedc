"""The voice of last resort says Chinese syllables, and no fault of its child process reaches the service."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from base.errors import EngineUnavailable
from bench.speech import character_error_rate
from voice import audio, pyttsx3_engine
from voice.models import default_cache_dir, installed
from voice.pyttsx3_engine import Pyttsx3, is_installed, pinyin

PATHS = installed(default_cache_dir())
needs_espeak = pytest.mark.skipif(not is_installed(), reason="needs espeak-ng")


@pytest.fixture
async def voice() -> AsyncIterator[Pyttsx3]:
    voice = Pyttsx3()
    yield voice
    await voice.aclose()


def test_characters_become_numbered_syllables() -> None:
    assert pinyin("您好，医保。") == "nin2 hao3 , yi1 bao3 ."


@pytest.mark.engine
@needs_espeak
@pytest.mark.skipif(not PATHS.whisper, reason="needs the models (make demo)")
async def test_some_of_it_is_understood(voice: Pyttsx3) -> None:
    """Whisper hears a third of it; of espeak-ng's letter codes for raw characters it hears nothing."""
    from voice.whisper import WhisperRecogniser

    assert PATHS.whisper
    recogniser = await asyncio.to_thread(WhisperRecogniser, PATHS.whisper)
    said = "您好，这里是济宁医保热线。您有什么问题，请说。"
    quiet = bytes(audio.RATE_HZ)
    heard = recogniser.recognise(quiet + await voice.speak(said, 0.9) + quiet, threading.Event()).text
    await recogniser.aclose()
    assert character_error_rate(said, heard) < 0.75, heard


@needs_espeak
async def test_slower_is_longer(voice: Pyttsx3) -> None:
    normal, slow = await voice.speak("不用备案。", 1.0), await voice.speak("不用备案。", 0.7)
    assert 0.5 < audio.seconds(normal) < audio.seconds(slow)


@needs_espeak
async def test_a_child_that_hangs_is_ended(voice: Pyttsx3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyttsx3_engine, "SPEAK_TIMEOUT_SECONDS", 0.0)
    with pytest.raises(EngineUnavailable):
        await voice.speak("好。")
    monkeypatch.undo()
    assert await voice.speak("好。")


@needs_espeak
async def test_several_at_once_all_speak(voice: Pyttsx3) -> None:
    said = await asyncio.gather(*(voice.speak("不用备案，" * times) for times in (1, 2, 3, 4)))
    assert sorted(said, key=len) == said
    assert said[0]


async def test_nothing_to_say_is_silence(voice: Pyttsx3) -> None:
    assert await voice.speak("。") == b""
