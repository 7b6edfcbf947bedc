"""What an import found: the document, its clauses, and what of the original is in none of them.

Everything here is frozen and plain, so the console can show it next to the original and staff can correct it.
All offsets are character offsets, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.documents.reading.scans.scan import Scan


class ClauseKind(StrEnum):
    """What a clause is for. The importer guesses; staff correct."""

    PREAMBLE = "preamble"
    MEASURE = "measure"
    SECTION = "section"
    ARTICLE = "article"
    PRINCIPLE = "principle"
    STANDARD_RULE = "standard_rule"
    REQUIREMENT = "requirement"
    DUTY = "duty"
    CONTACT = "contact"
    SERVICE_LIST = "service_list"
    TABLE_ROW = "table_row"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time limit in a clause: `text == clause.text[start:end]`. `by` is its last day, None when it names none."""

    start: int
    end: int
    text: str
    by: date | None


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit in a clause: `text == clause.text[start:end]`, both as printed."""

    start: int
    end: int
    text: str
    unit: str


@dataclass(frozen=True, slots=True)
class ImportedClause:
    """One clause, word for word; only line breaks and stray spaces of the file are repaired.

    `number` is unique in the document and made for ids (`m07`, `s3-1`, `a2-s1-4`); `label` is the number as printed
    (`（七）`), empty for a clause that has none. `sentences` are exact substrings of `text`, in order.
    `section_path` are the headings above it, outermost first.
    """

    number: str
    label: str
    kind: ClauseKind
    heading: str
    text: str
    sentences: tuple[str, ...]
    section_path: tuple[str, ...]
    deadlines: tuple[Deadline, ...] = ()
    amounts: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class NonClause:
    """Text of the original that belongs in no clause, and why (`what`, in Chinese: 页码, 主送机关, 附件标题...)."""

    text: str
    what: str


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive characters of the original: `text == original[start:end]`, which may hold white space."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """`lost`: what the original says and nothing holds. `added`: what a clause says and the original does not."""

    lost: tuple[Run, ...]
    added: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.lost and not self.added


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """A document as found. Empty strings and None are "not found": staff fill them in.

    `jurisdiction` is an id of `knowledge.answering.places` (`sd-jining`), guessed from issuer and title.
    `notes` are sentences for staff about what was dropped or could not be found.
    `embedded` are documents with their own number printed inside this one (a 附件 that is itself a 通知); their text
    is theirs alone: this document's `original_text` and `completeness` do not cover it.
    """

    title: str
    doc_no: str
    issuer: str
    issue_date: date | None
    jurisdiction: str | None
    addressees: str
    clauses: tuple[ImportedClause, ...]
    section_headings: tuple[str, ...]
    """Headings that are no clause of their own, in order; they appear in the clauses' `section_path`."""
    non_clauses: tuple[NonClause, ...]
    original_text: str
    completeness: Completeness
    notes: tuple[str, ...] = ()
    embedded: tuple[ImportedDocument, ...] = ()
    scan: Scan | None = None
    """Set when the text was recognised on pictures: nothing of it may be used before a person has compared it."""

    @property
    def all_documents(self) -> tuple[ImportedDocument, ...]:
        """This document, then those embedded in it."""
        return (self, *self.embedded)
