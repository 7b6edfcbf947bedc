"""How often danger is heard, and how often it is heard where there is none: rates only, never a sentence.

    python -m bench.danger [FILE] [--half 0|1] [--model PATH]

By the signs alone, and as the product hears it: by the signs, or by what the engine learnt. FILE is YAML that nobody
wrote who wrote language/data/danger.yaml: `danger`: [{text, kind?, inside_request?}], `safe`: [{text}]; without one,
`data/danger_told.yaml`. `--half` takes one half of it, told apart by a digest of the text: one to look at while words
are added, the other to report. Kinds that are missed are printed with their numbers, so that words can be added without
reading.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from bench.needs import parsed
from bot import engine
from language.danger import danger_in, message_of, signs_in, why_not

BLIND = Path(__file__).parent / "data" / "danger_told.yaml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", default=BLIND)
    parser.add_argument("--model", type=Path, default=engine.MODEL)
    parser.add_argument("--half", type=int, choices=(0, 1))
    given = parser.parse_args()
    sentences: dict[str, list[dict[str, Any]]] = yaml.safe_load(given.file.read_text("utf-8"))
    danger, safe = ([one for one in sentences[key] if _in_half(one, given.half)] for key in ("danger", "safe"))
    began = time.process_time()
    missed = [one for one in danger if danger_in(one["text"]) is None]
    alarms = Counter(kind for one in safe if (kind := danger_in(one["text"])))
    took_ms = (time.process_time() - began) / (len(danger) + len(safe)) * 1000
    print(f"danger heard        {1 - len(missed) / len(danger):7.1%} of {len(danger)}")
    print(f"false alarms        {alarms.total() / len(safe):7.1%} of {len(safe)}")
    print(f"CPU a sentence      {took_ms:7.2f} ms")
    heard = [intent == "emergency" for intent, *_ in parsed([one["text"] for one in (*danger, *safe)], given.model)]
    told = sum(bool(danger_in(one["text"])) or by for one, by in zip(danger, heard[: len(danger)], strict=True))
    false = sum(bool(danger_in(one["text"])) or by for one, by in zip(safe, heard[len(danger) :], strict=True))
    print(f"with what was learnt: heard {told / len(danger):.1%}, false alarms {false / len(safe):.1%}")
    of_kind = Counter(str(one.get("kind")) for one in danger)
    for kind, number in Counter(str(one.get("kind")) for one in missed).most_common():
        print(f"  missed  {kind:<20} {number} of {of_kind[kind]}")
    for why, number in Counter(_why(one["text"]) for one in missed).most_common():
        print(f"  missed because of    {why:<12} {number}")
    if inside := sum(bool(one.get("inside_request")) for one in missed):
        print(f"  of the missed, inside another request: {inside}")
    for sign, number in Counter(_sign(one["text"]) for one in safe if danger_in(one["text"])).most_common():
        print(f"  false   {sign:<40} {number}")


def _why(text: str) -> str:
    """Which context hid a sign; "no sign" if there was none."""
    message = message_of(text)
    return next((why_not(message, sign, span) for sign, span in signs_in(message, by_sound=False)), "no sign")


def _sign(text: str) -> str:
    """The first sign that counts, by the names of its groups."""
    message = message_of(text)
    for by_sound in (False, True):
        for sign, span in signs_in(message, by_sound):
            if not why_not(message, sign, span):
                return f"{sign.kind}: {' '.join(sign.groups)}{' (heard)' if by_sound else ''}"
    return ""


def _in_half(sentence: dict[str, Any], half: int | None) -> bool:
    return half is None or hashlib.sha256(sentence["text"].encode()).digest()[0] % 2 == half


if __name__ == "__main__":
    main()
