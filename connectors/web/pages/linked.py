"""What the pages behind links in messages share (`/rating`, `/upload`): their templates, and headers that keep the
address to themselves, because it is the right to do what the page does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

_TEMPLATES: web.AppKey[jinja2.Environment] = web.AppKey("linked_templates", jinja2.Environment)
_FOLDER = Path(__file__).resolve().parents[1] / "templates"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}


def setup_templates(app: web.Application) -> None:
    """May be called for each page: the first call counts."""
    if _TEMPLATES not in app:
        loader = jinja2.FileSystemLoader(_FOLDER)
        aiohttp_jinja2.setup(app, app_key=_TEMPLATES, loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)


def render(request: web.Request, template: str, context: Mapping[str, object], status: int) -> web.Response:
    """The page, with its headers."""
    response = aiohttp_jinja2.render_template(template, request, context, app_key=_TEMPLATES, status=status)
    response.headers.update(HEADERS)
    return response
