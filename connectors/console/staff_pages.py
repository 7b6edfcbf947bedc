"""人员: accounts, for administrators; and everybody's own password."""

from __future__ import annotations

from aiohttp import web

from casework.staff import AccountRefused, LoginRefused, Role, StaffAccounts
from connectors.console.forms import Form
from connectors.console.session import MEMBER
from connectors.console.view import back_to, render

ROLES = {role.value: role.value for role in Role}


class StaffPages:
    """`/console/staff` and `/console/password`."""

    def __init__(self, accounts: StaffAccounts) -> None:
        self._accounts = accounts

    async def show(self, request: web.Request) -> web.StreamResponse:
        return await self._page(request, Form())

    async def add(self, request: web.Request) -> web.StreamResponse:
        """A new account with its first password."""
        form = Form(await request.post())
        role = form.choice("role", ROLES, needed="请选岗位。")
        password = form.get("password")
        if password != form.get("again"):
            form.errors["again"] = "两次输入的密码不一样。"
        if form.ok:
            try:
                by = request[MEMBER].username
                await self._accounts.add(form.get("username"), form.get("name"), Role(role), password, by=by)
                raise back_to("/staff", "staff_added")
            except AccountRefused as refusal:
                form.errors[_FIELDS.get(str(refusal), "name")] = refusal.citizen_text
        return await self._page(request, form)

    async def change(self, request: web.Request) -> web.StreamResponse:
        """Role, and whether the account is in use."""
        form = Form(await request.post())
        role = form.choice("role", ROLES)
        if form.ok:
            await self._accounts.change(
                request.match_info["username"],
                role=Role(role),
                active=form.get("active") == "yes",
                by=request[MEMBER].username,
            )
        raise back_to("/staff", "staff_changed" if form.ok else "")

    async def reset(self, request: web.Request) -> web.StreamResponse:
        """A new password for somebody who forgot theirs; their lock is lifted."""
        form = Form(await request.post())
        await self._accounts.set_password(
            request.match_info["username"], form.get("password"), by=request[MEMBER].username
        )
        raise back_to("/staff", "password_set")

    async def own_password(self, request: web.Request) -> web.StreamResponse:
        return render(request, "password.html", {"form": Form()})

    async def change_own_password(self, request: web.Request) -> web.StreamResponse:
        """The old password is asked: a screen left open must not be enough."""
        form, username = Form(await request.post()), request[MEMBER].username
        if form.get("password") != form.get("again"):
            form.errors["again"] = "两次输入的密码不一样。"
        if form.ok:
            try:
                await self._accounts.log_in(username, form.get("old"), address=request.remote or "")
                await self._accounts.set_password(username, form.get("password"), by=username)
                raise back_to("/login", "password_changed")
            except LoginRefused as refusal:
                form.errors["old"] = "现在的密码不对。" if not refusal.locked else refusal.citizen_text
            except AccountRefused as refusal:
                form.errors["password"] = refusal.citizen_text
        return render(request, "password.html", {"form": form}, status=422)

    async def _page(self, request: web.Request, form: Form) -> web.Response:
        people = await self._accounts.everybody()
        status = 200 if form.ok else 422
        return render(request, "staff.html", {"form": form, "people": people, "roles": ROLES}, status=status)


_FIELDS = {"username": "username", "taken": "username", "password": "password"}
"""Which field a refusal of `StaffAccounts` is about."""
