"""Large forms and files: read part by part, with limits of our own, after `guard` has checked the first part."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from aiohttp import BodyPartReader, MultipartReader, web
from multidict import MultiDict

from base.room import NoRoom, Room
from connectors.console.kit.forms import Typed
from connectors.shared.parts import parts

PARTS: web.RequestKey[MultipartReader] = web.RequestKey("parts", MultipartReader)
"""The rest of a multipart body, after its CSRF token was read and found right."""
ROOM = web.AppKey("room", Room)
"""Of the service; where it is not set, files are always taken."""
MULTIPART = "multipart/form-data"
_MAX_TOKEN_BYTES = 256
_SLICE_SECONDS = 0.005
_MOST_FIELD_BYTES = 12 * 2**20
"""All typed fields of one form together: a policy document twice over, and room."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it. `name` and `content_type` are the browser's claims."""

    name: str
    content_type: str
    data: bytes


async def first_part(request: web.Request) -> str:
    """The value of the field `csrf`, when the body begins with it; the rest waits in `request[PARTS]`."""
    request[PARTS] = await parts(request)
    first = await request[PARTS].next()
    if not isinstance(first, BodyPartReader) or first.name != "csrf":
        return ""
    value = await first.read_chunk(_MAX_TOKEN_BYTES)
    await first.release()
    return value.decode("ascii", "replace")


async def typed_fields(request: web.Request, most_bytes: int) -> Typed:
    """The fields of a form of either kind, whose first part was read; its files are left."""
    if request.content_type == MULTIPART:
        return (await read_parts(request, 0, most_bytes))[0]
    return await request.post()


async def read_parts(
    request: web.Request, most_file_bytes: int, most_field_bytes: int = _MOST_FIELD_BYTES
) -> tuple[MultiDict[str], Upload | None]:
    """The fields and the (last) file of a multipart form. Of a file that is too large, one byte more than allowed is
    read and the rest left: whoever judges it sees that it is too large. Raises HTTPRequestEntityTooLarge for fields,
    NoRoom for a file while the disk is nearly full."""
    typed: MultiDict[str] = MultiDict()
    upload, left, began = None, most_field_bytes, time.perf_counter()
    while (part := await request[PARTS].next()) is not None:
        if time.perf_counter() - began > _SLICE_SECONDS:
            await asyncio.sleep(0)  # thousands of fields that are all here never wait for anything
            began = time.perf_counter()
        if not isinstance(part, BodyPartReader):
            raise web.HTTPBadRequest
        if part.filename is not None:
            if (
                part.filename
                and most_file_bytes
                and ROOM in request.config_dict
                and not request.config_dict[ROOM].is_left
            ):
                raise NoRoom
            content_type = part.headers.get("Content-Type", "")
            upload = Upload(part.filename, content_type, await _read(part, most_file_bytes + 1))
            if len(upload.data) > most_file_bytes:
                return typed, upload
            continue
        value = await _read(part, left + 1)
        left -= len(value)
        if left < 0:
            raise web.HTTPRequestEntityTooLarge(most_field_bytes, most_field_bytes - left)
        typed.add(part.name or "", value.decode("utf-8", "replace"))
    return typed, upload


async def _read(part: BodyPartReader, most: int) -> bytes:
    data = bytearray()
    while len(data) < most and (chunk := await part.read_chunk(64 * 1024)):
        data += chunk
    return bytes(data[:most])
