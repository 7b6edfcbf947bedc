"""Handing in: who did it, what makes a case another one, where materials go."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import select, update

from casework.filings.filing import Draft
from casework.filings.handing_in import Receipt
from casework.models import Filing, Material, Ticket
from casework.people.authorisations import ALL
from casework.people.identity import citizen, person_ref
from staff import audit
from tests.casework.filings.test_materials import picture
from tests.casework.office import Caller, Office, people

UNTIL = date(2027, 2, 18)
ENROL = ("新生儿", "李小宝", "2026年10月1日", "邹城市太平镇", "19900000002")


async def authorised(office: Office) -> int:
    """The mother lets her daughter do everything."""
    mother = await office.core.person(people()["mother"]["id_number"])
    assert mother
    daughter = people()["daughter"]["id_number"]
    return (await office.parts.authorisations.grant(mother, daughter, [ALL], "全部事项", UNTIL)).id


async def begun(office: Office, who: str, words: str, *answers: str, channel: str = "web") -> Caller:
    """Proven, with the filing as far as these answers."""
    caller = office.caller(channel)
    await caller.wants("file_item", words)
    await caller.proves(who)
    for said in answers:
        await caller.says(said)
    return caller


async def last_filed(office: Office) -> tuple[Filing, Ticket, audit.Entry]:
    found = (await audit.entries(office.database, what=audit.Action.FILED)).entries[0]
    async with office.database.session() as session:
        filing, ticket = (
            await session.execute(select(Filing, Ticket).join(Ticket, Ticket.id == Filing.ticket_id))
        ).all()[-1]
    assert found.which == f"ticket {ticket.number}"
    return filing, ticket, found


async def counted(office: Office) -> int:
    async with office.database.session() as session:
        return len((await session.scalars(select(Ticket.id).where(Ticket.kind == "帮办"))).all())


async def test_the_receipt_sent_to_the_phone_has_the_address_for_materials(office: Office) -> None:
    caller = await begun(office, "elder", "办慢特病", "高血压", "邹城市人民医院", "19900000001", channel="phone")
    assert "按短信里的网址交" in await caller.says("提交")
    message = (await office.messages("elder"))[-1]
    link = re.search(r"https://yibao\.example/upload/(\S+)", message)
    assert link, message
    assert "病历、检查报告" in message
    assert (await office.parts.materials.add_by_link(link[1], picture())).item.id == "chronic-recognition"


async def test_where_nothing_is_wanted_no_address_is_sent(office: Office) -> None:
    caller = await begun(office, "son", "把医保转回济宁来", "转进来", "徐州", "二零二五年九月", "19900000005")
    await caller.says("提交")
    assert "/upload/" not in (await office.messages("son"))[-1]


async def test_the_daughter_who_hands_in_what_her_mother_began_did_it(office: Office) -> None:
    authorisation = await authorised(office)
    mother = await begun(office, "mother", "办慢特病", "高血压")
    await mother.says("等会儿再说")
    daughter = await begun(office, "daughter", "给俺妈办慢特病", "邹城市人民医院", "19900000003")
    assert "提交好了" in await daughter.says("提交")
    filing, ticket, entry = await last_filed(office)
    keys = {who: office.vault.lookup(people()[who]["id_number"]) for who in ("mother", "daughter")}
    assert (filing.agent_key, filing.authorisation_id) == (keys["daughter"], authorisation)
    assert ticket.agent_key == keys["daughter"]
    assert (entry.who, entry.by) == (citizen(keys["daughter"]), f"authorisation {authorisation}")
    assert entry.detail == f"begun by {citizen(keys['mother'])}"
    view = await office.parts.desk.view(ticket.number)
    assert view
    assert view.agent.startswith("陈**")


async def test_the_mother_who_hands_in_what_her_daughter_began_did_it_herself(office: Office) -> None:
    await authorised(office)
    daughter = await begun(office, "daughter", "给俺妈办慢特病", "高血压")
    await daughter.says("等会儿再说")
    mother = await begun(office, "mother", "办慢特病", "邹城市人民医院", "19900000002")
    assert "提交好了" in await mother.says("提交")
    filing, ticket, entry = await last_filed(office)
    key = office.vault.lookup(people()["mother"]["id_number"])
    assert (filing.agent_key, filing.authorisation_id, ticket.agent_key) == (None, None, None)
    assert (entry.who, entry.by) == (citizen(key), "")
    assert entry.detail.startswith("begun by citizen")
    view = await office.parts.desk.view(ticket.number)
    assert view
    assert view.agent == ""


async def test_a_second_grandchild_is_another_case(office: Office) -> None:
    caller = await begun(office, "mother", "给我孙子上医保", *ENROL)
    assert "GD20261120-0001" in await caller.says("提交")
    again = office.caller()
    await again.wants("file_item", "给我孙女上医保")
    heard = await again.proves("mother")
    assert "交过一件（李小宝，2026年10月1日，编号 GD20261120-0001）" in heard
    assert "给谁参保" not in heard.split("咱们接着办")[0]
    for said in ("新生儿", "李小花", "2026年10月1日", "邹城市太平镇", "19900000002"):
        await again.says(said)
    assert "GD20261120-0002" in await again.says("提交")


async def test_the_same_child_once_more_is_the_same_case(office: Office) -> None:
    await (await begun(office, "mother", "给我孙子上医保", *ENROL)).says("提交")
    again = await begun(office, "mother", "给我孙子上医保", *ENROL)
    heard = await again.says("提交")
    assert "已经提交过了，编号 GD20261120-0001" in heard
    assert await counted(office) == 1
    assert sum("已提交" in text for text in await office.messages("mother")) == 1
    third = office.caller()
    await third.wants("file_item", "给我孙子上医保")
    assert "办到一半" not in await third.proves("mother"), "the draft that was not needed is gone"


async def test_the_same_bill_twice_at_once_is_one_case(office: Office) -> None:
    """A double click, or two who help the same person: two drafts of one case, one after the other."""
    filings, mother = office.parts.filings, await office.core.person(people()["mother"]["id_number"])
    assert mother
    item = filings._items.items["assist-reimb"]
    answers = {"hospital": "邹城市人民医院", "admitted": "2026-10-02", "amount": "386520", "phone": "19900000002"}

    async def drafted() -> Draft:
        draft = await filings.begin(item, mother, agent=None, authorisation=None, channel="web")
        for name, value in answers.items():
            draft = await filings.answer(draft, name, value)
        return draft

    async def handed_in(draft: Draft) -> Receipt:
        return await office.parts.handing_in.submit(
            draft, mother, agent=None, authorisation=None, conversation="c", channel="web"
        )

    first = await drafted()
    receipt = await handed_in(first)
    assert await handed_in(first) == receipt, "the same draft again"
    second = await drafted()
    assert second.id != first.id
    again = await handed_in(second)
    assert (again.number, again.is_again) == (receipt.number, True)
    answers["amount"] = "120000"
    assert (await handed_in(await drafted())).number != receipt.number
    assert await counted(office) == 2


async def test_a_case_that_was_decided_can_be_handed_in_anew(office: Office) -> None:
    await (await begun(office, "mother", "给我孙子上医保", *ENROL)).says("提交")
    await office.parts.desk.decide("GD20261120-0001", approved=False, reason="户口本没拍清楚", by="zuoxi")
    again = await begun(office, "mother", "给我孙子上医保", *ENROL)
    assert "GD20261120-0002" in await again.says("提交")


async def test_what_was_handed_in_before_its_item_could_be_open_twice_bars_nothing(office: Office) -> None:
    await (await begun(office, "mother", "给我孙子上医保", *ENROL)).says("提交")
    key = office.vault.lookup(people()["mother"]["id_number"])
    async with office.database.session() as session:
        await session.execute(update(Filing).values(open_key=f"enroll-resident:{key}"))
    again = await begun(office, "mother", "给我孙子上医保", *ENROL)
    assert "已经提交过了" in await again.says("提交")
    assert await counted(office) == 1


async def cancelled(office: Office) -> list[tuple[str, str, str]]:
    """Who cancelled whose, and by what, as the audit log has it."""
    found = (await audit.entries(office.database, what=audit.Action.FILING_CANCELLED)).entries
    return [(entry.who, entry.which, entry.by) for entry in found]


async def test_who_drops_their_own_filing_did_it(office: Office) -> None:
    await authorised(office)
    mother = await begun(office, "mother", "办慢特病", "高血压")
    assert "还是删掉" in await mother.says("算了，不办了")
    assert "不办了" in await mother.says("删掉")
    key = office.vault.lookup(people()["mother"]["id_number"])
    assert await cancelled(office) == [(citizen(key), person_ref(key), "")]


async def test_the_agent_who_drops_the_principals_filing_did_it(office: Office) -> None:
    authorisation = await authorised(office)
    await (await begun(office, "mother", "办慢特病", "高血压")).says("等会儿再说")
    daughter = await begun(office, "daughter", "给俺妈办慢特病")
    assert "还是删掉" in await daughter.says("算了，不办了")
    assert "不办了" in await daughter.says("删掉")
    keys = {who: office.vault.lookup(people()[who]["id_number"]) for who in ("mother", "daughter")}
    by = f"authorisation {authorisation}"
    assert await cancelled(office) == [(citizen(keys["daughter"]), person_ref(keys["mother"]), by)]


async def test_the_agent_who_takes_another_kind_instead_dropped_the_first(office: Office) -> None:
    authorisation = await authorised(office)
    daughter = await begun(office, "daughter", "给俺妈办长期居住备案")
    assert "改办" in await daughter.says("我不是长期住，是转诊")
    keys = {who: office.vault.lookup(people()[who]["id_number"]) for who in ("mother", "daughter")}
    by = f"authorisation {authorisation}"
    assert await cancelled(office) == [(citizen(keys["daughter"]), person_ref(keys["mother"]), by)]


async def test_a_former_agent_drops_nothing(office: Office) -> None:
    authorisation = await authorised(office)
    daughter = await begun(office, "daughter", "给俺妈办慢特病", "高血压")
    mother = await office.core.person(people()["mother"]["id_number"])
    assert mother
    assert await office.parts.authorisations.revoke(mother, authorisation)
    await daughter.says("算了，不办了")
    assert "不能再替对方办" in await daughter.says("删掉")
    assert await office.parts.filings.open_of(mother.key, "chronic-recognition")
    assert await cancelled(office) == []


async def test_whose_proof_has_ended_drops_nothing(office: Office) -> None:
    mother = await begun(office, "mother", "办慢特病", "高血压")
    office.clock.passes(minutes=45)
    assert "先不办" in await mother.says("算了，不办了")
    key = office.vault.lookup(people()["mother"]["id_number"])
    assert await office.parts.filings.open_of(key, "chronic-recognition")
    assert await cancelled(office) == []


async def test_what_was_handed_in_meanwhile_is_not_noted_as_cancelled(office: Office) -> None:
    mother = await begun(office, "mother", "办慢特病", "高血压", "邹城市人民医院", "19900000002")
    key = office.vault.lookup(people()["mother"]["id_number"])
    draft = await office.parts.filings.open_of(key, "chronic-recognition")
    assert draft
    assert "提交好了" in await mother.says("提交")
    await office.parts.filings.cancel(draft, agent=None, authorisation=None)
    assert await cancelled(office) == []
    assert await office.parts.filings.handed_in(key, "chronic-recognition")


async def test_a_former_agents_picture_is_not_taken(office: Office) -> None:
    """The authorisation ends in the middle of the filing that is talked about."""
    authorisation = await authorised(office)
    daughter = await begun(office, "daughter", "给俺妈办慢特病", "高血压", channel="wechat")
    errands = office.parts.errands
    [reply] = await errands.take_picture(daughter.conversation, "wechat", picture()) or []
    assert "第1份材料" in reply.text
    mother = await office.core.person(people()["mother"]["id_number"])
    assert mother
    assert await office.parts.authorisations.revoke(mother, authorisation)
    [reply] = await errands.take_picture(daughter.conversation, "wechat", picture(colour="red")) or []
    assert "不能再替对方办" in reply.text
    async with office.database.session() as session:
        assert len((await session.scalars(select(Material.id))).all()) == 1


async def test_the_principals_picture_is_taken_for_what_their_agent_began(office: Office) -> None:
    await authorised(office)
    await (await begun(office, "daughter", "给俺妈办慢特病", "高血压")).says("等会儿再说")
    mother = await begun(office, "mother", "办慢特病", channel="wechat")
    [reply] = await office.parts.errands.take_picture(mother.conversation, "wechat", picture()) or []
    assert "第1份材料" in reply.text
