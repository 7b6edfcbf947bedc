"""What every request to the staff's pages passes: headers, session, CSRF, permission.

    page = guarded(accounts, database, Permission.EDIT, handler)  # a route cannot be made without saying who may

A form posted after the session ended is not thrown away: it goes with the person through the login and is shown
again for confirmation, provided that it came from our own page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from traceback import extract_tb
from urllib.parse import parse_qsl, urlencode, urlsplit

import structlog
from aiohttp import web

from base.database import Database
from base.errors import ServiceError
from casework.tickets.tickets import NotFound
from connectors.console.kit.forms import Form
from connectors.console.kit.kept_form import Kept, keep
from connectors.console.kit.multipart import MULTIPART, first_part
from connectors.console.kit.session import (
    MEMBER,
    PATH,
    REFUSAL,
    SESSION_COOKIE,
    TOKEN,
    VISIT_COOKIE,
    is_same_origin,
    own_path,
    set_cookie,
    visit_token,
)
from connectors.console.kit.view import Page, render
from knowledge.authoring.versions import NoSuchItem
from staff import audit
from staff.accounts import NotAllowed, Permission, StaffAccounts
from staff.audit import Action
from staff.csrf import csrf_matches, csrf_token

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()

_REFUSALS: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: "malformed",
    HTTPStatus.FORBIDDEN: "no_token",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "invalid",
}
"""Answers to a form that was not done, and the codes for them in the audit log."""
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "microphone=(), camera=(), geolocation=()",
}


@web.middleware
async def safe_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """On every response, refusals included. What a page sets itself is stricter, and stays."""
    try:
        response = await handler(request)
    except web.HTTPException as answer:
        answer.headers.update(_HEADERS)
        raise
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


@web.middleware
async def written_out(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Pages are written here: inside `plain_words`, which tells what goes wrong, and its own outside of it."""
    response = await handler(request)
    if isinstance(response, Page):
        await response.write_out()
    return response


