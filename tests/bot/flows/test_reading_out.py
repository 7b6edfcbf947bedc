"""What was noted is read out to who asks for it, wherever the filing stands."""

from __future__ import annotations

import pytest

from tests.bot.flows.test_choosing import longterm
from tests.casework.office import Office


@pytest.mark.parametrize(
    "said",
    [
        "城市填的啥",
        "城市填的是啥",
        "你给俺记的哪个城市",
        "刚才记的地方是哪里",
        "俺刚才说的城市是哪个来着",
        "城市那一栏写的什么",
        "地方记上没有",
        "备案地填的哪",
        "都记了些啥",
        "你都给俺填了什么",
    ],
)
@pytest.mark.parametrize("stage", ["day", "promise", "summary"])
async def test_the_place_is_read_out(office: Office, said: str, stage: str) -> None:
    answers = ["长春", "今天", "19900000001", "同意"]
    elder = await longterm(office, *answers[: {"day": 1, "promise": 3, "summary": 4}[stage]])
    assert "记下的是，备案到哪里：吉林省长春市" in await elder.says(said, "ask_policy")
    assert elder.last
    assert elder.last.waits


async def test_each_thing_by_its_name(office: Office) -> None:
    elder = await longterm(office, "长春", "2026年11月3日", "19900000001")
    assert "2026年11月3日" in await elder.says("日子写的哪天", "ask_policy")
    assert "19900000001" in await elder.says("电话留的多少", "ask_policy")
    assert "19900000001" in await elder.says("号码是多少来着", "ask_policy")


async def test_what_is_not_noted_yet(office: Office) -> None:
    elder = await longterm(office)
    assert "还没有记" in await elder.says("城市填的啥", "ask_policy")


async def test_before_the_kind_is_known(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "我要备案，去徐州")
    assert "江苏省徐州市" in await elder.says("城市填的啥", "ask_policy")


async def test_before_proof(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "俺在长春住，要办长期居住备案")
    heard = await elder.says("城市填的啥", "ask_policy")
    assert "吉林省长春市" in heard
    assert "身份证号" in heard


@pytest.mark.parametrize("said", ["城市填什么", "城市要填啥", "城市填哪个好", "备案到哪里能报销", "电话打哪个"])
async def test_what_is_to_be_put_is_another_question(office: Office, said: str) -> None:
    elder = await longterm(office, "长春")
    assert "记下的是" not in await elder.says(said, "ask_policy")
