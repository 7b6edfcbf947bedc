"""Casework, wired: the core system, the gateway for short messages, and the work that goes on in the background."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import here, utc_now
from base.database import Database
from base.errors import ServiceError, SetupError
from base.personal_data import Vault, is_phone
from base.settings import Settings
from base.tasks import finished, own
from casework.core.choose import connect
from casework.core.demo import DemoCore, demo_file
from casework.models import Ticket
from casework.outbox import Gateway, KeepingGateway, Outbox
from casework.people.consents import Letter
from casework.people.identity import Codes
from casework.retention import Retention
from casework.sms import HttpGateway
from casework.tickets.deadlines import Deadlines, watch
from casework.tickets.rating_words import HOW
from casework.tickets.ratings import SmsMessenger
from connectors.shared.addresses import asks_this_machine, is_direct_loopback
from connectors.web.pages import consent, rating, upload
from connectors.wechat.channel import CONVERSATION_PREFIX, Progress, WeChat
from service.assembly import Casework, OnBad, assemble

log = structlog.get_logger()

_DELIVER_SECONDS = 2.0
_HAND_OVER_SECONDS = 5.0
_SWEEP_SECONDS = 6 * 3600.0
_CLEAN_SECONDS = 3600.0
_FINISH_SECONDS = 5.0
"""So long a service that ends waits for a step of the background work: a one-time code that the gateway has taken would
else wait for the end of its lease to be sent again."""


class Accounts:
    """The official account, once there is one: a `casework.filings.desk.News`, a `casework.tickets.ratings.Messenger`
    and `casework.people.consents.Letters`."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._sms: SmsMessenger | None = None
        self.wechat: WeChat | None = None

    def besides(self, sms: SmsMessenger) -> Accounts:
        """Whom WeChat cannot reach is asked by short message."""
        self._sms = sms
        return self

    async def ask_rating(self, session: AsyncSession, ticket: Ticket, token: str) -> bool:
        """On the channel the ticket came from."""
        if self._sms is None:
            return False
        if self.wechat is None or ticket.channel != "wechat" or ticket.conversation_sealed is None:
            return await self._sms.ask_rating(session, ticket, token)
        text = f"{self._sms.words(ticket, token)}\n{HOW}"
        await self.wechat.owe(session, self._vault.decrypt(ticket.conversation_sealed), text)
        self.wechat.wake()
        return True

    async def tell(self, person_key: str, *, number: str, item: str, state: str, text: str) -> None:
        """The short message is certain; this is besides, so its failure is noted and costs nothing."""
        if self.wechat is None:
            return
        try:
            now = here(utc_now())
            await self.wechat.progress(person_key, Progress(number, item, state, now, text))
        except (ServiceError, SQLAlchemyError, OSError) as error:
            log.error("news_not_told", code=getattr(error, "code", type(error).__name__))

    async def names(self, person: str) -> Sequence[str]:
        return await self.wechat.conversations_of(person) if self.wechat else ()

    async def write(self, session: AsyncSession, conversation: str, letter: Letter) -> None:
        """Nothing for a conversation on another channel: its short message is on its way."""
        if self.wechat is None or not conversation.startswith(CONVERSATION_PREFIX):
            return
        if letter.until is None:
            await self.wechat.owe(session, conversation, letter.text)
        else:
            await self.wechat.owe_request(
                session, conversation, letter.text, link=letter.link, until=letter.until, matter=letter.matter
            )

    def wake(self) -> None:
        if self.wechat is not None:
            self.wechat.wake()


async def set_up(
    app: web.Application,
    settings: Settings,
    stack: AsyncExitStack,
    database: Database,
    vault: Vault,
    accounts: Accounts,
    on_bad: OnBad,
) -> Casework:
    """Make everything, load the demo's people, start the background work. Raises SetupError."""
    core = connect(settings, database, vault, stack)
    codes = Codes()
    if isinstance(core, DemoCore):
        people = demo_file()
        await core.load(people["people"])
        codes = Codes(people["otp_fixed_code"])
    gateway = _gateway(settings, stack)
    casework = assemble(
        database,
        vault,
        core,
        gateway,
        codes,
        materials=settings.var_dir / "materials",
        address=settings.address,
        news=accounts,
        letters=accounts if settings.public_url or settings.demo else None,  # a link nobody can open helps nobody
        messenger=accounts.besides,
        on_bad=on_bad,
    )
    own(stack, _again(casework.outbox.deliver, _DELIVER_SECONDS, "outbox"), "outbox")
    own(stack, _again(casework.to_core.hand_over, _HAND_OVER_SECONDS, "hand over"), "hand over filings")
    own(stack, _again(casework.decisions.deliver, _HAND_OVER_SECONDS, "decisions"), "tell the core system of decisions")
    own(stack, _again(casework.materials.sweep, _SWEEP_SECONDS, "sweep"), "sweep materials")
    own(stack, _again(Retention(database).clean, _CLEAN_SECONDS, "retention"), "retention")
    own(stack, watch(Deadlines(database, vault)), "deadlines")
    rating.setup(app, casework.ratings)
    upload.setup(app, casework.materials)
    consent.setup(app, casework.authorisations)
    if settings.demo:
        app.router.add_get("/dev/outbox", _outbox_page(casework.outbox))
    return casework


def _gateway(settings: Settings, stack: AsyncExitStack) -> Gateway:
    """The demo keeps messages (`service.safeguards` sees to it that it has no gateway)."""
    if settings.sms_url:
        gateway = HttpGateway(settings.sms_url, settings.sms_token.get_secret_value())
        stack.push_async_callback(gateway.aclose)
        return gateway
    if not settings.demo:
        raise SetupError("YIBAO_SMS_URL is empty: without short messages nobody can prove who they are")
    return KeepingGateway()


async def _again(work: Callable[[], Coroutine[Any, Any, int]], seconds: float, name: str) -> None:
    """Do it again and again, until cancelled; what fails now is tried the next time."""
    while True:
        try:
            if done := await finished(work(), _FINISH_SECONDS):
                log.info("background_work", work=name, done=done)
        except (ServiceError, SQLAlchemyError, OSError) as error:
            log.error("background_work_failed", work=name, code=getattr(error, "code", type(error).__name__))
        await asyncio.sleep(seconds)


def _outbox_page(outbox: Outbox) -> Callable[[web.Request], Awaitable[web.Response]]:
    """GET /dev/outbox?phone=: what the demo would have sent to a number, newest first; to who sits at this machine."""

    async def show(request: web.Request) -> web.Response:
        if not (is_direct_loopback(request) and asks_this_machine(request)):
            raise web.HTTPNotFound
        phone = request.query.get("phone", "")
        if not is_phone(phone):
            return web.json_response({"error": "phone"}, status=400)
        messages = [
            {"at": _second(message.at), "kind": message.kind, "state": message.state, "text": message.text}
            for message in await outbox.to(phone)
        ]
        return web.json_response(messages, dumps=_dumps)

    return show


def _second(at: datetime) -> str:
    return here(at).isoformat(timespec="seconds")


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
