"""A file that a citizen sent, as staff get it: shown when the browser can do so safely, saved otherwise."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

_SHOWN_IN_BROWSER = ("image/jpeg", "image/png", "application/pdf")
_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",  # a citizen's file never acts in our name
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def citizens_file(media_type: str, contents: bytes, name: str) -> web.Response:
    """`name`: what it is saved as."""
    is_shown = media_type in _SHOWN_IN_BROWSER
    how = "inline" if is_shown else "attachment"
    headers = {**_HEADERS, "Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}"}
    content_type = media_type if is_shown else "application/octet-stream"
    return web.Response(body=contents, content_type=content_type, headers=headers)
