"""Record the prompts with the service's own voice: `python -m voice.prompts.make`. Only changed ones are made."""

from __future__ import annotations

import asyncio

import typer

from voice.kokoro import Kokoro
from voice.models import default_cache_dir, ensure
from voice.packed import pack
from voice.prompts import RECORDED_PACE, RECORDED_VOICE, RECORDINGS, Prompts


async def record() -> None:
    model = ensure(default_cache_dir(), typer.echo).kokoro
    if model is None:
        raise typer.Exit(1)
    voice = await asyncio.to_thread(Kokoro, model, RECORDED_VOICE)
    pieces = Prompts.load().pieces()
    for stale in set(RECORDINGS.glob("*.ogg")) - set(pieces.values()):
        stale.unlink()
    for piece, file in pieces.items():
        if not file.is_file():
            file.write_bytes(pack(await voice.speak(piece, RECORDED_PACE)))
            typer.echo(file.name)
    await voice.aclose()


if __name__ == "__main__":
    asyncio.run(record())
