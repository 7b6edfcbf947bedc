"""What a caller hears and what the call object gets, through a real Asterisk."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.phone.caller import SipCaller
from tests.phone.conftest import BUSY, MAINTENANCE, TakeCalls, until
from tests.phone.sounds import babble, likeness
from voice.audio import seconds
from voice.line import Digit, Heard, Line

pytestmark = pytest.mark.phone


async def test_a_prompt_is_heard_whole_soon_and_then_the_line_closes(take_calls: TakeCalls, phone: SipCaller) -> None:
    prompt = babble(3.0)
    waits = []

    async def say_and_hang_up(line: Line) -> None:
        began = time.monotonic()
        await line.play(prompt)
        await line.wait_played()
        waits.append(time.monotonic() - began)
        await line.hang_up()

    await take_calls(say_and_hang_up)
    await phone.dial()
    await asyncio.wait_for(phone.far_end_left.wait(), 6)
    assert likeness(phone.heard.without_gaps(), prompt) > 0.98
    assert phone.heard.lost() == 0
    first_sound = phone.heard.voice_after(phone.answered_at)
    assert first_sound is not None
    assert first_sound - phone.answered_at < 0.3
    assert waits[0] == pytest.approx(3.0, abs=0.15)


async def test_what_the_caller_says_arrives_whole_and_in_real_time(take_calls: TakeCalls, phone: SipCaller) -> None:
    heard = bytearray()

    async def listen(line: Line) -> None:
        assert line.caller == "13800000000"
        async for event in line.events():
            if isinstance(event, Heard):
                heard.extend(event.pcm)

    await take_calls(listen)
    await phone.dial()
    question = babble(2.0, seed=2)
    spoken = await phone.say(question)
    assert spoken.ended_at - spoken.first_voiced_at == pytest.approx(2.0, abs=0.1)
    await phone.listen(0.2)
    assert likeness(bytes(heard), question) > 0.97
    assert seconds(bytes(heard)) == pytest.approx(time.monotonic() - phone.answered_at, abs=0.3)


async def test_keys_come_once_and_in_order(take_calls: TakeCalls, phone: SipCaller) -> None:
    keys: list[str] = []

    async def note_keys(line: Line) -> None:
        keys.extend([event.key async for event in line.events() if isinstance(event, Digit)])

    await take_calls(note_keys)
    await phone.dial()
    await phone.press("1379005*#2")
    phone.hang_up()
    await until(lambda: bool(keys))
    assert "".join(keys) == "1379005*#2"


async def test_barge_in_leaves_no_sound_and_the_next_sentence_follows_at_once(
    take_calls: TakeCalls, phone: SipCaller
) -> None:
    flushed: list[float] = []
    following = babble(1.0, seed=3)

    async def interrupted(line: Line) -> None:
        speaking = asyncio.create_task(line.play(babble(40.0)))
        await asyncio.sleep(1.0)
        flushed.append(time.monotonic())
        await line.flush()
        flushed.append(time.monotonic())
        await speaking
        await asyncio.sleep(1.0)
        flushed.append(time.monotonic())
        await line.play(following)
        await line.wait_played()

    await take_calls(interrupted)
    await phone.dial()
    await asyncio.wait_for(phone.far_end_left.wait(), 8)
    asked, silent, spoke_again = flushed
    before = [packet for packet in phone.heard.packets if packet.at < spoke_again]
    last_loud = max(packet.at for packet in before if packet.rms > 300)
    assert last_loud - asked < 0.08
    assert silent - asked < 0.2
    again = phone.heard.voice_after(spoke_again)
    assert again is not None
    assert again - spoke_again < 0.15
    assert likeness(phone.heard.since(spoke_again).without_gaps(), following) > 0.97


async def test_more_audio_than_asterisk_holds_arrives_whole(take_calls: TakeCalls, phone: SipCaller) -> None:
    long_answer = babble(24.0)

    async def read_out(line: Line) -> None:
        await line.play(long_answer)
        await line.wait_played()

    await take_calls(read_out)
    await phone.dial()
    await asyncio.wait_for(phone.far_end_left.wait(), 30)
    assert likeness(phone.heard.without_gaps(), long_answer) > 0.98


async def test_audio_in_odd_pieces_is_heard_without_cuts(take_calls: TakeCalls, phone: SipCaller) -> None:
    prompt = babble(3.0)

    async def in_pieces(line: Line) -> None:
        for start in range(0, len(prompt), 1000):
            await line.play(prompt[start : start + 1000])
        await line.wait_played()

    await take_calls(in_pieces)
    await phone.dial()
    await asyncio.wait_for(phone.far_end_left.wait(), 6)
    assert likeness(phone.heard.without_gaps(), prompt) > 0.98


async def test_packets_flow_while_nobody_speaks(take_calls: TakeCalls, phone: SipCaller) -> None:
    async def say_little(line: Line) -> None:
        await line.play(babble(0.5))
        async for _ in line.events():
            pass

    await take_calls(say_little)
    await phone.dial()
    await phone.listen(4.0)
    assert phone.heard.longest_gap() < 0.2
    assert len(phone.heard.packets) == pytest.approx(200, abs=15)


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
        await asyncio.wait_for(mute.far_end_left.wait(), 5)
        assert likeness(mute.heard.without_gaps(), babble(1.0)) > 0.97
    assert events == []


async def test_without_our_service_asterisk_speaks(phone: SipCaller) -> None:
    await phone.dial()
    await asyncio.wait_for(phone.far_end_left.wait(), 6)
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
        await asyncio.wait_for(second.far_end_left.wait(), 6)
        assert likeness(second.heard.without_gaps(), BUSY) > 0.97
    assert connector.calls == 1
    assert not phone.far_end_left.is_set()


async def test_a_caller_handed_over_with_no_agent_there_is_told_so(take_calls: TakeCalls, phone: SipCaller) -> None:
    async def hand_over(line: Line) -> None:
        await line.hand_over()  # type: ignore[attr-defined]

    await take_calls(hand_over)
    await phone.dial()
    await asyncio.wait_for(phone.far_end_left.wait(), 6)
    assert likeness(phone.heard.without_gaps(), BUSY) > 0.97
