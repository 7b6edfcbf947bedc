"""审核: what waits for a second pair of eyes, and the decision about it."""

from __future__ import annotations

from aiohttp import web

from connectors.console.kit.catalog import Catalog
from connectors.console.kit.forms import Form
from connectors.console.kit.paging import PAGE_SIZE, Paged, page_number
from connectors.console.kit.session import MEMBER, REFUSAL
from connectors.console.kit.view import back_to, render
from connectors.console.knowledge.items import PATHS
from connectors.console.knowledge.readable import Names, clause_ids, compared, described
from knowledge.authoring.dependents import Outlook, Together
from knowledge.authoring.editing import Editing
from knowledge.authoring.gaps import FilledSoon, Gaps
from knowledge.authoring.models import Kind, Stage
from knowledge.authoring.review import CannotPublish, Review
from knowledge.authoring.review_queue import ReviewQueue
from knowledge.authoring.versions import Version, changes


class ReviewPages:
    """`/console/review` and below it one page a waiting revision."""

    def __init__(
        self,
        editing: Editing,
        review: Review,
        queue: ReviewQueue,
        together: Together,
        catalog: Catalog,
        gaps: Gaps | None,
    ) -> None:
        self._editing, self._review, self._catalog, self._gaps = editing, review, catalog, gaps
        self._queue, self._together = queue, together
        self._filled = FilledSoon(gaps) if gaps else None

    async def aclose(self) -> None:
        if self._filled:
            await self._filled.aclose()

    async def queue(self, request: web.Request) -> web.StreamResponse:
        """Oldest first; one's own are shown and cannot be opened for a decision."""
        form, number = Form(request.query), page_number(request)
        kind = Kind(form.get("kind")) if form.get("kind") in set(Kind) else None
        page = await self._queue.page(kind=kind, number=number, page_size=PAGE_SIZE)
        context = {
            "form": form,
            "paged": Paged(page.rows, page.total, number, request),
            "kinds": {one.value: f"{one.label}（{count}）" for one, count in page.kinds.items()},
            "kind": kind.value if kind else "",
            "people": await self._catalog.people(),
            "me": request[MEMBER].username,
        }
        return render(request, "review_queue.html", context)

    async def show(self, request: web.Request) -> web.StreamResponse:
        return await self._page(request, Form())

    async def approve(self, request: web.Request) -> web.StreamResponse:
        """Agree; with enough agreements it is published at once."""
        number, who = int(request.match_info["revision"]), request[MEMBER].username
        if await self._review.approve(number, who=who) is not Stage.APPROVED:
            raise back_to("/review", "half_approved")
        return await self._publish(request, Form(await request.post()), number)

    async def publish(self, request: web.Request) -> web.StreamResponse:
        """Publish what is approved already: a first try met problems that are gone by now, or are to be ended."""
        form = Form(await request.post())
        return await self._publish(request, form, int(request.match_info["revision"]))

    async def reject(self, request: web.Request) -> web.StreamResponse:
        """Back to the author, with a reason."""
        form = Form(await request.post())
        reason = form.text("reason", needed="请写明为什么退回，作者要照着改。", most=1000)
        if not form.ok:
            return await self._page(request, form, status=422)
        await self._review.reject(int(request.match_info["revision"]), who=request[MEMBER].username, reason=reason)
        raise back_to("/review", "rejected")

    async def _publish(self, request: web.Request, form: Form, number: int) -> web.StreamResponse:
        who, is_forced = request[MEMBER].username, form.get("withdraw_broken") == "yes"
        try:
            await self._together.publish(number, who=who, withdraw_broken=is_forced)
        except CannotPublish as refusal:
            if (await self._together.outlook(number)).blocking or form.get("then") == "publish":
                request[REFUSAL] = refusal.code
                form.errors[""] = "您的同意已经记下，但是还没有发布，原因在下面。"
                return await self._page(request, form, status=409)
            raise back_to("/review", "waits_for_others") from None
        title = (await self._review.get(number)).title
        taken = await self._gaps.take_back(form.all("gap"), who=who, reason=f"{title}写到了") if self._gaps else []
        raise back_to("/review", "approved_gaps" if taken else "approved")

    async def gaps(self, request: web.Request) -> web.StreamResponse:
        """A piece of the page: the gaps that this revision fills, to be taken back with its publication. While they
        are looked for it says so, and asks again by itself."""
        number = int(request.match_info["revision"])
        filled = await self._filled.filled(number) if self._filled else []
        return render(request, "review_gaps.html", {"filled": filled, "number": number})

    async def _page(self, request: web.Request, form: Form, status: int = 200) -> web.Response:
        number = int(request.match_info["revision"])
        version = await self._review.get(number)
        is_waiting = version.stage in (Stage.SUBMITTED, Stage.APPROVED)
        together = await self._review.bundle(number) if is_waiting else [version]
        pairs = [(part, await self._public(part)) for part in together]
        ids = {found for part in together for found in clause_ids(part.content.to_json())}
        names = await self._catalog.names(ids)
        context = {
            "form": form,
            "version": version,
            "parts": [await _part(part, public, names) for part, public in pairs],
            "outlook": await self._together.outlook(number) if is_waiting else Outlook(),
            "is_own": version.author == request[MEMBER].username,
            "is_waiting": is_waiting,
            "shows_gaps": self._gaps is not None and version.kind in (Kind.DOCUMENT, Kind.CLAUSE),
            "people": await self._catalog.people(),
            "paths": PATHS,
        }
        return render(request, "review.html", context, status=status)

    async def _public(self, part: Version) -> Version | None:
        return (await self._editing.open(part.kind, part.item_id)).published


async def _part(part: Version, public: Version | None, names: Names) -> dict[str, object]:
    """One thing of the bundle: the changes against what is public, and the whole of what is new."""
    changed = await compared(changes(public.content, part.content), names) if public else None
    return {"version": part, "changed": changed, "fields": described(part.content, names)}
