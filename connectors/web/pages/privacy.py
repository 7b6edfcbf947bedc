"""`/privacy`: what is done with a citizen's data, in plain words. How long things are kept is what the clean-up
does."""

from __future__ import annotations

from aiohttp import web

from casework.retention import ELSEWHERE, RULES
from connectors.web.pages.view import render
from knowledge.insight import questions


async def show(request: web.Request) -> web.Response:
    """The page."""
    asked = ("问过的政策问题（去掉号码，用来改进回答）", f"最长{questions.RETENTION.days}天")
    kept = [asked, *ELSEWHERE, *((rule.what, f"{rule.days}天") for rule in RULES)]
    return render(request, "privacy.html", {"kept": kept})
