"""文件上传: a file in, what was found next to the original, corrected by a person, kept as a draft.

Between upload and save nothing is stored here: the correction page carries everything, so a restart of the service
or a slow editor loses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from aiohttp import web

from casework import audit
from casework.audit import Action
from connectors.console import fields
from connectors.console.catalog import Catalog
from connectors.console.findings import editable, highlighted, marked, recheck
from connectors.console.forms import Form
from connectors.console.multipart import read_parts
from connectors.console.session import MEMBER, REFUSAL
from connectors.console.view import back_to, render
from connectors.console.words import CLAUSE_KINDS
from knowledge import content as contents
from knowledge.backoffice_models import Kind
from knowledge.content import ClauseContent, DocumentContent, InvalidContent
from knowledge.documents.importing import MOST_BYTES, import_document
from knowledge.documents.refusals import Refused
from knowledge.editing import Conflict, Editing
from knowledge.review import Review
from knowledge.versions import new_id
from service.database import Database

_HEAD = ("title", "doc_no", "issuer", "issue_date", "jurisdiction", "valid_from", "valid_until", "superseded_by")
Found = dict[str, Any]
"""The correction page's data: {"documents": [{title, …, original, clauses: […], others: […], sections: […]}]}."""


class UploadPages:
    """`/console/documents/upload` and the correction page behind it."""

    def __init__(self, database: Database, editing: Editing, review: Review, catalog: Catalog) -> None:
        self._database, self._editing, self._review, self._catalog = database, editing, review, catalog

    async def ask(self, request: web.Request) -> web.StreamResponse:
        return self._upload_page(request, Form())

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Read the file and show what was found."""
        form = Form()
        _, upload = await read_parts(request, MOST_BYTES)
        if upload is None or not upload.name:
            form.errors["file"] = "请先选择文件。"
            return self._upload_page(request, form)
        try:
            document = await import_document(upload.data, upload.name, upload.content_type)
        except Refused as refusal:
            suffix = PurePath(upload.name).suffix.lower()[:10]
            who = request[MEMBER].username
            await audit.note_alone(self._database, who, Action.UPLOAD_REFUSED, f"upload{suffix}", detail=refusal.code)
            request[REFUSAL] = ""
            form.errors["file"] = refusal.staff_text
            return self._upload_page(request, form)
        return await self._correction(request, Form(), editable(document))

    async def save(self, request: web.Request) -> web.StreamResponse:
        """Keep it as a draft when every field is right and every difference to the original is meant."""
        typed, _ = await read_parts(request, 0)
        form, found = Form(typed), fields.nested(typed.items())
        parsed = _parsed(form, found)
        if form.get("then") not in ("save", "submit") or not form.ok:
            return await self._correction(request, form, found)
        checks = await asyncio.to_thread(lambda: [recheck(document) for document in found["documents"]])
        if form.get("accepted") != "yes" and not all(check.complete for check in checks):
            form.errors["accepted"] = "原文和条款还有不一致的地方。请改好；如果是有意的，请勾选确认。"
            return await self._correction(request, form, found)
        ids = [new_id(Kind.DOCUMENT, str(document.get("key", ""))) for document in found["documents"]]
        try:
            raise await self._keep(request, form, parsed, ids)
        except Conflict:
            form.errors[""] = "这份文件刚才已经保存过了。还要改的，请到“文件”里打开它，改它的条款。"
            return await self._correction(request, form, found)

    async def _keep(
        self,
        request: web.Request,
        form: Form,
        parsed: list[tuple[DocumentContent, list[ClauseContent]]],
        ids: list[str],
    ) -> web.HTTPSeeOther:
        who, done, first = request[MEMBER].username, "imported", ""
        note = form.text("why", most=500)
        for (document, clauses), document_id in zip(parsed, ids, strict=True):
            made = await self._editing.create_document(document, clauses, who=who, note=note, document_id=document_id)
            first = first or made.item_id
            if form.get("then") == "submit":
                await self._review.submit(made.revision_id, who=who)
                done = "submitted"
        return back_to(f"/documents/{first}", done)

    def _upload_page(self, request: web.Request, form: Form) -> web.Response:
        context = {"form": form, "limit": MOST_BYTES}
        return render(request, "upload.html", context, status=200 if form.ok else 422)

    async def _correction(self, request: web.Request, form: Form, found: Found) -> web.Response:
        if not isinstance(found.get("documents"), list):
            raise web.HTTPBadRequest
        checks = await asyncio.to_thread(lambda: [recheck(document) for document in found["documents"]])
        originals = [
            highlighted(document["original"], check) for document, check in zip(found["documents"], checks, strict=True)
        ]
        context = {
            "form": form,
            "found": found,
            "checks": checks,
            "originals": originals,
            "marked": marked,
            "why": form.get("why"),
            "places": await self._catalog.places(),
            "documents": await self._catalog.documents(),
            "clause_kinds": CLAUSE_KINDS,
        }
        return render(request, "correction.html", context, status=200 if form.ok else 422)


def _parsed(form: Form, found: Mapping[str, Any]) -> list[tuple[DocumentContent, list[ClauseContent]]]:
    """Every document with its clauses; complaints go into `form.errors` under the fields' paths."""
    result = []
    for number, typed in enumerate(found.get("documents", [])):
        path = f"documents.{number}"
        document = _parse(form, Kind.DOCUMENT, {name: typed.get(name) for name in _HEAD}, path)
        clauses = []
        for position, row in enumerate(typed.get("clauses", [])):
            own = {"document": "new", "position": position, "caller_facing": row.get("searchable", False), **row}
            clauses.append(_parse(form, Kind.CLAUSE, own, f"{path}.clauses.{position}"))
        result.append((document, clauses))
    return result  # type: ignore[return-value]  # None only beside an entry in form.errors


def _parse(form: Form, kind: Kind, data: Mapping[str, Any], path: str) -> contents.Content | None:
    try:
        return contents.parse(kind, data)
    except InvalidContent as problem:
        form.errors.update({f"{path}.{field}".rstrip("."): words for field, words in problem.fields.items()})
        return None
