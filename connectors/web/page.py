"""The public page and what it loads. Everything comes from this service: no other host is ever asked.

The page says what the service is and which number to dial even without JavaScript; chat and calls need it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

_HERE = Path(__file__).resolve().parent
_TEMPLATES: web.AppKey[jinja2.Environment] = web.AppKey("web_templates", jinja2.Environment)
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")


@dataclass(frozen=True, slots=True)
class Office:
    """Who runs the hotline, as the page says it."""

    name: str = "济宁市医疗保障局"
    hotline: str = "12393"
    quick_questions: tuple[str, ...] = (
        "跟孩子住外省，看病要先备案吗？",
        "急诊住院没来得及备案怎么办？",
        "门诊慢特病怎么申请？",
        "老人不会用手机，家里人能代办吗？",
        "孩子刚出生，怎么参保？",
    )


def setup_templates(app: web.Application) -> None:
    """Templates under a key of our own, so that other pages of the service may have theirs."""
    aiohttp_jinja2.setup(app, app_key=_TEMPLATES, loader=jinja2.FileSystemLoader(_HERE / "templates"), autoescape=True)


class Page:
    """Handlers of `/` and of the files it loads."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._assets = {path.name: path for path in (_HERE / "static").iterdir() if path.suffix in _TYPES}

    async def index(self, request: web.Request) -> web.Response:
        """The page itself."""
        response = aiohttp_jinja2.render_template("index.html", request, {"office": self._office}, app_key=_TEMPLATES)
        response.headers.update(_page_headers(request.host))
        return response

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """One file of ours; browsers ask each time whether it changed, so an update is seen at once."""
        path = self._assets.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        headers = {
            "Content-Type": f"{_TYPES[path.suffix]}; charset=utf-8",
            "Cache-Control": "no-cache",
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(path, headers=headers)


def _page_headers(host: str) -> dict[str, str]:
    # Older Safari does not count websockets of the same host as 'self'.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; worker-src 'self'; "
            f"connect-src 'self'{sockets}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }
