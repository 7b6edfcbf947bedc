"""Cookies, form tokens and who is asking."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TypedDict
from urllib.parse import urlsplit

from aiohttp import web

from connectors.shared.addresses import is_tls, throttled_as
from staff.accounts import StaffMember
from staff.csrf import csrf_token


class Whence(TypedDict):
    """The address a log-in comes from, and what an earlier one left in the browser."""

    address: str
    device: str


PATH = "/console"
SESSION_COOKIE = "yibao_console"
VISIT_COOKIE = "yibao_console_visit"
MEMBER: web.RequestKey[StaffMember] = web.RequestKey("member", StaffMember)
"""Who is logged in. Set for every handler behind `guard.guarded`."""
TOKEN: web.RequestKey[str] = web.RequestKey("token", str)
"""The token of that person's session."""
REFUSAL: web.RequestKey[str] = web.RequestKey("refusal", str)
"""Why a form was not done, as a code for the audit log; "" when the log has it already. A handler sets it only where
its answer does not show it: `guard.guarded` sees a status of 4xx by itself."""


def visit_token(request: web.Request) -> str:
    """Before login the form token hangs on a random cookie of this visit."""
    return request.cookies.get(VISIT_COOKIE) or secrets.token_urlsafe(32)


def form_token(request: web.Request) -> str:
    """The CSRF token for pages shown to this request; empty for somebody who is not logged in."""
    return csrf_token(request[TOKEN]) if TOKEN in request else ""


def set_cookie(
    request: web.Request, response: web.StreamResponse, name: str, value: str, days: int | None = None
) -> None:
    """HttpOnly, SameSite=Strict, Secure where the browser came by TLS. `days`: how long it stays."""
    seconds = None if days is None else days * 24 * 3600
    secure = is_tls(request)
    response.set_cookie(name, value, path=PATH, httponly=True, samesite="Strict", secure=secure, max_age=seconds)


def device_cookie(username: str) -> str:
    """The name of the cookie that says that somebody was logged in here once: one for each account of a shared desk."""
    return f"yibao_console_device_{sha256(username.strip().lower().encode()).hexdigest()[:12]}"


def whence(request: web.Request, username: str) -> Whence:
    """What the throttle of log-ins is told of a request."""
    return {"address": throttled_as(request), "device": request.cookies.get(device_cookie(username), "")}


def own_path(path: str) -> str:
    """The path, when it is one of the console's; the console's front page otherwise."""
    parts = urlsplit(path)
    is_ours = path.isprintable() and "\\" not in path and not parts.scheme and not parts.netloc
    return path if is_ours and (parts.path == PATH or parts.path.startswith(PATH + "/")) else PATH


def is_same_origin(request: web.Request) -> bool:
    """Browsers name the page that a form stood on; a request without that name is judged by its token alone."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host
