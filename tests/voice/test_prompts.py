"""Every prompt has its recording, made of its present words."""

import wave
from pathlib import Path

import pytest

from base.errors import EngineUnavailable
from voice import audio
from voice.prompts import RECORDINGS, Prompts

PROMPTS = Prompts.load()


def test_every_sentence_is_recorded_and_no_recording_is_stale() -> None:
    assert set(RECORDINGS.glob("*.ogg")) == set(PROMPTS.pieces().values()), "run `python -m voice.prompts.make`"


def test_recordings_are_small_and_sound_like_speech() -> None:
    assert sum(file.stat().st_size for file in RECORDINGS.iterdir()) < 1_000_000
    for sentence, pcm in PROMPTS.recorded().items():
        assert 0.08 < audio.seconds(pcm) / len(sentence) < 0.5, sentence


@pytest.mark.parametrize("key", ["greeting", "not_heard", "still_there", "silence_offer", "goodbye", "one_moment"])
def test_the_call_finds_its_prompts(key: str) -> None:
    assert PROMPTS.text(key)


def test_the_apology_for_a_failed_engine_is_recorded() -> None:
    assert PROMPTS.text("recovering") == EngineUnavailable.citizen_text


def test_a_pbx_gets_a_telephone_wav(tmp_path: Path) -> None:
    PROMPTS.write_wav("maintenance", tmp_path / "maintenance.wav")
    with wave.open(str(tmp_path / "maintenance.wav")) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (8000, 1, 2)
        assert 3 < wav.getnframes() / 8000 < 8
