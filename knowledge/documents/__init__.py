"""Documents in: a file that staff upload becomes a document with clauses, and nothing of it is lost silently.

    from knowledge.documents import import_document
    from knowledge.documents.refusals import Refused

    document = await import_document(data, "通知.pdf", content_type)      # raises Refused: show `.staff_text`
    document.title, document.doc_no, document.issuer, document.issue_date, document.jurisdiction
    document.clauses            # ImportedClause: number, kind, heading, text, section_path, deadlines, amounts
    document.completeness.lost  # runs of document.original_text that stand nowhere, with their places
    document.all_documents      # a file may hold a further document among its attachments

After staff changed clauses, check again (in a thread, it reads the whole text):

    from knowledge.documents import completeness
    completeness.check(document.original_text, [*clause_texts, *document.section_headings, *non_clause_texts])

and for one text: `marks.deadlines(text, year)` and `marks.amounts(text)`; for two versions: `diff.diff(before, after)`,
and `matching.match(old, new)` for which clause is which.

    importing.py    the file's kind; the steps            lines.py       line breaks, hyphens and spaces repaired
    reading/        docx, pdf, ofd, txt, html → blocks,   head.py        文号, title, issuer, date, jurisdiction
                    in a process with limits              printed_dates.py dates in digits and in characters
    document.py     what is handed back                   contents.py    a typed 目录 set aside
    refusals.py     why a file is not taken               parts.py       main text, attachments, signatures
    advice.py       what to do with a kind not taken      outline.py     一、 （一） 1、 第X条 as a tree
    completeness.py is every character somewhere?         tables.py      tables, forms, contacts, names
    marks.py        deadlines and amounts                 columns.py     column names, and a row said with them
    reading/recognising.py, trade_words.py, scan.py     text on pictures of pages, and what is uncertain
    structure.py    all of these, for a whole file        clauses.py     numbers, kinds, headings
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.documents.importing import import_document

__all__ = ["import_document"]


def __getattr__(name: str) -> object:
    """Import on first use: the reading process needs this package, and none of what `importing` loads."""
    if name == "import_document":
        from knowledge.documents.importing import import_document

        return import_document
    raise AttributeError(name)
