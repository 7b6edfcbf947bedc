"""人员: accounts, for administrators; and everybody's own password."""

from __future__ import annotations

from aiohttp import web

from casework.tickets.counties import COUNTIES
from casework.tickets.workload import Workload
from connectors.console.kit.forms import Form
from connectors.console.kit.session import MEMBER, whence
from connectors.console.kit.view import back_to, render
from staff.accounts import AccountRefused, LoginRefused, Permission, Role, StaffAccounts
from staff.totp import address, is_secret, new_secret

ROLES = {role.value: role.value for role in Role}


class StaffPages:
    """`/console/staff` and `/console/password`."""

    def __init__(self, accounts: StaffAccounts, workload: Workload) -> None:
        self._accounts, self._workload = accounts, workload

    async def show(self, request: web.Request) -> web.StreamResponse:
        return await self._page(request, Form())

    async def add(self, request: web.Request) -> web.StreamResponse:
        """A new account with its first password."""
        form = Form(await request.post())
        role = form.choice("role", ROLES, needed="请选岗位。")
        password = form.get("password")
        county = form.get("county") if form.get("county") in COUNTIES else ""
        if password != form.get("again"):
            form.errors["again"] = "两次输入的密码不一样。"
        if form.ok:
            try:
                by = request[MEMBER].username
                await self._accounts.add(
                    form.get("username"), form.get("name"), Role(role), password, by=by, county=county, first=True
                )
                raise back_to("/staff", "staff_added")
            except AccountRefused as refusal:
                form.errors[_FIELDS.get(str(refusal), "name")] = refusal.citizen_text
        return await self._page(request, form)

    async def change(self, request: web.Request) -> web.StreamResponse:
        """Role, and whether the account is in use."""
        form, by = Form(await request.post()), request[MEMBER].username
        if form.get("role") not in ROLES:
            raise back_to("/staff")
        role, is_active = Role(form.get("role")), form.get("active") == "yes"
        county = form.get("county") if form.get("county") in COUNTIES else ""
        try:
            member = await self._accounts.change(
                request.match_info["username"], role=role, active=is_active, county=county, by=by
            )
        except AccountRefused as refusal:
            return await self._refused(request, refusal)
        left = 0 if member.may(Permission.TICKETS) else await self._workload.left_with(member)
        raise back_to("/staff", "staff_changed_with_tickets" if left else "staff_changed")

    async def reset(self, request: web.Request) -> web.StreamResponse:
        """A new password for somebody who forgot theirs; their lock is lifted."""
        form, by = Form(await request.post()), request[MEMBER].username
        try:
            await self._accounts.set_password(request.match_info["username"], form.get("password"), by=by, first=True)
        except AccountRefused as refusal:
            return await self._refused(request, refusal)
        raise back_to("/staff", "password_set")

    async def own_password(self, request: web.Request) -> web.StreamResponse:
        return render(request, "password.html", {"form": Form()})

    async def change_own_password(self, request: web.Request) -> web.StreamResponse:
        """The old password is asked: a screen left open must not be enough."""
        form, username = Form(await request.post()), request[MEMBER].username
        if form.get("password") != form.get("again"):
            form.errors["again"] = "两次输入的密码不一样。"
        if form.get("password") == form.get("old"):
            form.errors["password"] = "新密码要和现在的不一样。"
        if form.ok:
            try:
                await self._accounts.matches(username, form.get("old"), **whence(request, username))
                await self._accounts.set_password(username, form.get("password"), by=username)
                raise back_to("/login", "password_changed")
            except LoginRefused as refusal:
                form.errors["old"] = "现在的密码不对。" if not refusal.locked else refusal.citizen_text
            except AccountRefused as refusal:
                form.errors["password"] = refusal.citizen_text
        return render(request, "password.html", {"form": form}, status=422)

    async def second_factor(self, request: web.Request) -> web.StreamResponse:
        """A new secret each time: it counts when a code of it was typed."""
        return self._second_factor(request, Form(), new_secret())

    async def change_second_factor(self, request: web.Request) -> web.StreamResponse:
        """On with a code that proves that the phone has the secret; off with the password."""
        form, username = Form(await request.post()), request[MEMBER].username
        if form.get("off") == "yes":
            try:
                await self._accounts.matches(username, form.get("old"), **whence(request, username))
            except LoginRefused as refusal:
                form.errors["old"] = "现在的密码不对。" if not refusal.locked else refusal.citizen_text
                return self._second_factor(request, form, new_secret(), status=422)
            await self._accounts.end_second_factor(username)
            raise back_to("/second-factor", "second_factor_off")
        secret = form.get("secret") if is_secret(form.get("secret")) else new_secret()
        if await self._accounts.begin_second_factor(username, secret, form.get("code")):
            raise back_to("/second-factor", "second_factor_on")
        form.errors["code"] = "这个动态码不对。手机的时间要准；等下一个再试。"
        return self._second_factor(request, form, secret, status=422)

    def _second_factor(self, request: web.Request, form: Form, secret: str, status: int = 200) -> web.Response:
        grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        context = {
            "form": form,
            "secret": secret,
            "grouped": grouped,
            "address": address(secret, request[MEMBER].username),
        }
        return render(request, "second_factor.html", context, status=status)

    async def _refused(self, request: web.Request, refusal: AccountRefused) -> web.Response:
        """Of the table above: said at the top of the page, for its rows have no place for it."""
        return await self._page(request, Form(), refused=refusal.citizen_text)

    async def _page(self, request: web.Request, form: Form, refused: str = "") -> web.Response:
        people = await self._accounts.everybody()
        status = 200 if form.ok and not refused else 422
        context = {"form": form, "people": people, "roles": ROLES, "counties": COUNTIES, "refused": refused}
        return render(request, "staff.html", context, status=status)


_FIELDS = {"username": "username", "taken": "username", "password": "password"}
"""Which field a refusal of `StaffAccounts` is about."""
