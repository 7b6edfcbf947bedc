"""`/privacy`: what is done with a citizen's data, in plain words. How long things are kept is what the clean-up
does."""

from __future__ import annotations

from aiohttp import web

from casework.retention import ELSEWHERE, RULES
from connectors.web.view import render


async def show(request: web.Request) -> web.Response:
    """The page."""
    kept = [*ELSEWHERE, *((rule.what, f"{rule.days}天") for rule in RULES)]
    return render(request, "privacy.html", {"kept": kept})