@web.middleware
async def plain_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What goes wrong is told in plain words on a page of ours; the details go to the log."""
    try:
        return await handler(request)
    except NotAllowed as error:
        return problem(request, "没有权限", error.citizen_text, HTTPStatus.FORBIDDEN)
    except (NoSuchItem, NotFound) as error:
        return problem(request, "没有这一条", error.citizen_text, HTTPStatus.NOT_FOUND)
    except ServiceError as error:
        return problem(request, "没有完成", error.citizen_text, HTTPStatus.UNPROCESSABLE_ENTITY)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        return problem(request, "没有这一页", "可能已经删除，或者地址写错了。", HTTPStatus.NOT_FOUND)
    except web.HTTPForbidden:
        words = "这次提交不是从工作台的页面发出的，或者页面已经过期。请按浏览器的“后退”，刷新页面再试。"
        return problem(request, "没有保存", words, HTTPStatus.FORBIDDEN)
    except web.HTTPRequestEntityTooLarge:
        words = "一次提交的内容太多。请按浏览器的“后退”，内容还在，分几次保存。"
        return problem(request, "内容太多", words, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except web.HTTPException:
        raise
    except Exception as error:  # the outer edge: whoever sits there sees words, never a bare 500
        # Without the error's text: it may hold what somebody typed.
        where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-4:]]
        log.error("console_failed", kind=type(error).__name__, where=where)
        words = "系统出了点问题，已经记录下来。请按浏览器的“后退”，填写的内容还在，稍后再试。"
        return problem(request, "没有完成", words, HTTPStatus.INTERNAL_SERVER_ERROR)


def problem(request: web.Request, title: str, words: str, status: HTTPStatus) -> web.Response:
    """A page that says what went wrong."""
    return render(request, "error.html", {"title": title, "words": words}, status=status)


_BEFORE_A_NEW_PASSWORD = (f"{PATH}/password", f"{PATH}/logout")
"""Whose password was chosen by somebody else gets no further."""


def guarded(
    accounts: StaffAccounts, log_book: Database, permission: Permission, handler: Handler, *, by_hand: bool = True
) -> Handler:
    """The handler behind login, CSRF token (for anything but GET) and permission. Whatever is refused to somebody who
    is logged in, a page for want of a permission or a form for any reason, is written into the audit
    log. `by_hand` False: pages ask for it by themselves."""

    async def guard(request: web.Request) -> web.StreamResponse:
        token = request.cookies.get(SESSION_COOKIE, "")
        member = await accounts.by_token(token, by_hand=by_hand) if token else None
        if member is None:
            return await _to_login(request)
        request[MEMBER], request[TOKEN] = member, token
        if member.must_change and request.path not in _BEFORE_A_NEW_PASSWORD:
            if request.headers.get("HX-Request"):
                return web.Response(status=HTTPStatus.NO_CONTENT)
            raise web.HTTPSeeOther(f"{PATH}/password")
        try:
            return await _answer(request, permission, handler)
        finally:
            if code := request.get(REFUSAL):
                detail = f"{request.method} {code}"
                await audit.note_alone(
                    log_book, member.username, Action.REFUSED, request.path, by=member.role.value, detail=detail
                )

    return guard


async def _answer(request: web.Request, permission: Permission, handler: Handler) -> web.StreamResponse:
    """What the handler says; `request[REFUSAL]` says why nothing was done, unless the handler said so itself."""
    is_form = request.method != "GET"
    code = ""
    try:
        if is_form and not await _has_token(request, request[TOKEN]):
            return await _once_more(request)
        request[MEMBER].require(permission)
        response = await handler(request)
        code = _REFUSALS.get(response.status, "")
    except web.HTTPException as answer:
        code = _REFUSALS.get(answer.status, "")
        raise
    except ServiceError as error:
        code = "" if error.retryable else error.code
        is_form = is_form or isinstance(error, NotAllowed)
        raise
    finally:
        if code and is_form:
            request.setdefault(REFUSAL, code)
    return response


async def check_csrf(request: web.Request, token: str) -> None:
    """Raises HTTPForbidden unless the request carries the form token of this session and comes from our own page."""
    if not await _has_token(request, token):
        raise web.HTTPForbidden


async def _has_token(request: web.Request, token: str) -> bool:
    """A multipart body is read up to its first field only, which must be the token: the rest waits in
    `request[PARTS]`."""
    if request.content_type == MULTIPART:
        given = await first_part(request)
    else:
        given = str((await request.post()).get("csrf", "")) or request.headers.get("X-CSRF-Token", "")
    return is_same_origin(request) and csrf_matches(token, given)


def login_page(request: web.Request, form: Form, path: str, kept: str, reason: str = "") -> web.Response:
    """The login form; makes the visit's cookie when there is none."""
    visit = visit_token(request)
    context = {"form": form, "next": own_path(path), "kept": kept, "reason": reason, "csrf": csrf_token(visit)}
    status = HTTPStatus.OK if request.method == "GET" else HTTPStatus.UNAUTHORIZED
    response = render(request, "login.html", context, status=status)
    if VISIT_COOKIE not in request.cookies:
        set_cookie(request, response, VISIT_COOKIE, visit)
    return response


def resume_page(request: web.Request, path: str, kept: Kept) -> web.Response:
    """What was typed before the login, shown once more: nothing is saved without a look and a click."""
    return render(request, "resume.html", {"path": own_path(path), "kept": kept})


async def _once_more(request: web.Request) -> web.Response:
    """A form of our own that was opened before its person logged in again, in another window perhaps: not done, and
    not lost. Whatever comes from elsewhere is refused: a browser names the page that a form stood on."""
    kept = await keep(request) if "Origin" in request.headers and is_same_origin(request) else None
    if kept is None or not kept.shown or request.headers.get("HX-Request"):
        raise web.HTTPForbidden
    return resume_page(request, request.path_qs, kept)


async def _to_login(request: web.Request) -> web.StreamResponse:
    if request.headers.get("HX-Request"):
        where = f"{PATH}/login?{urlencode({'next': _page_of(request.headers.get('HX-Current-URL', ''))})}"
        return web.Response(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": where})
    if request.method == "GET":
        raise web.HTTPSeeOther(f"{PATH}/login?{urlencode({'next': request.path_qs})}")
    kept = ""
    if is_same_origin(request):
        if request.content_type == MULTIPART:
            await first_part(request)
        kept = (await keep(request)).packed()
    if kept:
        return login_page(request, Form(), request.path_qs, kept, "登录已过期，请重新登录；刚才填写的内容会保留。")
    shown = _page_of(request.headers.get("Referer", ""))  # the address of a button is no page to come back to
    return login_page(request, Form(), shown, "", "登录已过期，请重新登录，再按一次刚才的按钮。")


def _page_of(address: str) -> str:
    """The page of ours that an address names, without what was done there; the first page for any other."""
    parts = urlsplit(address)
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name != "done"])
    return own_path(f"{parts.path}?{query}" if query else parts.path)
