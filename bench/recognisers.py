"""How well callers are understood: `python -m bench.recognisers [--voices zf_xiaoxiao,zm_yunxi]`.

Kokoro's Mandarin voices say bench.speech.CALLERS_SAY over an 8 kHz µ-law line, clean and with noise; character error
rate as heard and after term correction, and seconds per utterance. Synthetic callers speak more clearly than people:
real callers are understood less well.
"""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from bench.speech import CALLERS_SAY, character_error_rate, over_phone, with_noise
from voice import audio, whisper
from voice.correction import correct
from voice.kokoro import Kokoro
from voice.models import MANDARIN_VOICES, default_cache_dir, ensure
from voice.whisper import WhisperRecogniser

LEAD = bytes(int(0.38 * audio.RATE_HZ) * 2)
TAIL = bytes(int(0.5 * audio.RATE_HZ) * 2)
CONDITIONS: dict[str, Callable[[bytes], bytes]] = {
    "clean": over_phone,
    "20 dB": lambda pcm: over_phone(with_noise(pcm, 20)),
    "10 dB": lambda pcm: over_phone(with_noise(pcm, 10)),
}
WINDOWS: dict[str, tuple[int, ...]] = {"windows 8/12/16 s": whisper.WINDOWS_SECONDS, "window 30 s": (30,)}


def main(voices: str = ",".join(MANDARIN_VOICES), threads: int = 2) -> None:
    """Print one line for each window, condition and voice, and the mean of each condition."""
    paths = ensure(default_cache_dir(), typer.echo)
    assert paths.whisper
    assert paths.kokoro
    spoken = {name: asyncio.run(_sentences(Kokoro(paths.kokoro, name, threads))) for name in voices.split(",")}
    recogniser = WhisperRecogniser(paths.whisper, threads)
    typer.echo(f"{'':18} {'':6} {'voice':12} {'heard':>6} {'corrected':>9} {'p50 s':>6} {'p95 s':>6}")
    for title, seconds in WINDOWS.items():
        with _windows(seconds):
            for condition, line in CONDITIONS.items():
                _report(title, condition, {name: _measure(recogniser, said, line) for name, said in spoken.items()})
    recogniser.thread.shutdown()


Measured = list[tuple[float, float, float]]
"""For each sentence: error rate as heard, after correction, and seconds."""


async def _sentences(voice: Kokoro) -> dict[str, bytes]:
    said = {text: LEAD + await voice.speak(text) + TAIL for text in CALLERS_SAY}
    await voice.aclose()
    return said


def _measure(recogniser: WhisperRecogniser, said: dict[str, bytes], line: Callable[[bytes], bytes]) -> Measured:
    measured = []
    for text, pcm in said.items():
        heard_pcm = line(pcm)
        began = time.perf_counter()
        heard = recogniser.recognise(heard_pcm, threading.Event()).text
        took = time.perf_counter() - began
        measured.append((character_error_rate(text, heard), character_error_rate(text, correct(heard)), took))
    return measured


def _report(title: str, condition: str, by_voice: dict[str, Measured]) -> None:
    everyone = [row for rows in by_voice.values() for row in rows]
    for name, rows in {**by_voice, "all": everyone}.items():
        heard, corrected, seconds = zip(*rows, strict=True)
        p95 = statistics.quantiles(seconds, n=20)[-1]
        typer.echo(
            f"{title:18} {condition:6} {name:12} {statistics.mean(heard):6.1%} {statistics.mean(corrected):9.1%}"
            f" {statistics.median(seconds):6.2f} {p95:6.2f}"
        )


@contextmanager
def _windows(seconds: tuple[int, ...]) -> Iterator[None]:
    usual, whisper.WINDOWS_SECONDS = whisper.WINDOWS_SECONDS, seconds  # type: ignore[assignment]
    try:
        yield
    finally:
        whisper.WINDOWS_SECONDS = usual


if __name__ == "__main__":
    typer.run(main)
