"""人员 as a workbook: out, and many new accounts in."""

from __future__ import annotations

from aiohttp import web

from base import aside
from base.clock import day_here, utc_now
from casework.tickets.counties import COUNTIES
from connectors.console.kit.forms import Form
from connectors.console.kit.multipart import read_parts
from connectors.console.kit.session import MEMBER, REFUSAL
from connectors.console.kit.sheets import NoSheet, Sheet, as_download, rows_of, workbook
from connectors.console.kit.view import moment, render
from staff.accounts import StaffAccounts
from staff.refusals import AccountRefused
from staff.roster import MOST, Made, Newcomer, RosterRefused, enrol

_COLUMNS = (("账号", 16), ("姓名", 16), ("岗位", 10), ("县区", 16))
_MOST_BYTES = 2**20


class RosterPages:
    """`/console/staff/import` and `/console/staff/export.xlsx`."""

    def __init__(self, accounts: StaffAccounts) -> None:
        self._accounts = accounts

    async def show(self, request: web.Request) -> web.StreamResponse:
        return self._page(request, Form())

    async def export(self, request: web.Request) -> web.StreamResponse:
        """Everybody; new ones are written below them."""
        rows = [
            (
                one.username,
                one.name,
                one.role.value,
                one.county,
                "在用" if one.active else "停用",
                moment(one.last_login_at),
            )
            for one in await self._accounts.everybody()
        ]
        columns = (*_COLUMNS, ("状态", 8), ("最近登录", 18))
        packed = await aside.think(workbook, [Sheet("人员", columns, rows)])
        return as_download(packed, f"人员-{day_here(utc_now())}.xlsx")

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """The rows of people who have no account yet. Their first passwords are shown once, on this page."""
        form = Form()
        _, upload = await read_parts(request, _MOST_BYTES)
        if upload is None or not upload.name:
            form.errors["file"] = "请先选择文件。"
            return self._page(request, form)
        try:
            made = await self._enrol(upload.data, by=request[MEMBER].username)
        except (NoSheet, RosterRefused, AccountRefused) as refusal:
            request[REFUSAL] = refusal.code
            form.errors["file"] = refusal.citizen_text
            return self._page(request, form, refusal.rows if isinstance(refusal, RosterRefused) else ())
        return render(request, "roster_made.html", {"made": made})

    async def _enrol(self, data: bytes, *, by: str) -> list[Made]:
        known = {(one.username, one.name) for one in await self._accounts.everybody()}
        rows = await aside.think(rows_of, data, [name for name, _ in _COLUMNS], MOST + len(known))
        newcomers = [
            Newcomer(number, row["账号"], row["姓名"], row["岗位"], row["县区"])
            for number, row in rows
            if (row["账号"].strip().lower(), row["姓名"]) not in known
        ]
        if not newcomers:
            raise NoSheet(citizen_text="表里没有新的人。已经有账号的不会改，要改请在“人员”里改。")
        return await enrol(self._accounts, newcomers, COUNTIES, by=by)

    def _page(self, request: web.Request, form: Form, wrong: tuple[tuple[int, str, str], ...] = ()) -> web.Response:
        context = {"form": form, "wrong": wrong, "limit": _MOST_BYTES, "most": MOST}
        return render(request, "roster.html", context, status=200 if form.ok else 422)
