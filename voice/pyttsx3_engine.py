"""pyttsx3 with espeak-ng: the voice that is there when no model is. Robotic, but it speaks on any machine.

espeak-ng knows no Chinese characters (it spells each as an English code), so it is given tone-numbered pinyin and
the voice that reads pinyin. Each sentence is said in a child process of its own: pyttsx3's loop and espeak-ng's
global state may hang or crash there without harm, and a second sentence in one process is sometimes lost.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from base.errors import EngineUnavailable
from language.aloud import readings
from voice import audio

WORDS_PER_MINUTE = 150
SPEAK_TIMEOUT_SECONDS = 20.0
AT_ONCE = 2
_STOPS = str.maketrans("，、：；。！？", ",,,;.!?")


def is_installed() -> bool:
    """Whether espeak-ng is there, which pyttsx3 speaks through (`apt-get install espeak-ng`)."""
    return shutil.which("espeak-ng") is not None


class Pyttsx3:
    """A `Synthesiser`. At most AT_ONCE sentences at a time; each costs 0.3 s and the start of a process."""

    name = "pyttsx3 espeak-ng"

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    async def speak(self, text: str, pace: float = 1.0) -> bytes:
        """See `Synthesiser.speak`. Cancelling, or taking too long, ends the child."""
        syllables = await asyncio.to_thread(pinyin, text)
        if not any(character.isalnum() for character in syllables):
            return b""
        try:
            async with self._free, asyncio.timeout(SPEAK_TIMEOUT_SECONDS):
                return await _said(syllables, round(WORDS_PER_MINUTE * pace))
        except (TimeoutError, OSError, EOFError) as error:
            raise EngineUnavailable("pyttsx3 failed", code="synthesiser_failed") from error

    async def aclose(self) -> None:
        """Nothing stays open between sentences."""


async def _said(syllables: str, rate: int) -> bytes:
    """Raises OSError or EOFError when the child wrote no audio."""
    with tempfile.TemporaryDirectory(prefix="yibao-speech-") as folder:
        wav = Path(folder, "said.wav")
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "voice.pyttsx3_child", str(wav), str(rate)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=Path(__file__).parent.parent,
        )
        try:
            await child.communicate(syllables.encode())
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        pcm = await asyncio.to_thread(audio.read_wav, wav)
    if not pcm:
        raise EOFError("no audio was written")
    return pcm


def pinyin(text: str) -> str:
    """Chinese text → what the cmn-latn-pinyin voice reads: syllables with tone numbers, western punctuation."""
    return " ".join(readings.syllables(text.translate(_STOPS))).replace("ü", "v")
