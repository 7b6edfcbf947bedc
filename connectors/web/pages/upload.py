"""`/upload/{token}`: materials for one filing, from the link in a short message or a chat. Needs no JavaScript.

A file is what its bytes say (`casework.filings.pictures`), never what it is called; it is kept sealed outside the web
root and nothing is ever served from here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from base.errors import ServiceError
from casework.filings.materials import LinkEnded, Materials
from casework.filings.pictures import MAX_BYTES, MaterialRefused
from connectors.shared.addresses import throttled_as
from connectors.shared.parts import parts
from connectors.web.chat.rate import UPLOAD, RateLimit, RateLimiter, TooFast
from connectors.web.pages.linked import render, setup_templates
from connectors.web.pages.office import Office
from connectors.web.pages.view import chosen

MAX_FILES = 5
"""In one go; the link can be used again."""
_MOST_FORM_BYTES = MAX_FILES * MAX_BYTES + 2**20
"""What a form of so many files announces, with room for what stands between them."""
_BODY_SECONDS = 1800.0
"""Five photos over a slow line."""
_IDLE_SECONDS = 30.0
"""Nothing more comes: the line is gone."""
_OFFICE = Office()
_ONE_AT_A_TIME = "上一次交的还在收，请等半分钟再交。"
_TOO_OFTEN = "现在交材料的人多，请过一会儿再交。"
_TOO_LARGE = MaterialRefused(code="material_large", citizen_text="文件太大了。每个不超过10兆，一次最多5个。")


def setup(app: web.Application, materials: Materials, office: Office = _OFFICE) -> None:
    """Mount the page; the public page serves its style sheet."""
    setup_templates(app)
    pages = UploadPages(materials, office)
    app.add_routes([web.get("/upload/{token}", pages.show), web.post("/upload/{token}", pages.take)])


class UploadPages:
    """The handlers."""

    def __init__(self, materials: Materials, office: Office, limit: RateLimit = UPLOAD) -> None:
        self._materials, self._office = materials, office
        self._clients = RateLimiter(limit)
        self._going_on: set[str] = set()

    async def show(self, request: web.Request) -> web.Response:
        return await self._page(request, taken=0, refused=[])

    async def take(self, request: web.Request) -> web.Response:
        """Take each file by itself, as it comes: one that is refused does not cost the others.

        Nothing is read before the link is known to be good and to have room, nor while another form of the same link
        is being read."""
        token, refused = request.match_info["token"], list[str]()
        if token in self._going_on:
            return await self._page(request, taken=0, refused=[_ONE_AT_A_TIME])
        self._going_on.add(token)
        taken = 0
        try:
            await self._clients.enter(throttled_as(request))
            await self._materials.check_room(token)
            async for content in _files(request):
                try:
                    await self._materials.add_by_link(token, content)
                    taken += 1
                except LinkEnded:
                    raise
                except MaterialRefused as error:
                    refused.append(error.citizen_text)
        except TooFast:
            refused.append(_TOO_OFTEN)
        except ServiceError as error:
            refused.append(error.citizen_text)
        finally:
            self._going_on.discard(token)
        if not taken and not refused:
            refused.append("您还没有选照片。请先选照片，再按“交材料”。")
        return await self._page(request, taken=taken, refused=list(dict.fromkeys(refused)))

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


async def _files(request: web.Request) -> AsyncIterator[bytes]:
    """The files of the form, one in memory at a time. Raises MaterialRefused for a body too large or cut off; before
    anything is read where its announced length says so: nobody sends for half an hour what cannot be taken."""
    if (request.content_length or 0) > _MOST_FORM_BYTES:
        raise _TOO_LARGE
    count, until = 0, time.monotonic() + _BODY_SECONDS
    try:
        form = await parts(request)
        while part := await asyncio.wait_for(form.next(), _IDLE_SECONDS):
            if not isinstance(part, BodyPartReader) or not part.filename:
                continue
            content = await _content(part, until)
            count += bool(content)
            if count > MAX_FILES:
                raise _TOO_LARGE
            if content:
                yield content
    except (TimeoutError, ValueError, LookupError, AssertionError, BadHttpMessage) as error:
        raise MaterialRefused(code="upload_broken", citizen_text="没有传完，请再试一次。") from error


async def _content(part: BodyPartReader, until: float) -> bytes:
    """Raises TimeoutError where nothing more comes, or the whole form takes too long."""
    body = bytearray()
    while chunk := await asyncio.wait_for(part.read_chunk(), _IDLE_SECONDS):
        body += chunk
        if len(body) > MAX_BYTES:
            raise _TOO_LARGE
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(body)
