"""The parts of a submitted form, each file whole, whatever the browser believes it to be.

A saved web page (.mht) is sent as `multipart/related`, and would be taken apart as a form within the form.
"""

from __future__ import annotations

from email.message import Message
from typing import Any, cast

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.streams import StreamReader
from multidict import CIMultiDictProxy


async def parts(request: web.Request) -> MultipartReader:
    """Like `request.multipart()`."""
    reader = await request.multipart()
    message = Message()
    message["Content-Type"] = request.headers["Content-Type"]
    boundary = f"--{message.get_boundary() or ''}".encode()

    def whole(headers: CIMultiDictProxy[str], content: StreamReader, **limits: Any) -> BodyPartReader:
        kept = {name: limits[name] for name in ("client_max_size", "max_size_error_cls") if name in limits}
        return BodyPartReader(boundary, headers, content, subtype="form-data", **kept)

    reader.multipart_reader_cls = cast("type[MultipartReader]", whole)
    return reader
