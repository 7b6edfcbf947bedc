"""The line breaks in the middle of a query: one ticket, for whom can be called; and what makes none."""

from __future__ import annotations

import pytest
import structlog
from prometheus_client import REGISTRY
from sqlalchemy import select, update

from bot.flows.goals import _QUERIES
from casework.core.contract import CoreUnavailable
from casework.models import Ticket
from casework.tickets import query_topics
from casework.tickets.history import history
from casework.tickets.tickets import Kind
from tests.casework.office import CODE, Caller, Office, people

LANDLINE = "05372900001"


def calls(office: Office, number: str | None = None) -> Caller:
    """Somebody picks up the phone; `number` is what the line gives."""
    caller = office.caller("phone")
    office.parts.errands.picked_up(caller.conversation, number)
    return caller


async def cut_off(caller: Caller, *, handed_over: bool = False) -> None:
    await caller.office.parts.errands.hung_up(caller.conversation, handed_over=handed_over)


async def tickets(office: Office) -> list[Ticket]:
    async with office.database.session() as session:
        return list(await session.scalars(select(Ticket).order_by(Ticket.id)))


async def proven(caller: Caller, who: str = "elder") -> str:
    """They have answered every question of ours: whose ID number it is, and the code."""
    await caller.says(people()[who]["id_number"])
    await caller.says("对")
    return await caller.says(CODE)


def key(office: Office, who: str) -> str:
    return office.vault.lookup(people()[who]["id_number"])


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("yibao_queries_cut_off_total", {"outcome": outcome}) or 0.0


async def test_cut_off_before_anybody_knew_who_it_was_the_number_is_called_back(office: Office) -> None:
    caller = calls(office, LANDLINE)
    await caller.wants("query_mine", "查余额")
    await caller.says(people()["elder"]["id_number"])
    await cut_off(caller)
    (ticket,) = await tickets(office)
    assert (ticket.kind, ticket.topic, ticket.state) == (Kind.QUERY.value, "query-balance", "open")
    assert ticket.phone_sealed
    assert office.vault.decrypt(ticket.phone_sealed) == LANDLINE
    assert ticket.person_key is None
    assert ticket.transcript_sealed is None
    assert query_topics.title(ticket.topic or "") == "查个人账户余额"


async def test_a_proven_caller_is_named_and_called_on_the_number_on_record(office: Office) -> None:
    caller = calls(office)
    await caller.wants("query_mine", "查查俺老伴的缴费")
    assert "请输入您老伴的身份证号" in await proven(caller)
    await cut_off(caller)
    (ticket,) = await tickets(office)
    assert ticket.person_key == key(office, "elder")
    assert ticket.phone_sealed
    assert office.vault.decrypt(ticket.phone_sealed) == people()["elder"]["phone"]
    assert query_topics.title(ticket.topic or "") == "替家人查缴费记录"


async def test_nobody_to_call_is_counted_and_nothing_else(office: Office) -> None:
    before = counted("nobody_to_call")
    for number in (None, "anonymous"):
        caller = calls(office, number)
        await caller.wants("query_mine", "查余额")
        await caller.says(people()["elder"]["id_number"])
        with structlog.testing.capture_logs() as logs:
            await cut_off(caller)
        assert logs == [
            {"event": "query_cut_off", "outcome": "nobody_to_call", "topic": "query-balance", "log_level": "info"}
        ]
    assert await tickets(office) == []
    assert counted("nobody_to_call") == before + 2


async def test_the_same_caller_three_times_is_one_ticket_that_says_so(office: Office) -> None:
    for _ in range(3):
        caller = calls(office, LANDLINE)
        await caller.wants("query_mine", "查余额")
        await cut_off(caller)
    (ticket,) = await tickets(office)
    async with office.database.session() as session:
        told = [happened.note for happened in await history(session, office.vault, ticket.id)]
    assert told == ["", "群众又来电，没有查完线路又断了。", "群众又来电，没有查完线路又断了。"]


async def test_what_they_wanted_and_who_they_are_is_added_when_it_is_known(office: Office) -> None:
    first = calls(office, LANDLINE)
    assert "查" in await first.wants("query_mine", "俺想查一下")
    await cut_off(first)
    assert [query_topics.title(ticket.topic or "") for ticket in await tickets(office)] == ["查个人信息"]
    second = calls(office, LANDLINE)
    await second.wants("query_mine", "查查俺老伴的余额")
    await proven(second)
    await cut_off(second)
    (ticket,) = await tickets(office)
    assert (ticket.topic, ticket.person_key) == ("query-balance-for-other", key(office, "elder"))


async def test_another_matter_and_another_person_are_tickets_of_their_own(office: Office) -> None:
    for who, words in (("elder", "查查俺老伴的余额"), ("elder", "查查俺老伴的缴费"), ("mother", "查查俺老伴的余额")):
        caller = calls(office, LANDLINE)
        await caller.wants("query_mine", words)
        await proven(caller, who)
        await cut_off(caller)
    assert len(await tickets(office)) == 3


