"""What citizens say later about a ticket of theirs, and whose ticket it is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from casework.models import Ticket
from casework.tickets import history as ticket_history
from casework.tickets.history import Happened
from casework.tickets.said_later import Fate, TooMuchSaid
from casework.tickets.tickets import Kind, State, Urgency
from tests.casework.office import Caller, Office, open_office, people

HERE, ELSEWHERE = "web-here", "web-elsewhere"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    opened = await open_office(tmp_path)
    yield opened
    await opened.database.aclose()


async def opened(office: Office, kind: Kind = Kind.COMPLAINT, conversation: str = HERE, **more: str) -> str:
    return (await office.parts.tickets.open(kind, channel="web", conversation=conversation, **more)).number


async def row(office: Office, number: str) -> Ticket:
    async with office.database.session() as session:
        return (await session.scalars(select(Ticket).where(Ticket.number == number))).one()


async def said_of(office: Office, number: str) -> list[Happened]:
    ticket = await row(office, number)
    async with office.database.session() as session:
        return [one for one in await ticket_history.history(session, office.vault, ticket.id) if one.note]


async def proven(office: Office, who: str) -> str:
    caller = office.caller()
    await caller.wants("prove_identity", "核实身份")
    await caller.proves(who)
    return caller.conversation


def key(office: Office, who: str) -> str:
    return office.vault.lookup(people()[who]["id_number"])


async def test_urging_makes_it_urgent_and_moves_no_day(office: Office) -> None:
    number = await opened(office)
    before = (await row(office, number)).due_on
    [noted] = await office.parts.words.urge(HERE, "快点给办行不行，催一下")
    after = await row(office, number)
    assert (noted.number, noted.due_on, noted.is_late, noted.is_waiting) == (number, before, False, False)
    assert (after.urgency, after.due_on) == (Urgency.URGENT.value, before)
    [event] = await said_of(office, number)
    assert (event.who, event.step, event.note) == ("citizen", "群众催办", "快点给办行不行，催一下")


async def test_what_is_late_or_waits_for_them_is_told_so(office: Office) -> None:
    late, waiting = await opened(office, Kind.COMPLAINT), await opened(office, Kind.FILING)
    async with office.database.session() as session:
        await session.execute(update(Ticket).where(Ticket.number == waiting).values(state=State.WAITING.value))
    office.clock.passes(days=10)
    noted = {one.number: one for one in await office.parts.words.urge(HERE, "催一下")}
    assert noted[late].is_late
    assert noted[waiting].is_waiting


async def test_nothing_is_noted_on_what_is_closed_or_somebody_elses(office: Office) -> None:
    number = await opened(office)
    assert await office.parts.words.urge(ELSEWHERE, "催一下") == []
    async with office.database.session() as session:
        await session.execute(update(Ticket).where(Ticket.number == number).values(state=State.CLOSED.value))
    assert await office.parts.words.urge(HERE, "催一下") == []
    assert await said_of(office, number) == []


async def test_a_number_alone_proves_nothing(office: Office) -> None:
    number = await opened(office)
    assert await office.parts.words.take_back(ELSEWHERE, f"{number}我要撤回") == []


async def test_in_another_conversation_it_is_theirs_once_they_are_proven(office: Office) -> None:
    mine = await opened(office, Kind.FILING, person_key=key(office, "elder"))
    await opened(office, Kind.FILING, person_key=key(office, "father"))
    conversation = await proven(office, "elder")
    assert [one.number for one in await office.parts.words.urge(conversation, "催一下")] == [mine]


async def test_a_call_back_asked_for_on_their_own_number_is_theirs(office: Office) -> None:
    number = await opened(office, Kind.CALLBACK, phone=people()["elder"]["phone"])
    conversation = await proven(office, "elder")
    assert [one.number for one in await office.parts.words.urge(conversation, "咋还不回电话")] == [number]
    assert await office.parts.words.urge(await proven(office, "father"), "咋还不回电话") == []


async def test_for_somebody_else_only_what_was_filed_for_them(office: Office) -> None:
    await opened(office, Kind.FILING, person_key=key(office, "daughter"))
    for_mother = await opened(office, Kind.FILING, person_key=key(office, "mother"), agent_key=key(office, "daughter"))
    conversation = await proven(office, "daughter")
    noted = await office.parts.words.urge(conversation, "俺娘的事快点给办", for_other=True)
    assert [one.number for one in noted] == [for_mother]


async def test_words_choose_among_several(office: Office) -> None:
    complaint = await opened(office, Kind.COMPLAINT)
    filing = await opened(office, Kind.FILING)
    words = office.parts.words
    assert [one.number for one in await words.take_back(HERE, "我要撤回投诉")] == [complaint]
    assert [one.number for one in await words.urge(HERE, "备案快点给办")] == [filing]
    assert [one.number for one in await words.add(HERE, "补充一句")] == [filing], "the newest"
    assert {one.number for one in await words.urge(HERE, "催一下")} == {complaint, filing}
    assert await words.take_back(HERE, "建议撤回") == [], "no suggestion was made"


async def test_an_addition_is_masked_and_a_new_number_is_kept_sealed(office: Office) -> None:
    number = await opened(office, phone="19900000001")
    await office.parts.words.add(HERE, "把联系电话改成19900000011", phone="19900000011")
    ticket = await row(office, number)
    assert office.vault.decrypt(ticket.phone_sealed or b"") == "19900000011"
    assert ticket.phone_hash == office.vault.lookup("19900000011")
    [event] = await said_of(office, number)
    assert "19900000011" not in event.note
    assert "199****0011" in event.note
    assert event.step == "群众补充"


async def test_too_much_is_refused(office: Office) -> None:
    await opened(office)
    for _ in range(30):
        await office.parts.words.add(HERE, "再补充一句")
    with pytest.raises(TooMuchSaid):
        await office.parts.words.add(HERE, "再补充一句")


async def test_a_rating_is_taken_where_it_was_asked_for(office: Office) -> None:
    number = await opened(office, phone="19900000003")
    assert await office.parts.words.rate(HERE, "web", "打五星") == []
    async with office.database.session() as session:
        ticket = (await session.scalars(select(Ticket).where(Ticket.number == number))).one()
        await office.parts.work.close_in(session, ticket.id, by="system", outcome="已处理")
    [thanks] = await office.parts.words.rate(HERE, "web", "打五星，很满意")
    assert "非常满意" in thanks.text
    assert (await row(office, number)).rating == 5


async def filed(office: Office, caller: Caller, first: str, *answers: str) -> str:
    await caller.wants("file_item", first)
    for said in answers[:-1]:
        await caller.says(said)
    told = await caller.says(answers[-1])
    return re.findall(r"GD[0-9]{8}-[0-9]{4}", told)[0]


async def two_filings(office: Office) -> tuple[Caller, str, str]:
    caller = office.caller()
    await caller.wants("prove_identity", "核实身份")
    await caller.proves("daughter")
    prenatal = await filed(
        office, caller, "报产前检查费", "济宁市第一人民医院", "1360元", "13900001234", "同意", "对，提交"
    )
    newborn = await filed(
        office, caller, "给新生儿办参保登记", "赵小宝", "2026年11月2日", "任城区阜桥街道", "13900001234", "对，提交"
    )
    return caller, prenatal, newborn


async def test_what_is_put_right_goes_to_the_filing_it_is_about(office: Office) -> None:
    caller, prenatal, newborn = await two_filings(office)
    add = office.parts.words.add
    assert [one.number for one in await add(caller.conversation, "产检那个钱不是1360，是1630，写反了")] == [prenatal]
    assert [one.number for one in await add(caller.conversation, f"尾号{prenatal[-4:]}那个再补一句，下周出差")] == [
        prenatal
    ]
    assert [one.number for one in await add(caller.conversation, "赵小宝的生日错了，是11月3号")] == [newborn]
    assert [one.number for one in await add(caller.conversation, "再补一句，下午没人接电话")] == [newborn], "the newest"


async def test_what_was_filed_elsewhere_is_found_by_its_words(office: Office) -> None:
    _, prenatal, _ = await two_filings(office)
    later = await proven(office, "daughter")
    await opened(office, Kind.COMPLAINT, conversation=later)
    assert [one.number for one in await office.parts.words.add(later, "产前检查费那个再补一句")] == [prenatal]


async def test_a_complaint_that_was_written_down_as_a_call_back_can_be_taken_back(office: Office) -> None:
    number = await opened(office, Kind.CALLBACK)
    assert [one.number for one in await office.parts.words.take_back(HERE, "那个投诉我不投诉了")] == [number]
    filing = await opened(office, Kind.FILING, conversation=ELSEWHERE)
    assert await office.parts.words.take_back(ELSEWHERE, "不投诉了") == [], filing


async def test_what_became_of_each_is_told_of_that_one(office: Office) -> None:
    caller = office.caller()
    await caller.wants("prove_identity", "核实身份")
    await caller.proves("elder")
    filing = await filed(office, caller, "改医保登记的手机号", "13900001234", "13900001234", "对，提交")
    complaint = await opened(office, Kind.COMPLAINT, conversation=caller.conversation)
    await caller.wants("withdraw_filing", "改手机号那个撤回")
    await caller.says("撤回")
    became = office.parts.words.became
    [of_complaint] = await became(caller.conversation, "那个投诉撤了没有")
    assert (of_complaint.number, of_complaint.fate) == (complaint, Fate.GOES_ON)
    [of_filing] = await became(caller.conversation, "改手机号那个撤了吗")
    assert (of_filing.number, of_filing.fate) == (filing, Fate.WITHDRAWN)
    await office.parts.words.take_back(caller.conversation, "投诉撤了吧")
    assert {one.fate for one in await became(caller.conversation, "都撤了没")} == {Fate.ASKED_BACK, Fate.WITHDRAWN}
    assert await became(ELSEWHERE, "撤了没有") == []


async def test_a_complaint_of_this_conversation_stands_in_their_progress(office: Office) -> None:
    caller = office.caller()
    complaint = await opened(office, Kind.COMPLAINT, conversation=caller.conversation)
    await caller.wants("prove_identity", "核实身份")
    await caller.proves("elder")
    assert complaint in await caller.wants("query_mine", "查进度")
    other = office.caller()
    await other.wants("prove_identity", "核实身份")
    await other.proves("elder")
    assert complaint not in await other.wants("query_mine", "查进度"), "in nobody's name: only where it was said"


async def test_one_of_several_diseases_is_known_to_be_no_whole_filing(office: Office) -> None:
    caller = office.caller()
    await caller.wants("prove_identity", "核实身份")
    await caller.proves("elder")
    number = await filed(office, caller, "冠心病和糖尿病，办慢特病", "济宁市第一人民医院", "13900001234", "对，提交")
    lists = office.parts.words.lists
    assert await lists(caller.conversation, "冠心病先不要了")
    assert not await lists(caller.conversation, "冠心病和糖尿病都不要了"), "that is all of it"
    assert not await lists(caller.conversation, "高血压不要了")
    [noted] = await office.parts.words.add(caller.conversation, "冠心病先不要了，从那个申请里去掉")
    assert noted.number == number
