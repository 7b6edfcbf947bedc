"""The public page, wired: chat, softphone, what is read, reading aloud, speaking into the question."""

from __future__ import annotations

from aiohttp import web

from base.database import Database
from base.personal_data import Vault
from base.settings import Settings
from base.tenant import TENANT
from bot.actions.server import local_today
from casework.tickets.account import TicketAccounts
from connectors.web import routes
from connectors.web.call.calls import OnCall, WebCalls
from connectors.web.call.speech import ReadAloud
from connectors.web.chat import news, rate
from connectors.web.chat.chat import Dialogue
from connectors.web.chat.dictation import Dictation
from connectors.web.chat.news import Source
from connectors.web.chat.once_shared import AskedOnce
from connectors.web.chat.rate_shared import SharedBuckets
from connectors.web.routes import Reading
from voice.engines import Voices


def set_up(
    app: web.Application,
    settings: Settings,
    database: Database,
    vault: Vault,
    voices: Voices,
    dialogue: Dialogue,
    on_call: OnCall,
    said: Source,
    accounts: TicketAccounts,
) -> WebCalls:
    """Mount everything that citizens open in a browser, `/rating` and `/upload` excepted (they belong to casework).

    `said`: what staff write to a conversation; `accounts`: of tickets that are followed by number and code.
    """
    if not settings.database.startswith("sqlite"):  # a file serves one process
        rate.share(SharedBuckets(database, vault))
    aloud = ReadAloud(voices.speaker, vault, settings.pace)
    news.setup(app, said, aloud.link)
    return routes.setup(
        app,
        dialogue,
        on_call,
        max_calls=settings.max_calls,
        reading=Reading(database, TENANT.jurisdiction, local_today),
        seal=vault,
        aloud=aloud,
        dictation=Dictation(voices.engines.recogniser, voices.engines.correct),
        said=said,
        accounts=accounts,
        asked=AskedOnce(database, vault),
    )
