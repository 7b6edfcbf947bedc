"""Which engines speak and listen, chosen in one place from the settings and from what is installed.

voices = build(settings)       # what is missing is told at once; nothing big is loaded
Call(line, dialogue, voices.engines)
await voices.load()            # a few seconds; whoever calls meanwhile is greeted, and waits only for what is not there
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from base.errors import EngineUnavailable, SetupError
from base.settings import Settings
from voice import pyttsx3_engine
from voice.call import Engines
from voice.closed_answers import meant
from voice.correction import correct
from voice.end_of_turn import Waits
from voice.later import Later, LaterRecogniser, LaterSynthesiser, LaterTurns
from voice.models import ModelPaths, default_cache_dir, installed
from voice.prompts import RECORDED_PACE, RECORDED_VOICE, Prompts
from voice.recogniser import Recogniser, Transcript
from voice.speaker import Speaker
from voice.speech_store import SpeechStore, default_store_dir
from voice.synthesiser import Synthesiser
from voice.vad import SileroModel, SileroVad, SmartTurn

RecogniserName = Literal["vosk", "whisper"]
SynthesiserName = Literal["kokoro", "pyttsx3"]


@dataclass(frozen=True, slots=True)
class Installed:
    """What this machine has."""

    models: ModelPaths
    espeak: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """`recogniser` None: nobody can be understood by voice. `synthesisers` in order of preference, maybe none."""

    recogniser: RecogniserName | None
    synthesisers: tuple[SynthesiserName, ...]


def choose(recogniser: str, synthesiser: str, there: Installed) -> Choice:
    """Pure: the two settings ("auto" or a name) and what is installed → what to use.

    Vosk with a Chinese model goes before Whisper, since it streams. The other synthesiser stays as a substitute.
    Raises SetupError when the operator asks for an engine that is not there.
    """
    hearing: dict[RecogniserName, bool] = {
        "vosk": there.models.vosk is not None,
        "whisper": there.models.whisper is not None,
    }
    speaking: dict[SynthesiserName, bool] = {"kokoro": there.models.kokoro is not None, "pyttsx3": there.espeak}
    heard_by = [name for name, usable in hearing.items() if usable and recogniser in ("auto", name)]
    said_by = [name for name, usable in speaking.items() if usable]
    if recogniser != "auto" and not heard_by:
        raise SetupError(f"语音识别引擎 {recogniser} 没有模型：运行 `make models`，或设 YIBAO_RECOGNISER=auto")
    if synthesiser != "auto" and synthesiser not in said_by:
        raise SetupError(f"语音合成引擎 {synthesiser} 没有安装：运行 `make demo`，或设 YIBAO_SYNTHESISER=auto")
    said_by.sort(key=lambda name: name != synthesiser)
    return Choice(heard_by[0] if heard_by else None, tuple(said_by))


class Voices:
    """The chosen engines. `engines` is what calls share; `speaker` prepares speech ahead."""

    def __init__(
        self, engines: Engines, speaker: Speaker, turn_model: LaterTurns, prompts: Prompts, later: Sequence[Later[Any]]
    ) -> None:
        """`later`: the big ones among them, in the order in which a call needs them."""
        self.engines, self.speaker, self.prompts = engines, speaker, prompts
        self._turn_model, self._later = turn_model, later
        self.synthesiser_name = speaker.name
        self.is_loaded = False

    @property
    def recogniser_name(self) -> str:
        return self.engines.recogniser.name

    async def load(self) -> None:
        """Everything, beforehand. Raises EngineUnavailable when something cannot be loaded."""
        await asyncio.to_thread(self._load_small)
        for engine in self._later:
            await engine.get()
        self.is_loaded = True

    def _load_small(self) -> None:
        """Each a part of a second: to a call that is there before, hardly a moment."""
        self.engines.detector()
        self.speaker.load()
        self.engines.correct("医保")
        meant("家乡", (), "您要去哪个城市？")

    async def aclose(self) -> None:
        await self.engines.recogniser.aclose()
        await self.speaker.aclose()
        await self._turn_model.aclose()


def build(settings: Settings) -> Voices:
    """What `choose` chose. Raises SetupError when callers could be neither heard nor answered."""
    there = Installed(installed(default_cache_dir()), pyttsx3_engine.is_installed())
    choice = choose(settings.recogniser, settings.synthesiser, there)
    turns = there.models.turns
    if turns is None:
        raise SetupError("话轮模型没有下载：运行 `make demo`")
    if not choice.synthesisers:
        raise SetupError("没有语音合成引擎：运行 `make demo`，或安装 espeak-ng（apt-get install espeak-ng）")
    prompts = Prompts.load()
    silero = cache(lambda: SileroModel(turns))
    turn_model = LaterTurns(lambda: SmartTurn(turns))
    recogniser = _recogniser(choice.recogniser, there.models)
    synthesisers = [_synthesiser(name, settings, there) for name in choice.synthesisers]
    speaker = _speaker(synthesisers, prompts)
    engines = Engines(
        recogniser=recogniser,
        correct=correct,
        detector=lambda: SileroVad(silero()),
        turn_model=turn_model,
        voice=speaker,
        prompts=prompts,
        pace=settings.pace,
        waits=Waits.of(settings),
        longest_seconds=settings.longest_call_seconds,
    )
    big = (LaterRecogniser, LaterTurns, LaterSynthesiser)
    later = [one.engine for one in (recogniser, turn_model, *synthesisers) if isinstance(one, big)]
    return Voices(engines, speaker, turn_model, prompts, later)


def _speaker(engines: Sequence[Synthesiser], prompts: Prompts) -> Speaker:
    """Recordings are used unless another Kokoro voice is chosen: one call, one voice."""
    same_voice = engines[0].name in (f"kokoro {RECORDED_VOICE}", pyttsx3_engine.Pyttsx3.name)
    recorded = prompts.recorded() if same_voice else {}
    return Speaker(engines, SpeechStore(default_store_dir()), recorded, RECORDED_PACE)


def _synthesiser(
    name: SynthesiserName, settings: Settings, there: Installed
) -> LaterSynthesiser | pyttsx3_engine.Pyttsx3:
    if name == "pyttsx3":
        return pyttsx3_engine.Pyttsx3()
    folder, voice = _present(there.models.kokoro), settings.voice
    if not (folder / "voices" / f"{voice}.bin").is_file():
        raise SetupError(f"没有叫 {voice} 的声音：改 YIBAO_VOICE（见 docs/settings.md）")

    def load() -> Synthesiser:
        from voice.kokoro import Kokoro

        return Kokoro(folder, voice)

    return LaterSynthesiser(f"kokoro {voice}", load)


def _recogniser(name: RecogniserName | None, models: ModelPaths) -> LaterRecogniser | NoRecogniser:
    if name is None:
        return NoRecogniser()
    folder = _present(models.vosk if name == "vosk" else models.whisper)

    def load() -> Recogniser:
        if name == "vosk":
            from voice.vosk_engine import VoskRecogniser

            return VoskRecogniser(folder)
        from voice.whisper import WhisperRecogniser

        return WhisperRecogniser(folder)

    return LaterRecogniser(name, load)


def _present(path: Path | None) -> Path:
    if path is None:
        raise SetupError("a model vanished while it was being loaded")
    return path


class NoRecogniser:
    """No recogniser is installed: every utterance fails, so that callers are told and can use keys or a person."""

    name = "无（没有语音识别模型）"

    def utterance(self, asked: str = "") -> NoRecogniser:
        return self

    def feed(self, pcm: bytes) -> None:
        """Nothing listens."""

    async def transcript(self) -> Transcript:
        raise EngineUnavailable("no recogniser is installed", code="no_recogniser")

    def close(self) -> None:
        """Nothing is held."""

    async def aclose(self) -> None:
        """Nothing is held."""
