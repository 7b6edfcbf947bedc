"""知识体检: gaps that a document answers by now, documents that end soon; one click takes a gap back."""

from __future__ import annotations

from aiohttp import web

from connectors.console.kit.forms import Form
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import back_to, render
from knowledge.authoring.gaps import Gaps
from knowledge.insight.health import Health


class HealthPages:
    """`/console/health`."""

    def __init__(self, health: Health, gaps: Gaps | None) -> None:
        self._health, self._gaps = health, gaps

    async def show(self, request: web.Request) -> web.StreamResponse:
        """What is not worked out yet comes by itself, or at the next look."""
        return render(request, "health.html", {"found": await self._health.look()})

    async def take_back(self, request: web.Request) -> web.StreamResponse:
        """Take gaps down; each is in the audit log with who did it."""
        form = Form(await request.post())
        who = request[MEMBER].username
        if self._gaps is not None:
            await self._gaps.take_back(form.all("gap"), who=who, reason="已有文件写到，知识体检时撤下")
        raise back_to("/health", "gaps_taken")
