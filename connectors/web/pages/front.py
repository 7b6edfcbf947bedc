"""The front page and what it loads. Everything comes from this service: no other host is ever asked."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from connectors.web.chat.talk import new_conversation
from connectors.web.pages.view import render

_STATIC = Path(__file__).resolve().parents[1] / "static"
_CONDITIONS = ("If-None-Match", "If-Modified-Since", "Range")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_ASSETS = {path.name: path for path in _STATIC.iterdir() if path.suffix in _TYPES}
"""By name: no path of a request ever reaches the disk."""


async def index(request: web.Request) -> web.Response:
    """The page before anything was asked. Its conversation has a name already, so that a form sent twice is one."""
    context = {"turns": (), "heard": 0, "before": "", "draft": "", "trouble": "", "note": "", "waits": False}
    response = render(request, "index.html", {**context, "conversation": new_conversation()})
    response.headers["Cache-Control"] = "private, no-cache"
    return response


async def asset(request: web.Request) -> web.StreamResponse:
    """One file of ours; browsers ask each time whether it changed, so an update is seen at once."""
    path = _ASSETS.get(request.match_info["name"])
    if path is None:
        raise web.HTTPNotFound
    headers = {
        "Content-Type": f"{_TYPES[path.suffix]}; charset=utf-8",
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    response = web.FileResponse(path, headers=headers)
    if not any(name in request.headers for name in _CONDITIONS):  # aiohttp would pack the nothing of a "not changed"
        response.enable_compression()  # nothing secret is in them
    return response
