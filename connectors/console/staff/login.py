"""Logging in and out."""

from __future__ import annotations

from aiohttp import web

from connectors.console.kit.forms import Form
from connectors.console.kit.guard import check_csrf, login_page, resume_page
from connectors.console.kit.kept_form import MOST_BYTES, unpack
from connectors.console.kit.multipart import typed_fields
from connectors.console.kit.session import (
    MEMBER,
    PATH,
    SESSION_COOKIE,
    TOKEN,
    VISIT_COOKIE,
    device_cookie,
    own_path,
    set_cookie,
    whence,
)
from staff.accounts import LoginRefused, StaffAccounts

_DEVICE_DAYS = 180


class LoginPages:
    """`/console/login` and `/console/logout`."""

    def __init__(self, accounts: StaffAccounts) -> None:
        self._accounts = accounts

    async def show(self, request: web.Request) -> web.StreamResponse:
        return login_page(request, Form(), request.query.get("next", ""), "")

    async def log_in(self, request: web.Request) -> web.StreamResponse:
        """A right password opens a session and leads where the person wanted to go."""
        await check_csrf(request, request.cookies.get(VISIT_COOKIE, ""))
        form = Form(await typed_fields(request, 2 * MOST_BYTES))
        path, kept = own_path(form.get("next")), form.get("kept")
        try:
            login = await self._accounts.log_in(
                form.get("name"), form.get("password"), code=form.get("code"), **whence(request, form.get("name"))
            )
        except LoginRefused as refusal:
            form.errors[""] = refusal.citizen_text
            return login_page(request, form, path, kept)
        request[MEMBER], request[TOKEN] = login.member, login.token
        response = (
            resume_page(request, path, unpack(kept)) if kept else web.Response(status=303, headers={"Location": path})
        )
        set_cookie(request, response, SESSION_COOKIE, login.token)
        set_cookie(request, response, device_cookie(login.member.username), login.device, days=_DEVICE_DAYS)
        return response

    async def log_out(self, request: web.Request) -> web.StreamResponse:
        """End the session here and in the browser."""
        await self._accounts.log_out(request[TOKEN])
        response = web.Response(status=303, headers={"Location": f"{PATH}/login"})
        response.del_cookie(SESSION_COOKIE, path=PATH)
        return response
