"""How short answers over the phone are understood: `python -m bench.short_answers [--voices zf_xiaoxiao,zm_yunxi]`.

A yes, a disease, a town: half a second of speech, where a recogniser has nothing to go by but the question. Kokoro's
voices answer over an 8 kHz µ-law line; the answer is recognised with and without the question known to the recogniser
(`voice.recogniser.Recogniser.utterance`), corrected, and understood by the same code as in a call
(`bot.flows.small_words`, `casework.filings.fields`). Wrong is what was taken for something else; what was not
understood is asked again, so it costs time and no harm.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import typer
import yaml
from rich.console import Console
from rich.table import Table

from base.settings import ROOT
from bench.recognisers import LEAD, TAIL
from bench.speech import over_phone
from bot.flows.small_words import Heard
from casework.filings.fields import Context, NotAnAnswer, Refused, parse
from casework.filings.items import Field
from voice.correction import correct
from voice.kokoro import Kokoro
from voice.models import default_cache_dir, ensure
from voice.whisper import WhisperRecogniser

TODAY = date(2026, 11, 25)
"""What the dates of the data are counted from."""


@dataclass(frozen=True, slots=True)
class Case:
    """One answer, and what it means: "yes", "no", "other", or the value a filing keeps."""

    question: str
    kind: str
    options: dict[str, str]
    said: str
    meant: str


def main(voices: str = "zf_xiaoxiao,zm_yunxi,zf_xiaobei,zm_yunyang", show: bool = False) -> None:
    """Print, for each kind of answer, how many were understood right, wrong, and not at all."""
    paths = ensure(default_cache_dir(), typer.echo)
    assert paths.whisper
    assert paths.kokoro
    recogniser = WhisperRecogniser(paths.whisper)
    counts: Counter[tuple[str, bool, str]] = Counter()
    for name in voices.split(","):
        for case, pcm in asyncio.run(_spoken(Kokoro(paths.kokoro, name))):
            for knows in (False, True):
                heard = recogniser.recognise(pcm, threading.Event(), case.question if knows else "").text
                outcome = _outcome(case, correct(heard))
                counts[case.kind, knows, outcome] += 1
                if show and outcome != "right":
                    typer.echo(f"{name} {'with' if knows else 'without'} {outcome}: {case.said} → {heard}")
    recogniser.thread.shutdown()
    _print(counts)


def cases() -> Iterator[Case]:
    data = yaml.safe_load((ROOT / "bench" / "data" / "short_answers.yaml").read_text("utf-8"))
    for group in data:
        for said, meant in group["answers"].items():
            yield Case(group["question"], group["kind"], group.get("options", {}), said, meant)


async def _spoken(voice: Kokoro) -> list[tuple[Case, bytes]]:
    said = [(case, over_phone(LEAD + await voice.speak(case.said) + TAIL)) for case in cases()]
    await voice.aclose()
    return said


def _outcome(case: Case, heard: str) -> str:
    understood = _confirmed(heard) if case.kind == "confirm" else _value(case, heard)
    if understood == case.meant:
        return "right"
    return "not understood" if understood in ("", "other") else "wrong"


def _confirmed(text: str) -> str:
    heard = Heard(text, "nlu_fallback", "phone")
    return "yes" if heard.is_clear_yes else "no" if heard.is_no else "other"


def _value(case: Case, heard: str) -> str:
    how = {"past": False, "near": True, "only_asked": False}
    field = Field("value", "", case.kind, "", case.question, case.options, when={}, **how)
    try:
        return parse(field, heard, Context(TODAY))
    except (NotAnAnswer, Refused):
        return ""


def _print(counts: Counter[tuple[str, bool, str]]) -> None:
    table = Table(
        "answer", "question known", "right", "not understood", "wrong", "n", title="short answers, 8 kHz line"
    )
    for kind in [*dict.fromkeys(kind for kind, _, _ in counts), "all"]:
        for knows in (False, True):
            row = Counter[str]()
            for (this, known, outcome), count in counts.items():
                if known == knows and kind in (this, "all"):
                    row[outcome] += count
            total = row.total()
            shares = [f"{row[outcome] / total:.0%}" for outcome in ("right", "not understood", "wrong")]
            table.add_row(kind, "yes" if knows else "no", *shares, str(total))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
