"""What every request to the staff's pages passes: headers, session, CSRF, permission.

    page = guarded(accounts, Permission.EDIT, handler)     # a route cannot be made without saying who may use it

A form posted after the session ended is not thrown away: it goes with the person through the login and is shown
again for confirmation, provided that it came from our own page.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from traceback import extract_tb
from urllib.parse import urlencode

import structlog
from aiohttp import BodyPartReader, MultipartReader, web

from casework.staff import NotAllowed, Permission, StaffAccounts, csrf_matches, csrf_token
from connectors.console.forms import Form
from connectors.console.session import (
    MEMBER,
    PATH,
    SESSION_COOKIE,
    TOKEN,
    VISIT_COOKIE,
    is_same_origin,
    own_path,
    set_cookie,
    visit_token,
)
from connectors.console.view import render
from knowledge.editing import NoSuchItem
from service.errors import ServiceError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PARTS: web.RequestKey[MultipartReader] = web.RequestKey("parts", MultipartReader)
"""The rest of a multipart body, after its CSRF token was read and found right."""

log = structlog.get_logger()

_MAX_TOKEN_BYTES = 256
_NOT_KEPT = ("csrf", "password")
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
    """On every response, refusals included."""
    try:
        response = await handler(request)
    except web.HTTPException as answer:
        answer.headers.update(_HEADERS)
        raise
    response.headers.update(_HEADERS)
    return response


@web.middleware
async def plain_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What goes wrong is told in plain words on a page of ours; the details go to the log."""
    try:
        return await handler(request)
    except NotAllowed as error:
        return problem(request, "没有权限", error.citizen_text, HTTPStatus.FORBIDDEN)
    except NoSuchItem as error:
        return problem(request, "没有这一条", error.citizen_text, HTTPStatus.NOT_FOUND)
    except ServiceError as error:
        return problem(request, "没有完成", error.citizen_text, HTTPStatus.UNPROCESSABLE_ENTITY)
    except web.HTTPNotFound:
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


def guarded(accounts: StaffAccounts, permission: Permission, handler: Handler) -> Handler:
    """The handler behind login, CSRF token (for anything but GET) and permission."""

    async def guard(request: web.Request) -> web.StreamResponse:
        token = request.cookies.get(SESSION_COOKIE, "")
        member = await accounts.by_token(token) if token else None
        if member is None:
            return await _to_login(request)
        request[MEMBER], request[TOKEN] = member, token
        if request.method != "GET":
            await check_csrf(request, token)
        member.require(permission)
        return await handler(request)

    return guard


async def check_csrf(request: web.Request, token: str) -> None:
    """Raises HTTPForbidden unless the request carries the form token of this session and comes from our own page.

    A multipart body is read up to its first field only, which must be the token: the rest waits in `request[PARTS]`.
    """
    if request.content_type == "multipart/form-data":
        given = await _first_part(request)
    else:
        given = str((await request.post()).get("csrf", "")) or request.headers.get("X-CSRF-Token", "")
    if not (is_same_origin(request) and csrf_matches(token, given)):
        raise web.HTTPForbidden


def login_page(request: web.Request, form: Form, path: str, kept: str, reason: str = "") -> web.Response:
    """The login form; makes the visit's cookie when there is none."""
    visit = visit_token(request)
    context = {"form": form, "next": own_path(path), "kept": kept, "reason": reason, "csrf": csrf_token(visit)}
    status = HTTPStatus.OK if request.method == "GET" else HTTPStatus.UNAUTHORIZED
    response = render(request, "login.html", context, status=status)
    if VISIT_COOKIE not in request.cookies:
        set_cookie(request, response, VISIT_COOKIE, visit)
    return response


def unpack_kept(kept: str) -> list[tuple[str, str]]:
    """The fields of a form that went through the login; empty when they cannot be read."""
    try:
        return [(str(name), str(value)) for name, value in json.loads(kept)]
    except (ValueError, TypeError):
        return []


async def _to_login(request: web.Request) -> web.StreamResponse:
    if request.headers.get("HX-Request"):
        return web.Response(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": f"{PATH}/login"})
    if request.method == "GET":
        raise web.HTTPSeeOther(f"{PATH}/login?{urlencode({'next': request.path_qs})}")
    kept = ""
    if is_same_origin(request) and request.content_type == "application/x-www-form-urlencoded":
        typed = await request.post()
        pairs = [(name, value) for name, value in typed.items() if isinstance(value, str) and name not in _NOT_KEPT]
        kept = json.dumps(pairs, ensure_ascii=False)
    reason = "登录已过期，请重新登录；刚才填写的内容会保留。" if kept else "登录已过期，请重新登录。"
    return login_page(request, Form(), request.path_qs, kept, reason)


async def _first_part(request: web.Request) -> str:
    """The value of the field `csrf`, when the body begins with it."""
    request[PARTS] = await request.multipart()
    first = await request[PARTS].next()
    if not isinstance(first, BodyPartReader) or first.name != "csrf":
        return ""
    value = await first.read_chunk(_MAX_TOKEN_BYTES)
    await first.release()
    return value.decode("ascii", "replace")
