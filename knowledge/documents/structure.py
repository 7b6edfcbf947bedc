"""From paragraphs to documents: cut at embedded documents, then head, parts, clauses and the completeness check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.documents import completeness, contents, head, issuers, parts, printed_dates
from knowledge.documents.clauses import ClauseFinder
from knowledge.documents.document import ImportedDocument, NonClause
from knowledge.documents.lines import Paragraph

_MISSING = (
    ("title", "没有找到标题，请填写。"),
    ("doc_no", "没有找到文号，请填写。"),
    ("issuer", "没有找到发文机关，请填写。"),
    ("issue_date", "没有找到发文日期，请填写。"),
    ("jurisdiction", "看不出适用地区，请选择。"),
)


def documents(paragraphs: Sequence[Paragraph], notes: tuple[str, ...]) -> ImportedDocument:
    """The document that `paragraphs` hold, with those embedded in it. Takes time linear in their text."""
    first, *others = [_document(some) for some in _cut(contents.marked(paragraphs))]
    embedded = tuple(replace(document, notes=_missing(document)) for document in others)
    return replace(first, notes=notes + _missing(first), embedded=embedded)


def _cut(paragraphs: Sequence[Paragraph]) -> list[Sequence[Paragraph]]:
    """Cut before every further red head: the issuer's line and, alone below it, a document number."""
    starts = [0]
    for at in range(1, len(paragraphs)):
        above = paragraphs[at - 1].text
        red_head = re.fullmatch(r".{2,30}文件", above) is not None or issuers.is_organisation(above)
        if red_head and head.DOC_NO.fullmatch(paragraphs[at].text) and at - 1 - starts[-1] > 5:
            starts.append(at - 1)
    return [paragraphs[start:end] for start, end in zip(starts, [*starts[1:], len(paragraphs)], strict=True)]


def _document(paragraphs: Sequence[Paragraph]) -> ImportedDocument:
    top = head.read(paragraphs)
    issued = head.issue_date(paragraphs[top.length :]) or top.issued
    split = parts.split(paragraphs, top.length)
    title = _brought(split) if top.title.endswith("令") else ""
    finder = ClauseFinder(top.title, issued.year if issued else None)
    found = finder.find(split)
    others = [line for _, line in sorted(split.non_clauses, key=lambda entry: entry[0])]
    signature = _first_signature(sorted(split.non_clauses, key=lambda entry: entry[0]))
    signed = issuers.signatory([paragraphs[at] for at in signature])
    issuer = signed if top.issuer and top.issuer in signed.split("、") else top.issuer or signed
    pieces = [((-1, at), line.text) for at, line in enumerate(top.non_clauses)]
    pieces += [(order, line.text) for order, line in split.non_clauses]
    pieces += [(order, clause.text) for order, clause in found.clauses]
    pieces += found.headings
    original = "\n".join(finder.restated.get(at, paragraph.raw) for at, paragraph in enumerate(paragraphs))
    return ImportedDocument(
        title=title or top.title,
        doc_no=top.doc_no,
        issuer=issuer,
        issue_date=issued,
        jurisdiction=issuers.jurisdiction(issuer, top.doc_no, top.title),
        addressees=top.addressees,
        clauses=tuple(clause for _, clause in found.clauses),
        section_headings=tuple(text for _, text in found.headings),
        non_clauses=(*top.non_clauses, *others),
        original_text=original,
        completeness=completeness.check(original, [text for _, text in sorted(pieces, key=lambda piece: piece[0])]),
    )


def _brought(split: parts.Parts) -> str:
    """The title of what an order publishes, in one or several lines behind its signature; "" when it has none."""
    title = ""
    for _, line in split.non_clauses:
        if line.what == "正文标题":
            title += line.text
            if head.ends_title(title):
                return title
    return ""


def _first_signature(non_clauses: Sequence[tuple[tuple[int, int], NonClause]]) -> list[int]:
    """Where the lines of the first signature are, up to its date: what is printed below a notice may have its own."""
    lines: list[int] = []
    for (at, _), line in non_clauses:
        if line.what == "落款":
            lines.append(at)
        if lines and (line.what != "落款" or printed_dates.find(line.text)):
            break
    return lines


def _missing(document: ImportedDocument) -> tuple[str, ...]:
    return tuple(note for name, note in _MISSING if not getattr(document, name))
