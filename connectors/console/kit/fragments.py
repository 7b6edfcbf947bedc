"""Pieces of forms that htmx fetches: clauses to quote from, a new quote, a new answer, a new statement of a guide."""

from __future__ import annotations

import time

from aiohttp import web

from connectors.console.kit.catalog import Catalog, clause_name
from connectors.console.kit.forms import Form
from connectors.console.kit.view import render
from connectors.console.knowledge.items import EMPTY_ANSWER
from knowledge.authoring import seed
from knowledge.authoring.content import ELEMENTS, ClauseContent
from knowledge.authoring.editing import Editing
from knowledge.authoring.models import Kind

_MOST_CLAUSES = 8


class Fragments:
    """Handlers below `/console/clauses`, `/console/faq` and `/console/guides`."""

    def __init__(self, editing: Editing, catalog: Catalog) -> None:
        self._editing, self._catalog = editing, catalog

    async def pick(self, request: web.Request) -> web.StreamResponse:
        """Clauses with the words typed, sentence by sentence."""
        asked = request.query.get("q", "").strip()
        found = [{**clause, "sentences": seed.sentences(clause["text"])} for clause in await self._found(asked)]
        return render(request, "pick.html", {"clauses": found, "asked": asked, "row": _row(request)})

    async def find(self, request: web.Request) -> web.StreamResponse:
        """Clauses with the words typed, to stand on as a whole."""
        asked, into = request.query.get("q", "").strip(), request.query.get("into", "")
        return render(request, "find.html", {"clauses": await self._found(asked), "asked": asked, "into": into})

    async def _found(self, asked: str) -> list[dict[str, str]]:
        if not asked:
            return []
        page = await self._editing.find(Kind.CLAUSE, text=asked, page_size=_MOST_CLAUSES)
        ids = [item.id for item in page.items]
        names, newest = await self._catalog.clauses(ids), await self._editing.newest(Kind.CLAUSE, ids)
        texts = {id: content.text for id, content in newest.items() if isinstance(content, ClauseContent)}
        return [{"id": id, "about": names[id], "text": texts[id]} for id in ids]

    async def quote(self, request: web.Request) -> web.StreamResponse:
        """A sentence of a clause as a new quote of an answer."""
        clause, number = request.query.get("clause", ""), Form(request.query).number("sentence", 0)
        opened = await self._editing.open(Kind.CLAUSE, clause)
        assert isinstance(opened.content, ClauseContent)
        sentences = seed.sentences(opened.content.text)
        text = sentences[number] if 0 <= number < len(sentences) else opened.content.text
        documents = await self._catalog.documents()
        context = {
            "path": f"answers.{_row(request)}.quotes.{_new_number()}",
            "quote": {"clause": clause, "text": text, "role": "lead"},
            "about": clause_name(documents.get(opened.content.document, ""), opened.newest.title),
        }
        return render(request, "quote_new.html", context)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """An answer for one more place."""
        answer = {**EMPTY_ANSWER, "jurisdiction": ""}
        context = {"form": Form(), "number": _new_number(), "answer": answer, "places": await self._catalog.places()}
        return render(request, "answer_new.html", context)

    async def statement(self, request: web.Request) -> web.StreamResponse:
        """One more statement of a guide's element."""
        element = request.query.get("element", "")
        if element not in ELEMENTS:
            raise web.HTTPNotFound
        context = {
            "form": Form(),
            "path": f"{element}.{_new_number()}",
            "statement": {"value": "", "scope": "", "clauses": []},
            "places": await self._catalog.places(),
        }
        return render(request, "statement_new.html", context)


def _row(request: web.Request) -> int:
    """Which answer of the form asks."""
    return Form(request.query).number("row", 0)


def _new_number() -> int:
    """Greater than every number in the form, so that what is added comes last."""
    return time.time_ns() // 1000
