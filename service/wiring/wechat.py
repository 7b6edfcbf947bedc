"""The official account, wired: its callback, its queue and inbox running, and in the demo a stand-in for WeChat."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date

import structlog
from aiohttp import web

from base.database import Database
from base.errors import SetupError
from base.messages import Reply
from base.personal_data import Vault
from base.settings import Settings
from base.tasks import own
from bot.flows.identify.whom import item_names
from casework.filings import items
from casework.filings.filing import State
from casework.people.authorisations import Authorisations
from casework.tickets.rating_words import RatingWords
from connectors.wechat.channel import CONVERSATION_PREFIX, WeChat, apply_menu
from connectors.wechat.followers.binding import Binding
from connectors.wechat.followers.followers import Followers
from connectors.wechat.followers.service_points import Point, ServicePoints
from connectors.wechat.inbound.arrivals import Arrivals
from connectors.wechat.inbound.hearing import VoiceMessages
from connectors.wechat.inbound.inbox import Inbox
from connectors.wechat.inbound.pictures import Accept, Desk, Pictures
from connectors.wechat.inbound.replay import ReplayGuard
from connectors.wechat.inbound.turns import CHANNEL, Dialogue, Turns
from connectors.wechat.outbound.outgoing import OutgoingQueue
from connectors.wechat.outbound.sender import Sender
from connectors.wechat.outbound.sources import Links
from connectors.wechat.platform.api import Backoff, PlatformApi
from connectors.wechat.platform.crypto import MessageCipher
from connectors.wechat.platform.errors import PlatformError
from connectors.wechat.platform.token import SharedToken
from connectors.wechat.routes import PATH, Account, Callback
from connectors.wechat.routes import setup as mount
from service.watching.processes import Child
from service.wiring.assembly import Casework
from voice.call import Engines

log = structlog.get_logger()

PLATFORM = "https://api.weixin.qq.com"
DEMO_APPID = "wxdemo00000000001"
DEMO_TOKEN = "yibao-demo-token"
DEMO_AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
DEMO_TEMPLATE = "demo-progress"
_MENU_PATIENCE = Backoff(tries=8, first_seconds=0.5)


@dataclass(frozen=True, slots=True)
class Config:
    """What the account is called with. `standin`: nobody has given a platform, so we bring our own."""

    appid: str
    secret: str
    token: str
    aes_key: str
    allow_plain: bool
    api_base: str
    notice_template: str
    standin: bool


async def _no_points() -> Sequence[Point]:
    return ()


@dataclass(frozen=True, slots=True)
class Named:
    """An authorisation with the names of its matters: a `connectors.wechat.followers.binding.Granted`."""

    agent: str
    principal: str
    items: Sequence[str]
    until: date
    is_mine: bool


class Family:
    """The account's family view on `casework.people.authorisations`."""

    def __init__(self, authorisations: Authorisations) -> None:
        self._authorisations, self._known = authorisations, items.load()

    async def of(self, person_key: str) -> Sequence[Named]:
        return [
            Named(one.agent, one.principal, item_names(one.items, self._known).split("、"), one.until, one.is_mine)
            for one in await self._authorisations.of(person_key)
        ]


def configured(settings: Settings) -> Config | None:
    """The account of the settings, that of the demo, or none. Raises SetupError for half an account."""
    given = {
        "YIBAO_WECHAT_SECRET": settings.wechat_secret.get_secret_value(),
        "YIBAO_WECHAT_TOKEN": settings.wechat_token.get_secret_value(),
    }
    aes_key = settings.wechat_aes_key.get_secret_value()
    if settings.wechat_appid:
        if missing := [name for name, value in given.items() if not value]:
            raise SetupError(f"接公众号还缺设置：{'、'.join(missing)}（见 docs/connect-wechat.md）")
        return Config(
            settings.wechat_appid,
            given["YIBAO_WECHAT_SECRET"],
            given["YIBAO_WECHAT_TOKEN"],
            aes_key,
            settings.wechat_allow_plain or not aes_key,
            settings.wechat_api_base or PLATFORM,
            settings.wechat_notice_template,
            standin=False,
        )
    if not settings.demo:
        return None
    return Config(
        DEMO_APPID,
        given["YIBAO_WECHAT_SECRET"] or secrets.token_hex(16),
        DEMO_TOKEN,
        DEMO_AES_KEY,
        allow_plain=True,
        api_base=settings.wechat_api_base or f"http://127.0.0.1:{settings.wechat_standin_port}",
        notice_template=settings.wechat_notice_template or DEMO_TEMPLATE,
        standin=not settings.wechat_api_base,
    )


