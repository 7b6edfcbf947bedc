"""The five seed documents as files of every format, and what must be found in them.

The text files are the seed's own. The others are made from their paragraphs by real writers (python-docx, ReportLab,
Chromium), as an office would print them: indented paragraphs, ruled tables, page numbers.
"""

from __future__ import annotations

import html
import io
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import docx
import yaml
from docx.shared import Pt
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph as Printed
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

from knowledge.authoring.seed import DATA
from knowledge.documents import lines
from knowledge.documents.completeness import squeeze
from knowledge.documents.document import ImportedDocument
from knowledge.documents.lines import Paragraph
from knowledge.documents.reading import text

SOURCES = {path.stem: path for path in sorted((DATA / "seed" / "source").glob("*.txt"))}
CSS = """@page{size:A4;margin:37mm 26mm 35mm 28mm;@bottom-center{content:"— " counter(page) " —"}}
body{font:16pt/28pt "Noto Serif CJK SC"} p{text-indent:2em;margin:0;text-align:justify}
table{border-collapse:collapse;font-size:10pt;width:100%} td{border:1px solid}"""


@cache
def _yaml(name: str) -> Any:
    return yaml.load((DATA / "seed" / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def known_document(doc_no: str) -> dict[str, Any]:
    """The seed's own row of a document."""
    return next(row for row in _yaml("documents.yaml")["documents"] if row["doc_no"] == doc_no)


def known_clauses(doc_no: str) -> list[dict[str, Any]]:
    return [row for row in _yaml("clauses.yaml")["clauses"] if row["doc"] == known_document(doc_no)["id"]]


def differences(document: ImportedDocument) -> tuple[Counter[str], Counter[str]]:
    """Texts of clauses (white space aside) that the seed has and the import has not, and the other way round."""
    known = Counter(squeeze(row["text"]) for row in known_clauses(document.doc_no))
    found = Counter(squeeze(clause.text) for clause in document.clauses)
    return known - found, found - known


def paragraphs(path: Path) -> list[Paragraph]:
    return lines.paragraphs(text.read(path.read_bytes()).blocks)


def as_docx(path: Path) -> bytes:
    """One Word paragraph per paragraph, tables as tables, a page number in the footer."""
    document = docx.Document()
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    rows: list[tuple[str, ...]] = []
    for paragraph in [*paragraphs(path), None]:
        if paragraph is not None and paragraph.cells is not None:
            rows.append(paragraph.cells)
            continue
        if rows:
            table = document.add_table(len(rows), max(map(len, rows)))
            for row, cells in zip(table.rows, rows, strict=True):
                for cell, value in zip(row.cells, cells, strict=False):
                    cell.text = value
            rows = []
        if paragraph is not None:
            document.add_paragraph(paragraph.text).paragraph_format.first_line_indent = Pt(32)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_html(path: Path) -> str:
    """A page with paragraphs and tables, styled for print."""
    out, in_table = [], False
    for paragraph in paragraphs(path):
        if (paragraph.cells is not None) != in_table:
            in_table = not in_table
            out.append("<table>" if in_table else "</table>")
        if paragraph.cells is not None:
            out.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in paragraph.cells) + "</tr>")
        else:
            out.append(f"<p>{html.escape(paragraph.text)}</p>")
    if in_table:
        out.append("</table>")
    return f"<!doctype html><meta charset=utf-8><title>通知</title><style>{CSS}</style>" + "\n".join(out)


def as_pdf(path: Path, password: str = "") -> bytes:
    """A PDF by ReportLab, with page numbers."""
    return print_pdf(paragraphs(path), password)


def print_pdf(some: list[Paragraph], password: str = "") -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle("body", fontName="STSong-Light", fontSize=16, leading=28, firstLineIndent=32, wordWrap="CJK")
    small = ParagraphStyle("cell", fontName="STSong-Light", fontSize=9, leading=12, wordWrap="CJK")
    story: list[Any] = []
    rows: list[list[Any]] = []
    for paragraph in [*some, None]:
        if paragraph is not None and paragraph.cells is not None:
            rows.append([Printed(html.escape(cell), small) for cell in paragraph.cells])
            continue
        if rows:
            columns = max(map(len, rows))
            even = [row + [""] * (columns - len(row)) for row in rows]
            story.append(_ruled(even, columns))
            rows = []
        if paragraph is not None:
            story.append(Printed(html.escape(paragraph.text), body))
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=28 * mm,
        rightMargin=26 * mm,
        topMargin=37 * mm,
        bottomMargin=35 * mm,
        encrypt=password or None,
    )
    template.build(story, onFirstPage=_page_number, onLaterPages=_page_number)
    return out.getvalue()


def _ruled(rows: list[list[Any]], columns: int) -> Table:
    width = 156 * mm
    widths = {5: [0.07, 0.15, 0.5, 0.16, 0.12], 3: [0.1, 0.4, 0.5]}.get(columns, [1 / columns] * columns)
    style = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    return Table(rows, [width * share for share in widths], style=style)


def _page_number(canvas: Any, template: Any) -> None:
    canvas.setFont("STSong-Light", 12)
    canvas.drawCentredString(A4[0] / 2, 18 * mm, f"— {template.page} —")
