"""工单: the queue by deadline, and one ticket's page with its history, its filing and its materials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from base.database import Database
from base.errors import ServiceError
from casework.filings.view import FilingDesk, FilingView
from casework.tickets.board import Case, Line, TicketBoard, Wanted
from casework.tickets.counties import CITY, COUNTIES
from casework.tickets.routing import MOST_LABEL_CHARS
from casework.tickets.tickets import Kind, State
from connectors.console.kit.catalog import Catalog
from connectors.console.kit.forms import Form
from connectors.console.kit.labels import SPEAKERS, WAYS_IN
from connectors.console.kit.paging import PAGE_SIZE, Paged, page_number
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import render
from staff import audit
from staff.accounts import StaffAccounts, StaffMember
from staff.audit import Action
from staff.roles import Permission

_ALL = "all"
_PLACES = (CITY, *COUNTIES)
_MOST_SEARCHED = 40
STATES = {**{state.value: state.label for state in State}, _ALL: "全部，连已办结的"}
KINDS = {kind.value: kind.value for kind in Kind}
WHOSE = {
    "mine": "我负责的",
    "offered": "要移交给我的",
    "unowned": "没人接的",
    "overdue": "已超期的",
    "supervised": "督办的",
    "extension": "等批延期的",
    "not_told": "待录入核心系统的",
}
_SHOWN_IN_BROWSER = ("image/jpeg", "image/png", "application/pdf")
_FILE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",  # a citizen's file never acts in our name
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Colours:
    """How a deadline is shown: a class for the colour, words that say the same."""

    line: Line

    @property
    def name(self) -> str:
        if not self.line.is_running:
            return "past"
        if self.line.left.overdue:
            return "late"
        return "soon" if self.line.left.is_today or self.line.left.days <= 1 else "fine"

    @property
    def words(self) -> str:
        if self.line.state is State.CLOSED:
            return "已办结"
        return "等群众，不计时" if self.line.state is State.WAITING else self.line.left.words


class TicketPages:
    """`/console/tickets` and below it one page a ticket. Without `filings` the page shows no filing."""

    def __init__(
        self, board: TicketBoard, accounts: StaffAccounts, catalog: Catalog, filings: FilingDesk | None, log: Database
    ) -> None:
        self._board, self._accounts, self._catalog = board, accounts, catalog
        self._filings, self._log = filings, log

    async def queue(self, request: web.Request) -> web.StreamResponse:
        """First due first."""
        form = Form(request.query)
        return await self._queue(request, form, wanted(form), page_number(request))

    async def find(self, request: web.Request) -> web.StreamResponse:
        """By number or telephone: by POST, so that no telephone number stands in an address."""
        form = Form(await request.post())
        return await self._queue(request, form, Wanted(text=form.text("q")[:_MOST_SEARCHED]), 1)

    async def listed(self, request: web.Request, form: Form, *, said: str, refused: Sequence[str]) -> web.Response:
        """The list after something was done with many: what was done, and what was refused and why."""
        return await self._queue(request, form, wanted(form), 1, said=said, refused=refused)

    async def _queue(
        self, request: web.Request, form: Form, wanted: Wanted, page: int, said: str = "", refused: Sequence[str] = ()
    ) -> web.Response:
        lines, total = await self._board.queue(request[MEMBER], wanted, page=page, page_size=PAGE_SIZE)
        context = {
            "form": form,
            "sought": wanted.text,
            "said": said,
            "refused": refused,
            "labels": {label: label for label in await self._board.labels()},
            "counties": {} if request[MEMBER].county else {name: name for name in _PLACES},
            "colleagues": {one.username: one.name for one in await self._colleagues()},
            "paged": Paged([(line, Colours(line)) for line in lines], total, page, request),
            "topics": await self._catalog.topics(line.topic for line in lines),
            "people": await self._catalog.people(),
            "states": STATES,
            "kinds": KINDS,
            "whose": WHOSE,
            "channels": WAYS_IN,
        }
        return render(request, "tickets.html", context)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """One ticket; the look is written into the audit log."""
        return await self.page(request, Form())

    async def show_phone(self, request: web.Request) -> web.StreamResponse:
        """The same with the whole telephone number, which is written into the audit log too."""
        phone = await self._board.phone(request.match_info["number"], request[MEMBER])
        return await self.page(request, Form(), phone=phone)

    async def material(self, request: web.Request) -> web.StreamResponse:
        """One file of the filing: shown when the browser can do so safely, saved otherwise."""
        if self._filings is None:
            raise web.HTTPNotFound
        number, material = request.match_info["number"], request.match_info["material"]
        await self._board.reach(number, request[MEMBER])
        media_type, contents = await self._filings.material(number, int(material))
        member = request[MEMBER]
        await audit.note_alone(
            self._log,
            member.username,
            Action.MATERIAL_VIEWED,
            number,
            by=member.role.value,
            detail=f"material {material}",
        )
        is_shown = media_type in _SHOWN_IN_BROWSER
        name = quote(f"{number}-材料{material}")
        headers = {
            **_FILE_HEADERS,
            "Content-Disposition": f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{name}",
        }
        content_type = media_type if is_shown else "application/octet-stream"
        return web.Response(body=contents, content_type=content_type, headers=headers)

    async def page(self, request: web.Request, form: Form, *, phone: str = "", status: int = 200) -> web.Response:
        """`form`: a refused one, shown again. `phone`: the whole number, when it was asked for."""
        number, member = request.match_info["number"], request[MEMBER]
        case = await self._board.open_case(number, member)
        colleagues = await self._colleagues()
        filing, is_hidden = await self._filing(number)
        context = {
            "form": form,
            "case": case,
            "line": case.line,
            "colours": Colours(case.line),
            "phone": phone,
            "filing": filing,
            "filing_is_hidden": is_hidden,
            "told_core": await self._filings.told_core(number) if self._filings else "",
            "must_be_entered": self._filings is not None and await self._filings.must_be_entered(number),
            "clauses": await self._catalog.clauses(filing.sources) if filing else {},
            "topic": (await self._catalog.topics([case.line.topic])).get(case.line.topic, ""),
            "people": await self._catalog.people(),
            "colleagues": {one.username: one.name for one in colleagues if one.username != member.username},
            "everybody": {one.username: one.name for one in colleagues},
            "can": _steps(case, member),
            "channels": WAYS_IN,
            "speakers": SPEAKERS,
            "city": CITY,
            "counties": {name: name for name in _PLACES if name != (case.line.county or CITY)},
        }
        return render(request, "ticket.html", context, status=status)

    async def _colleagues(self) -> list[StaffMember]:
        return [one for one in await self._accounts.everybody() if one.may(Permission.TICKETS)]

    async def _filing(self, number: str) -> tuple[FilingView | None, bool]:
        """What is filed, and whether it cannot be seen now: without the core system the rest of the page is there."""
        try:
            return (await self._filings.view(number) if self._filings else None), False
        except ServiceError:
            return None, True


def wanted(form: Form) -> Wanted:
    """What the filter above the list asks for."""
    state, kind, whose = form.get("state"), form.get("kind"), form.get("whose")
    return Wanted(
        state=State(state) if state in set(State) else None,
        with_closed=state == _ALL,
        kind=Kind(kind) if kind in set(Kind) else None,
        whose=whose if whose in WHOSE else "",
        county=form.get("county") if form.get("county") in _PLACES else "",
        label=form.get("label")[:MOST_LABEL_CHARS],
    )


def _steps(case: Case, member: StaffMember) -> dict[str, bool]:
    """Which buttons the page has; what may be done is decided again when one is pressed."""
    line, is_supervisor = case.line, member.may(Permission.SUPERVISE)
    is_open, is_mine = line.state is not State.CLOSED, line.owner == member.username
    return {
        "take": line.state is State.OPEN and not line.owner,
        "offer": is_open and is_mine,
        "withdraw": is_open and is_mine and bool(line.offered_to),
        "answer_offer": is_open and line.offered_to == member.username,
        "assign": is_open and is_supervisor,
        "work": is_open and (is_mine or is_supervisor),
        "call_back": is_open and line.is_to_call_back and (is_mine or is_supervisor),
        "reopen": not is_open and not case.merged_into and (is_mine or is_supervisor),
        "route": is_open and (is_mine or is_supervisor or not line.owner),
        "hand_back": bool(line.county or line.department),
        "ask_extension": is_open and (is_mine or is_supervisor) and line.extension_days is None,
        "answer_extension": is_open and is_supervisor and line.extension_days is not None and not is_mine,
        "supervise": is_open and is_supervisor,
    }
