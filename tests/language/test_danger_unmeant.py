"""Things, anger, old illness, hospitals and errands in words of danger; and danger beside any of these."""

from __future__ import annotations

import pytest

from language.danger import asked_beside, danger_in, is_merely_angry, is_only_of_a_thing, may_tell_of_harm

THINGS = """
户口本掉井里了咋补
孩子把我的医保卡扔河里了
存折掉茅坑里了怎么挂失
手机掉河里了，医保码没了咋弄
我的残疾证掉湖里了
俺的身份证不小心掉粪坑里了
发票掉水池里泡坏了还能报不
医保卡让车轧断了，补一个
病历本掉水沟里了
社保卡叫洗衣机搅断了
我的卡被取款机吞了
俺医保卡让开水烫坏了
俺娘的存折叫老鼠咬了
卡折断了还能用吗
老年证掉桥下了
助听器掉水里了能报吗
俺的卡掉下水道里捞不上来了
""".strip().splitlines()

PEOPLE_BESIDE_THINGS = """
孩子捞手机掉河里了
俺爹去捡卡掉井里了
拿着医保卡的老头掉沟里了
医保卡掉水里了，孩子去捞也掉下去了
孩子和手机都掉水里了
俺娘抱着户口本掉河里了
俺掉水里了，卡也湿了
骑车掉沟里了，医保卡也丢了
孩子把卡吞了，噎住了
俺爹让机器卡断了手指头
腿卡断了
卡没带，孩子掉井里了
钱包丢了，俺爹摔断腿了
开水烫着俺娘了，卡也烫坏了
钱包弄丢，摔断腿了
卡掉河里了人也掉下去了
""".strip().splitlines()

ANGER_AND_HASTE = """
讲得我头都晕了
绕来绕去绕得我快晕了
这么多条文，我晕了
我都晕了，听不懂你说啥
快饿晕了，能不能快点办
我困晕了快点
整得我快断气了
被你们折腾得快断气了
吐血了，来了三趟还不给办
我真是吐血了，跑了你们这六趟
快把我急晕了
你们快把我逼得要断气了
药费压得俺喘不过气
房贷压得全家喘不过气来
""".strip().splitlines()

ILL_IN_HASTE = """
我头晕得站不住，跑了三趟
饿晕了，倒地上了
我糖尿病快饿晕了手抖
俺娘吐血了，跑了三家医院
吐血了，吐了一大口
跑了五趟，俺爹在大厅吐血了
俺娘快断气了
气得俺爹快断气了，嘴都紫了
听你们说得俺娘晕过去了
我晕了，眼前发黑，看不懂
药费压得俺喘不过气，胸口疼
俺晕了，快来人
""".strip().splitlines()

AGAIN_AND_AGAIN = """
俺娘时常胸口疼，能办门慢不
我老是喘不过气，肺病能办慢病吗
俺爸三天两头晕倒，这个能办慢特病吗
孩子动不动就抽搐，癫痫能申请补助吗
老伴一上楼就喘不上气，吸氧机报销吗
俺爷有冠心病，时不时心口疼，药报不报
闺女经常流鼻血止不住，查血能报吗
他隔三差五犯羊角风，药费能报多少
""".strip().splitlines()

AGAIN_AND_NOW = """
俺娘经常胸口疼，今天疼得受不了了
俺爸有哮喘，经常喘不上气，现在嘴都紫了
孩子经常抽风，刚才又抽了，药能报吗
俺经常喘不上气
老伴时常晕倒，这会儿叫不醒了，能报吗
孩子抽风，癫痫药能报吗，还没停
爷爷喘不上气，慢病证能用吗
俺爸非常喘，喘不上气，药费能报吗
""".strip().splitlines()

IN_HOSPITAL = """
俺娘在重症监护室还没醒过来，费用咋报
老伴住院昏迷半个月了，能申请救助吗
我哥在ICU昏迷着，备案怎么办
俺爹在市医院昏迷不醒，异地能直接结算吗
俺爸住着院还没意识，护工费报吗
""".strip().splitlines()

