"""How every public page is rendered: one set of templates, strict headers, and the print its reader chose.

A reader chooses by a link (`?view=elder`), which works without JavaScript. The choice is remembered in a cookie that
says nothing else, and in the browser's own storage, so that old and restricted browsers keep one of the two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web

from base.staff_texts import STAFF_TEXTS, StaffText
from connectors.web.pages.links import anchor, document_link
from connectors.web.pages.office import Office
from language.calendar import service_hours

VIEWS = {"normal": "标准", "elder": "长辈版", "contrast": "高对比"}
"""In the order of the page's head. `elder`: large print and large buttons; `contrast`: that, on black."""
_COOKIE = "view"
_YEAR_SECONDS = 365 * 24 * 3600
_HERE = Path(__file__).resolve().parents[1]
_TEMPLATES: web.AppKey[jinja2.Environment] = web.AppKey("web_templates", jinja2.Environment)
_OFFICE: web.AppKey[Office] = web.AppKey("web_office", Office)
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")


def setup_templates(app: web.Application, office: Office, *, can_dictate: bool = False) -> None:
    """Templates under a key of our own, so that other pages of the service may have theirs."""
    loader = jinja2.FileSystemLoader(_HERE / "templates")
    environment = aiohttp_jinja2.setup(
        app,
        app_key=_TEMPLATES,
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(anchor=anchor, tel=_dialled, bracketed=_bracketed, without_sources=_without_sources)
    environment.globals.update(document_link=document_link, can_dictate=can_dictate)
    app[_OFFICE] = office


def render(
    request: web.Request, template: str, context: Mapping[str, Any], status: int = HTTPStatus.OK, *, here: str = ""
) -> web.Response:
    """A public page. `here`: its address for the links that choose the print; "" where it can be asked again."""
    view = chosen(request)
    everywhere = {
        "office": request.config_dict[_OFFICE],
        "view": view,
        "views": [(name, label, _with_view(request, name, here)) for name, label in VIEWS.items()],
        "path": request.path,
        "announcement": STAFF_TEXTS.text(StaffText.ANNOUNCEMENT),
        "hours": service_hours.shown(),
    }
    response = aiohttp_jinja2.render_template(
        template, request, {**everywhere, **context}, app_key=_TEMPLATES, status=status
    )
    response.headers.update(_headers(request.host))
    if request.query.get(_COOKIE) == view:
        response.set_cookie(_COOKIE, view, max_age=_YEAR_SECONDS, path="/", samesite="Lax")
    return response


def calm(request: web.Request, title: str, words: str, status: int = HTTPStatus.NOT_FOUND) -> web.Response:
    """A page for what is not there: what happened, and where to go on."""
    return render(request, "calm.html", {"title": title, "words": words}, status)


def chosen(request: web.Request) -> str:
    """The reader's print: asked for now, or remembered."""
    for asked in (request.query.get(_COOKIE, ""), request.cookies.get(_COOKIE, "")):
        if asked in VIEWS:
            return asked
    return "normal"


def _dialled(phone: str) -> str:
    """The first number of a phone field, as a phone dials it."""
    return re.sub(r"[^0-9]", "", re.split(r"[、，, 转/]", phone)[0])


def _bracketed(title: str) -> str:
    """《…》 around a document's title; marks inside it become 〈…〉, as Chinese print does."""
    whole = re.fullmatch(r"《([^《》]*)》", title)
    inner = whole.group(1) if whole else title
    return f"《{inner.replace('《', '〈').replace('》', '〉')}》"


def _without_sources(text: str) -> str:
    """The lines with the sources are for channels that only show text; a page lists the sources below it."""
    return re.sub(r"\n（依据：[^\n]*）(?=\n|$)", "", text)


def _with_view(request: web.Request, name: str, here: str) -> str:
    if here:
        return f"{here}?{_COOKIE}={name}"
    return str(request.rel_url.update_query({_COOKIE: name}))


def _headers(host: str) -> dict[str, str]:
    # Older Safari does not count websockets of the same host as 'self'.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
            f"worker-src 'self'; connect-src 'self'{sockets}; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'"
        ),
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }
