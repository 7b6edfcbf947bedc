"""What a caller hears and what the call object gets, through a real Asterisk."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.guard import GUARD_SECONDS, until
from tests.phone.caller import SipCaller
from tests.phone.conftest import BUSY, MAINTENANCE, TakeCalls
from tests.phone.sounds import babble, likeness, voiced_seconds
from voice.audio import RATE_HZ
from voice.line import Digit, Heard, Line

pytestmark = pytest.mark.phone


async def test_a_prompt_is_heard_whole_and_only_then_counts_as_played_and_the_line_closes(
    take_calls: TakeCalls, phone: SipCaller
) -> None:
    prompt = babble(3.0)
    played: list[float] = []

    async def say_and_hang_up(line: Line) -> None:
        await line.play(prompt)
        await line.wait_played()
        played.append(time.monotonic())
        await line.hang_up()

    await take_calls(say_and_hang_up)
    await phone.dial()
    await phone.is_hung_up()
    assert likeness(phone.heard.without_gaps(), prompt) > 0.98
    assert phone.heard.lost() == 0
    assert likeness(phone.heard.until(played[0]).without_gaps(), prompt) > 0.98


async def test_what_the_caller_says_arrives_whole_and_silence_in_between(
    take_calls: TakeCalls, phone: SipCaller
) -> None:
    heard = bytearray()

    async def listen(line: Line) -> None:
        assert line.caller == "13800000000"
        async for event in line.events():
            if isinstance(event, Heard):
                heard.extend(event.pcm)

    await take_calls(listen)
    await phone.dial()
    await phone.put_through()
    question = babble(2.0, seed=2)
    await phone.say(question)
    await until(lambda: voiced_seconds(bytes(heard)) >= 1.9)
    in_all = len(heard)
    await until(lambda: len(heard) >= in_all + 2 * RATE_HZ)
    assert likeness(bytes(heard), question) > 0.97
    assert voiced_seconds(bytes(heard)[in_all + RATE_HZ :]) == 0


async def test_keys_come_once_and_in_order(take_calls: TakeCalls, phone: SipCaller) -> None:
    keys: list[str] = []

    async def note_keys(line: Line) -> None:
        keys.extend([event.key async for event in line.events() if isinstance(event, Digit)])

    await take_calls(note_keys)
    await phone.dial()
    await phone.put_through()
    await phone.press("1379005*#2")
    phone.hang_up()
    await until(lambda: bool(keys))
    assert "".join(keys) == "1379005*#2"


async def test_barge_in_leaves_no_sound_and_the_next_sentence_follows(take_calls: TakeCalls, phone: SipCaller) -> None:
    flushed: list[float] = []
    following = babble(1.0, seed=3)

    async def interrupted(line: Line) -> None:
        speaking = asyncio.create_task(line.play(babble(40.0)))
        await phone.hears(0.5)
        await line.flush()
        flushed.append(time.monotonic())
        await speaking
        await asyncio.sleep(1.0)
        flushed.append(time.monotonic())
        await line.play(following)
        await line.wait_played()

    await take_calls(interrupted)
    await phone.dial()
    await phone.is_hung_up()
    silent, spoke_again = flushed
    left = phone.heard.since(silent).until(spoke_again)
    assert left.voiced_seconds() <= 0.04, "no more than was on the way"
    after = phone.heard.since(spoke_again)
    assert likeness(after.without_gaps(), following) > 0.97
    assert after.voiced_seconds() <= 1.1, "and nothing of the first sentence"


async def test_more_audio_than_asterisk_holds_arrives_whole(take_calls: TakeCalls, phone: SipCaller) -> None:
    long_answer = babble(24.0)

    async def read_out(line: Line) -> None:
        await line.play(long_answer)
        await line.wait_played()

    await take_calls(read_out)
    await phone.dial()
    await phone.is_hung_up(24.0 + GUARD_SECONDS)
    assert likeness(phone.heard.without_gaps(), long_answer) > 0.98


async def test_audio_in_odd_pieces_is_heard_without_cuts(take_calls: TakeCalls, phone: SipCaller) -> None:
    prompt = babble(3.0)

    async def in_pieces(line: Line) -> None:
        for start in range(0, len(prompt), 1000):
            await line.play(prompt[start : start + 1000])
        await line.wait_played()

    await take_calls(in_pieces)
    await phone.dial()
    await phone.is_hung_up()
    assert likeness(phone.heard.without_gaps(), prompt) > 0.98


async def test_packets_flow_while_nobody_speaks(take_calls: TakeCalls, phone: SipCaller) -> None:
    async def say_little(line: Line) -> None:
        await line.play(babble(0.5))
        async for _ in line.events():
            pass

    await take_calls(say_little)
    await phone.dial()
    await phone.hears(0.4)
    await until(lambda: len(phone.heard.packets) >= 200)
    assert phone.heard.lost() == 0
    assert phone.heard.voiced_seconds() <= 0.6, "what flows is silence"


async def test_a_caller_who_sends_nothing_hears_us(take_calls: TakeCalls, asterisk: object) -> None:
    events = []

    async def say_and_listen(line: Line) -> None:
        await line.play(babble(1.0))
        await line.wait_played()
        await line.hang_up()
        events.extend([event async for event in line.events()])

    await take_calls(say_and_listen)
    async with SipCaller(asterisk.config.sip_port, is_mute=True) as mute:  # type: ignore[attr-defined]
        await mute.dial()
        await mute.is_hung_up()
        assert likeness(mute.heard.without_gaps(), babble(1.0)) > 0.97
    assert events == []


@pytest.mark.parametrize(("offers", "takes"), [("0 8 9", 9), ("0 8", 8), ("0", 0)])
async def test_the_best_sound_a_phone_offers_is_taken(asterisk: object, offers: str, takes: int) -> None:
    async with SipCaller(asterisk.config.sip_port, offers=offers) as phone:  # type: ignore[attr-defined]
        await phone.dial()
        assert phone.codec == takes


async def test_without_our_service_asterisk_speaks(phone: SipCaller) -> None:
    await phone.dial()
    await phone.is_hung_up()
    assert likeness(phone.heard.without_gaps(), MAINTENANCE) > 0.97


async def test_a_caller_too_many_hears_that_all_lines_are_taken(
    take_calls: TakeCalls, phone: SipCaller, asterisk: object
) -> None:
    async def stay(line: Line) -> None:
        async for _ in line.events():
            pass

    connector = await take_calls(stay, max_calls=1)
    await phone.dial()
    async with SipCaller(asterisk.config.sip_port) as second:  # type: ignore[attr-defined]
        await second.dial()
        await second.is_hung_up()
        assert likeness(second.heard.without_gaps(), BUSY) > 0.97
    assert connector.calls == 1
    assert not phone.far_end_left.is_set()


async def test_a_caller_whom_no_agent_takes_comes_back_to_us(take_calls: TakeCalls, phone: SipCaller) -> None:
    sorry, stints = babble(1.0), []

    async def hand_over(line: Line) -> None:
        stints.append((line.id, line.returned, await line.person_is_free()))
        if not line.returned:
            await line.hand_over()
        else:
            await line.play(sorry)
            await line.wait_played()

    await take_calls(hand_over, max_calls=1)
    await phone.dial()
    await phone.is_hung_up()
    assert [(returned, free) for _, returned, free in stints] == [(False, False), (True, False)]
    assert stints[0][0] == stints[1][0], "the conversation goes on"
    assert likeness(phone.heard.without_gaps(), sorry) > 0.97