NOT_LOOKED_AFTER = """
俺爹还没醒，喝多了，住院报不报
俺爸刚从ICU回家就昏迷了，还能报吗
老伴昏迷了住院要带啥
俺娘昏迷了咋办
我爸在病房突然昏迷了，没人管
俺爹在医院大厅晕倒了，能报吗
""".strip().splitlines()

CANNOT_COME = """
我胳膊断了去不了大厅，能网上办吗
俺奶瘫在炕上不能动，能上门办吗
俺娘胯骨摔断了出不了门，人脸认证咋弄
俺公公躺炕上动不了，能委托我去吗
我腿摔断了来不了，让俺儿代办行不
俺娘前年摔断了胯，到现在还走不了，护理能申请不
俺爸去年烫伤了脸，到现在还没好，能报吗
俺娘聋，喊不应，我能替她办不
俺爹耳朵背，叫他不答应，咋验证
药店给我拿错药我吃错药了，我要举报
""".strip().splitlines()

CANNOT_COME_AND_ILL = """
俺娘躺地上不能动，能代办吗
俺爹刚摔断腿了，去不了医院
我腿断了，一直流血，去不了医院
俺爹突然瘫了不能动，能上门吗
俺娘摔倒起不来了，能上门吗
去年摔断过腿，今天又摔了起不来
俺爹喊不应，我替他办行吗
俺爹耳背，躺地上喊不应
医院给俺吃错药了，头晕恶心，我要投诉
俺吃错药了
""".strip().splitlines()


@pytest.mark.parametrize(
    "text", [*THINGS, *ANGER_AND_HASTE, *AGAIN_AND_AGAIN, *IN_HOSPITAL, *CANNOT_COME], ids=lambda text: text
)
def test_words_of_danger_of_which_nobody_is_in_danger(text: str) -> None:
    assert danger_in(text) is None


@pytest.mark.parametrize(
    "text",
    [*PEOPLE_BESIDE_THINGS, *ILL_IN_HASTE, *AGAIN_AND_NOW, *NOT_LOOKED_AFTER, *CANNOT_COME_AND_ILL],
    ids=lambda text: text,
)
def test_danger_beside_them_is_heard(text: str) -> None:
    assert danger_in(text)


@pytest.mark.parametrize(
    "text", ["社保卡掉水里了", "卡让机器吞了", "俺的卡被吞了", "真吐血了，跑了四趟不给办", "经常喘不上气，药能报吗"]
)
def test_harm_to_a_thing_or_long_known_supports_no_guess_of_danger(text: str) -> None:
    assert not may_tell_of_harm(text)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("俺爹昏过去了能报多少", "能报多少"),
        ("孩子掉河里了，医保卡也冲走了怎么补", "怎么补"),
        ("俺爸喘不上气，能办慢病不", "能办慢病不"),
        ("俺娘晕倒了，快来人", ""),
        ("孩子抽过去了，怎么办", ""),
    ],
)
def test_what_is_asked_beside_a_danger_is_kept(text: str, question: str) -> None:
    assert danger_in(text)
    assert asked_beside(text) == question


@pytest.mark.parametrize("text", ["气死俺了", "急死人了", "真能把人活活气死！", "快让你们折腾死了", "烦死了"])
def test_anger_alone_is_only_anger(text: str) -> None:
    assert is_merely_angry(text)


@pytest.mark.parametrize(
    "text", ["气死我了，俺爹晕了", "俺娘热死了", "我想死", "烦死了不想活了", "憋死我了喘不上气", "打死我了"]
)
def test_anger_beside_anything_else_is_looked_at(text: str) -> None:
    assert not is_merely_angry(text)


def test_a_thing_that_came_to_harm_is_only_a_thing_while_nobody_is_spoken_of() -> None:
    assert is_only_of_a_thing("俺卡叫柜员机吞了")
    assert not is_only_of_a_thing("卡掉水里了我也想跟着下去")
    assert not is_only_of_a_thing("俺爹捞手机掉水里了")
    assert not is_only_of_a_thing("孩子吞了硬币")
