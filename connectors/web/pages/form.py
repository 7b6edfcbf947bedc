"""What was typed into a form of ours."""

from __future__ import annotations

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage


async def typed(request: web.Request) -> dict[str, str]:
    """The form's fields; none for a body that none of our pages sends."""
    try:
        return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    except (ValueError, LookupError, AssertionError, BadHttpMessage):  # not the text it says it is, or cut off
        return {}
