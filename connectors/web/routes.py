"""Everything the public page needs, mounted on the service's application in one call."""

from __future__ import annotations

from aiohttp import web

from connectors.web.call import OnCall, WebCalls
from connectors.web.chat import Chat, Dialogue
from connectors.web.page import Office, Page, setup_templates
from connectors.web.rate import RateLimit

_OFFICE = Office()
_LIMIT = RateLimit()


def setup(
    app: web.Application,
    dialogue: Dialogue,
    on_call: OnCall,
    *,
    max_calls: int = 8,
    limit: RateLimit = _LIMIT,
    office: Office = _OFFICE,
) -> WebCalls:
    """Mount `/`, its files, the chat endpoint and the softphone's websocket; calls end when `app` shuts down.

    Returns the calls, so that the service can count them.
    """
    page = Page(office)
    chat = Chat(dialogue, limit)
    calls = WebCalls(on_call, max_calls)
    setup_templates(app)
    app.add_routes(
        [
            web.get("/", page.index),
            web.get("/assets/web/{name}", page.asset),
            web.post("/webhooks/rest/webhook", chat.handle),
            web.get("/ws/call", calls.handle),
        ]
    )

    async def end_calls(_app: web.Application) -> None:
        calls.end_all()

    app.on_shutdown.append(end_calls)
    return calls
