"""What an authorisation lets somebody see and do, for how long, and whether money can go: asked before one is given."""

from __future__ import annotations

import pytest

from bot.flows.authorise.questions import asked
from bot.flows.wording import say
from tests.casework.office import Office, people


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("授权给闺女她能取我的钱吗", "authorised_no_money"),
        ("授权了她会不会把我卡里的钱划走", "authorised_no_money"),
        ("授权能管多久", "authorised_how_long"),
        ("委托给儿子，一直都有效吗", "authorised_how_long"),
        ("授权了她能干啥", "authorised_may"),
        ("授权闺女帮我办，她是不是啥都能看见", "authorised_may"),
    ],
)
def test_asked_before_one_is_given(said: str, told: str) -> None:
    assert asked(said, in_it=False) == say(told)


@pytest.mark.parametrize(
    "said",
    ["我的授权到期没", "闺女授权了没", "怎么收回授权", "我想授权俺闺女帮我办", "她能看我的钱不", "查查我授权了谁"],
)
def test_what_is_no_such_question(said: str) -> None:
    assert asked(said, in_it=False) is None


async def test_asked_while_one_is_given(office: Office) -> None:
    mother = office.caller()
    await mother.wants("authorise", "我想授权俺闺女帮我办")
    await mother.proves("mother")
    assert "只许查询" in await mother.says("她能看我的钱不", "ask_policy")
    await mother.says(people()["daughter"]["id_number"])
    assert "钱取不走" in await mother.says("那她能不能把我的钱取走", "ask_policy")
    await mother.says("全部")
    heard = await mother.says("后悔了能收回不", "ask_policy")
    assert "马上失效" in heard
    assert "到哪天为止" in heard, "and it goes on"
