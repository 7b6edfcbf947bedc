"""The knowledge files of the project, read and checked: documents, clauses, facts and topics.

    knowledge/data/seed/*.yaml      the documents of the bureau, clause by clause
    knowledge/data/topics/*.yaml    what citizens ask, with exact quotes and spoken answers

Everything wrong in a file is an error here, before it reaches the database.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from base import yaml_files
from base.tenant import fill
from knowledge.models import Role, TopicKind

DATA = Path(__file__).resolve().parents[1] / "data"
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?[”’」）)]*")


@dataclass(frozen=True, slots=True)
class SeedQuote:
    """Exact words of one clause."""

    clause_id: str
    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class SeedAnswer:
    """An answer of one jurisdiction."""

    place: str
    quotes: tuple[SeedQuote, ...]
    spoken: str
    more_spoken: str
    written: str = ""


@dataclass(frozen=True, slots=True)
class SeedTopic:
    """A topic with its wordings and answers."""

    id: str
    group: str
    kind: TopicKind
    title: str
    wordings: tuple[str, ...]
    answers: tuple[SeedAnswer, ...]
    missing: str
    gap_id: str | None


@dataclass(frozen=True, slots=True)
class Seed:
    """All files. The first four are the YAML's own rows, whose schema is in `data/seed/README.md`."""

    jurisdictions: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    clauses: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    topics: list[SeedTopic] = field(default_factory=list)


def files() -> list[Path]:
    """Every file an import reads, in a fixed order."""
    seed = [DATA / "seed" / name for name in ("documents.yaml", "clauses.yaml", "external_facts.yaml")]
    return [*seed, *sorted((DATA / "topics").glob("*.yaml"))]


def fingerprint() -> str:
    """Hash of everything an import reads, the importer's own code included."""
    digest = hashlib.sha256()
    for path in [*files(), Path(__file__), Path(__file__).with_name("importing.py")]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def load() -> Seed:
    """Read all files. Raises ValueError naming the topic when a quote is not in its clause."""
    documents, clauses, facts = (_read(path) for path in files()[:3])
    seed = Seed(documents["jurisdictions"], documents["documents"], clauses["clauses"], facts["facts"])
    texts = {row["id"]: row["text"] for row in seed.clauses}
    for path in files()[3:]:
        seed.topics.extend(_topic(row, path.stem, texts) for row in _read(path))
    return seed


def sentences(text: str) -> list[str]:
    """Cut a clause into sentences, each an exact substring of it, in order."""
    return [match.group().strip() for match in _SENTENCE.finditer(text) if match.group().strip()]


def _read(path: Path) -> Any:
    return yaml_files.load(path.read_text(encoding="utf-8"))


def _topic(row: dict[str, Any], group: str, texts: dict[str, str]) -> SeedTopic:
    kind = TopicKind.OUTSIDE if row.get("outside") else TopicKind.GAP if row.get("gap") else TopicKind.ANSWER
    return SeedTopic(
        id=row["id"],
        group=group,
        kind=kind,
        title=row["title"],
        wordings=tuple(line.strip() for line in row["wordings"].splitlines() if line.strip()),
        answers=tuple(_answer(answer, row["id"], texts) for answer in row.get("answers", ())),
        missing=fill(row.get("missing", "")),
        gap_id=row.get("gap"),
    )


def _answer(row: dict[str, Any], topic_id: str, texts: dict[str, str]) -> SeedAnswer:
    quotes = [*_quotes(row["quotes"], Role.LEAD), *_quotes(row.get("context", ()), Role.CONTEXT)]
    for quote in quotes:
        if quote.text not in texts[quote.clause_id]:
            raise ValueError(f"topic {topic_id}: not in {quote.clause_id}: {quote.text}")
    return SeedAnswer(row["place"], tuple(quotes), row["spoken"], row.get("more_spoken", ""), row.get("written", ""))


def _quotes(rows: list[dict[str, str]] | tuple[()], role: Role) -> Iterator[SeedQuote]:
    for row in rows:
        for clause_id, text in row.items():
            yield SeedQuote(clause_id, text, role)
