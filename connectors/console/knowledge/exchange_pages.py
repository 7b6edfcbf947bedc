"""导出导入: the whole knowledge as one zip of files, out and, into an empty knowledge base, in."""

from __future__ import annotations

from aiohttp import web

from base import aside
from base.clock import here, utc_now
from base.database import Database
from connectors.console.kit.forms import Form
from connectors.console.kit.multipart import read_parts
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import back_to, render
from knowledge.authoring import exchange
from knowledge.authoring.exchange import CannotRestore
from staff import audit
from staff.audit import Action

_MOST_BYTES = 100 * 2**20


class ExchangePages:
    """`/console/exchange`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def show(self, request: web.Request) -> web.StreamResponse:
        return render(request, "exchange.html", {"form": Form(), "limit": _MOST_BYTES})

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The zip; the same bytes for the same knowledge."""
        packed = await aside.apart(exchange.packed, self._database.url)
        await audit.note_alone(self._database, request[MEMBER].username, Action.EXPORTED, "knowledge")
        name = f"yibao-knowledge-{here(utc_now()):%Y%m%d-%H%M}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return web.Response(body=packed, content_type="application/zip", headers=headers)

    async def restore(self, request: web.Request) -> web.StreamResponse:
        """All of the files or nothing."""
        form = Form()
        _, upload = await read_parts(request, _MOST_BYTES)
        try:
            if upload is None or not upload.name:
                raise CannotRestore("no file", citizen_text="请先选择导出的 zip 文件。")
            if len(upload.data) > _MOST_BYTES:
                raise CannotRestore("too large", citizen_text="文件太大，不是导出的知识库。")
            await aside.apart(exchange.unpacked_into, self._database.url, upload.data, request[MEMBER].username)
        except CannotRestore as refusal:
            form.errors["file"] = refusal.citizen_text
            return render(request, "exchange.html", {"form": form, "limit": _MOST_BYTES}, status=422)
        raise back_to("/exchange", "restored")
