"""Two services and two engines behind one nginx, with a real PostgreSQL and Redis: a citizen in the middle of an errand
hears nothing of an engine's death, nor of a service's; nor does a follower, nor a caller of an engine's."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from demo.core import demo_file
from tests import postgres
from tests.bot.conftest import trained_model  # noqa: F401 - a fixture
from tests.citizens import Follower
from tests.guard import until
from tests.house import House, Machine, house, killed
from voice import models
from voice.kokoro import Kokoro

pytestmark = pytest.mark.engine
ELDER = next(person for person in demo_file()["people"] if person["key"] == "elder")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def bureau(
    trained_model: Path,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: str,
    redis_url: str,
) -> AsyncIterator[House]:
    database = postgres.create(postgres_server, "bureau")
    folder = tmp_path_factory.mktemp("house")
    async with house(folder, 2, database_url=database, redis_url=redis_url, model=trained_model) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def question() -> bytes:
    """As a caller says it, and the silence after it."""
    folder = models.ensure(models.default_cache_dir(), print).kokoro
    assert folder, "callers need the Kokoro model: make demo fetches it"
    voice = Kokoro(folder, "zf_xiaobei")
    spoken = await voice.speak("异地就医怎么备案？")
    await voice.aclose()
    return spoken


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_asked_from_outside_is_answered_and_what_is_not_for_them_is_not_there(bureau: House) -> None:
    assert "备案" in await bureau.ask("web-" + "a1" * 16, "俺在北京跟着闺女住，看病用不用先备案")
    for path in ("/metrics", "/actions", "/dev/outbox"):
        assert await bureau.status(path) == 404
    assert await bureau.status("/console") == 403
    assert await bureau.status("/privacy") == 200


@pytest.mark.asyncio(loop_scope="module")
async def test_wrong_passwords_are_counted_by_both(bureau: House) -> None:
    first, second = bureau.machines
    answers = [await _log_in(machine.port) for machine in (first, second, first, second, first, second)]
    assert "口令或用户名" in answers[0] or "不对" in answers[0], answers[0]
    assert answers[-1] != answers[0], "the sixth waits, although neither heard more than three"


async def _log_in(port: int) -> str:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        base = f"http://127.0.0.1:{port}"
        async with http.get(f"{base}/console/login") as page:
            token = re.search(r'name="(\w*csrf\w*)"[^>]*value="([^"]+)"', await page.text())
        assert token
        form = {"name": "nobody", "password": "wrong wrong 1", token[1]: token[2]}
        async with http.post(f"{base}/console/login", data=form, headers={"Origin": base}) as came:
            found = re.search(r'role="alert"[^>]*>(.*?)<', await came.text(), re.DOTALL)
            return found[1].strip() if found else f"{came.status}"


@pytest.mark.asyncio(loop_scope="module")
async def test_nobody_notices_when_a_service_an_engine_or_a_machine_dies(bureau: House, question: bytes) -> None:
    """A chat and a follower in the middle of an errand, and a caller; all with one service, that of their address."""
    citizen, follower = "web-" + "b2" * 16, Follower(bureau.wechat, "oHouse00000000000000000001")
    await follower.follow("您")
    await follower.ask("俺卡里还有多少钱", "身份证")
    assert "身份证" in await bureau.ask(citizen, "俺卡里还有多少钱")
    one = await _busy(bureau, "yibao_wechat_received_total")
    await killed(one, "service")
    assert "验证码" in await bureau.ask(citizen, ELDER["id_number"])
    code = await _code(bureau, 1)
    await follower.ask(ELDER["id_number"], "验证码")
    follower_code = await _code(bureau, 2)
    bureau.start_service(one)
    await bureau.until_ready(one)

    async with bureau.call() as caller:
        await caller.until_told("您")
        one = await _busy(bureau, "yibao_calls_active")
        await caller.ask(question, "备案")
        await killed(one, "engine")
        await caller.ask(question, "备案")
        assert "1862.35" in (await bureau.ask(citizen, code)).replace(",", "")

    await killed(one, "service")
    await follower.ask(follower_code, "1862.35")
    assert "备案" in await bureau.ask(citizen, "异地就医怎么备案")


async def _busy(bureau: House, name: str) -> Machine:
    """The machine whose service counts something."""
    (found,) = [machine for machine in bureau.machines if await bureau.counted(machine, name)]
    return found


async def _code(bureau: House, number: int) -> str:
    """What the message of that number says."""
    await until(lambda: len(bureau.messages) >= number)
    code = re.search(r"\d{6}", bureau.messages[number - 1]["text"])
    assert code
    return code[0]
