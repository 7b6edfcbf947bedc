"""A content, or what changed in it, as labelled text that a person reads: no ids, no English words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from base import aside
from base.staff_texts import StaffText
from connectors.console.kit.labels import (
    AUDIENCES,
    CLAUSE_KINDS,
    CONFIDENCES,
    FAQ_KINDS,
    FIELDS,
    GROUPS,
    ROLES,
    USABLES,
)
from knowledge.answering.composing import label as clause_label
from knowledge.authoring.content import Content
from knowledge.authoring.versions import FieldChange
from knowledge.documents.diff import Run, diff

_CHOICES: dict[str, Mapping[str, str]] = {
    "group": GROUPS,
    "confidence": CONFIDENCES,
    "usable": USABLES,
    "role": ROLES,
    "audience": AUDIENCES,
    "kind": {**CLAUSE_KINDS, **FAQ_KINDS},
    "caller_facing": {"True": "是", "False": "否"},
    "setting": {which.value: which.about.label for which in StaffText},
    "adds": {"True": "是", "False": "否"},
    "searchable": {"True": "是", "False": "否"},
    "dropped": {"True": "是", "False": "否"},
}
_CODE = re.compile(r"[a-z]+[-0-9][-0-9]*")
"""A number that files use for a clause and that no document prints."""
_PLACES = ("jurisdiction", "scope")
_CLAUSES = ("clause", "clauses")
_DOCUMENTS = ("document", "superseded_by")
_HIDDEN = ("position", "gap", "gaps")


@dataclass(frozen=True, slots=True)
class Names:
    """Names of what contents refer to by id."""

    places: Mapping[str, str]
    clauses: Mapping[str, str]
    documents: Mapping[str, str]

    def of(self, field: str, value: str) -> str:
        """The value of a field in words; several values stand one a line."""
        if field == "number":
            return printed_number(value)
        known: Mapping[str, str] = _CHOICES.get(field, {})
        if field in _PLACES:
            known = self.places
        elif field in _CLAUSES:
            known = self.clauses
        elif field in _DOCUMENTS:
            known = self.documents
        return "\n".join(known.get(line, line) for line in value.split("\n")) if known else value


@dataclass(frozen=True, slots=True)
class Labelled:
    """One field."""

    label: str
    text: str

    @property
    def lines(self) -> int:
        return self.text.count("\n") + 1


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that changed, with what went and what came marked."""

    label: str
    runs: Sequence[Run]


def described(content: Content, names: Names) -> list[Labelled]:
    """Every field that says something, in the order of the form."""
    return [
        Labelled(label(path), said)
        for path, text in _flat("", content.to_json())
        if path.rsplit(".", 1)[-1] not in _HIDDEN and (said := names.of(path.rsplit(".", 1)[-1], text))
    ]


def clause_title(title: str) -> str:
    """A clause's title with its number as citizens hear it: "m04 优化流程" → "第4条 优化流程"."""
    number, _, heading = title.partition(" ")
    return f"{printed_number(number)} {heading}".strip() or title


def printed_number(number: str) -> str:
    """The number that documents print; "" for one that only files use ("p0")."""
    if not _CODE.fullmatch(number):
        return number
    return clause_label(number, "").strip("“”")


async def compared(changes: Iterable[FieldChange], names: Names) -> list[Changed]:
    """What changed, word by word. Worked out in a thread: cutting long texts into words takes a while."""
    return await aside.think(_compared, list(changes), names)


def _compared(changes: Sequence[FieldChange], names: Names) -> list[Changed]:
    found = []
    for change in changes:
        field = change.path.rsplit(".", 1)[-1]
        if field in _HIDDEN:
            continue
        found.append(Changed(label(change.path), diff(names.of(field, change.before), names.of(field, change.after))))
    return found


def label(path: str) -> str:
    """answers.1.quotes.0.text → 答复 2 · 依据 1 · 引文"""
    words: list[str] = []
    for part in path.split("."):
        if part.isdecimal() and words:
            words[-1] += f" {int(part) + 1}"
        else:
            words.append(FIELDS.get(part, part))
    return " · ".join(words)


def clause_ids(data: Any, under: str = "") -> set[str]:
    """Ids of clauses anywhere in a content's JSON or in typed fields."""
    if isinstance(data, dict):
        return {found for name, below in data.items() for found in clause_ids(below, name)}
    if isinstance(data, list):
        return {found for below in data for found in clause_ids(below, under)}
    return {data} if under in _CLAUSES and isinstance(data, str) else set()


def _flat(path: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for name, below in value.items() for pair in _flat(f"{path}.{name}".lstrip("."), below)]
    if isinstance(value, list) and all(isinstance(below, str) for below in value):
        return [(path, "\n".join(value))]
    if isinstance(value, list):
        return [pair for number, below in enumerate(value) for pair in _flat(f"{path}.{number}", below)]
    return [(path, "" if value is None else str(value))]
