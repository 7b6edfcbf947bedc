"""Who is in danger now is told to call 120; who asks about money or the past is not.

danger.yaml was written by whoever wrote the signs; how well they do on words of others, `python -m bench.danger` says.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from base.settings import ROOT
from language.danger import danger_in, may_tell_of_harm

IN_DANGER = """
胸口疼
俺胸口疼得厉害
胸口闷得难受
心口窝疼 直冒冷汗
喘不上气
我喘不过气来了
穿不上气了
老头子晕倒了
俺娘晕道了 叫不醒
我爸突然昏迷了
人没反应了
大出血了 止不住
血止不住
一直吐血
孩子噎住了 脸都紫了
他抽搐了 口吐白沫
半边身子不能动了
喝农药了
煤气中毒了
从楼上掉下来了
摔倒起不来了
俺不想活了
救命啊
快叫救护车
帮我打120
我爸现在晕倒了 医保卡没带咋办
俺老伴刚才昏过去了 住院要备案不
昨天就胸口疼 现在喘不上气了
""".strip().splitlines()

NOT_NOW = """
我爸去年晕倒住院怎么报销
我爸去年晕倒住院 现在报销还来得及不
急诊抢救没备案能报吗
前年心梗放了支架 能办慢病不
老伴上个月大出血住院花了八万
俺娘以前胸口疼过
我没有胸口疼
现在不疼了
没晕倒 就是头有点沉
叫救护车的钱给报吗
120的费用医保报不报
老人在大厅晕倒了怎么处理
喝农药住院医保报不报
我的医保码没反应
小程序点了没反应
这点钱真是救命钱 能报吗
笑死我了
气死我了 我要投诉
这个药吃了不想吃饭能报销吗
跳楼价买的保险靠谱吗
脑梗后遗症半边身子不能动 能办慢病吗
要是突然晕倒在外地 没备案咋办
异地就医怎么备案
你好
""".strip().splitlines()


NLU = sorted((ROOT / "bot" / "data" / "nlu").glob("*.yml"))
WRITTEN: dict[str, dict[str, list[str]]] = yaml.safe_load(Path(__file__).with_name("danger.yaml").read_text("utf-8"))
UNHEARD = {"孙女偷吃了好几片血压药", "客住喉咙了"}
"""Known to be missed."""


@pytest.mark.parametrize("text", [*IN_DANGER, *(text for texts in WRITTEN["danger"].values() for text in texts)])
def test_danger_now(text: str) -> None:
    assert danger_in(text) or text in UNHEARD


@pytest.mark.parametrize(
    "text", ["请问生育津贴啥时候到账，我媳妇在家大出血了", "产检完回家路上我老婆下面哗哗流血，津贴给多少"]
)
def test_a_question_of_money_beside_it_hides_no_bleeding(text: str) -> None:
    assert danger_in(text) == "bleeding"


@pytest.mark.parametrize("text", [*NOT_NOW, *(text for texts in WRITTEN["not"].values() for text in texts)])
def test_no_danger_now(text: str) -> None:
    assert danger_in(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("家里着火了", "fire"),
        ("俺活够了", "self_harm"),
        ("两岁的娃喝了洁厕灵", "poison"),
        ("我查余额呢俺妈在旁边晕倒了", "unconscious"),
        ("孩子被开水烫了 全身都是泡", "burn"),
        ("大厅里打起来了 动刀子了", "violence"),
        ("俺娘老年痴呆走丢了", "missing"),
        ("大不了喝农药", "self_harm"),
        ("我想从阳台跳下去", "self_harm"),
        ("俺把药片都咽下去了", "self_harm"),
        ("孩子把我的药全吞了", "poison"),
        ("我在水库边上站着呢", "self_harm"),
        ("老伴走了两年了，我今晚就去找他", "self_harm"),
        ("从房顶上掉下来了", "injury"),
        ("炉子烧炭头晕恶心", "poison"),
    ],
)
def test_its_kind_is_told(text: str, kind: str) -> None:
    assert danger_in(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "看病花钱太多撑不住了，有救助吗",
        "这药费压得我快撑不住了",
        "家里实在撑不住了，能申请救助吗",
        "撑不住了，有没有大病救助",
        "排队排得我快晕了",
        "等得我快昏过去了",
        "气得我都要吐血了",
        "跑来跑去跑得我要晕了",
        "看到账单我差点晕过去",
        "急得我快晕了，怎么还没批",
        "愁得我快昏过去了",
        "急死我了，咋还没批下来",
        "交不起钱愁死了",
        "昏了头了忘交医保了咋办",
        "跑了三趟累趴下了",
    ],
)
def test_a_manner_of_speaking_is_no_danger(text: str) -> None:
    assert danger_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "我快撑不住了",
        "老伴快撑不住了，有救助吗",
        "家里老人撑不住了，快来",
        "孩子烧得快撑不住了",
        "没钱看病，俺爸快撑不住了",
        "我快晕了",
        "排队的时候我晕倒了",
        "排队排得我晕倒了",
        "排队排得我快晕了，眼前发黑",
        "等得我快晕了，心慌得厉害",
        "大厅里热得我快晕了",
        "气得我爸昏过去了",
        "气得我心口疼，喘不上气",
        "吓得孩子晕过去了",
        "花钱再多也行，人快撑不住了，快叫救护车",
    ],
)
def test_beside_the_body_it_is_meant(text: str) -> None:
    assert danger_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "吃药吃得胃难受，能换药报销吗",
        "吃药头晕，能换药报销吗",
        "打完针浑身没劲，打针钱给报不",
        "吃药吃的心慌，医保里有没有别的药",
        "输液输得胳膊肿了，医药费报销吗",
        "吃了药胃疼，有没有别的药能报",
    ],
)
def test_what_medicine_does_to_many_is_none_in_a_question_of_what_is_paid(text: str) -> None:
    assert danger_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "吃了头孢脸肿起来了喘不动，能报销不",
        "打完针心慌发抖咋办",
        "刚打完针现在心慌没劲，能报销不",
        "打完针脸都肿了，能换药吗",
        "打着吊针人昏过去了，120能报销吗",
        "打完针穿不上气，浑身起疙瘩",
    ],
)
def test_but_what_kills_is_heard_beside_it(text: str) -> None:
    assert danger_in(text)


def test_what_was_perhaps_heard_counts_too() -> None:
    assert danger_in("俺爹在大厅") is None
    assert danger_in("俺爹载到低上", ["俺爹在到地上", "俺爹栽倒地上"]) == "unconscious"


def test_spaces_from_recognition_do_not_hide_it() -> None:
    assert danger_in("胸 口 疼 喘 不 上 气")


def test_of_ordinary_sentences_one_in_five_hundred_is_taken_for_danger() -> None:
    """What the classifier learns from that was not written apart from the signs: hardly any is."""
    files = [file for file in NLU if not is_blind(file)]
    ordinary = [text for file in files for text in ordinary_sentences(file)]
    alarms = [text for text in ordinary if danger_in(text)]
    assert len(alarms) <= len(ordinary) / 500, alarms


def test_of_stories_that_others_wrote_one_in_fifty_is_taken_for_danger() -> None:
    """They tell of illness and accidents, and were written by people who had never seen a sign."""
    others = [file for file in NLU if is_blind(file) and file.name != "told_danger.yml"]  # which was written to be hard
    ordinary = [text for file in others for text in ordinary_sentences(file)]
    alarms = [text for text in ordinary if danger_in(text)]
    assert len(ordinary) > 2000
    assert len(alarms) <= len(ordinary) / 50, alarms


def is_blind(file: Path) -> bool:
    return file.name.startswith("told_") or file.name == "replies.yml"


def ordinary_sentences(file: Path) -> list[str]:
    """Of the training sentences in a file those that are no emergencies, whatever they mean."""
    blocks = [block for block in load(file)["nlu"] if block.get("intent", "emergency") != "emergency"]
    lines = [line for block in blocks for line in block["examples"].splitlines()]
    return [re.sub(r"\[([^\]]+)\]\(\w+\)", r"\1", line.removeprefix("- ")) for line in lines]


@pytest.mark.parametrize(
    "text",
    [
        "俺两口子都是菏泽的，想在这边交",
        "她的号我背不下来，都是俺姐收着",
        "恁那登的还是老宅子，寄个东西都寄到瓦砾堆里",
        "查东西、跑手续都叫他来",
    ],
)
def test_words_that_only_sound_like_a_sign_are_none(text: str) -> None:
    assert danger_in(text) is None


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "text", ["孩子哭了等下哈", "孩子醒了我去看看", "门口来人了", "排队排得要死了", "血止住了", "没晕倒"]
)
def test_what_names_no_harm_supports_no_guess_of_danger(text: str) -> None:
    assert not may_tell_of_harm(text)


@pytest.mark.parametrize("text", ["俺爹嘴歪了", "人倒在门口", "喘得不行", "喝了农药", "血流了一地"])
def test_what_names_harm_does(text: str) -> None:
    assert may_tell_of_harm(text)


def test_costs_little_on_hostile_input() -> None:
    began = time.process_time()
    for text in ("胸口半边身子突然喘不人晕" * 1000, "没" * 10_000, "药吃了好多孩子把" * 100, "血止不住" * 200):
        danger_in(text)
    assert time.process_time() - began < 8


@pytest.mark.parametrize(
    "text",
    [
        "排两个小时，说系统不通，还冲我翻白眼",
        "不给号！就要个回电，打电话告诉我就行。",
        "谁要120了！没人生病，我要个回电",
        "俺这心口啊这几年老不得劲，大夫说那瓣膜关不严，让俺往外转",
        "俺不打120，俺好好的坐家里呢",
        "九月十四住的，二十五出的，县医院，喘的病",
        "人都在医院住着了还打啥120！",
        "打什么120，孩子好着呢，我是给新生儿参保",
        "你让我打什么120啊，没人有事",
        "为啥叫我打120，我问的是参保",
        "怎么老让俺打120",
        "这孩子真不省心",
        "肺都气炸了",
        "腿摔断了在家养着呢",
    ],
)
def test_everyday_words_that_only_look_like_a_sign(text: str) -> None:
    assert danger_in(text) is None
