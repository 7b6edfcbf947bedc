"""Pages of one kind of knowledge (documents, clauses, FAQ, ...): list, look, edit, history, roll back.

All kinds share these handlers; what differs is the form's template and what a new one starts from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from base.staff_texts import StaffText
from base.tenant import TENANT
from connectors.console.kit import fields
from connectors.console.kit.catalog import Catalog
from connectors.console.kit.forms import Form
from connectors.console.kit.labels import AUDIENCES, CLAUSE_KINDS, CONFIDENCES, FAQ_KINDS, GROUPS, USABLES
from connectors.console.kit.paging import PAGE_SIZE, Paged, page_number
from connectors.console.kit.saving import Saving
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import back_to, render
from connectors.console.knowledge.readable import Names, clause_ids, compared, described
from knowledge.authoring import content as contents
from knowledge.authoring.content import ELEMENTS, Content, GuideContent, InvalidContent, StaffTextContent
from knowledge.authoring.dependents import Outlook, Together
from knowledge.authoring.editing import Conflict, Editing
from knowledge.authoring.faq_import import file_of
from knowledge.authoring.models import Kind, Stage
from knowledge.authoring.publishing import Problem
from knowledge.authoring.review import Review
from knowledge.authoring.versions import PENDING, Version, changes, new_id, new_key
from staff.roles import Permission

_STAGES = {
    stage.value: stage.label
    for stage in (Stage.DRAFT, Stage.SUBMITTED, Stage.PUBLISHED, Stage.REJECTED, Stage.WITHDRAWN, Stage.DISCARDED)
}


@dataclass(frozen=True, slots=True)
class Sort:
    """How a kind appears: address below /console, its form, what a new one starts from."""

    kind: Kind
    path: str
    form: str
    can_create: bool = True
    has_places: bool = True
    """Its list has a column for places. A clause has its document's; a synonym holds everywhere."""
    start: Mapping[str, Any] = field(default_factory=dict)
    editors: Permission = Permission.EDIT


_ANSWER = {"jurisdiction": TENANT.jurisdiction, "written": "", "spoken": "", "more_spoken": "", "quotes": []}
EMPTY_ANSWER: dict[str, Any] = {**_ANSWER, "valid_from": None, "valid_until": None}
SORTS = (
    Sort(
        Kind.DOCUMENT,
        "/documents",
        "form_document.html",
        start={"title": "", "doc_no": "", "issuer": "", "issue_date": None, "jurisdiction": "", "status_note": ""}
        | {"superseded_by": None, "valid_from": None, "valid_until": None},
    ),
    Sort(
        Kind.CLAUSE,
        "/clauses",
        "form_clause.html",
        has_places=False,
        start={"document": "", "number": "", "position": 0, "kind": "section", "heading": "", "text": "", "tags": []}
        | {"audience": [], "caller_facing": True, "searchable": True, "valid_from": None, "valid_until": None},
    ),
    Sort(
        Kind.FAQ,
        "/faq",
        "form_faq.html",
        start={"group": "staff", "kind": "answer", "title": "", "missing": "", "gap": None, "wordings": []}
        | {"answers": [EMPTY_ANSWER]},
    ),
    Sort(
        Kind.GUIDE,
        "/guides",
        "form_guide.html",
        start={"name": "", "main_item": "", "aliases": [], **{name: [] for name in ELEMENTS}},
    ),
    Sort(
        Kind.FACT,
        "/facts",
        "form_fact.html",
        start={
            "subject": "",
            "jurisdiction": TENANT.jurisdiction,
            "text": "",
            "source_title": "",
            "doc_no": "",
            "note": "",
        }
        | {"published_on": "", "valid_for": "", "confidence": "low", "usable": "no"},
    ),
    Sort(
        Kind.SYNONYM,
        "/synonyms",
        "form_synonym.html",
        has_places=False,
        start={"word": "", "variants": [], "adds": False},
    ),
    Sort(
        Kind.STAFF_TEXT,
        "/settings",
        "form_staff_text.html",
        can_create=False,
        has_places=False,
        editors=Permission.SETTINGS,
    ),
)
PATHS = {sort.kind: sort.path for sort in SORTS}