@pytest.mark.parametrize("number", [LANDLINE, people()["elder"]["phone"]])
async def test_answered_in_the_next_call_it_is_closed_without_a_rating(office: Office, number: str) -> None:
    first = calls(office, number)
    await first.wants("query_mine", "查余额")
    await cut_off(first)
    second = calls(office, LANDLINE if number == LANDLINE else None)
    await second.wants("query_mine", "查余额")
    assert "1862.35元" in await proven(second)
    (ticket,) = await tickets(office)
    assert (ticket.state, ticket.person_key) == ("closed", key(office, "elder"))
    async with office.database.session() as session:
        last = (await history(session, office.vault, ticket.id))[-1]
    assert (last.step, last.note) == ("办结", "群众再次来电，已经答复。")
    assert not [text for text in await office.messages("elder") if "rating" in text]
    await cut_off(second)
    assert len(await tickets(office)) == 1


async def test_another_answer_and_another_persons_answer_leave_it_open(office: Office) -> None:
    first = calls(office, LANDLINE)
    await first.wants("query_mine", "查查俺老伴的余额")
    await proven(first)
    await cut_off(first)
    for who, words in (("elder", "查余额"), ("elder", "查缴费记录"), ("mother", "查余额")):
        other = calls(office, LANDLINE)
        await other.wants("query_mine", words)
        await proven(other, who)
        await cut_off(other)
    (ticket,) = await tickets(office)
    assert ticket.state == "open"


async def test_a_hang_up_after_the_answer_makes_none(office: Office) -> None:
    caller = calls(office, LANDLINE)
    await caller.wants("query_mine", "查余额")
    await proven(caller)
    await cut_off(caller)
    assert await tickets(office) == []


async def test_nor_one_when_the_second_wish_was_only_offered(office: Office) -> None:
    caller = calls(office, LANDLINE)
    await caller.wants("query_mine", "查一下余额，再给俺备个案")
    assert "1862.35元" in await proven(caller)
    assert caller.last is not None
    assert caller.last.waits
    await cut_off(caller)
    assert await tickets(office) == []


@pytest.mark.parametrize("words", ["算了", "取消", "等会儿再说"])
async def test_who_said_that_they_do_not_want_it_now_is_not_called(office: Office, words: str) -> None:
    caller = calls(office, LANDLINE)
    await caller.wants("query_mine", "查余额")
    await caller.says(words)
    await cut_off(caller)
    assert await tickets(office) == []


async def test_who_said_goodbye_is_not_called(office: Office) -> None:
    caller = calls(office, LANDLINE)
    await caller.wants("query_mine", "查余额")
    await office.parts.errands.leave(caller.conversation)  # what the engine does with it
    await cut_off(caller)
    assert await tickets(office) == []


async def test_who_was_given_to_a_person_is_theirs(office: Office) -> None:
    caller = calls(office, LANDLINE)
    await caller.wants("query_mine", "查余额")
    await cut_off(caller, handed_over=True)
    assert await tickets(office) == []


async def test_who_left_a_number_to_be_called_back_has_a_ticket_already(office: Office) -> None:
    caller = calls(office, LANDLINE)
    await caller.wants("query_mine", "查余额")
    await office.parts.tickets.open(
        Kind.CALLBACK, channel="phone", phone="19900000001", conversation=caller.conversation
    )
    await cut_off(caller)
    assert [ticket.kind for ticket in await tickets(office)] == ["回电"]


async def test_without_the_core_system_they_are_called_all_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = calls(office, LANDLINE)
    await caller.wants("query_mine", "查查俺老伴的余额")
    await proven(caller)

    async def down(_id_number: str) -> None:
        raise CoreUnavailable

    monkeypatch.setattr(office.core, "person", down)
    await cut_off(caller)
    (ticket,) = await tickets(office)
    assert ticket.person_key == key(office, "elder")
    assert ticket.phone_sealed


async def test_who_was_told_that_it_cannot_be_looked_up_now_is_called_when_they_hang_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(_id_number: str) -> None:
        raise CoreUnavailable

    caller, patient, polite = calls(office, LANDLINE), calls(office, "05372900002"), calls(office, "05372900003")
    for one, who in ((caller, "father"), (patient, "elder"), (polite, "son")):
        await one.wants("query_mine", "查余额")
        await one.says(people()[who]["id_number"])
    with monkeypatch.context() as broken:
        broken.setattr(office.core, "person", down)
        for one in (caller, patient, polite):
            assert "暂时查不了" in await one.says(CODE)
    await patient.wants("query_mine", "查余额")
    assert "1862.35元" in await proven(patient)
    await office.parts.errands.leave(polite.conversation)
    for one in (caller, patient, polite):
        await cut_off(one)
    (ticket,) = await tickets(office)
    assert ticket.phone_sealed
    assert office.vault.decrypt(ticket.phone_sealed) == LANDLINE


async def test_one_that_staff_closed_is_not_opened_again_by_a_note(office: Office) -> None:
    for _ in range(2):
        caller = calls(office, LANDLINE)
        await caller.wants("query_mine", "查余额")
        await cut_off(caller)
        async with office.database.session() as session:
            await session.execute(update(Ticket).values(state="closed"))
    assert len(await tickets(office)) == 2


def test_every_query_has_a_name_for_staff_and_nothing_else_has() -> None:
    for kind in _QUERIES:
        assert query_topics.title(query_topics.topic(kind)).startswith("查")
        assert query_topics.title(query_topics.topic(kind, for_other=True)).startswith("替家人查")
    for topic in ("remote-longterm", "query-nothing", "query-", "", "queries"):
        assert query_topics.title(topic) == ""
