"""pyttsx3 with espeak-ng: the voice that is there when no model is. Robotic, but it speaks on any machine.

espeak-ng knows no Chinese characters (it spells each as an English code), so it is given tone-numbered pinyin and
the voice that reads pinyin. pyttsx3 runs in a child process: its loop and espeak-ng's global state may hang or crash
there without harm, and are started afresh.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from service.errors import EngineUnavailable
from voice import audio, readings

WORDS_PER_MINUTE = 150
SPEAK_TIMEOUT_SECONDS = 20.0
_STOPS = str.maketrans("，、：；。！？", ",,,;.!?")


def is_installed() -> bool:
    """Whether espeak-ng is there, which pyttsx3 speaks through (`apt-get install espeak-ng`)."""
    return shutil.which("espeak-ng") is not None


class Pyttsx3:
    """A `Synthesiser`. One sentence at a time; the child process starts with the first."""

    name = "pyttsx3 espeak-ng"

    def __init__(self) -> None:
        self._child: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()

    async def speak(self, text: str, pace: float = 1.0) -> bytes:
        """See `Synthesiser.speak`. A child that fails or hangs is ended; the next sentence starts another."""
        syllables = await asyncio.to_thread(pinyin, text)
        if not any(character.isalnum() for character in syllables):
            return b""
        async with self._one_at_a_time:
            done = False
            try:
                async with asyncio.timeout(SPEAK_TIMEOUT_SECONDS):
                    pcm = await self._speak(syllables, round(WORDS_PER_MINUTE * pace))
                done = True
            except (TimeoutError, OSError, EOFError) as error:
                raise EngineUnavailable("pyttsx3 failed", code="synthesiser_failed") from error
            finally:
                if not done:
                    self._end_child()
        return pcm

    async def aclose(self) -> None:
        child = self._child
        self._end_child()
        if child is not None:
            await child.wait()

    async def _speak(self, syllables: str, rate: int) -> bytes:
        if self._child is None or self._child.returncode is not None:
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "voice.pyttsx3_child"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        assert self._child.stdin
        assert self._child.stdout
        with tempfile.TemporaryDirectory(prefix="yibao-speech-") as folder:
            wav = Path(folder, "said.wav")
            self._child.stdin.write(json.dumps([syllables, rate, str(wav)]).encode() + b"\n")
            await self._child.stdin.drain()
            if not await self._child.stdout.readline():
                raise EOFError("the child ended")
            return await asyncio.to_thread(audio.read_wav, wav)

    def _end_child(self) -> None:
        if self._child is not None:
            with suppress(ProcessLookupError):
                self._child.kill()
        self._child = None


def pinyin(text: str) -> str:
    """Chinese text → what the cmn-latn-pinyin voice reads: syllables with tone numbers, western punctuation."""
    return " ".join(readings.syllables(text.translate(_STOPS))).replace("ü", "v")
