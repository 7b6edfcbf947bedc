"""Everything the public pages need, mounted on the service's application in one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from base.database import Database
from base.messages import Reply
from connectors.web.call.calls import OnCall, WebCalls
from connectors.web.call.speech import ReadAloud
from connectors.web.chat.carried import Seal
from connectors.web.chat.chat import Chat, Dialogue
from connectors.web.chat.dictation import Dictation
from connectors.web.chat.news import Source
from connectors.web.chat.once import Shared
from connectors.web.chat.rate import CHAT, RateLimit
from connectors.web.chat.talk import Talk
from connectors.web.pages import front as page
from connectors.web.pages import privacy
from connectors.web.pages.documents import DocumentPages
from connectors.web.pages.failing import calm_pages
from connectors.web.pages.guides import GuidePages
from connectors.web.pages.office import Office
from connectors.web.pages.points import PointPages
from connectors.web.pages.ticket import Accounts, TicketPage
from connectors.web.pages.view import setup_templates
from knowledge.answering import network
from knowledge.public.guides import Guides
from knowledge.public.points import ServicePoints
from knowledge.public.published import Published

_OFFICE = Office()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the pages that are read need: the knowledge, whose rules are shown, and which day it is."""

    database: Database
    home: str
    today: Callable[[], date]


def setup(
    app: web.Application,
    dialogue: Dialogue,
    on_call: OnCall,
    *,
    max_calls: int = 8,
    limit: RateLimit = CHAT,
    office: Office = _OFFICE,
    reading: Reading | None = None,
    seal: Seal | None = None,
    aloud: ReadAloud | None = None,
    dictation: Dictation | None = None,
    said: Source | None = None,
    accounts: Accounts | None = None,
    asked: Shared[list[Reply]] | None = None,
) -> WebCalls:
    """Mount `/`, its files, the chat, the softphone's websocket and the pages; calls end when `app` shuts down.

    Without `reading` there are no guides, documents and points; without `seal` a page without JavaScript shows the
    last turn only; without `aloud` nothing is read aloud; without `dictation` nobody can speak into the question;
    without `said` no member of staff answers on a page without JavaScript; without `accounts` no ticket is followed;
    without `asked` a message that is sent again is known to this process only.
    Returns the calls, so that the service can count them.
    """
    listen = aloud.link if aloud else _silent
    chat = Chat(dialogue, limit, listen=listen, shared=asked)
    calls = WebCalls(on_call, max_calls)
    app.middlewares.append(calm_pages)
    setup_templates(app, office, can_dictate=dictation is not None)
    app.add_routes(
        [
            web.get("/", page.index),
            web.get("/assets/web/{name}", page.asset),
            web.post("/webhooks/rest/webhook", chat.handle),
            web.get("/talk", _to_front),
            web.post("/talk", Talk(chat, seal, said).handle),
            web.get("/ws/call", calls.handle),
            web.get("/privacy", privacy.show),
        ]
    )
    if aloud:
        app.router.add_get("/speech/{token}", aloud.handle)
    if dictation:
        app.router.add_post("/dictation", dictation.handle)
    if accounts:
        tickets = TicketPage(accounts)
        app.add_routes([web.get("/ticket", tickets.show), web.post("/ticket", tickets.look)])
    if reading:
        _mount_reading(app, reading, listen)

    async def end_calls(_app: web.Application) -> None:
        calls.end_all()
        await chat.aclose()

    app.on_shutdown.append(end_calls)
    return calls


def _mount_reading(app: web.Application, reading: Reading, listen: Callable[[str], str]) -> None:
    published = Published(reading.database)
    guides = GuidePages(Guides(reading.database), published, home=reading.home, today=reading.today, listen=listen)
    documents = DocumentPages(published, home=reading.home)
    points = PointPages(ServicePoints(reading.database), network.load(), published, today=reading.today)
    app.add_routes(
        [
            web.get("/guides", guides.index),
            web.get("/guides/{id}", guides.show),
            web.get("/documents", documents.index),
            web.get("/documents/{id}", documents.show),
            web.get("/points", points.show),
        ]
    )


async def _to_front(_request: web.Request) -> web.Response:
    """A conversation is a form's answer; whoever comes to its address by a link starts at the front."""
    raise web.HTTPSeeOther("/")


def _silent(_text: str) -> str:
    return ""
