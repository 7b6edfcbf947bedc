"""Choosing engines is a pure function: tested with nothing installed."""

from pathlib import Path

import pytest

from base.errors import EngineUnavailable, SetupError
from voice.engines import Choice, Installed, NoRecogniser, choose
from voice.models import ModelPaths

HERE = Path("model")
EVERYTHING = Installed(ModelPaths(whisper=HERE, kokoro=HERE, turns=HERE, vosk=HERE), espeak=True)
AS_TESTED = Installed(ModelPaths(whisper=HERE, kokoro=HERE, turns=HERE), espeak=True)
NOTHING = Installed(ModelPaths(), espeak=False)


@pytest.mark.parametrize(
    ("recogniser", "synthesiser", "there", "chosen"),
    [
        ("auto", "auto", EVERYTHING, Choice("vosk", ("kokoro", "pyttsx3"))),
        ("auto", "auto", AS_TESTED, Choice("whisper", ("kokoro", "pyttsx3"))),
        ("whisper", "auto", EVERYTHING, Choice("whisper", ("kokoro", "pyttsx3"))),
        ("auto", "pyttsx3", EVERYTHING, Choice("vosk", ("pyttsx3", "kokoro"))),
        ("auto", "auto", Installed(ModelPaths(), espeak=True), Choice(None, ("pyttsx3",))),
        ("auto", "auto", NOTHING, Choice(None, ())),
    ],
)
def test_choice(recogniser: str, synthesiser: str, there: Installed, chosen: Choice) -> None:
    assert choose(recogniser, synthesiser, there) == chosen


@pytest.mark.parametrize(("recogniser", "synthesiser"), [("vosk", "auto"), ("auto", "kokoro")])
def test_an_engine_asked_for_but_missing_is_named(recogniser: str, synthesiser: str) -> None:
    with pytest.raises(SetupError, match=f"{recogniser}|{synthesiser}"):
        choose(recogniser, synthesiser, NOTHING)


async def test_without_a_recogniser_every_utterance_fails_aloud() -> None:
    with pytest.raises(EngineUnavailable):
        await NoRecogniser().utterance().transcript()
