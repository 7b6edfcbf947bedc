"""Two `SharedToken` on one database are two processes."""

from __future__ import annotations

import asyncio

import pytest

from connectors.wechat.platform.errors import PlatformBusy
from connectors.wechat.platform.token import SharedToken


class ScriptedPlatform:
    """stable_token as the platform gives it; counts who asks, and how."""

    def __init__(self):
        self.asked, self.number, self.seconds, self.fails = [], 1, 7200, 0

    async def stable_token(self, appid, secret, *, force=False):
        self.asked.append(force)
        await asyncio.sleep(0.01)
        if self.fails:
            self.fails -= 1
            raise PlatformBusy
        self.number += force
        return f"token-{self.number}", self.seconds


@pytest.fixture
def platform():
    return ScriptedPlatform()


@pytest.fixture
def make(platform, database, vault, clock):
    return lambda: SharedToken(platform, database, vault, appid="wx1", secret="s", now=clock)


async def test_one_process_asks_and_all_have_it(make, platform):
    processes = [make() for _ in range(4)]
    assert await asyncio.gather(*(shared.get() for shared in processes)) == ["token-1"] * 4
    assert platform.asked == [False]
    assert await make().get() == "token-1"
    assert platform.asked == [False]


async def test_it_is_fetched_anew_before_its_end(make, platform, clock):
    shared = make()
    await shared.get()
    clock.forward(seconds=7200 - 300)
    await shared.get()
    assert len(platform.asked) == 1
    platform.number = 2
    clock.forward(seconds=120)
    assert await shared.get() == "token-2"


async def test_a_refused_token_is_replaced_by_force_only_if_it_is_given_out_again(make, platform):
    shared, other = make(), make()
    await shared.get()
    platform.number = 2  # somebody outside has forced a new one
    await shared.refused("token-1")
    assert await shared.get() == "token-2"
    assert platform.asked == [False, False]
    await shared.refused("token-2")
    assert await shared.get() == "token-3"
    assert platform.asked == [False, False, False, True]
    await other.refused("token-1")
    assert await other.get() == "token-3", "another process had renewed it"
    assert len(platform.asked) == 4


async def test_who_fails_leaves_the_next_one_to_try(make, platform):
    platform.fails = 1
    with pytest.raises(PlatformBusy):
        await make().get()
    assert await make().get() == "token-1"


async def test_a_process_that_died_while_asking_holds_nobody_up(make, platform, clock):
    dead = make()
    assert await dead._may_refresh()
    clock.forward(seconds=60)
    assert await make().get() == "token-1"


async def test_it_is_in_no_file(make, database, tmp_path):
    await make().get()
    await database.aclose()
    assert all(b"token-1" not in path.read_bytes() for path in tmp_path.iterdir())


async def test_who_looked_before_it_was_renewed_does_not_ask_again(make, platform):
    late, quick = make(), make()
    looked, renewed = asyncio.Event(), asyncio.Event()
    really = late._may_refresh

    async def after_the_other():
        looked.set()
        await renewed.wait()
        return await really()

    late._may_refresh = after_the_other
    waiting = asyncio.create_task(late.get())
    await looked.wait()
    await quick.get()
    renewed.set()
    assert await waiting == "token-1"
    assert platform.asked == [False]
