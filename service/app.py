"""The wiring: every part is made here, once, from the settings, and handed to the parts that need it.

run(settings, on_ready)     start everything, call `on_ready` when a message can be answered, end with the signal
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from base import collector
from base.database import Database
from base.every import every
from base.exclusive import Exclusive
from base.personal_data import Vault
from base.room import Room
from base.settings import Settings
from base.tasks import own
from base.tenant import TENANT
from bot import actions, engine
from bot.actions.server import local_today
from bot.engine import RasaClient
from bot.turn import Dialogue
from connectors.console import routes as console
from connectors.console.chat import pages as console_live
from connectors.console.kit.multipart import ROOM
from connectors.shared.addresses import PROXIES, PUBLIC_IS_TLS, Proxies
from connectors.shared.headers import on_every_answer
from demo.staff import ensure_demo_staff
from knowledge.answering.answer import Assistant
from knowledge.answering.asked.heard import most_answerable
from knowledge.authoring.gaps import Gaps
from knowledge.insight.grouping import Grouping
from knowledge.insight.questions import QuestionLog
from knowledge.insight.sealed import seal_texts
from knowledge.insight.statistics import Statistics
from knowledge.retrieval.search import SentenceEncoder, vectors_kept_in
from service.watching import health, safeguards, vitals
from service.watching.probe import Probe
from service.watching.processes import Child
from service.wiring import casework as service_casework
from service.wiring import engine as kept_engine
from service.wiring import phone, points, public_page, speech, staff_texts, wechat
from service.wiring.calls import Calls
from service.wiring.casework import Accounts
from service.wiring.live import Live
from service.wiring.notes import QuestionNotes
from service.wiring.speak_ahead import speak_ahead
from staff.accounts import StaffAccounts
from staff.chain import Chain
from voice import engines as voice_engines

log = structlog.get_logger()

DEMO_STAFF = "demo_staff.txt"
_MAX_BODY_BYTES = 1_000_000
_READY_POLL_SECONDS = 0.25
_SEAL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Ready:
    """What the start screen tells. `phone`: what to dial, None without a phone."""

    url: str
    phone: str | None
    recogniser: str
    synthesiser: str
    softphone: str = ""
    """What a SIP phone on this machine dials without a PBX; "" where that is not answered."""

    wechat: str = ""
    """Where to look at the official account; "" without one."""


async def run(settings: Settings, on_ready: Callable[[Ready], None]) -> None:
    """Run the service until SIGINT or SIGTERM, then end every call and every program it started.

    Raises whatever kept it from starting (SetupError says what to do).
    """
    stop = asyncio.Event()
    for which in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(which, stop.set)
    async with AsyncExitStack() as stack:
        starting = asyncio.create_task(_start(settings, stack))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            on_ready(starting.result())
            await stopping
        for task in (starting, stopping):
            task.cancel()
        await asyncio.gather(starting, stopping, return_exceptions=True)


async def _start(settings: Settings, stack: AsyncExitStack) -> Ready:
    """Start part by part; what was started is on `stack`, so that it ends in the opposite order.

    First what a chat needs; then the telephone, which greets with what is recorded; then the models that hear and
    speak; last what nobody waits for. A first question of our own takes what a first question takes longer.
    """
    safeguards.check(settings)
    database = Database(settings.database, durable=True)
    stack.push_async_callback(database.aclose)
    await safeguards.check_database(settings, database)
    room = Room(settings.var_dir)
    own(stack, vitals.watch(room), "vitals")
    texts_of_staff = staff_texts.StaffTextsInUse(database)
    await texts_of_staff.look()
    own(stack, every(staff_texts.EVERY_SECONDS, texts_of_staff.look, "texts of staff"), "texts of staff")
    rasa = await _rasa(settings, stack)
    encoder = SentenceEncoder()
    assistant = Assistant(database, home=TENANT.jurisdiction, encoder=encoder, keep_in=vectors_kept_in())
    stack.push_async_callback(assistant.aclose)
    await _know(assistant)
    voices = voice_engines.build(settings)
    stack.push_async_callback(voices.aclose)
    app = web.Application(client_max_size=_MAX_BODY_BYTES)
    app[ROOM] = room
    app[PROXIES] = Proxies(settings.trusted_proxies)
    app[PUBLIC_IS_TLS] = settings.public_url.startswith("https://")
    app.on_response_prepare.append(on_every_answer)
    vault = Vault(settings.data_key.get_secret_value())
    seal_texts(database, vault)
    own(stack, every(_SEAL_SECONDS, Chain(database, vault.lookup).seal, "audit seals"), "audit seals")
    live = Live(database, vault)
    exclusive = Exclusive(settings.database)
    stack.push_async_callback(exclusive.aclose)
    choose = lambda text, others: most_answerable(assistant, text, others, place=None, on=local_today())  # noqa: E731
    alone = lambda conversation: exclusive.of(f"conversation {conversation}")  # noqa: E731
    dialogue = Dialogue(rasa, desk=live.desk, alone=alone, choose=choose)
    live.start(stack, dialogue)
    questions = QuestionLog(database, conversation_key=vault.lookup)
    await questions.start()
    stack.push_async_callback(questions.aclose)
    own(stack, questions.seal_old(), "sealing")
    own(stack, Grouping(database, encoder).run(), "grouping")
    accounts = Accounts(vault)
    casework = await service_casework.set_up(
        app, settings, stack, database, vault, accounts, room, on_bad=questions.rated_badly
    )
    calls = Calls(dialogue, voices.engines, casework.errands, live.desk.ended, note=live.desk.noted)
    public_page.set_up(app, settings, database, vault, voices, dialogue, calls.take, live.news, casework.accounts)
    pictures = live.pictures(casework, room)
    token = settings.action_token.get_secret_value()
    notes = QuestionNotes(questions)
    actions.setup(
        app,
        assistant,
        casework.tickets,
        casework.errands,
        casework.words,
        token=token,
        notes=notes,
        address=settings.address if settings.public_url or settings.demo else "",
    )
    console.setup(
        app,
        database,
        await _staff(settings, database, vault),
        assistant,
        vault=vault,
        work=casework.work,
        filings=casework.desk,
        live=console_live.Live(
            live.steps, live.closing(casework, settings.address), live.presence, assistant, pictures
        ),
        gaps=Gaps(database, assistant),
    )
    account = await wechat.set_up(
        app,
        settings,
        stack,
        database=database,
        vault=vault,
        dialogue=dialogue,
        engines=voices.engines,
        casework=casework,
        to_person=pictures.take,
        desk=live.desk,
        points=points.located(database),
    )
    accounts.wechat = account[0] if account else None
    live.outward.wechat = account[0].push if account else None
    probe = Probe(rasa)
    checks: dict[str, health.Check] = {
        "dialogue": lambda: _is_answering(rasa, probe),
        "database": lambda: _answers(database),
    }
    telephone = phone.Telephone()
    if settings.phone != "none":
        checks["telephone"] = telephone.ready
    checks["speech"] = lambda: _is_true(voices.is_loaded)
    health.setup(app, checks)
    await _listen(app, settings, stack)
    dial = None
    if settings.phone != "none":
        dial = await phone.set_up(settings, stack, calls.take, voices.prompts, telephone)
    softphone = await phone.set_up_direct(settings, stack, calls.take) if settings.softphone_port else ""
    if await rasa.ready():  # it was kept: whoever writes now is not to wait for models that they do not need
        await probe.ask()
    await speech.load(voices)
    own(stack, speech.hear_something(voices), "first recognition")
    while not await rasa.ready():  # noqa: ASYNC110 - another program, which tells nobody when it is ready
        await asyncio.sleep(_READY_POLL_SECONDS)
    if not probe.answers:
        await probe.ask()
    own(stack, probe.run(), "health check")
    collector.settle()
    full_rounds = every(collector.EVERY_SECONDS, lambda: collector.round_if_due(lambda: not calls.busy), "collector")
    own(stack, full_rounds, "collector")
    # not while we start: whoever calls now waits for a voice that is being made for nobody
    own(stack, speak_ahead(settings, voices, assistant, Statistics(database), calls), "speak ahead")
    log.info("ready")
    vitals.tell_systemd("READY=1")
    url, seen_at = f"http://{settings.host}:{settings.port}/", account[1] if account else ""
    return Ready(url, dial, voices.recogniser_name, voices.synthesiser_name, softphone, seen_at)


async def _rasa(settings: Settings, stack: AsyncExitStack) -> RasaClient:
    """The client, and the engine itself unless somebody else runs it."""
    token = settings.rasa_token.get_secret_value()
    client = RasaClient(settings.rasa_url, token, timeout_seconds=settings.dialogue_timeout_seconds)
    stack.push_async_callback(client.aclose)
    if settings.start_rasa:
        port, shared = urlsplit(settings.rasa_url).port or engine.PORT, bool(settings.redis_url.get_secret_value())
        argv = engine.run_command(kept_engine.RASA_VENV, port=port, shared=shared)
        child = Child("rasa", argv, engine.environment(settings), settings.var_dir / "log" / "rasa.log")
        await kept_engine.keep(stack, child, client)
    return client


async def _staff(settings: Settings, database: Database, vault: Vault) -> StaffAccounts:
    accounts = StaffAccounts(database, vault=vault)
    if settings.demo:
        await ensure_demo_staff(accounts, settings.var_dir / DEMO_STAFF)
    return accounts


async def _listen(app: web.Application, settings: Settings, stack: AsyncExitStack) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, settings.host, settings.port).start()


async def _is_answering(rasa: RasaClient, probe: Probe) -> bool:
    return probe.answers and await rasa.ready()


async def _is_true(value: bool) -> bool:
    return value


async def _answers(database: Database) -> bool:
    try:
        async with database.session() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return False
    return True


async def _know(assistant: Assistant) -> None:
    """Models and dictionaries load at the first question: ours, not a citizen's."""
    await assistant.refresh()
    await assistant.ask("异地就医怎么备案", place=None, on=local_today())
