"""查询码: what is read as number and code, and how long somebody may guess."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from casework.tickets.codes import (
    FREE_OF_NUMBER,
    TRIES,
    Busy,
    NotFollowed,
    TicketCodes,
    TooManyTries,
    code_in,
    new_code,
    number_in,
)
from casework.tickets.tickets import Kind, Opened
from staff import audit
from tests.casework.bureau import Bureau, bureau

NUMBER = "GD20261120-0001"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with bureau(tmp_path) as office:
        yield office


@pytest.fixture
def codes(office: Bureau) -> TicketCodes:
    return TicketCodes(office.database, office.vault, now=lambda: office.now)


@pytest.fixture
async def opened(office: Bureau) -> Opened:
    return await office.tickets.open(Kind.COMPLAINT, channel="web")


def wrong(opened: Opened) -> str:
    return "000000" if opened.code != "000000" else "111111"


@pytest.mark.parametrize(
    ("text", "number", "code"),
    [
        (NUMBER, NUMBER, ""),
        (" gd 20261120 - 0001 ", NUMBER, ""),
        ("ＧＤ２０２６１１２０－０００１", NUMBER, ""),
        ("202611200001", NUMBER, ""),
        (f"{NUMBER} 4073", NUMBER, "4073"),
        ("2026112000014073", NUMBER, "4073"),
        (f"我的投诉怎么样了 工单号{NUMBER}，查询码４０７３", NUMBER, "4073"),
        (f"查询码是4073，给我查一下{NUMBER}", NUMBER, "4073"),
        ("G D，二零二六，幺幺二零，零零零幺。查询码，四零七三", NUMBER, "4073"),
        ("工单号二零二六幺幺二零零零零幺 查询吗四零 七三", NUMBER, "4073"),
        ("GD20261120-10001", "GD20261120-10001", ""),
        ("4073", "", "4073"),
        (" ４０ ７３ ", "", "4073"),
        ("查询码40735", "", ""),
        ("370899195003159028", "", ""),
        ("19900000001", "", ""),
        ("我的投诉怎么样了", "", ""),
    ],
)
def test_number_and_code_are_read_however_they_are_written(text: str, number: str, code: str) -> None:
    assert (number_in(text), code_in(text)) == (number, code)


def test_a_code_is_six_digits_and_not_always_the_same() -> None:
    made = [new_code() for _ in range(50)]
    assert all(len(code) == 6 and code.isdecimal() for code in made)
    assert len(set(made)) > 30


async def test_it_is_kept_as_a_keyed_hash_and_opens_its_own_ticket_only(
    office: Bureau, codes: TicketCodes, opened: Opened
) -> None:
    row = await office.row(opened.number)
    assert row.code_hash
    assert opened.code not in repr(opened), "nor is it logged by accident"
    await codes.check(opened.number, opened.code, by="web", whence="198.51.100.7")
    other = await office.tickets.open(Kind.COMPLAINT, channel="web")
    assert (await office.row(other.number)).code_hash != row.code_hash
    [entry] = (await audit.entries(office.database, what=audit.Action.TICKET_FOLLOWED)).entries
    assert (entry.who, entry.which, entry.detail) == ("citizen", opened.number, "web")


async def test_nobody_learns_whether_the_number_or_the_code_was_wrong(
    office: Bureau, codes: TicketCodes, opened: Opened
) -> None:
    said = []
    for number in (opened.number, "GD20261120-9999"):
        for _ in range(7):
            with pytest.raises((NotFollowed, TooManyTries)) as refused:
                await codes.check(number, wrong(opened), by="web", whence="198.51.100.7")
            said.append(refused.value.citizen_text)
    assert said[:7] == said[7:]
    assert said[:5] == [NotFollowed.citizen_text] * 5
    assert said[5:7] == [TooManyTries.citizen_text] * 2


async def test_five_wrong_tries_lock_for_an_hour_from_the_last(
    office: Bureau, codes: TicketCodes, opened: Opened
) -> None:
    for _ in range(5):
        with pytest.raises(NotFollowed):
            await codes.check(opened.number, wrong(opened), by="web", whence="198.51.100.7")
        office.now += timedelta(minutes=10)
    office.now += timedelta(minutes=49)
    with pytest.raises(TooManyTries):
        await codes.check(opened.number, opened.code, by="web", whence="198.51.100.7")
    office.now += timedelta(minutes=2)
    await codes.check(opened.number, opened.code, by="web", whence="198.51.100.7")
    locked = await audit.entries(office.database, what=audit.Action.TICKET_CODE_LOCKED)
    assert [entry.which for entry in locked.entries] == [opened.number]


async def test_many_at_once_gain_nothing(codes: TicketCodes, opened: Opened) -> None:
    guesses = [f"{guess:06d}" for guess in range(30) if f"{guess:06d}" != opened.code]
    tried = await asyncio.gather(
        *(codes.check(opened.number, guess, by="web", whence="198.51.100.7") for guess in guesses),
        return_exceptions=True,
    )
    assert sum(isinstance(one, NotFollowed) for one in tried) <= 5


async def test_who_fails_on_purpose_keeps_nobody_else_out(codes: TicketCodes, opened: Opened) -> None:
    """Numbers are counted up: a stranger knows those of today, and five wrong codes each once stopped them for all."""
    for _ in range(7):
        with pytest.raises((NotFollowed, TooManyTries)):
            await codes.check(opened.number, wrong(opened), by="web", whence="203.0.113.5")
    await codes.check(opened.number, opened.code, by="web", whence="198.51.100.7")
    with pytest.raises(TooManyTries):
        await codes.check(opened.number, opened.code, by="web", whence="203.0.113.5")


async def test_guessing_at_one_number_from_everywhere_is_one_try_in_ten_seconds(
    office: Bureau, codes: TicketCodes, opened: Opened
) -> None:
    async def guesses(many: int) -> list[BaseException | None]:
        every = (
            codes.check(opened.number, wrong(opened), by="web", whence=f"203.0.113.{place}") for place in range(many)
        )
        return await asyncio.gather(*every, return_exceptions=True)

    first = await guesses(FREE_OF_NUMBER + 20)
    assert sum(type(one) is NotFollowed for one in first) == FREE_OF_NUMBER
    assert sum(type(one) is Busy for one in first) == 20
    office.now += timedelta(seconds=11)
    assert [type(one) for one in await guesses(5)].count(NotFollowed) == 1
    office.now += timedelta(seconds=11)
    await codes.check(opened.number, opened.code, by="web", whence="198.51.100.7")


async def test_who_has_the_code_may_look_as_often_as_they_like(codes: TicketCodes, opened: Opened) -> None:
    for _ in range(4):
        with pytest.raises(NotFollowed):
            await codes.check(opened.number, wrong(opened), by="web", whence="198.51.100.7")
        for _ in range(3):
            await codes.check(opened.number, opened.code, by="web", whence="198.51.100.7")


async def test_guessing_at_many_tickets_makes_every_try_slower(office: Bureau, opened: Opened) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    codes = TicketCodes(office.database, office.vault, lambda: office.now, sleep)
    for number in range(70):
        with pytest.raises(NotFollowed):
            await codes.check(f"GD20261120-{number + 100:04d}", "123456", by="web", whence="198.51.100.7")
    assert len(waited) == 10
    await codes.check(opened.number, opened.code, by="web", whence="198.51.100.7")
    assert max(waited) <= 2.0


@pytest.mark.parametrize(
    "text", ["GD20261120-0001 407312", "工单号 GD20261120-0001，查询码 407312", "202611200001407312"]
)
def test_six_digits_are_read(text: str) -> None:
    assert (number_in(text), code_in(text)) == ("GD20261120-0001", "407312")


async def test_guesses_in_many_conversations_do_not_stop_the_page(codes: TicketCodes, opened: Opened) -> None:
    """A client names its conversations itself."""
    for conversation in range(12):
        for _ in range(TRIES):
            with suppress(NotFollowed, TooManyTries):
                await codes.check(opened.number, wrong(opened), by="web", whence=f"talk {conversation}")
    with pytest.raises(Busy):
        await codes.check(opened.number, opened.code, by="web", whence="talk of the owner")
    await codes.check(opened.number, opened.code, by="page", whence="198.51.100.7")
