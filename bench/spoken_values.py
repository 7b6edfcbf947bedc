"""How many answers of one list are read right: `python -m bench.spoken_values FILE [--half first|second|all]`.

The file (YAML) holds lists by kind: amount (fen), date and month (ISO), phone, name, city, hospital, disease,
id_number; each item {text, value}, where value "ask" means that the caller has to be asked and a list that any of its
values is right. Or it is one list of
{text, reading: 济(ji3)宁市任(ren2)城区}: characters in front of a bracket have to be read so.

Readers are tuned on the first half of each kind, whose failures are printed; of the second only the rate is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import typer
import yaml
from rich.console import Console
from rich.table import Table

from casework.filings.fields import Context, NotAnAnswer, Refused, parse
from casework.filings.items import Field
from language.id_number import IdRefused, check

TODAY = date(2026, 11, 29)
ASK = "ask"
_KINDS = {"amount": "money", "date": "date", "month": "month"}
_GIVEN = re.compile(r"(.)\(([a-zü:]+[1-5])\)")


def main(file: Path, half: str = "all", show: bool = True, typed: bool = True) -> None:
    """Prints right / wrong / asked by kind. Wrong is a value that is not the right one; asked costs only time."""
    data = yaml.safe_load(file.read_text("utf-8"))
    kinds: Mapping[str, Sequence[Mapping[str, Any]]] = {"reading": data} if isinstance(data, list) else data
    table = Table("kind", "half", "right", "wrong value", "asked in vain", "error", "of")
    for kind, items in kinds.items():
        middle = (len(items) + 1) // 2
        for name, part in (("first", items[:middle]), ("second", items[middle:])):
            if half not in (name, "all"):
                continue
            counts, failed = _judged(kind, part, typed)
            table.add_row(kind, name, *(str(counts.get(result, 0)) for result in _RESULTS), str(len(part)))
            if show and name == "first":
                for line in failed:
                    print(f"{kind}: {line}")
    Console(width=100).print(table)


_RESULTS = ("right", "wrong", "asked", "error")


def _judged(kind: str, items: Sequence[Mapping[str, Any]], typed: bool) -> tuple[dict[str, int], list[str]]:
    counts: dict[str, int] = {}
    failed = []
    for item in items:
        wanted = item["reading"] if kind == "reading" else item["value"]
        try:
            got = _read_aloud(item["text"], wanted) if kind == "reading" else _value(kind, str(item["text"]), typed)
        except Exception as error:
            got = f"{type(error).__name__}: {error}"
            result = "error"
        else:
            result = "right" if _same(kind, got, wanted) else "asked" if got.startswith(ASK) else "wrong"
        counts[result] = counts.get(result, 0) + 1
        if result != "right":
            failed.append(f"{item['text']} -> {got} (right: {wanted})")
    return counts, failed


def _same(kind: str, got: str, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return any(_same(kind, got, one) for one in wanted)
    wanted = str(wanted)
    if wanted == ASK:
        return got.startswith(ASK)
    if kind == "city":  # kept with its province
        return got.endswith(wanted)
    return got == wanted


def _value(kind: str, text: str, typed: bool) -> str:
    if kind == "id_number":
        return _id_number(text)
    field = Field(kind, kind, _KINDS.get(kind, kind), "", "", {}, {}, False, False, False)
    try:
        return parse(field, text, Context(TODAY, is_typed=typed))
    except Refused as refused:
        return f"{ASK} {refused.code} {'/'.join(refused.choices)}"
    except NotAnAnswer:
        return f"{ASK} (no answer)"


def _id_number(text: str) -> str:
    try:
        return check(text, TODAY)
    except IdRefused as refused:
        return f"{ASK} {refused.code}"


def _read_aloud(text: str, wanted: str) -> str:
    """The wanted readings with what was read in their places."""
    from language.aloud.readings import syllables

    plain = _GIVEN.sub(r"\1", wanted)
    read = _by_character(plain, syllables)
    return "".join(f"{char}({read[at]})" if at in _given_places(wanted) else char for at, char in enumerate(plain))


def _given_places(wanted: str) -> frozenset[int]:
    places, at, length = set(), 0, 0
    for match in _GIVEN.finditer(wanted):
        length += match.start() - at
        places.add(length)
        length, at = length + 1, match.end()
    return frozenset(places)


def _by_character(text: str, syllables: Callable[[str], list[str]]) -> dict[int, str]:
    """Syllables come one a Chinese character; other runs come unchanged, one entry each."""
    found, at = {}, 0
    for syllable in syllables(text):
        if re.fullmatch(r"[a-zü]+[1-5]", syllable) and not text.startswith(syllable, at):
            found[at] = syllable
            at += 1
        else:
            at += len(syllable)
    return found


if __name__ == "__main__":
    typer.run(main)
