"""What somebody reads who knows number and code: enough to be at ease, nothing about anybody."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path

import pytest

from casework.tickets.account import Account, TicketAccounts
from casework.tickets.codes import NotFollowed
from casework.tickets.deadlines import Deadlines
from casework.tickets.tickets import Kind, Opened
from tests.casework.bureau import PHONE, QIAN, SUN, ZHOU, Bureau, bureau
from tests.casework.office import open_office
from tests.casework.tickets.test_progress import board  # noqa: F401  # a fixture


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with bureau(tmp_path) as office:
        yield office


@pytest.fixture
def accounts(office: Bureau, board) -> TicketAccounts:  # noqa: F811
    return TicketAccounts(office.database, office.vault, board, now=lambda: office.now)


async def look(accounts: TicketAccounts, opened: Opened) -> Account:
    return await accounts.look(opened.number, opened.code, by="web", whence="test")


def told(account: Account) -> str:
    return str(asdict(account))


async def test_an_unnamed_complaint_from_the_first_day_to_the_end(office: Bureau, accounts: TicketAccounts) -> None:
    opened = await office.tickets.open(Kind.COMPLAINT, channel="web")
    found = await look(accounts, opened)
    assert found.kind == "您反映的问题"
    assert found.reply.text == (
        f"工单{opened.number}（投诉），11月20日提出：已登记，等工作人员接办。办理时限到11月27日，还剩5个工作日。"
    )
    assert "联系您" not in told(found), "nobody can: no number was left"
    assert found.reply.spoken == (
        "您反映的问题，工单尾号零零零幺，已登记，等工作人员接办。办理时限到十一月二十七号，还有五个工作日。"
    )
    await office.work.take(opened.number, SUN)
    office.days_pass(4)
    await office.work.close(opened.number, SUN, "已批评窗口人员孙坐席")
    found = await look(accounts, opened)
    assert found.is_closed
    assert [(one.on, one.words) for one in found.steps] == [
        ("11月20日", "登记好了"),
        ("11月20日", "工作人员接办"),
        ("11月24日", "办结"),
    ]
    assert found.promise == "办结时间：11月24日。"
    assert "12393" in found.reply.text
    assert not re.search(r"[A-Za-z0-9（）]", found.reply.spoken)


async def test_a_neighbours_number_lets_somebody_call(office: Bureau, accounts: TicketAccounts) -> None:
    opened = await office.tickets.open(Kind.COMPLAINT, channel="phone", phone=PHONE)
    assert "工作人员11月27日前联系您" in (await look(accounts, opened)).promise


async def test_what_is_late_is_said_to_be(office: Bureau, accounts: TicketAccounts) -> None:
    opened = await office.tickets.open(Kind.SUGGESTION, channel="wechat")
    office.days_pass(13)
    await Deadlines(office.database, office.vault).look(office.now)
    found = await look(accounts, opened)
    assert "原定11月27日前处理好，已超期" in found.promise
    assert "已经报主管督办" in found.promise
    assert "超过了时限，报主管督办" in [one.words for one in found.steps]


async def test_no_name_no_number_and_nothing_anybody_wrote(office: Bureau, accounts: TicketAccounts) -> None:
    opened = await office.tickets.open(
        Kind.COMPLAINT, channel="web", phone=PHONE, transcript=[("citizen", "西关窗口的老孟骂人")]
    )
    number = opened.number
    await office.work.take(number, SUN)
    await office.work.note(number, SUN, "问了孟主任，电话13805370005")
    await office.work.offer(number, SUN, to="zuoxi2")
    await office.work.accept(number, ZHOU)
    await office.work.assign(number, QIAN, to="zuoxi")
    async with office.database.session() as session:
        await office.work.wait_in(session, (await office.row(number)).id, by="zuoxi", what="孟主任的说明")
    found = await look(accounts, opened)
    for secret in ("孙", "周", "钱", "孟", "zuoxi", PHONE, "13805370005", PHONE[-4:], "西关", "骂人", opened.code):
        assert secret not in told(found), secret
    assert "等您补充材料" in found.state_words
    assert "工作人员记下了办理情况" in [one.words for one in found.steps]
    assert "请求移交" not in told(found)


async def test_a_filing_is_followed_by_the_code_of_its_short_message_without_what_it_is_about(tmp_path: Path) -> None:
    (tmp_path / "filings").mkdir()
    office = await open_office(tmp_path / "filings")
    mother = office.caller("web")
    await mother.wants("file_item", "我要办门诊慢特病")
    await mother.proves("mother")
    for answer in ("高血压", "济宁市第一人民医院", "就登记的", "提交"):
        await mother.says(answer)
    message = next(text for text in await office.messages("mother") if "已提交" in text)
    [(number, code)] = re.findall(r"编号(GD\S+?)，查询码(\d{6})，", message)
    account = await office.parts.accounts.look(number, code, by="web", whence="test")
    assert account.kind == "帮您办的事"
    assert "慢特病" not in told(account)
    await office.database.aclose()


async def test_a_ticket_of_before_has_no_code_and_none_opens_it(office: Bureau, accounts: TicketAccounts) -> None:
    async with office.database.session() as session:
        ticket = await office.tickets.open_in(session, Kind.COMPLAINT, channel="web")
    for code in ("", "0000"):
        with pytest.raises(NotFollowed):
            await accounts.look(ticket.number, code, by="web", whence="test")
