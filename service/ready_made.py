"""Make the speech that comes with the code: `python -m service.ready_made [--count 300] [--spoken-only]`, on a machine
that is set up.

How the answers begin that are asked for most, and the sayings that every conversation needs, in the voice and at the
pace of the demo. What this machine has spoken ahead already is taken as it is, with `--spoken-only` nothing else. What
no answer says any more is removed. At most `MOST_BYTES` are kept.
"""

from __future__ import annotations

import asyncio

import typer

from base.database import Database
from base.settings import Settings
from base.tenant import TENANT
from bot import sayings
from bot.flows import wording
from knowledge.answering.answer import Assistant
from knowledge.insight.statistics import Statistics
from knowledge.retrieval.search import SentenceEncoder
from service.wiring.speak_ahead import usual_pieces
from voice import engines
from voice.packed import pack
from voice.speech_store import READY_MADE, SpeechStore, default_store_dir, key

MOST_BYTES = 6_000_000


async def make(settings: Settings, count: int, *, spoken_only: bool) -> None:
    voices = await asyncio.to_thread(engines.build, settings)
    database = Database(settings.database)
    assistant = Assistant(database, home=TENANT.jurisdiction, encoder=SentenceEncoder())
    try:
        await assistant.refresh()
        pieces = await usual_pieces(settings, voices, assistant, Statistics(database), count)
        pieces += voices.speaker.beginnings([*sayings.fixed_spoken(), *wording.fixed_spoken()])
        await _write(voices, dict.fromkeys(pieces), settings.pace, spoken_only=spoken_only)
    finally:
        await assistant.aclose()
        await database.aclose()
        await voices.aclose()


async def _write(voices: engines.Voices, pieces: dict[str, None], pace: float, *, spoken_only: bool) -> None:
    recorded, spoken = voices.prompts.recorded(), SpeechStore(default_store_dir())
    wanted = {READY_MADE / f"{key(piece, voices.synthesiser_name, pace)}.ogg": piece for piece in pieces}
    READY_MADE.mkdir(exist_ok=True)
    for stale in set(READY_MADE.glob("*.ogg")) - set(wanted):
        stale.unlink()
    for file, piece in wanted.items():
        if piece in recorded or file.is_file():
            continue
        pcm = spoken.get(file.stem)
        if pcm is None and spoken_only:
            continue
        file.write_bytes(pack(pcm or await voices.speaker.made(piece, pace)))
        size = sum(one.stat().st_size for one in READY_MADE.glob("*.ogg"))
        typer.echo(f"{size / 1e6:.2f} MB  {piece}")
        if size > MOST_BYTES:
            file.unlink()
            break


def main(count: int = 300, *, spoken_only: bool = False) -> None:
    """Make what is missing."""
    asyncio.run(make(Settings(), count, spoken_only=spoken_only))  # type: ignore[call-arg]  # secrets come from the file of the machine


if __name__ == "__main__":
    typer.run(main)
