"""`/upload/{token}`: materials for one filing, from the link in a short message or a chat. Needs no JavaScript.

A file is what its bytes say (`casework.filings.pictures`), never what it is called; it is kept sealed outside the web
root and nothing is ever served from here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from casework.filings.materials import LinkEnded, Materials
from casework.filings.pictures import MAX_BYTES, MaterialRefused
from connectors.web.linked import render, setup_templates
from connectors.web.office import Office
from connectors.web.view import chosen
from service.errors import ServiceError

MAX_FILES = 5
"""In one go; the link can be used again."""
_BODY_SECONDS = 1800.0
"""Five photos over a slow line."""
_IDLE_SECONDS = 30.0
"""Nothing more comes: the line is gone."""
_OFFICE = Office()
_TOO_LARGE = MaterialRefused(code="material_large", citizen_text="文件太大了。每个不超过10兆，一次最多5个。")


def setup(app: web.Application, materials: Materials, office: Office = _OFFICE) -> None:
    """Mount the page; the public page serves its style sheet."""
    setup_templates(app)
    pages = UploadPages(materials, office)
    app.add_routes([web.get("/upload/{token}", pages.show), web.post("/upload/{token}", pages.take)])


class UploadPages:
    """The handlers."""

    def __init__(self, materials: Materials, office: Office) -> None:
        self._materials, self._office = materials, office

    async def show(self, request: web.Request) -> web.Response:
        return await self._page(request, taken=0, refused=[])

    async def take(self, request: web.Request) -> web.Response:
        """Take each file by itself: one that is refused does not cost the others."""
        token, taken, refused = request.match_info["token"], 0, list[str]()
        try:
            for content in await _files(request):
                try:
                    await self._materials.add_by_link(token, content)
                    taken += 1
                except LinkEnded:
                    raise
                except MaterialRefused as error:
                    refused.append(error.citizen_text)
        except ServiceError as error:
            refused.append(error.citizen_text)
        if not taken and not refused:
            refused.append("您还没有选照片。请先选照片，再按“交材料”。")
        return await self._page(request, taken=taken, refused=refused)

    async def _page(self, request: web.Request, *, taken: int, refused: list[str]) -> web.Response:
        told = {"taken": taken, "refused": refused}
        context: Mapping[str, object] = {"office": self._office, "view": chosen(request), **told}
        status = HTTPStatus.OK if not refused or taken else HTTPStatus.UNPROCESSABLE_ENTITY
        try:
            wanted = await self._materials.wanted(request.match_info["token"])
        except LinkEnded as error:
            status, context = HTTPStatus.GONE, {**context, "wanted": None, "refused": [error.citizen_text]}
        else:
            context = {**context, "wanted": wanted}
        return render(request, "upload.html", context, status)


async def _files(request: web.Request) -> list[bytes]:
    """The files of the form, within limits. Raises MaterialRefused; a body cut off is no file at all."""
    files: list[bytes] = []
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for part in await request.multipart():
                if not isinstance(part, BodyPartReader) or not part.filename:
                    continue
                if len(files) == MAX_FILES:
                    raise _TOO_LARGE
                files.append(await _content(part))
    except (TimeoutError, ValueError, LookupError, AssertionError, BadHttpMessage) as error:
        raise MaterialRefused(code="upload_broken", citizen_text="没有传完，请再试一次。") from error
    return [content for content in files if content]


async def _content(part: BodyPartReader) -> bytes:
    body = bytearray()
    while chunk := await asyncio.wait_for(part.read_chunk(), _IDLE_SECONDS):
        body += chunk
        if len(body) > MAX_BYTES:
            raise _TOO_LARGE
    return bytes(body)
