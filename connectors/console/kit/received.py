"""A policy file as the browser sends it: read, or refused with a reason beside the field and an entry in the audit."""

from __future__ import annotations

from pathlib import PurePath

from aiohttp import web

from base.database import Database
from connectors.console.kit.forms import Form
from connectors.console.kit.multipart import read_parts
from connectors.console.kit.session import MEMBER, REFUSAL
from knowledge.documents.document import ImportedDocument
from knowledge.documents.importing import MOST_BYTES, import_document
from knowledge.documents.refusals import Refused
from staff import audit
from staff.audit import Action


async def received(
    request: web.Request, log_book: Database, form: Form, *, recognising: bool = False
) -> ImportedDocument | None:
    """What the file says; None with the reason in `form.errors`. Nothing is kept of the file. With `recognising`,
    pictures of pages are taken, too."""
    _, upload = await read_parts(request, MOST_BYTES)
    if upload is None or not upload.name:
        form.errors["file"] = "请先选择文件。"
        return None
    try:
        return await import_document(upload.data, upload.name, upload.content_type, recognising=recognising)
    except Refused as refusal:
        suffix = PurePath(upload.name).suffix.lower()[:10]
        who = request[MEMBER].username
        await audit.note_alone(log_book, who, Action.UPLOAD_REFUSED, f"upload{suffix}", detail=refusal.code)
        request[REFUSAL] = ""
        form.errors["file"] = refusal.staff_text
        return None
