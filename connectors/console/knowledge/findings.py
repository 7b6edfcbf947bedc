"""What an import found, as the correction page shows it: rows to edit, the original with marks, the check."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from knowledge.authoring.versions import new_key
from knowledge.documents import completeness
from knowledge.documents.document import Completeness, ImportedDocument
from knowledge.documents.marks import amounts, deadlines
from knowledge.documents.reading.scans.scan import Scan
from knowledge.documents.validity import looks_like_navigation, validity

Piece = tuple[str, str]
"""A run of text and how it is marked: "", "deadline", "amount", "lost", "changed", "doubtful" or "digits"."""
_DIGITS = re.compile(r"\d[\d.,-]*")


def editable(document: ImportedDocument) -> dict[str, Any]:
    """The document and those printed inside it, in the shape that the page's fields have when they come back."""
    return {"documents": [_editable(part) for part in document.all_documents]}


def _editable(document: ImportedDocument) -> dict[str, Any]:
    measures = any(clause.kind.value == "measure" for clause in document.clauses)
    held, notes = validity(document.original_text, document.issue_date), list(document.notes)
    if held.words:
        notes.append(f"生效日期、失效日期是按“{held.words}”填的，请核对。")
    if looks_like_navigation(document.title):
        notes.append("标题像是网页上的导航，不像文件的标题。群众会看到标题，请改成文件自己的。")
    return {
        "key": new_key(),
        "title": document.title,
        "doc_no": document.doc_no,
        "issuer": document.issuer,
        "issue_date": document.issue_date.isoformat() if document.issue_date else None,
        "jurisdiction": document.jurisdiction or "",
        "valid_from": held.begins.isoformat() if held.begins else None,
        "valid_until": held.ends.isoformat() if held.ends else None,
        "superseded_by": None,
        "original": document.original_text,
        "notes": notes,
        "sections": list(document.section_headings),
        "others": [{"text": other.text, "what": other.what} for other in document.non_clauses],
        "clauses": [
            {
                "number": clause.number,
                "kind": clause.kind.value,
                "heading": clause.heading,
                "text": clause.text,
                "path": list(clause.section_path),
                # In a document with measures, the tables of duties say the measures once more.
                "searchable": not (measures and clause.kind.value == "table_row"),
            }
            for clause in document.clauses
        ],
    }


def recheck(document: Mapping[str, Any]) -> Completeness:
    """Is every character of the original in a clause, a heading, or among what was set aside? Slow for long texts."""
    texts = [row.get("text", "") for row in document.get("clauses", [])]
    others = [other.get("text", "") for other in document.get("others", [])]
    return completeness.check(document["original"], [*texts, *document.get("sections", []), *others])


def highlighted(original: str, check: Completeness, scan: Scan | None = None) -> list[Piece]:
    """The original with what is missing, time limits and amounts marked; of a scan, every number and doubt, too."""
    lost = [(run.start, run.end, "lost") for run in check.lost]
    if scan is None:
        return _cut(original, [*lost, *_marks(original)])
    digits = [(run.start(), run.end(), "digits") for run in _DIGITS.finditer(original)]
    return _cut(original, [*lost, *scan.spans(original), *_marks(original), *digits])


def marked(text: str, issued: str | None) -> list[tuple[str, str, date | None]]:
    """Time limits and amounts of one clause: (kind, as printed, last day)."""
    year = int(issued[:4]) if issued and issued[:4].isdecimal() else None
    limits = [("deadline", found.text, found.by) for found in deadlines(text, year)]
    return [*limits, *(("amount", found.text, None) for found in amounts(text))]


def _marks(text: str) -> list[tuple[int, int, str]]:
    limits = [(found.start, found.end, "deadline") for found in deadlines(text, None)]
    return [*limits, *((found.start, found.end, "amount") for found in amounts(text))]


def _cut(text: str, spans: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """Spans that come first win over later ones that overlap them."""
    taken: list[tuple[int, int, str]] = []
    for start, end, mark in spans:
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in taken):
            taken.append((start, end, mark))
    pieces, at = [], 0
    for start, end, mark in sorted(taken):
        pieces += [(text[at:start], ""), (text[start:end], mark)]
        at = end
    return [piece for piece in [*pieces, (text[at:], "")] if piece[0]]
