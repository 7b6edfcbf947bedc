"""A part of a body that is made in memory, as players ask for it: Safari plays no audio from a service without ranges.

aiohttp does this for files only (`web.FileResponse`); it reads the header for us (`request.http_range`).
"""

from __future__ import annotations

from hashlib import sha256

from aiohttp import web
from multidict import CIMultiDict


def ranged(request: web.Request, body: bytes, content_type: str, headers: dict[str, str]) -> web.Response:
    """All of `body` (200), the part that was asked for (206), or that there is no such part (416).

    A range of something else than `body` (If-Range), in another unit, or several at once, gets all of it.
    """
    every = CIMultiDict({**headers, "Accept-Ranges": "bytes", "ETag": f'"{sha256(body).hexdigest()[:32]}"'})
    asked = request.headers.get("Range", "")
    if (
        not asked.startswith("bytes=")
        or "," in asked
        or request.headers.get("If-Range", every["ETag"]) != every["ETag"]
    ):
        return web.Response(body=body, content_type=content_type, headers=every)
    try:
        start, end, _ = request.http_range.indices(len(body))
    except ValueError:
        start = end = 0
    if start >= end:
        every["Content-Range"] = f"bytes */{len(body)}"
        return web.Response(status=416, headers=every)
    every["Content-Range"] = f"bytes {start}-{end - 1}/{len(body)}"
    return web.Response(status=206, body=body[start:end], content_type=content_type, headers=every)
