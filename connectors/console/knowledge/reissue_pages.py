"""上传新版本: a file into a document that is there, compared clause by clause, kept as a draft of the whole.

As with an upload, nothing is stored between the file and the save: the pages carry everything, and what of the
document the editor saw (`seen`), so that nobody's work is run over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from aiohttp import web

from base.database import Database
from connectors.console.kit import fields
from connectors.console.kit.catalog import Catalog
from connectors.console.kit.forms import Form
from connectors.console.kit.multipart import read_parts
from connectors.console.kit.received import received
from connectors.console.kit.saving import Saving
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import moment, render
from connectors.console.knowledge.comparison import chosen_twice, comparison, losers, matched, parts_of
from connectors.console.knowledge.correction import checked, correction
from connectors.console.knowledge.findings import editable
from connectors.console.knowledge.items import PATHS
from connectors.console.knowledge.typed_documents import WAS, Found, parsed
from knowledge.authoring.bundles import Unsettled
from knowledge.authoring.content import ClauseContent, DocumentContent
from knowledge.authoring.dependents import Together
from knowledge.authoring.editing import Conflict
from knowledge.authoring.models import Kind
from knowledge.authoring.reissue import NewPart, Plan, Present, Reissues, plan
from knowledge.authoring.review import Review
from knowledge.authoring.versions import Version
from knowledge.documents.document import ImportedDocument
from knowledge.documents.importing import MOST_BYTES

_UNCHANGED = "新文件和现在的内容一样，没有要保存的。"
_TWICE = "这一条上面已经对应过了：每一条现在的条款只能对应一次，请改选。"
_INCOMPLETE = "原文和条款还有不一致的地方。请按“改切分、补文字”改好；如果是有意的，请勾选确认。"
_NOT_FOUND = re.compile("请(填写|选择)。$")
_EMBEDDED = "文件里还印着另一份文件《{title}》{doc_no}，它不在这个新版本里；要用的话，请另外按“上传文件”上传。"


class ReissuePages:
    """`/console/documents/{id}/new-version` and the pages behind it."""

    def __init__(
        self, database: Database, reissues: Reissues, review: Review, together: Together, catalog: Catalog
    ) -> None:
        self._database, self._reissues, self._catalog = database, reissues, catalog
        self._saving = Saving(review, together)

    async def ask(self, request: web.Request) -> web.StreamResponse:
        return await self._upload_page(request, Form(), await self._present(request))

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Read the file and compare what was found with what is there."""
        form, present = Form(), await self._present(request)
        document = await received(request, self._database, form)
        if document is None or present.pending:
            return await self._upload_page(request, form, present)
        return await self._compare(request, form, _beginning(document, present.document), present)

    async def work(self, request: web.Request) -> web.StreamResponse:
        """The buttons below a comparison: correct the import, compare again, keep as a draft, submit."""
        typed, _ = await read_parts(request, 0)
        form, found, present = Form(typed), fields.nested(typed.items()), await self._present(request)
        checks = await checked(found)
        if form.get("then") == "correct":
            return await self._correct(request, form, found, present)
        documents = parsed(form, found)
        was = await matched(present, found["documents"][0].get("clauses", []))
        for place in chosen_twice(was):
            form.errors[f"documents.0.clauses.{place}.{WAS}"] = _TWICE
        is_save = form.get("then") in ("save", "submit")
        if is_save and form.get("accepted") != "yes" and not checks[0].complete:
            form.errors["accepted"] = _INCOMPLETE
        if not is_save or not form.ok:
            return await self._compare(request, form, found, present)
        ((document, clauses), *_) = documents
        document = document.model_copy(update={"status_note": present.document.status_note})
        return await self._keep(request, form, found, present, document, parts_of(clauses, was))

    async def _keep(
        self,
        request: web.Request,
        form: Form,
        found: Found,
        present: Present,
        document: DocumentContent,
        parts: Sequence[NewPart],
    ) -> web.StreamResponse:
        """Save it, or say on the page why not."""
        who, new = request[MEMBER].username, plan(present, parts)
        if new.changes_nothing and document == present.document:
            form.errors[""] = _UNCHANGED
            return await self._compare(request, form, found, present)
        why = form.text("why", most=400)
        note = f"上传新版本：{_counted(new) or '条款的文字没有变'}{'；' if why else ''}{why}"
        try:
            made = await self._reissues.save(present.id, document, parts, seen=_seen(found), who=who, note=note)
        except Conflict as conflict:
            if not conflict.is_sent_twice(who):
                form.errors[""] = await self._told(conflict.theirs)
                return await self._compare(request, form, found, await self._present(request), HTTPStatus.CONFLICT)
            made = conflict.theirs
        except Unsettled as refusal:
            form.errors[""] = refusal.citizen_text
            return await self._compare(request, form, found, await self._present(request), HTTPStatus.CONFLICT)
        path = f"{PATHS[Kind.DOCUMENT]}/{made.item_id}"
        raise await self._saving.next_page(request, form, made, path, saved="reissued")

    async def _told(self, theirs: Version) -> str:
        who = (await self._catalog.people()).get(theirs.author, theirs.author)
        when = moment(theirs.created_at)
        return (
            f"没有保存：您核对期间，{who}在 {when} 保存了“{theirs.title}”的第 {theirs.version} 版，"
            "没有被您的盖掉。下面已按现在的内容重新比较，请核对后再保存。"
        )

    async def _upload_page(self, request: web.Request, form: Form, present: Present) -> web.Response:
        context = {
            "form": form,
            "limit": MOST_BYTES,
            "present": present,
            "paths": PATHS,
            "action": _address(present),
        }
        return render(request, "reissue.html", context, status=200 if form.ok else 422)

    async def _correct(self, request: web.Request, form: Form, found: Found, present: Present) -> web.Response:
        """The page that an upload has for it; which clause is which is looked for anew afterwards."""
        context = await correction(form, found, self._catalog)
        return render(request, "reissue_correction.html", context | {"present": present, "action": _address(present)})

    async def _compare(
        self, request: web.Request, form: Form, found: Found, present: Present, status: int = HTTPStatus.OK
    ) -> web.Response:
        (check, *_), document = await checked(found), found["documents"][0]
        rows = document.setdefault("clauses", [])
        parts = [NewPart(was, _shown(row)) for was, row in zip(await matched(present, rows), rows, strict=True)]
        new, names = plan(present, parts), await self._catalog.names()
        context = {
            "form": form,
            "document": document,
            "check": check,
            "present": present,
            "compared": await comparison(present, parts, new, names),
            "losers": losers(present, new, await self._reissues.losing(new)),
            "paths": PATHS,
            "names": names,
            "action": _address(present),
            "why": form.get("why"),
        }
        if status == HTTPStatus.OK and not form.ok:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "comparison.html", context, status=status)

    async def _present(self, request: web.Request) -> Present:
        return await self._reissues.present(request.match_info["id"])


