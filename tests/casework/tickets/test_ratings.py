"""Ratings: asked once, changeable for a day, and a bad one is not left alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.models import Ticket
from casework.tickets.board import TicketBoard
from casework.tickets.changes import StepRefused
from casework.tickets.ratings import CannotRate, Score
from casework.tickets.tickets import Kind, State
from tests.casework.bureau import PHONE, SUN, ZHOU, Bureau, bureau


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with bureau(tmp_path) as opened:
        yield opened


async def closed(office: Bureau, phone: str | None = PHONE) -> str:
    number = await office.opened(phone=phone)
    await office.work.take(number, SUN)
    await office.work.close(number, SUN, "已回电")
    return number


async def follow_ups(office: Bureau) -> list[Ticket]:
    async with office.database.session() as session:
        return list(await session.scalars(select(Ticket).where(Ticket.follows_id.is_not(None))))


async def test_closing_asks_by_short_message_with_a_link_that_rates(office: Bureau) -> None:
    number = await closed(office)
    (message,) = await office.outbox.to(PHONE)
    assert message.kind == "rating"
    token = re.search(r"https://yibao\.example/rating/(\S+) ", message.text)
    assert token
    await office.ratings.rate(token[1], Score.GOOD, "sms")
    row = await office.row(number)
    assert (row.rating, row.rated_by) == (4, "sms")
    assert (await office.history(number))[-1].note == "满意"
    assert await follow_ups(office) == []


@pytest.mark.parametrize("phone", [None, "05372345678"])
async def test_who_cannot_get_a_short_message_is_not_asked(office: Bureau, phone: str | None) -> None:
    number = await closed(office, phone)
    assert (await office.row(number)).rating_asked_at is None


async def test_a_guessed_or_changed_token_opens_nothing(office: Bureau) -> None:
    number = await closed(office)
    token = office.ratings.token(number)
    for wrong in (number, number + "-" + "0" * 32, token[:-1] + ("0" if token[-1] != "0" else "1"), "", "é-é"):
        with pytest.raises(CannotRate):
            await office.ratings.rate(wrong, Score.VERY_GOOD, "sms")
    assert (await office.row(number)).rating is None


async def test_a_link_ends_after_thirty_days(office: Bureau) -> None:
    token = office.ratings.token(await closed(office))
    office.days_pass(30)
    assert (await office.ratings.look(token)).open
    office.now += timedelta(minutes=1)
    with pytest.raises(CannotRate):
        await office.ratings.look(token)


async def test_a_rating_can_be_changed_for_a_day(office: Bureau) -> None:
    number = await closed(office)
    token = office.ratings.token(number)
    await office.ratings.rate(token, Score.FAIR, "sms")
    office.now += timedelta(hours=20)
    await office.ratings.rate(token, Score.VERY_GOOD, "sms")
    office.now += timedelta(hours=5)
    assert not (await office.ratings.look(token)).open, "the day counts from the first rating"
    with pytest.raises(CannotRate) as refused:
        await office.ratings.rate(token, Score.VERY_BAD, "sms")
    assert refused.value.citizen_text == "您已经评价过了，谢谢您。"
    assert (await office.row(number)).rating == 5


async def test_what_is_not_closed_cannot_be_rated(office: Bureau) -> None:
    number = await office.opened()
    with pytest.raises(CannotRate) as refused:
        await office.ratings.rate_ticket(number, Score.GOOD, "phone")
    assert refused.value.code == "not_closed"


@pytest.mark.parametrize("score", [Score.BAD, Score.VERY_BAD])
async def test_a_bad_rating_opens_a_ticket_due_the_next_working_day(office: Bureau, score: Score) -> None:
    number = await closed(office)
    await office.ratings.rate_ticket(number, score, "phone")
    (found,) = await follow_ups(office)
    assert found.follows_id == (await office.row(number)).id
    assert (found.kind, found.owner, found.state) == (Kind.COMPLAINT, None, State.OPEN)
    assert found.due_on == date(2026, 11, 23)
    assert office.vault.decrypt(found.phone_sealed or b"") == PHONE
    note = (await office.history(found.number))[-1].note
    assert "1个工作日内回访" in note
    assert "15个工作日内（12月11日前）" in note
    assert office.told == [(office.vault.lookup("call-1"), office.now)], "the question log hears of it"


async def test_two_bad_ratings_at_once_open_one_ticket(office: Bureau) -> None:
    number = await closed(office)
    await asyncio.gather(*(office.ratings.rate_ticket(number, Score.BAD, "web") for _ in range(3)))
    assert len(await follow_ups(office)) == 1
    assert len(office.told) == 1


async def test_a_good_rating_that_turns_bad_opens_one_too_and_one_only(office: Bureau) -> None:
    number = await closed(office)
    for score in (Score.GOOD, Score.BAD, Score.FAIR, Score.VERY_BAD):
        await office.ratings.rate_ticket(number, score, "web")
    assert len(await follow_ups(office)) == 1


async def test_who_has_rated_is_not_asked_again_after_a_second_closing(office: Bureau) -> None:
    number = await closed(office)
    await office.ratings.rate_ticket(number, Score.GOOD, "phone")
    await office.work.reopen(number, SUN, reason="还有一件事")
    await office.work.close(number, SUN, "办好了")
    assert len(await office.outbox.to(PHONE)) == 1


async def test_what_the_citizen_says_to_a_bad_rating_is_with_the_ticket_and_its_follow_up(office: Bureau) -> None:
    number = await closed(office)
    token = office.ratings.token(number)
    await office.ratings.rate(token, Score.BAD, "web")
    await office.ratings.comment(token, " 等了三天才回电，我叫张桂兰，电话13800001234 ")
    said = "等了三天才回电，我叫〔姓名〕，电话〔号码〕"
    (follow_up,) = await follow_ups(office)
    for one in (number, follow_up.number):
        assert (await office.history(one))[-1].note == said
        assert (await TicketBoard(office.database, office.vault).open_case(one, SUN)).said == said
    assert (await office.ratings.look(token)).words == said


async def test_the_same_words_again_and_none_are_not_kept(office: Bureau) -> None:
    number = await closed(office)
    token = office.ratings.token(number)
    await office.ratings.rate(token, Score.BAD, "web")
    for words in ("等太久", "等太久", "  ", "没人回电"):
        await office.ratings.comment(token, words)
    assert [one.note for one in await office.history(number)][-2:] == ["等太久", "没人回电"]
    for turn in range(8):
        await office.ratings.comment(token, f"第{turn}遍")
    with pytest.raises(CannotRate) as refused:
        await office.ratings.comment(token, "再说一遍")
    assert "都收到了" in refused.value.citizen_text


async def test_words_need_a_rating_and_end_with_the_day_in_which_it_can_be_changed(office: Bureau) -> None:
    number = await closed(office)
    token = office.ratings.token(number)
    with pytest.raises(CannotRate):
        await office.ratings.comment(token, "还没选就写")
    await office.ratings.rate(token, Score.GOOD, "web")
    await office.ratings.comment(token, "谢谢")
    office.days_pass(2)
    with pytest.raises(CannotRate) as refused:
        await office.ratings.comment(token, "过了两天")
    assert "现在不能再写了" in refused.value.citizen_text
    assert (await office.ratings.look(token)).words == "谢谢"


async def test_words_written_before_the_rating_became_bad_go_into_the_follow_up(office: Bureau) -> None:
    number = await closed(office)
    token = office.ratings.token(number)
    await office.ratings.rate(token, Score.GOOD, "web")
    await office.ratings.comment(token, "其实没办成")
    await office.ratings.rate(token, Score.VERY_BAD, "web")
    (follow_up,) = await follow_ups(office)
    assert (await office.history(follow_up.number))[-1].note == "其实没办成"


async def test_after_the_call_back_the_day_is_the_one_to_put_it_right_by(office: Bureau) -> None:
    """It used to stay at the day of the call: a follow-up that was called in time was overdue while being put right."""
    number = await closed(office)  # on Friday, November 20
    await office.ratings.rate_ticket(number, Score.BAD, "phone")
    (follow_up,) = await follow_ups(office)
    assert follow_up.due_on == date(2026, 11, 23)
    await office.work.take(follow_up.number, ZHOU)
    with pytest.raises(StepRefused) as empty:
        await office.work.called_back(follow_up.number, ZHOU, " ")
    assert "请写下回访" in empty.value.citizen_text
    with pytest.raises(StepRefused):
        await office.work.called_back(follow_up.number, SUN, "不是我的")
    await office.work.called_back(follow_up.number, ZHOU, "群众说等太久")
    assert (await office.row(follow_up.number)).due_on == date(2026, 12, 11)
    assert (await office.history(follow_up.number))[-1].step == "已回访"
    with pytest.raises(StepRefused) as again:
        await office.work.called_back(follow_up.number, ZHOU, "又打了一次")
    assert "已经回访过" in again.value.citizen_text


async def test_only_a_follow_up_is_called_back(office: Bureau) -> None:
    number = await office.opened()
    await office.work.take(number, SUN)
    with pytest.raises(StepRefused) as refused:
        await office.work.called_back(number, SUN, "回访")
    assert "不用回访" in refused.value.citizen_text


async def test_a_bad_rating_before_a_long_holiday_is_due_after_it(office: Bureau) -> None:
    number = await closed(office)
    office.now = datetime(2025, 9, 30, 2, 0, tzinfo=UTC)  # the last working day before the eight days of October
    await office.ratings.rate_ticket(number, Score.VERY_BAD, "web")
    (follow_up,) = await follow_ups(office)
    assert follow_up.due_on == date(2025, 10, 9)
