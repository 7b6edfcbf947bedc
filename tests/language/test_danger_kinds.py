"""Violence, crime, a parent who would take the child along, and danger in a question about a procedure: each of its
kind, in words of their own; and what only sounds like it."""

from __future__ import annotations

import pytest

from language.danger import danger_in

VIOLENCE = """
俺男人打我
有人打我
俺对象拿刀对着俺
家里进贼了
有人抢劫
邻居打人了拿着刀
隔壁有人拿着刀打老婆
有人拿刀要砍人
我被人打了
俺老公又打我了，咋办
俺儿喝醉了打他娘
他喝了酒就揍我
前夫拎着刀在楼下骂
俺叫邻居给打了
俺娘让护工打了
孩子在学校被人打伤了
半夜有人撬门
有人翻墙进来了，俺一个人在家
路上碰上抢劫的了
有人抢我包
俺被抢了
有人要害我
他说要弄死俺
俺男人把俺锁屋里不让出门
有个男的尾随俺闺女
快帮我报警
两口子打起来了，男的拿着菜刀
有人打我怎么报警
俺对象往死里打孩子
要债的堵着门不走
""".strip().splitlines()

TAKING_OTHERS_ALONG = """
想抱着孩子一起走了
俺儿媳妇坐月子天天哭说想带着孩子一块走
不如娘俩一块走了
我真想带着娃一起走算了
恨不得抱着孩子一块跳
俺想跟老头子一块去了
她说要领着俩孩子一起上路
""".strip().splitlines()

JUST_STRUCK = """
老人昏过去了怎么办理转院
老人晕过去了怎么转院
老人晕倒了办住院要啥手续
孩子吞了药片怎么报
我妈心梗了怎么转院到济南
俺娘脑溢血了要转济南，备案咋办
俺爹脑梗了想转院去省里，手续咋弄
娃误吞了纽扣电池能报不
老头子昏迷了住院要交多少押金
俺婆婆喝农药了咋报
俺爸脑溢血了上哪个医院报得多
""".strip().splitlines()

NONE = """
给我打针
孩子打针能报吗
你们打电话给我
有人打我电话说是医保局的
他打我手机我没接着
退的钱打我卡上行不
钱打俺存折上了吗
我被窗口打发了
俺叫恁三句话打发了
打工受伤
打架受伤的医药费能报吗
去年让人打了住院花了两万
上个月俺对象打我住的院，能报不
俺儿子前年被人打伤的，法院判了，医保还报不
材料被打回来了
申请又给打了回来
这收费跟抢劫一样
你们这不是抢钱吗
号都让人抢了
家里进贼了，医保卡让人偷了，怎么补卡
护士打我这个针要多少钱
拿刀切菜切了手，去年的事
大夫拿刀给俺娘做的手术
想带着孩子一块走，去北京住，医保咋转
俺要跟老伴一块去北京，医保咋转
想跟孩子一起去外地，备案咋办
俺想带着娃一起走医保
去年晕倒住院的钱咋报
上个月脑溢血住院
俺爹脑梗住院了怎么转院到济南
我妈心梗在县医院住着，咋转到济南
俺爸脑出血抢救过来了要转院，备案咋办
孩子吞了硬币取出来了怎么报
孩子吞了药片洗胃的钱怎么报
俺娘晕倒了住院花了三千能报多少
心梗了能办慢病不
要是老人晕倒了怎么转院
心口堵得慌你们老推
俺这心口堵得慌，窗口踢皮球
胸口闷得慌，跑了三趟不给办
怎么报销
没人打我
俺借邻居的电话，打俺自己的
我让村医打了吊瓶
俺叫俺儿给他打了两千块
""".strip().splitlines()


@pytest.mark.parametrize("text", VIOLENCE)
def test_violence_and_crime_are_told_apart_from_illness(text: str) -> None:
    assert danger_in(text) in ("violence", "police")


@pytest.mark.parametrize("text", TAKING_OTHERS_ALONG)
def test_whoever_would_take_others_along_is_in_despair(text: str) -> None:
    assert danger_in(text) == "self_harm"


@pytest.mark.parametrize("text", JUST_STRUCK)
def test_a_procedure_asked_for_hides_nobody_whom_it_has_just_struck(text: str) -> None:
    assert danger_in(text)


@pytest.mark.parametrize("text", NONE)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert danger_in(text) is None


@pytest.mark.parametrize(
    "text", ["心口堵得慌，喘不上气，你们老推", "心口疼得直冒汗，窗口还不给办", "胸口闷得受不了，没人管"]
)
def test_who_is_angry_may_be_ill_as_well(text: str) -> None:
    assert danger_in(text)
