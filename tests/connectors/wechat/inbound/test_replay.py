from __future__ import annotations

from datetime import UTC

import pytest

from connectors.wechat.inbound.replay import ReplayGuard
from connectors.wechat.platform.crypto import Forged


@pytest.fixture
def guard(database, clock):
    return ReplayGuard(database, clock)


def seconds(clock, shift=0):
    return str(int(clock().replace(tzinfo=UTC).timestamp()) + shift)


async def refused(call):
    with pytest.raises(Forged) as error:
        await call
    return error.value.code


async def test_a_signature_holds_for_its_message_and_no_other(guard, database, clock):
    now = seconds(clock)
    await guard.check(now, "n1", b"<xml>one</xml>")
    await guard.check(now, "n1", b"<xml>one</xml>")
    other_process = ReplayGuard(database, clock)
    assert await refused(other_process.check(now, "n1", b"<xml>two</xml>")) == "wechat_replay"
    await guard.check(now, "n2", b"<xml>two</xml>")


@pytest.mark.parametrize("shift", [-301, 301, -86400])
async def test_an_old_one_or_one_from_the_future_is_refused(guard, clock, shift):
    assert await refused(guard.check(seconds(clock, shift), "n", b"")) == "wechat_too_old"


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "1" * 40, "１７６４"])
async def test_a_time_that_is_none_is_refused(guard, timestamp):
    assert await refused(guard.check(timestamp, "n", b"")) in ("wechat_timestamp", "wechat_too_old")


async def test_what_cannot_pass_any_more_is_forgotten(guard, clock):
    now = seconds(clock)
    await guard.check(now, "n1", b"one")
    clock.forward(minutes=20)
    await guard.forget_old()
    assert await refused(guard.check(now, "n1", b"one")) == "wechat_too_old"
