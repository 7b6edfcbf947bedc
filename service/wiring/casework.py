"""Casework, wired: the core system, the gateway for short messages, and the work that goes on in the background."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import here, utc_now
from base.database import Database
from base.errors import ServiceError, SetupError
from base.every import every
from base.personal_data import Vault, is_phone
from base.room import Room
from base.settings import Settings
from base.tasks import own
from casework.core.choose import connect
from casework.models import Ticket
from casework.outbox import Gateway, KeepingGateway, Outbox
from casework.people.consents import Letter
from casework.people.identity import Codes
from casework.retention import Retention
from casework.sms import HttpGateway
from casework.tickets.deadlines import Deadlines
from casework.tickets.rating_words import HOW
from casework.tickets.ratings import SmsMessenger
from connectors.shared.addresses import asks_this_machine, is_direct_loopback
from connectors.web.pages import consent, rating, upload
from connectors.wechat.channel import CONVERSATION_PREFIX, Progress, WeChat
from demo.core import DemoCore, demo_file
from service.wiring.assembly import Casework, OnBad, assemble

log = structlog.get_logger()

_DELIVER_SECONDS = 2.0
_HAND_OVER_SECONDS = 5.0
_SWEEP_SECONDS = 6 * 3600.0
_CLEAN_SECONDS = 3600.0
_COUNT_SECONDS = 30.0
_DEADLINE_SECONDS = 300.0


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

    async def ask_rating(self, session: AsyncSession, ticket: Ticket, token: str, outcome: str = "") -> bool:
        """On the channel the ticket came from."""
        if self._sms is None:
            return False
        if self.wechat is None or ticket.channel != "wechat" or ticket.conversation_sealed is None:
            return await self._sms.ask_rating(session, ticket, token, outcome)
        text = f"{self._sms.words(ticket, token, outcome)}\n{HOW}"
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
    room: Room,
    on_bad: OnBad,
) -> Casework:
    """Make everything, load the demo's people, start the background work. Raises SetupError."""
    core = connect(settings, vault, stack, lambda: DemoCore(database, vault))
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
        room=room,
        address=settings.address,
        news=accounts,
        letters=accounts if settings.public_url or settings.demo else None,  # a link nobody can open helps nobody
        messenger=accounts.besides,
        on_bad=on_bad,
    )
    deadlines = Deadlines(database, vault)
    own(stack, every(_DELIVER_SECONDS, casework.outbox.deliver, "outbox"), "outbox")
    own(stack, every(_HAND_OVER_SECONDS, casework.to_core.hand_over, "hand over"), "hand over filings")
    own(stack, every(_HAND_OVER_SECONDS, casework.decisions.deliver, "decisions"), "tell the core system of decisions")
    own(stack, every(_SWEEP_SECONDS, casework.materials.sweep, "sweep"), "sweep materials")
    own(stack, every(_CLEAN_SECONDS, Retention(database).clean, "retention"), "retention")
    own(stack, every(_COUNT_SECONDS, casework.outbox.count, "count"), "count short messages")
    own(stack, every(_COUNT_SECONDS, casework.to_core.owed.count, "count"), "count filings")
    own(stack, every(_COUNT_SECONDS, casework.decisions.owed.count, "count"), "count decisions")
    own(stack, every(_DEADLINE_SECONDS, lambda: deadlines.look(utc_now()), "deadlines"), "deadlines")
    rating.setup(app, casework.ratings)
    upload.setup(app, casework.materials)
    consent.setup(app, casework.authorisations)
    if settings.demo:
        app.router.add_get("/dev/outbox", _outbox_page(casework.outbox))
    return casework


def _gateway(settings: Settings, stack: AsyncExitStack) -> Gateway:
    """The demo keeps messages (`service.watching.safeguards` sees to it that it has no gateway)."""
    if settings.sms_url:
        gateway = HttpGateway(settings.sms_url, settings.sms_token.get_secret_value())
        stack.push_async_callback(gateway.aclose)
        return gateway
    if not settings.demo:
        raise SetupError("YIBAO_SMS_URL is empty: without short messages nobody can prove who they are")
    return KeepingGateway()


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
