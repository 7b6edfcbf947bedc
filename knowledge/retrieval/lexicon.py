"""What people say → what documents write. Adds words to a search, never replaces one.

The rows (`data/lexicon/`, a file for each subject) hold for the trade in general and for no document in particular.
Staff add rows in the console; one with the same written words stands in place of the files'.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from base import yaml_files
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
        self._by_beginning: dict[str, list[str]] = {}
        for said in sorted(self._written, key=len, reverse=True):
            self._by_beginning.setdefault(said[:2], []).append(said)

    def concepts(self, question: str) -> tuple[Concept, ...]:
        """What of a plain text the lexicon knows, the longest words first, none overlapping."""
        found, at = [], 0
        while at < len(question):
            beginning = self._by_beginning.get(question[at : at + 2], ())
            said = next((word for word in beginning if question.startswith(word, at)), None)
            if said is not None and self._cuts_into_longer(question, at, said):
                said = None
            if said is not None:
                found.append(Concept(said, self._written[said]))
            at += len(said or "_")
        return tuple(found)

    def _cuts_into_longer(self, question: str, at: int, said: str) -> bool:
        """Whether a longer word begins within this one and ends behind it: 做试管 in 做试管婴儿."""
        end = at + len(said)
        return any(
            len(word) > len(said) and begins + len(word) > end and question.startswith(word, begins)
            for begins in range(at + 1, end)
            for word in self._by_beginning.get(question[begins : begins + 2], ())
        )


@lru_cache(maxsize=1)
def of_files() -> dict[str, list[str]]:
    """The project's own rows: written words → said words. What several files have of the same row is put together."""
    rows: dict[str, list[str]] = {}
    for path in sorted((DATA / "lexicon").glob("*.yaml")):
        for written, said in yaml_files.read(path).items():
            rows[written] = [*rows.get(written, ()), *said]
    return rows


@lru_cache(maxsize=8)
def lexicon(added: Synonyms = ()) -> Lexicon:
    """The project's own with what staff added (`Snapshot.sayings`)."""
    return Lexicon(of_files() | {" ".join(written.split()): list(said) for written, said in added})
