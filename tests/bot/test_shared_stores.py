"""Several engines with one Redis: a conversation goes on at another engine, and Redis reads none of it."""

from __future__ import annotations

import pytest

from tests.bot.test_components import on_engine_python

pytestmark = pytest.mark.engine

_BOTH = """
    import asyncio, os
    from rasa.core.lock_store import LockStore
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import UserUttered
    from bot.components.shared_stores import SealedTrackerStore, SharedLockStore, connected

    URL = {url!r}
    os.environ.update(YIBAO_REDIS_URL=URL, YIBAO_RASA_TOKEN="t" * 64, YIBAO_ACTIONS_URL="u", YIBAO_ACTION_TOKEN="a")
    given = AvailableEndpoints.read_endpoints("bot/endpoints-shared.yml")

    def store(secret=None):
        if secret is not None:
            given.tracker_store.kwargs["secret"] = secret
        made = TrackerStore.create(given.tracker_store, domain=Domain.empty())
        assert isinstance(made, SealedTrackerStore)
        return made
    def locks():
        made = LockStore.create(given.lock_store)
        assert isinstance(made, SharedLockStore)
        return made
"""


def test_another_engine_goes_on_and_redis_reads_nothing(redis_url: str) -> None:
    on_engine_python(
        _BOTH.format(url=redis_url)
        + """
    async def main():
        here, there = store(), store()
        tracker = await here.get_or_create_tracker("wechat-oSECRET")
        tracker.update(UserUttered("我叫张桂兰"))
        await here.save(tracker)
        went_on = await there.retrieve("wechat-oSECRET")
        assert went_on.latest_message.text == "我叫张桂兰"
        redis = connected(URL)
        for key in redis.keys("*"):
            kept = redis.get(key)
            assert b"SECRET" not in key and b"SECRET" not in kept and "张桂兰".encode() not in kept
            assert b"u5f20" not in kept and 7000 < redis.ttl(key) <= 7200, redis.ttl(key)
        assert await store("another" * 9).retrieve("wechat-oSECRET") is None
        for number in range(40):
            tracker.update(UserUttered(str(number)))
        await here.save(tracker)
        again = await there.retrieve("wechat-oSECRET")
        assert sum(isinstance(event, UserUttered) for event in again.events) == 12

    asyncio.run(main())
    """
    )


def test_two_engines_take_one_conversation_one_after_the_other(redis_url: str) -> None:
    on_engine_python(
        _BOTH.format(url=redis_url)
        + """
    async def main():
        here, there, order = locks(), locks(), []
        async def turn(lock_store, name):
            async with lock_store.lock("web-SECRET"):
                order.append(name + " begins")
                assert not any(b"SECRET" in key or b"SECRET" in redis.get(key) for key in redis.keys("*"))
                await asyncio.sleep(0.2)
                order.append(name + " ends")
        redis = connected(URL)
        first = asyncio.create_task(turn(here, "first"))
        await asyncio.sleep(0.05)
        await asyncio.gather(first, turn(there, "second"))
        assert order == ["first begins", "first ends", "second begins", "second ends"], order

    asyncio.run(main())
    """
    )


def test_without_the_common_secret_nothing_starts() -> None:
    on_engine_python(
        _BOTH.format(url="redis://127.0.0.1:1/0")
        + """
    try:
        store(secret="")
    except ValueError as error:
        assert "YIBAO_RASA_TOKEN" in str(error)
    else:
        raise AssertionError("started")
    """
    )
