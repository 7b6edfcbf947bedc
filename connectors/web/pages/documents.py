"""`/documents`, `/documents/{id}`: what is on air, word for word, clause by clause. Nothing here needs JavaScript.

    /documents/jining-yb-2023-25?clause=jining-yb-2023-25.m08&mark=不再需要…#c-jining-yb-2023-25.m08

opens at the clause with those words marked. Contacts that offices gave each other are left out, and the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from connectors.web.pages.view import calm, render
from knowledge.public import published
from knowledge.public.marking import runs
from knowledge.public.published import Published, ReadableClause

_MOST_MARKS = 8
_CONTACT, _TABLE_ROW, _FACT = "contact", "table_row", "fact"


@dataclass(frozen=True, slots=True)
class Shown:
    """A clause on the page. `runs`: its text in pieces, marked or not; empty for a contact."""

    clause: ReadableClause
    runs: list[tuple[str, bool]]
    is_open: bool


class DocumentPages:
    """The handlers. `home`: whose citizens are answered; documents that do not hold there are listed apart."""

    def __init__(self, reading: Published, *, home: str) -> None:
        self._reading, self._home = reading, home

    async def index(self, request: web.Request) -> web.Response:
        """Every document on air."""
        lines, places = await self._reading.documents(), await self._reading.places()
        above = published.chain(places, self._home)
        here = [line for line in lines if line.place in above or self._home in published.chain(places, line.place)]
        elsewhere = [line for line in lines if line not in here]
        return render(request, "documents.html", {"here": here, "elsewhere": elsewhere})

    async def show(self, request: web.Request) -> web.Response:
        """One document; unknown or taken down, a calm page."""
        document = await self._reading.document(request.match_info["id"])
        if document is None:
            return calm(request, "没有这份文件", "这份文件可能已经更新或者撤下了，或者网址不完整。")
        opened = request.query.get("clause", "")
        marks = request.query.getall("mark", [])[:_MOST_MARKS]
        shown = [_shown(clause, opened, marks) for clause in document.clauses]
        context = {
            "document": document,
            "clauses": [one for one in shown if one.clause.kind != _TABLE_ROW],
            "rows": [one for one in shown if one.clause.kind == _TABLE_ROW],
            "is_retelling": any(clause.kind == _FACT for clause in document.clauses),
            "is_gone": bool(opened) and not any(one.is_open for one in shown),
        }
        return render(request, "document.html", context)


def _shown(clause: ReadableClause, opened: str, marks: list[str]) -> Shown:
    is_open = clause.id == opened
    if clause.kind == _CONTACT:
        return Shown(clause, [], is_open)
    return Shown(clause, runs(clause.text, marks if is_open else ()), is_open)
