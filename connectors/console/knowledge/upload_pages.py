"""文件上传: a file in, what was found next to the original, corrected by a person, kept as a draft.

Between upload and save nothing is stored here: the correction page carries everything, so a restart of the service
or a slow editor loses nothing.
"""

from __future__ import annotations

from aiohttp import web

from base.database import Database
from connectors.console.kit import fields
from connectors.console.kit.catalog import Catalog
from connectors.console.kit.forms import Form
from connectors.console.kit.multipart import read_parts
from connectors.console.kit.received import received
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import back_to, render
from connectors.console.knowledge.correction import checked, correction
from connectors.console.knowledge.findings import editable
from connectors.console.knowledge.scans import NOT_CONFIRMED, NOTE, Scans
from connectors.console.knowledge.typed_documents import Found, parsed
from knowledge.authoring.content import ClauseContent, DocumentContent
from knowledge.authoring.editing import Conflict, Editing
from knowledge.authoring.models import Kind
from knowledge.authoring.review import Review
from knowledge.authoring.versions import new_id
from knowledge.documents.importing import MOST_BYTES


class UploadPages:
    """`/console/documents/upload` and the correction page behind it."""

    def __init__(self, database: Database, editing: Editing, review: Review, catalog: Catalog) -> None:
        self.scans = Scans()
        self._database, self._editing, self._review, self._catalog = database, editing, review, catalog

    async def ask(self, request: web.Request) -> web.StreamResponse:
        return self._upload_page(request, Form())

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Read the file and show what was found."""
        form = Form()
        document = await received(request, self._database, form, recognising=True)
        if document is None:
            return self._upload_page(request, form)
        found: Found = editable(document)
        if document.scan is not None:
            key = self.scans.keep(document.scan)
            for part in found["documents"]:
                part["scan"] = key
        return await self._correction(request, Form(), found)

    async def save(self, request: web.Request) -> web.StreamResponse:
        """Keep it as a draft when every field is right and every difference to the original is meant."""
        typed, _ = await read_parts(request, 0)
        form, found = Form(typed), fields.nested(typed.items())
        documents = parsed(form, found)
        if form.get("then") not in ("save", "submit") or not form.ok:
            return await self._correction(request, form, found)
        checks = await checked(found)
        if form.get("accepted") != "yes" and not all(check.complete for check in checks):
            form.errors["accepted"] = "原文和条款还有不一致的地方。请改好；如果是有意的，请勾选确认。"
        if any(document.get("scan") for document in found["documents"]) and form.get("compared") != "yes":
            form.errors["compared"] = NOT_CONFIRMED
        if not form.ok:
            return await self._correction(request, form, found)
        ids = [new_id(Kind.DOCUMENT, str(document.get("key", ""))) for document in found["documents"]]
        try:
            raise await self._keep(request, form, found, documents, ids)
        except Conflict:
            form.errors[""] = "这份文件刚才已经保存过了。还要改的，请到“文件”里打开它，改它的条款。"
            return await self._correction(request, form, found)

    async def _keep(
        self,
        request: web.Request,
        form: Form,
        found: Found,
        documents: list[tuple[DocumentContent, list[ClauseContent]]],
        ids: list[str],
    ) -> web.HTTPSeeOther:
        who, done, first = request[MEMBER].username, "imported", ""
        why = form.text("why", most=400)
        for (document, clauses), document_id, part in zip(documents, ids, found["documents"], strict=True):
            note = f"{NOTE}{why}" if part.get("scan") else why
            made = await self._editing.create_document(document, clauses, who=who, note=note, document_id=document_id)
            first = first or made.item_id
            if form.get("then") == "submit":
                await self._review.submit(made.revision_id, who=who)
                done = "submitted"
        return back_to(f"/documents/{first}", done)

    def _upload_page(self, request: web.Request, form: Form) -> web.Response:
        context = {"form": form, "limit": MOST_BYTES, "action": "/console/documents/upload"}
        return render(request, "upload.html", context, status=200 if form.ok else 422)

    async def _correction(self, request: web.Request, form: Form, found: Found) -> web.Response:
        context = await correction(form, found, self._catalog, self.scans)
        return render(request, "correction.html", context, status=200 if form.ok else 422)
