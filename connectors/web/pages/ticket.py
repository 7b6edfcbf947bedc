"""`/ticket`: how a ticket goes on, for who knows its number and its code (查询码). Needs no JavaScript.

GET  /ticket?number=…    the form; the link of a receipt brings the number, never the code
POST /ticket             number and code → what may be told; a wrong one of either: the same sentence
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Protocol

from aiohttp import web

from base.tenant import TENANT
from casework.tickets.account import Account
from casework.tickets.codes import NotFollowed, TooManyTries, code_in, number_in
from connectors.shared.addresses import throttled_as
from connectors.web.chat.rate import TICKET, RateLimit, RateLimiter, TooFast
from connectors.web.pages.form import typed
from connectors.web.pages.view import render

_CHANNEL = "page"
"""Of its own: guesses in conversations, which cost nothing to begin, do not stop it."""
_MOST_CHARS = 60
_TOO_FAST = f"现在查的人太多了，请过一会儿再查，或者打{TENANT.hotline}。"


class Accounts(Protocol):
    """`casework.tickets.account.TicketAccounts`."""

    async def look(self, number: str, code: str, *, by: str, whence: str) -> Account: ...


class TicketPage:
    """The handlers."""

    def __init__(self, accounts: Accounts, limit: RateLimit = TICKET) -> None:
        self._accounts, self._limiter = accounts, RateLimiter(limit)

    async def show(self, request: web.Request) -> web.Response:
        return _page(request, number=number_in(request.query.get("number", "")[:_MOST_CHARS]))

    async def look(self, request: web.Request) -> web.Response:
        """The account as this form's answer: its address has neither number nor code."""
        fields = await typed(request)
        number, code = (fields.get(name, "")[:_MOST_CHARS] for name in ("number", "code"))
        try:
            await self._limiter.enter(throttled_as(request))
            whence = throttled_as(request)
            account = await self._accounts.look(number_in(number), code_in(code), by=_CHANNEL, whence=whence)
        except TooFast:
            return _page(request, number=number, trouble=_TOO_FAST, status=HTTPStatus.TOO_MANY_REQUESTS)
        except TooManyTries as locked:
            return _page(request, number=number, trouble=locked.citizen_text, status=HTTPStatus.TOO_MANY_REQUESTS)
        except NotFollowed as refused:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _page(request, number=number, trouble=refused.citizen_text, status=status)
        return _page(request, number=account.number, code=code_in(code), account=account)


def _page(
    request: web.Request,
    *,
    number: str,
    code: str = "",
    account: Account | None = None,
    trouble: str = "",
    status: int = HTTPStatus.OK,
) -> web.Response:
    context = {"number": number, "code": code, "account": account, "trouble": trouble}
    response = render(request, "ticket.html", context, status)
    response.headers["Cache-Control"] = "no-store"
    return response
