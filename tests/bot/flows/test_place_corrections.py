"""A noted place put right, in whatever words and wherever the filing stands."""

from __future__ import annotations

import pytest

from tests.bot.flows.test_choosing import longterm
from tests.casework.office import Office


async def test_a_river_is_no_city(office: Office) -> None:
    elder = await longterm(office, "通辽")
    assert "备案到哪里：上海市" in await elder.says("改了，俺在苏州河边上住，上海市普陀区")


@pytest.mark.parametrize("said", ["改成长春", "改为长春市", "换成长春吧", "改到长春"])
async def test_changed_into_what_stands_there_is_told_so(office: Office, said: str) -> None:
    elder = await longterm(office, "长春")
    heard = await elder.says(said)
    assert "记下的就是这个" in heard
    assert "从哪天开始" in heard
    assert "请再说一遍" not in heard


async def test_called_wrong_and_heard_the_same_is_asked_for_again(office: Office) -> None:
    elder = await longterm(office, "长春")
    assert "请再说一遍" in await elder.says("不对，是长春")


@pytest.mark.parametrize(
    "said",
    [
        "俺没说要备到上海，是舟山普陀",
        "谁说备上海了，是舟山普陀",
        "俺啥时候说过上海，俺说的舟山普陀",
        "咋给俺填的上海，是舟山普陀",
        "不是上海，是舟山的普陀",
        "俺没说要备到上海那么老远的地方去，俺闺女也跟你说清楚了，俺住的是舟山普陀",
    ],
)
@pytest.mark.parametrize("stage", ["promise", "summary", "day"])
async def test_what_they_never_said_is_put_right_in_every_stage(office: Office, said: str, stage: str) -> None:
    answers = ["上海", "今天", "19900000001", "同意"]
    elder = await longterm(office, *answers[: {"day": 1, "promise": 3, "summary": 4}[stage]])
    heard = await elder.says(said)
    assert "浙江省舟山市" in heard
    assert "备案到哪里：上海市" not in heard


@pytest.mark.parametrize("said", ["不是南京，徐州鼓楼区", "不是南京，是徐州鼓楼区", "没说南京，徐州的鼓楼区"])
async def test_what_is_denied_is_not_noted_while_the_kind_is_asked(office: Office, said: str) -> None:
    elder = office.caller()
    await elder.wants("file_item", "我要备案")
    heard = await elder.says(said)
    assert "江苏省徐州市" in heard
    assert "南京市" not in heard
