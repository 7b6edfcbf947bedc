"""What tells a danger from what is only said with its words: who lies still, who threatens, who was well just now."""

from __future__ import annotations

import pytest

from language.danger import danger_in

LIES_STILL = """
楼下老头趴在院子里一动不动
一个老太太坐在门口一动也不动
有个人躺在公园椅子上一动不动
对门奶奶歪在楼梯口一动不动了
""".strip().splitlines()

WELL_A_MOMENT_AGO = """
他瘫在椅子上了，刚刚还有说有笑的
俺爹不会说话了，吃饭那会儿还好好的
老伴早上还好好的，这会儿站不住了
刚才还跟俺说着话，一下就不认人了
""".strip().splitlines()

THREATENS_TO_DIE = """
再不给我办我就死给恁看
俺儿的药再不报，俺就吊死在你们门口
今天不给个说法我就从你们楼上跳下去
你们再推我就撞死在窗口
报销不下来俺就死在恁医保局
你们不给报销，我喝药给你们看
""".strip().splitlines()

IN_OTHER_WORDS = """
你们窗口动不动就让人重填
这系统动不动就掉
动不动就让俺跑一趟
账上的钱一动不动
进度一动不动好几天了
系统瘫了，刚才还好好的
网瘫了吧，上午还好好的
医保码刷不出来了，昨天还好好的
我就死等你们回话
俺死心眼，就想问这个
我死后医保卡里的钱给谁
我生气了
不客气了
没力气了，坐着说吧
供暖停气了
不跟你生气了，你就说能不能报
""".strip().splitlines()


@pytest.mark.parametrize("text", LIES_STILL)
def test_whoever_lies_still_is_not_hidden_by_a_word_for_often(text: str) -> None:
    assert danger_in(text) == "unconscious"


@pytest.mark.parametrize("text", WELL_A_MOMENT_AGO)
def test_whoever_was_well_a_moment_ago_has_just_been_struck(text: str) -> None:
    assert danger_in(text)


@pytest.mark.parametrize("text", THREATENS_TO_DIE)
def test_a_threat_to_die_is_despair_whatever_is_demanded(text: str) -> None:
    assert danger_in(text) == "self_harm"


@pytest.mark.parametrize("text", IN_OTHER_WORDS)
def test_the_same_syllables_in_other_words_are_none(text: str) -> None:
    assert danger_in(text) is None
