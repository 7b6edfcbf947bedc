"""What people say → what documents write. Adds words to a search, never replaces one.

The rows (`data/lexicon.yaml`) hold for the trade in general and for no document in particular. Staff add rows in the
console; one with the same written words stands in place of the file's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import yaml

from knowledge.authoring.seed import DATA
from knowledge.retrieval.normalise import Synonyms, plain


@dataclass(frozen=True, slots=True)
class Concept:
    """`said` as it stands in a question, and the words a document may write for it."""

    said: str
    written: tuple[str, ...]


class Lexicon:
    """Rows of (written words, said words); never changes, so any number of threads may use it."""

    def __init__(self, rows: dict[str, list[str]]) -> None:
        found: dict[str, dict[str, None]] = {}
        for official, colloquial in rows.items():
            written = [plain(word) for word in official.split()]
            for said in [*written, *map(plain, colloquial)]:
                if len(said) > 1:
                    found.setdefault(said, {}).update(dict.fromkeys(written))
        self._written = {said: tuple(written) for said, written in found.items()}
        self._pattern = re.compile("|".join(map(re.escape, sorted(self._written, key=len, reverse=True))) or "(?!)")

    def concepts(self, question: str) -> tuple[Concept, ...]:
        """What of a plain text the lexicon knows, the longest words first, none overlapping."""
        return tuple(Concept(match.group(), self._written[match.group()]) for match in self._pattern.finditer(question))


@lru_cache(maxsize=1)
def _of_file() -> dict[str, list[str]]:
    rows: dict[str, list[str]] = yaml.safe_load((DATA / "lexicon.yaml").read_text(encoding="utf-8"))
    return rows


@lru_cache(maxsize=8)
def lexicon(added: Synonyms = ()) -> Lexicon:
    """The project's own with what staff added (`Snapshot.sayings`)."""
    return Lexicon(_of_file() | {" ".join(written.split()): list(said) for written, said in added})
