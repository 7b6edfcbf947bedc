"""What can be filed: one description per item in `casework/data/items.yaml`. A new item is data, no code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from base import yaml_files
from base.tenant import fill
from language.aloud.sounds import closest

CONTACT = "phone"
"""The field of every item that says where to call back."""
FILE = Path(__file__).resolve().parents[1] / "data" / "items.yaml"

_SOUNDS_LIKE = 0.3


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked. `kind` names the check in `casework.filings.fields`."""

    id: str
    label: str
    kind: str
    ask: str
    spoken: str
    options: Mapping[str, str]
    """Choice → a regular expression of how people say it; in the order tried."""
    when: Mapping[str, str]
    """Asked only when these fields have these answers."""
    past: bool
    """A date that lies in the past, or is today."""
    near: bool
    """A date in the past, or at most half a year ahead."""
    only_asked: bool
    """Never taken from what was said before it was asked: the words could mean something near it."""


@dataclass(frozen=True, slots=True)
class Item:
    """`limit`: working days until it must be done, where a document says so; else `contact_days` is our own promise."""

    id: str
    name: str
    short: str
    spoken: str
    group: str
    words: re.Pattern[str]
    fields: Sequence[Field]
    materials: Sequence[str]
    materials_spoken: str
    replaced: Sequence[str]
    replaced_spoken: str
    promise: str
    promise_spoken: str
    limit: int | None
    limit_note: str
    limit_note_spoken: str
    contact_days: int
    sources: Sequence[str]
    called: Sequence[str]
    """Names of three syllables or more, by whose sound it is told apart when recognition wrote other characters."""
    names_person: bool
    """Its fields name whom it is for (a newborn has no account), so no authorisation is asked for."""
    distinct: Sequence[str] = ()
    """Fields whose answers tell two cases of one person apart: there may be several at once. Empty: one at a time."""

    def asked(self, answers: Mapping[str, str]) -> list[Field]:
        """The fields that apply, given what was answered."""
        return [f for f in self.fields if all(answers.get(name) == value for name, value in f.when.items())]

    def next_field(self, answers: Mapping[str, str]) -> Field | None:
        return next((f for f in self.asked(answers) if f.id not in answers), None)

    def field(self, name: str) -> Field:
        return next(f for f in self.fields if f.id == name)


@dataclass(frozen=True, slots=True)
class Group:
    """Items that sound alike: which of them is asked first."""

    id: str
    words: re.Pattern[str]
    ask: str
    spoken: str
    explain: str
    """The same in plain words, for who does not know which it is."""


@dataclass(frozen=True, slots=True)
class Items:
    items: Mapping[str, Item]
    groups: Mapping[str, Group]

    def named(self, text: str) -> list[Item]:
        """What a sentence may be about: one item; those of one group, if only that is clear; or nothing."""
        lone = [item for item in self.items.values() if not item.group and item.words.search(text)]
        grouped = [group for group in self.groups.values() if group.words.search(text)]
        if grouped and not (lone and _later(lone, grouped, text)):
            members = [item for item in self.items.values() if item.group == grouped[0].id]
            clear = [item for item in members if item.words.search(text)]
            return clear[:1] or members
        return lone[:1] or self._sounding_like(text)

    def _sounding_like(self, text: str) -> list[Item]:
        """What recognition made of an item's name: "门诊慢特定" is 门诊慢特病."""
        names = {name: item for item in self.items.values() for name in item.called}
        likely = closest(re.sub("居民医保|职工医保", "", text), names, _SOUNDS_LIKE)
        return [names[likely]] if likely else []

    def among(self, candidates: Sequence[Item], text: str) -> Item | None:
        """Which of those offered was chosen: by its words, its name, or its place in the list."""
        for item in candidates:
            if item.words.search(text) or item.short in text:
                return item
        words = re.sub(r"头一?(?=[个种样项])", "第一", text.strip("。，,. "))
        ordinal = re.fullmatch(r"(?:选|就|是|要)?第?([一二三123])(?:个|种|样|项)?[吧的]?", words)
        ordinal = ordinal or re.search(r"(?:说的|选|要|办|就|是)第([一二三123])[个种样项]", words)
        index = (
            "一二三".find(ordinal[1]) if ordinal and ordinal[1] in "一二三" else int(ordinal[1]) - 1 if ordinal else -1
        )
        return candidates[index] if 0 <= index < len(candidates) else None


def _later(lone: Sequence[Item], grouped: Sequence[Group], text: str) -> bool:
    """ "备案的钱给报销": what is named last is what is wanted."""
    return max(_last(item.words, text) for item in lone) > max(_last(group.words, text) for group in grouped)


def _last(words: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in words.finditer(text)), default=-1)


@cache
def load(path: Path = FILE) -> Items:
    """Raises KeyError or ValueError when the file is wrong: it is ours, and read at start."""
    raw = yaml_files.load(fill(path.read_text("utf-8")))
    groups = {
        name: Group(name, re.compile("|".join(group["words"])), group["ask"], group["spoken"], group["explain"])
        for name, group in raw["groups"].items()
    }
    items = {entry["id"]: _item(entry) for entry in raw["items"]}
    return Items(items, groups)


def _item(raw: Mapping[str, Any]) -> Item:
    return Item(
        id=raw["id"],
        name=raw["name"],
        short=raw["short"],
        spoken=raw["spoken"],
        group=raw.get("group", ""),
        words=re.compile("|".join(raw["words"])),
        fields=tuple(_field(field) for field in raw["fields"]),
        materials=tuple(raw.get("materials", ())),
        materials_spoken=raw.get("materials_spoken", ""),
        replaced=tuple(raw.get("replaced", ())),
        replaced_spoken=raw.get("replaced_spoken", ""),
        promise=raw.get("promise", ""),
        promise_spoken=raw.get("promise_spoken", ""),
        limit=raw.get("limit"),
        limit_note=raw.get("limit_note", ""),
        limit_note_spoken=raw.get("limit_note_spoken", ""),
        contact_days=raw["contact_days"],
        sources=tuple(raw["sources"]),
        called=(raw["short"], *raw.get("called", ())),
        names_person=raw.get("names_person", False),
        distinct=tuple(raw.get("distinct", ())),
    )


def _field(raw: Mapping[str, Any]) -> Field:
    return Field(
        id=raw["id"],
        label=raw["label"],
        kind=raw["kind"],
        ask=raw["ask"],
        spoken=raw["spoken"],
        options=raw.get("options", {}),
        when=raw.get("when", {}),
        past=raw.get("past", False),
        near=raw.get("near", False),
        only_asked=raw.get("only_asked", False),
    )
