from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.wechat.followers.followers import Choices, Followers
from tests.connectors.wechat.conftest import OPENID, event, text_message


@pytest.fixture
def followers(database, vault, clock):
    return Followers(database, vault, clock)


@pytest.fixture
def allowed(followers, database, vault):
    """How many customer-service messages may be sent now; all of them are."""

    async def allowed():
        count = 0
        async with database.session() as session:
            while await followers.take_quota(vault.lookup(OPENID), session):
                count += 1
        return count

    return allowed


async def test_five_within_48_hours_of_a_message(followers, allowed, clock):
    assert await allowed() == 0, "nobody has written"
    await followers.heard(text_message())
    assert await allowed() == 5
    assert await allowed() == 0
    await followers.heard(text_message(msg_id="2"))
    clock.forward(hours=47)
    assert await allowed() == 5
    await followers.heard(text_message(msg_id="3"))
    clock.forward(hours=49)
    assert await allowed() == 0


@pytest.mark.parametrize("name", ["click", "subscribe", "scan"])
async def test_three_within_a_minute_of_a_click(followers, allowed, clock, name):
    await followers.heard(event(name))
    assert await allowed() == 3
    await followers.heard(event(name))
    clock.forward(seconds=61)
    assert await allowed() == 0


async def test_none_to_somebody_who_left(followers, allowed):
    await followers.heard(text_message())
    await followers.heard(event("unsubscribe"))
    assert await allowed() == 0


async def test_the_platform_knows_better(followers, allowed, vault, clock):
    await followers.heard(text_message())
    await followers.heard(event("click"))
    await followers.close_window(vault.lookup(OPENID), clock.at)
    assert await allowed() == 0


async def test_a_window_opened_since_stays_open(followers, allowed, vault, clock):
    await followers.heard(text_message())
    asked_at = clock.at
    clock.forward(seconds=1)
    await followers.heard(text_message(msg_id="2"))
    await followers.close_window(vault.lookup(OPENID), asked_at)
    assert await allowed() == 5


async def test_one_notice_for_each_consent_and_none_after_a_refusal(followers, database, vault):
    consent = replace(event("subscribe_msg_popup_event"), accepted=(("t", True),))
    await followers.heard(consent)
    await followers.heard(consent)
    async with database.session() as session:
        assert await followers.take_notice(vault.lookup(OPENID), session)
    await followers.heard(replace(consent, accepted=(("t", False),)))
    async with database.session() as session:
        assert not await followers.take_notice(vault.lookup(OPENID), session)


async def test_choices_are_kept_for_a_while(followers, clock):
    assert await followers.choices(OPENID) == Choices()
    choices = Choices((("1", "异地就医怎么备案"),), "后面的话", (("转人工", "转人工"),))
    await followers.set_choices(OPENID, choices)
    assert await followers.choices(OPENID) == choices
    clock.forward(hours=13)
    assert await followers.choices(OPENID) == Choices()


async def test_a_notice_finds_everybody_bound_to_a_person(followers):
    await followers.set_person(OPENID, "k" * 64)
    assert await followers.openids_of("k" * 64) == [OPENID]
    await followers.set_person(OPENID, None)
    assert await followers.openids_of("k" * 64) == []