def _address(present: Present) -> str:
    return f"/console/documents/{quote(present.id, safe='')}/new-version"


def _beginning(document: ImportedDocument, current: DocumentContent) -> Found:
    """The fields of the pages: of the documents in the file that which is most like the current one, with the current
    one's head where the file says nothing."""
    found: Found = editable(document)
    likeness = [
        (part["doc_no"] == current.doc_no, SequenceMatcher(None, part["title"], current.title).ratio())
        for part in found["documents"]
    ]
    own = found["documents"].pop(likeness.index(max(likeness)))
    own["jurisdiction"] = current.jurisdiction
    own["notes"] = [_NOT_FOUND.sub("先填了现在的，请核对。", note) for note in own["notes"]]
    own["notes"] += [_EMBEDDED.format(**other) for other in found["documents"]]
    head = {name: value for name, value in current.to_json().items() if name in own and not own[name]}
    return {"documents": [own | head]}


def _shown(row: Mapping[str, Any]) -> ClauseContent:
    """A typed clause to look at, whatever is wrong with it."""
    return ClauseContent.model_construct(
        document="",
        number=str(row.get("number") or ""),
        position=0,
        kind=str(row.get("kind") or "section"),
        heading=str(row.get("heading") or ""),
        text=str(row.get("text") or ""),
    )


def _seen(found: Found) -> dict[str, int]:
    """id → version, from lines of the form."""
    lines = [str(line).rpartition(".") for line in found.get("seen", []) if isinstance(line, str)]
    return {id: int(version) for id, _, version in lines if version.isdecimal()}


def _counted(new: Plan) -> str:
    """改 2 条、新增 1 条"""
    renumbered = len(new.renumbered)
    changed = len(new.changed) - renumbered - len(new.moved)
    counts = {"改": changed, "新增": len(new.new), "删去": len(new.gone), "只变编号": renumbered}
    return "、".join(f"{word} {count} 条" for word, count in counts.items() if count)
