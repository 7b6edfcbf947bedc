"""How well each synthesiser is understood, and how fast it is: `python -m bench.voices`.

Each voice says sentences of the kind the hotline answers with; whisper-base hears them over an 8 kHz µ-law line.
Real-time factor: seconds of work per second of speech; under 1 the next sentence is ready before this one ends.
"""

from __future__ import annotations

import asyncio
import statistics
import threading
import time

import typer

from bench.speech import character_error_rate, over_phone
from voice import audio
from voice.kokoro import Kokoro
from voice.models import MANDARIN_VOICES, default_cache_dir, ensure
from voice.pyttsx3_engine import Pyttsx3, is_installed
from voice.synthesiser import Synthesiser
from voice.whisper import WhisperRecogniser

ANSWERS = (
    "您好，这里是济宁医保热线。",
    "备案以后，您在北京看病可以直接结算。",
    "居民医保个人缴费三百八十元。",
    "住院报销百分之六十到百分之八十五。",
    "请带上身份证和出生医学证明。",
    "这件事我不清楚，可以为您转人工。",
    "补办备案以后，可以申请手工报销。",
    "根据二零二三年的文件，有效期内不用重新备案。",
)
QUIET = bytes(audio.RATE_HZ)


def main(pace: float = 0.95, threads: int = 2) -> None:
    """Print one line for each voice: error rate, real-time factor, seconds until the first sentence is there."""
    asyncio.run(_bench(pace, threads))


async def _bench(pace: float, threads: int) -> None:
    paths = ensure(default_cache_dir(), typer.echo)
    assert paths.whisper
    assert paths.kokoro
    recogniser = WhisperRecogniser(paths.whisper, threads)
    voices: list[Synthesiser] = [Pyttsx3()] if is_installed() else []
    typer.echo(f"{'voice':22} {'errors':>7} {'RTF':>6} {'s/sentence':>11}")
    voices += [Kokoro(paths.kokoro, name, threads) for name in MANDARIN_VOICES]
    for voice in voices:
        await _measure(voice, recogniser, pace)
        await voice.aclose()
    await recogniser.aclose()


async def _measure(voice: Synthesiser, recogniser: WhisperRecogniser, pace: float) -> None:
    errors, factors, waits = [], [], []
    await voice.speak("好。")
    for text in ANSWERS:
        began = time.perf_counter()
        pcm = await voice.speak(text, pace)
        took = time.perf_counter() - began
        heard = recogniser.recognise(QUIET + over_phone(pcm) + QUIET, threading.Event()).text
        errors.append(character_error_rate(text, heard))
        factors.append(took / audio.seconds(pcm))
        waits.append(took)
    typer.echo(
        f"{voice.name:22} {statistics.mean(errors):7.1%} {statistics.mean(factors):6.2f} {statistics.mean(waits):11.2f}"
    )


if __name__ == "__main__":
    typer.run(main)
