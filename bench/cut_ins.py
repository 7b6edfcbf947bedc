"""Who is cut off in mid-sentence, and who is kept waiting at the end: `python -m bench.cut_ins [FOLDER]`.

FOLDER holds WAV files, one whole sentence each, of real people (clips of public speech toolkits and corpora; they stay
outside the repository). Without one Kokoro's voices say bench.speech.CALLERS_SAY; synthetic voices end their sentences
unlike people, so nothing is to be set by them.

Each sentence is heard over the telephone (8 kHz µ-law) by the service's own ears: as it is, and with a pause of 0.6 and
1.2 s put in where it is quietest near its middle. Time is the audio's: turn model and recogniser answer at once.
A cut-in "reaches" the caller when they go on too late to be joined (voice.halves).
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

import voice.missing_frames
from bench.speech import CALLERS_SAY, over_phone
from voice import audio
from voice.correction import correct
from voice.ears import Ears, Said
from voice.end_of_turn import Waits
from voice.halves import GOES_ON_SECONDS
from voice.kokoro import Kokoro
from voice.line import Digit, Heard, LineEvent
from voice.models import default_cache_dir, ensure
from voice.vad import SileroModel, SileroVad, SmartTurn
from voice.whisper import WhisperRecogniser

PAUSES = (0.0, 0.6, 1.2)
LEAD, TAIL = bytes(2 * audio.RATE_HZ * 2 // 5), bytes(2 * audio.RATE_HZ * 3)
_ANSWER_SECONDS = 0.1
"""From the end of a turn to our first sound."""


class Played:
    """A line on which one recording is heard; each frame waits until all that came of the one before is done."""

    id, caller, channel, returned = "bench", None, "phone", False

    def __init__(self, pcm: bytes) -> None:
        self._pcm, self.at = pcm, 0.0
        self.ears: Ears | None = None
        self.ends: list[tuple[float, Said]] = []

    async def events(self) -> AsyncIterator[LineEvent | Digit]:
        for start in range(0, len(self._pcm) - audio.FRAME_BYTES + 1, audio.FRAME_BYTES):
            yield Heard(self._pcm[start : start + audio.FRAME_BYTES])
            self.at = start / (2 * audio.RATE_HZ)
            assert self.ears is not None
            while self.ears._tasks:
                await asyncio.sleep(0.001)
            while not self.ears.turns.empty():
                turn = self.ears.turns.get_nowait()
                if isinstance(turn, Said):
                    self.ends.append((self.at, turn))


def with_pause(pcm: bytes, seconds: float) -> tuple[bytes, float]:
    """The sentence with a pause where it is quietest in its middle third, and where the pause begins, in seconds."""
    samples = audio.to_float(pcm)
    block = audio.RATE_HZ // 20
    energy = [float(np.mean(samples[at : at + block] ** 2)) for at in range(0, len(samples) - block, block)]
    first, last = len(energy) // 3, 2 * len(energy) // 3
    cut = 2 * block * (first + int(np.argmin(energy[first:last]))) + block
    return pcm[: cut // 2 * 2] + bytes(2 * int(seconds * audio.RATE_HZ)) + pcm[cut // 2 * 2 :], cut / 2 / audio.RATE_HZ


def spoken(pcm: bytes) -> bytes:
    """Without the silence around."""
    samples = np.abs(audio.to_float(pcm))
    loud = np.flatnonzero(samples > 0.02)
    return pcm[2 * int(loud[0]) : 2 * int(loud[-1])] if len(loud) else b""


async def measure(sentences: list[bytes]) -> Table:
    paths = ensure(default_cache_dir(), typer.echo)
    assert paths.whisper
    assert paths.turns
    recogniser, model, silero = WhisperRecogniser(paths.whisper, 1), SmartTurn(paths.turns), SileroModel(paths.turns)
    table = Table("pause", "sentences", "ended inside", "reach the caller", "wait at the end: mean", "p95")
    for pause in PAUSES:
        inside = reached = 0
        waits: list[float] = []
        for pcm in sentences:
            held, began = with_pause(spoken(pcm), pause)
            line = Played(over_phone(LEAD + held + TAIL))
            line.ears = Ears(
                line,  # type: ignore[arg-type]
                SileroVad(silero),
                recogniser,
                correct,
                model,
                Waits(),
                we_speak=lambda: False,
                asked=lambda: "",
                on_interrupt=lambda: None,
            )
            await line.ears.run()
            end = (len(LEAD) + len(held)) / (2 * audio.RATE_HZ)
            early = [at for at, _ in line.ends if at < end - 0.05]
            inside += bool(early)
            goes_on = len(LEAD) / (2 * audio.RATE_HZ) + began + pause
            reached += any(goes_on - (at + _ANSWER_SECONDS) > GOES_ON_SECONDS for at in early)
            waits += [at - end for at, _ in line.ends if at >= end - 0.05][-1:]
        late = statistics.quantiles(waits, n=20)[-1] if len(waits) > 1 else float("nan")
        row = (f"{pause:.1f} s", str(len(sentences)), f"{inside}", f"{reached}", f"{statistics.mean(waits):.2f} s")
        table.add_row(*row, f"{late:.2f} s")
    await recogniser.aclose()
    await model.aclose()
    return table


async def _synthetic(count: int) -> list[bytes]:
    folder = ensure(default_cache_dir(), typer.echo).kokoro
    assert folder
    said = []
    for number, text in enumerate(CALLERS_SAY[:count]):
        voice = Kokoro(folder, ("zm_yunxi", "zf_xiaoxiao", "zf_xiaobei", "zm_yunjian")[number % 4], 1)
        said.append(await voice.speak(text))
        await voice.aclose()
    return said


def main(folder: Path | None = typer.Argument(None), count: int = 24) -> None:  # noqa: B008 - typer's way
    """Print the table."""
    voice.missing_frames.GAP_SECONDS = 1e9  # the bench stands still while it decodes
    files = sorted(folder.rglob("*.wav")) if folder else []
    sentences = [audio.read_wav(file) for file in files] if files else asyncio.run(_synthetic(count))
    Console().print(asyncio.run(measure(sentences)))


if __name__ == "__main__":
    typer.run(main)