class ItemPages:
    """Handlers for one kind."""

    def __init__(self, sort: Sort, editing: Editing, review: Review, together: Together, catalog: Catalog) -> None:
        self._sort, self._editing, self._catalog = sort, editing, catalog
        self._together, self._saving = together, Saving(review, together)

    async def list(self, request: web.Request) -> web.StreamResponse:
        """A page of the list, narrowed by words, stage, place and group or document."""
        form, number = Form(request.query), page_number(request)
        stage = form.get("stage")
        page = await self._editing.find(
            self._sort.kind,
            text=form.get("q"),
            stage=Stage(stage) if stage in _STAGES else None,
            place=form.get("place"),
            parent=form.get("parent"),
            page=number,
            page_size=PAGE_SIZE,
        )
        parents = {Kind.FAQ: GROUPS, Kind.CLAUSE: await self._catalog.documents()}.get(self._sort.kind, {})
        context = {
            "form": form,
            "sort": self._sort,
            "paged": Paged(page.items, page.total, number, request),
            "stages": _STAGES,
            "places": await self._catalog.places(),
            "parents": parents,
            "numbers": await self._catalog.documents() if self._sort.kind is Kind.DOCUMENT else {},
            "not_in_force": await self._not_in_force([item.id for item in page.items]),
            "people": await self._catalog.people(),
            "texts": await self._texts([item.id for item in page.items]),
        }
        return render(request, "list.html", context)

    async def _texts(self, ids: Sequence[str]) -> dict[str, str]:
        """What the hotline's texts say now; nothing of any other kind."""
        if self._sort.kind is not Kind.STAFF_TEXT:
            return {}
        found = await self._editing.newest(Kind.STAFF_TEXT, ids)
        return {
            id: content.text or content.setting.about.empty
            for id, content in found.items()
            if isinstance(content, StaffTextContent)
        }

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The newest version, what citizens are answered from, and what can be done with it."""
        return await self.page(request, Form())

    async def page(
        self, request: web.Request, form: Form, broken: Sequence[Problem] = (), status: int = 200
    ) -> web.Response:
        """`form`: a refused one of this page. `broken`: what would no longer hold without what is shown here."""
        opened = await self._editing.open(self._sort.kind, request.match_info["id"])
        names = await self._catalog.names(clause_ids(opened.content.to_json()))
        waiting = []
        if opened.published and opened.published.version != opened.version:
            waiting = await compared(changes(opened.published.content, opened.content), names)
        pending = opened.stage in PENDING
        outlook = await self._together.outlook(opened.newest.revision_id) if pending else Outlook()
        context = {
            "sort": self._sort,
            "opened": opened,
            "not_in_force": (await self._not_in_force([opened.id])).get(opened.id, ""),
            "form": form,
            "file": file_of(opened.newest.bundle),
            "broken": broken,
            "outlook": outlook,
            "paths": PATHS,
            "fields": described(opened.content, names),
            "waiting": waiting,
            "missing": contents.missing_elements(opened.content) if isinstance(opened.content, GuideContent) else (),
            "people": await self._catalog.people(),
            "me": request[MEMBER].username,
        }
        return render(request, "show.html", context, status=status)

    async def _not_in_force(self, ids: Sequence[str]) -> dict[str, str]:
        is_dated = self._sort.kind in (Kind.DOCUMENT, Kind.CLAUSE)
        return await self._catalog.not_in_force(self._sort.kind, ids) if is_dated else {}

    async def history(self, request: web.Request) -> web.StreamResponse:
        """Every version with what it changed."""
        versions = await self._editing.history(self._sort.kind, request.match_info["id"])
        every = set().union(*(clause_ids(version.content.to_json()) for version in versions))
        names = await self._catalog.names(every)
        older: list[Version | None] = [*versions[1:], None]
        rows = [
            (version, await compared(changes(before.content, version.content), names) if before else None)
            for version, before in zip(versions, older, strict=True)
        ]
        context = {"sort": self._sort, "rows": rows, "newest": versions[0], "people": await self._catalog.people()}
        return render(request, "history.html", context)

    async def roll_back(self, request: web.Request) -> web.StreamResponse:
        """A draft with the content of an old version."""
        form, item_id = Form(await request.post()), request.match_info["id"]
        who = request[MEMBER].username
        to, base = form.number("to", 0), form.number("base", 0)
        await self._editing.roll_back(self._sort.kind, item_id, to, base=base, who=who)
        raise back_to(f"{self._sort.path}/{item_id}", "rolled_back")

    async def new(self, request: web.Request) -> web.StreamResponse:
        return await self._form(request, Form(), dict(self._sort.start))

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Save a new one."""
        form = Form(await request.post())
        data = fields.with_defaults(fields.nested(_pairs(form)), self._sort.start)
        content = self._parsed(form, data)
        if content is None:
            return await self._form(request, form, data)
        base, who, note = form.number("base", 0), request[MEMBER].username, form.text("why", most=500)
        item_id = new_id(self._sort.kind, form.get("key"))
        try:
            made = await self._editing.create(self._sort.kind, content, who=who, note=note, item_id=item_id)
        except Conflict as conflict:
            if not conflict.is_sent_twice(who):
                return await self._again(request, form, item_id, content, base or 1)
            made = conflict.theirs
        raise await self._saving.next_page(request, form, made, f"{self._sort.path}/{made.item_id}")

    async def edit(self, request: web.Request) -> web.StreamResponse:
        """The form with the newest version."""
        opened = await self._editing.open(self._sort.kind, request.match_info["id"])
        rejected = opened.newest.answer_to_author if opened.stage is Stage.REJECTED else ""
        return await self._form(request, Form(), opened.content.to_json(), opened.version, rejected=rejected)

    async def save(self, request: web.Request) -> web.StreamResponse:
        """A new version; refused fields and conflicts show the form as it was typed."""
        form, item_id = Form(await request.post()), request.match_info["id"]
        opened = await self._editing.open(self._sort.kind, item_id)
        data = fields.with_defaults(fields.nested(_pairs(form)), opened.content.to_json())
        base, content = form.number("base", 0), self._parsed(form, data)
        if content is None:
            return await self._form(request, form, data, base)
        return await self._again(request, form, item_id, content, base)

    async def _again(
        self, request: web.Request, form: Form, item_id: str, content: Content, base: int
    ) -> web.StreamResponse:
        """The next version, on top of the one that the form showed."""
        who, note = request[MEMBER].username, form.text("why", most=500)
        try:
            made = await self._editing.save(self._sort.kind, item_id, content, base=base, who=who, note=note)
        except Conflict as conflict:
            if not conflict.is_sent_twice(who):
                form.errors[""] = conflict.citizen_text
                data = content.to_json()
                return await self._form(request, form, data, conflict.theirs.version, conflict=conflict)
            made = conflict.theirs
        raise await self._saving.next_page(request, form, made, f"{self._sort.path}/{made.item_id}")

    def _parsed(self, form: Form, data: Mapping[str, Any]) -> Content | None:
        try:
            return contents.parse(self._sort.kind, data)
        except InvalidContent as problem:
            form.errors.update(problem.fields)
            return None

    async def _form(
        self,
        request: web.Request,
        form: Form,
        data: Mapping[str, Any],
        base: int = 0,
        *,
        rejected: str = "",
        conflict: Conflict | None = None,
    ) -> web.Response:
        item_id = request.match_info.get("id", "")
        names = await self._catalog.names(clause_ids(dict(data)))
        both = await self._both(conflict, names) if conflict else None
        context = {
            "heading": f"修改{self._sort.kind.label}" if item_id else f"新建{self._sort.kind.label}",
            "back": f"{self._sort.path}/{item_id}" if item_id else self._sort.path,
            "form": form,
            "content": data,
            "base": base,
            "key": "" if item_id else form.get("key") or new_key(),
            "why": form.get("why"),
            "rejected": rejected,
            "conflict": both,
            "clause_names": names.clauses,
            **await self.choices(),
        }
        status = 409 if conflict else 200 if form.ok else 422
        return render(request, self._sort.form, context, status=status)

    async def _both(self, conflict: Conflict, names: Names) -> dict[str, object]:
        """What the other one changed, and what saving one's own text would make of it."""
        started = conflict.base.content if conflict.base else None
        return {
            "theirs": await compared(changes(started, conflict.theirs.content), names),
            "yours": await compared(changes(conflict.theirs.content, conflict.yours), names),
            "who": (await self._catalog.people()).get(conflict.theirs.author, conflict.theirs.author),
            "when": conflict.theirs.created_at,
        }

    async def choices(self) -> dict[str, Mapping[str, Any]]:
        """What the forms' select boxes offer."""
        return {
            "staff_texts": {which.value: which.about for which in StaffText},
            "places": await self._catalog.places(),
            "documents": await self._catalog.documents(),
            "groups": GROUPS,
            "kinds": FAQ_KINDS,
            "clause_kinds": CLAUSE_KINDS,
            "audiences": AUDIENCES,
            "elements": ELEMENTS,
            "confidences": CONFIDENCES,
            "usables": USABLES,
        }


def _pairs(form: Form) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.typed.items() if isinstance(value, str)]
