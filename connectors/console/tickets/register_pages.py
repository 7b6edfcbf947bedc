"""工单: what is done with many at once, and what is made of one: registering by hand, taking and assigning several,
printing one, exporting a list.
"""

from __future__ import annotations

from aiohttp import web

from base import aside
from base.clock import day_here, utc_now
from base.database import Database
from base.personal_data import is_phone
from casework.tickets.board import TicketBoard, Wanted
from casework.tickets.changes import StepRefused
from casework.tickets.counties import CITY, COUNTIES
from casework.tickets.tickets import Kind, NotFound, Tickets, Urgency
from casework.tickets.work import TicketWork
from connectors.console.kit.catalog import Catalog
from connectors.console.kit.forms import Form
from connectors.console.kit.labels import SPEAKERS, WAYS_IN
from connectors.console.kit.session import MEMBER
from connectors.console.kit.sheets import as_download
from connectors.console.kit.view import render
from connectors.console.tickets.list_xlsx import Row, as_workbook, row
from connectors.console.tickets.pages import KINDS, Colours, TicketPages, wanted
from staff import audit
from staff.accounts import StaffAccounts
from staff.audit import Action
from staff.roles import StaffMember

_BY_HAND = {"counter": WAYS_IN["counter"], "phone": WAYS_IN["phone"], "letter": WAYS_IN["letter"]}
_MOST_AT_ONCE = 50
_MOST_EXPORTED, _AT_ONCE = 5_000, 250
_MOST_TITLE_CHARS, _MOST_NAME_CHARS, _MOST_NOTE_CHARS = 200, 40, 2_000
_FILING_KINDS = {Kind.FILING}
"""Not by hand: a filing has answers and materials, and its decision is told."""


class RegisterPages:
    """`/console/tickets/new`, `/bulk`, `/export.xlsx`, and `…/print` of one."""

    def __init__(
        self,
        tickets: Tickets,
        board: TicketBoard,
        work: TicketWork,
        pages: TicketPages,
        accounts: StaffAccounts,
        catalog: Catalog,
        log: Database,
    ) -> None:
        self._tickets, self._board, self._work, self._pages = tickets, board, work, pages
        self._accounts, self._catalog, self._log = accounts, catalog, log

    async def new(self, request: web.Request) -> web.StreamResponse:
        return self._form(request, Form())

    async def create(self, request: web.Request) -> web.StreamResponse:
        """The page that follows shows the code once: whoever stands at the counter is told it now or never."""
        form, member = Form(await request.post()), request[MEMBER]
        kind = form.choice("kind", _kinds(), needed="请选种类。")
        channel = form.choice("channel", _BY_HAND, needed="请选怎么来的。")
        title, phone = form.text("title")[:_MOST_TITLE_CHARS], _digits(form.text("phone"))
        if not title:
            form.errors["title"] = "请用一句话写群众要办什么。"
        if phone and not is_phone(phone):
            form.errors["phone"] = "请写11位手机号，或者带区号的座机。"
        if form.get("county") and form.get("county") not in _counties(member):
            form.errors["county"] = "请从列表里选县区。"
        if not form.ok:
            return self._form(request, form, status=422)
        county = form.get("county") or member.county
        opened = await self._tickets.open(
            Kind(kind),
            channel=channel,
            phone=phone or None,
            title=title,
            name=form.text("name")[:_MOST_NAME_CHARS],
            county="" if county == CITY else county,
            urgency=Urgency.URGENT if form.get("urgent") == "yes" else Urgency.NORMAL,
            by=member.username,
            note=form.text("note")[:_MOST_NOTE_CHARS],
        )
        await audit.note_alone(
            self._log, member.username, Action.TICKET_REGISTERED, opened.number, by=member.role.value
        )
        if form.get("mine") == "yes":
            await self._work.take(opened.number, member)
        return render(request, "ticket_registered.html", {"opened": opened, "has_phone": bool(phone)})

    async def bulk(self, request: web.Request) -> web.StreamResponse:
        """Each by itself: what somebody else took meanwhile does not keep the rest."""
        form, member = Form(await request.post()), request[MEMBER]
        numbers = form.all("number")[:_MOST_AT_ONCE]
        to, refused, done = form.get("to"), [], 0
        for number in numbers:
            try:
                if form.get("do") == "assign":
                    await self._work.assign(number, member, to=to)
                else:
                    await self._work.take(number, member)
                done += 1
            except (StepRefused, NotFound) as refusal:
                refused.append(f"{number}：{refusal.citizen_text}")
        words = f"已{'指派' if form.get('do') == 'assign' else '接'}{done}件。" if numbers else "请先在左边打勾。"
        return await self._pages.listed(request, Form(), said=words, refused=refused)

    async def printed(self, request: web.Request) -> web.StreamResponse:
        """One sheet of paper, with who printed it and when; written into the audit log."""
        number, member = request.match_info["number"], request[MEMBER]
        case = await self._board.open_case(number, member)
        await audit.note_alone(self._log, member.username, Action.TICKET_PRINTED, number, by=member.role.value)
        context = {
            "case": case,
            "line": case.line,
            "colours": Colours(case.line),
            "topic": (await self._catalog.topics([case.line.topic])).get(case.line.topic, ""),
            "people": await self._catalog.people(),
            "channels": WAYS_IN,
            "speakers": SPEAKERS,
            "city": CITY,
            "printed_at": utc_now(),
        }
        return render(request, "ticket_print.html", context)

    async def export(self, request: web.Request) -> web.StreamResponse:
        """The list as it is narrowed now, for a spreadsheet; without telephone numbers and names."""
        member = request[MEMBER]
        rows = await self._rows(member, wanted(Form(request.query)))
        contents = await aside.apart(as_workbook, rows)
        await audit.note_alone(
            self._log, member.username, Action.EXPORTED, "tickets", by=member.role.value, detail=f"{len(rows)} 件"
        )
        return as_download(contents, f"tickets-{day_here(utc_now()).isoformat()}.xlsx")

    async def _rows(self, member: StaffMember, narrowed: Wanted) -> list[Row]:
        """Those of the list, in steps that keep nobody waiting."""
        people, rows = await self._catalog.people(), list[Row]()
        for page in range(1, _MOST_EXPORTED // _AT_ONCE + 1):
            lines, _ = await self._board.queue(member, narrowed, page=page, page_size=_AT_ONCE)
            topics = await self._catalog.topics(line.topic for line in lines)
            rows += [row(line, topics, people) for line in lines]
            if len(lines) < _AT_ONCE:
                break
        return rows

    def _form(self, request: web.Request, form: Form, status: int = 200) -> web.Response:
        member = request[MEMBER]
        context = {
            "form": form,
            "kinds": _kinds(),
            "ways": _BY_HAND,
            "counties": {name: name for name in _counties(member)},
            "county": form.get("county") or member.county or CITY,
        }
        return render(request, "ticket_new.html", context, status=status)


def _kinds() -> dict[str, str]:
    return {key: word for key, word in KINDS.items() if Kind(key) not in _FILING_KINDS}


def _counties(member: StaffMember) -> tuple[str, ...]:
    """A county's staff register for their county."""
    return (member.county,) if member.county else (CITY, *COUNTIES)


def _digits(typed: str) -> str:
    return "".join(typed.split()).replace("-", "")