async def set_up(
    app: web.Application,
    settings: Settings,
    stack: AsyncExitStack,
    *,
    database: Database,
    vault: Vault,
    dialogue: Dialogue,
    engines: Engines,
    casework: Casework,
    to_person: Accept,
    desk: Desk,
    points: Callable[[], Awaitable[Sequence[Point]]] = _no_points,
) -> tuple[WeChat, str] | None:
    """Mount the callback and start the account's work. Returns it and where to look; None without an account.

    `to_person`: takes pictures where a person answers; `desk` reads along elsewhere.
    """
    config = configured(settings)
    if config is None:
        return None
    cipher = MessageCipher(config.aes_key, config.appid) if config.aes_key else None
    api = PlatformApi(config.api_base)
    stack.push_async_callback(api.aclose)
    tokens = SharedToken(api, database, vault, appid=config.appid, secret=config.secret)
    followers, queue, arrivals = Followers(database, vault), OutgoingQueue(database, vault), Arrivals(database, vault)
    sender = Sender(database, queue, followers, api, tokens)
    links = Links(settings.address if settings.public_url or config.standin else "")  # no address, no links

    async def to_filing(conversation: str, picture: bytes) -> list[Reply] | None:
        return await casework.errands.take_picture(conversation, CHANNEL, picture)

    async def handed_in(conversation: str) -> str:
        person = await casework.identity.proven(conversation)
        newest = await casework.filings.newest_open(person.key) if person else None
        filing = await casework.filings.get(newest) if newest else None
        return filing.item.name if filing and filing.state is not State.DRAFT else ""

    async def rate(openid: str, text: str) -> list[Reply]:
        conversation = CONVERSATION_PREFIX + openid
        rated = RatingWords(database, vault, casework.ratings)
        return [] if await desk.has_person(conversation) else await rated.take(conversation, CHANNEL, text)

    pictures = Pictures(to_person, to_filing, handed_in, desk)
    turns = Turns(
        dialogue,
        followers,
        VoiceMessages(engines.recogniser, engines.correct, engines.detector),
        lambda media_id: api.media(tokens, media_id),
        Binding(casework.identity, Family(casework.authorisations), casework.errands, followers),
        pictures,
        ServicePoints(points),
        desk.takes,
        (pictures.invite, rate),
        links,
    )
    inbox = Inbox(database, arrivals, followers, queue, turns.respond, sender.wake)
    guard = ReplayGuard(database)
    mount(app, Callback(Account(config.appid, config.token, cipher, config.allow_plain), guard, inbox.answer))
    if config.standin:
        await _start_standin(config, settings, stack)
        own(stack, _menu(config, database, vault), "wechat menu")
    own(stack, sender.run(), "wechat sender")
    own(stack, inbox.run(guard.forget_old), "wechat inbox")
    stack.push_async_callback(inbox.aclose)
    phone = f"http://127.0.0.1:{settings.wechat_standin_port}/  像在微信公众号里一样用（模拟平台）"
    seen_at = phone if config.standin else f"公众号 {config.appid}"
    account = WeChat(database, queue, followers, sender, notice_template=config.notice_template, links=links)
    return account, seen_at


async def push_menu(settings: Settings) -> None:
    """`python -m service wechat-menu`: apply the menu to the account of the settings."""
    config = configured(settings)
    if config is None:
        raise SetupError("没有设置公众号（YIBAO_WECHAT_APPID，见 docs/connect-wechat.md）")
    database = Database(settings.database)
    try:
        await _menu(config, database, Vault(settings.data_key.get_secret_value()), Backoff())
    except PlatformError as error:
        raise SetupError(
            f"菜单没有设成：{error.code}（{error.errcode}），见 docs/connect-wechat.md 的错误码表"
        ) from error
    finally:
        await database.aclose()


async def _menu(config: Config, database: Database, vault: Vault, patience: Backoff = _MENU_PATIENCE) -> None:
    api = PlatformApi(config.api_base, patience)
    try:
        await apply_menu(api, SharedToken(api, database, vault, appid=config.appid, secret=config.secret))
    finally:
        await api.aclose()


async def _start_standin(config: Config, settings: Settings, stack: AsyncExitStack) -> None:
    argv = [sys.executable, "-m", "demo.wechat"]
    argv += ["--callback", f"http://127.0.0.1:{settings.port}{PATH}", "--port", str(settings.wechat_standin_port)]
    environment = {
        "STANDIN_APPID": config.appid,
        "STANDIN_SECRET": config.secret,
        "STANDIN_TOKEN": config.token,
        "STANDIN_AES_KEY": config.aes_key,
    }
    child = Child("wechat-standin", argv, environment, settings.var_dir / "log" / "wechat-standin.log")
    stack.push_async_callback(child.stop)
    await child.start()
