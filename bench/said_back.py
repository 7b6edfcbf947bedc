"""Is what we say understood? `python -m bench.said_back [--count 100] [--over 0.35]`, on a machine that ran a while.

Every recorded prompt, and of what this machine has spoken ahead the beginnings of `--count` answers, sayings and
questions of filings, go over an 8 kHz µ-law line to the recogniser. Compared by sound without tones, since a recogniser
that writes other characters for the right sounds has understood; whatever differs in more than `--over` of its
syllables is printed, to be listened to: the recogniser errs more often than the voice.
"""

from __future__ import annotations

import argparse
import asyncio
import threading
from collections.abc import Iterator

from base.database import Database
from base.settings import Settings
from bench.recognisers import LEAD, TAIL
from bench.speech import over_phone
from bot import sayings
from bot.actions.server import local_today
from bot.flows import wording
from knowledge.answering.answer import Assistant
from language.aloud.sounds import toneless
from language.aloud.spoken import sentences, spoken
from voice import models
from voice.correction import correct
from voice.prompts import RECORDED_VOICE, Prompts
from voice.speech_store import SpeechStore, default_store_dir, key
from voice.whisper import WhisperRecogniser


async def main(count: int, over: float) -> None:
    folder = models.ensure(models.default_cache_dir(), print).whisper
    assert folder
    ear = WhisperRecogniser(folder)
    prompts = Prompts.load().recorded()
    apart = [_compared(ear, text, pcm, over) for text, pcm in [*prompts.items(), *await _ahead(count)]]
    ear.thread.shutdown()
    print(f"{len(prompts)} prompts and {len(apart) - len(prompts)} pieces of answers: ", end="")
    print(f"{sum(apart) / len(apart):.1%} of the syllables differ, {sum(one > over for one in apart)} above {over:.0%}")


async def _ahead(count: int) -> list[tuple[str, bytes]]:
    """Pieces with their audio, as far as this machine has it."""
    settings = Settings()  # type: ignore[call-arg]  # secrets come from the file of the machine
    database, store = Database(settings.database), SpeechStore(default_store_dir())
    assistant = Assistant(database)
    await assistant.refresh()
    answers = await assistant.fixed_spoken(local_today())
    await assistant.aclose()
    await database.aclose()
    found: list[tuple[str, bytes]] = []
    for piece in _beginnings([*answers, *sayings.fixed_spoken(), *wording.fixed_spoken()]):
        pcm = store.get(key(piece, f"kokoro {RECORDED_VOICE}", settings.pace))
        if pcm is not None and len(found) < count:
            found.append((piece, pcm))
    return found


def _beginnings(texts: list[str]) -> Iterator[str]:
    yield from dict.fromkeys(pieces[0] for text in texts if (pieces := sentences(spoken(text))))


def _compared(ear: WhisperRecogniser, text: str, pcm: bytes, over: float) -> float:
    """The share of syllables that differ."""
    heard = correct(ear.recognise(over_phone(LEAD + pcm + TAIL), threading.Event(), "医保").text)
    apart = _edits(toneless(spoken(text)).split(), toneless(spoken(heard)).split())
    if apart > over:
        print(f"{apart:.0%}  {text}  →  {heard}", flush=True)
    return apart


def _edits(said: list[str], heard: list[str]) -> float:
    """Edits from `said` to `heard` for each syllable said, at most 1."""
    row = list(range(len(heard) + 1))
    for at, syllable in enumerate(said, 1):
        diagonal, row[0] = row[0], at
        for column, other in enumerate(heard, 1):
            changed = diagonal + (syllable != other)
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, changed)
    return min(1.0, row[-1] / max(1, len(said)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--over", type=float, default=0.35)
    given = parser.parse_args()
    asyncio.run(main(given.count, given.over))
