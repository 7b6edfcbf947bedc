"""A child that got hold of somebody's medicine, by whatever name it is called; and a child that takes its own."""

from __future__ import annotations

import pytest

from language.danger import danger_in

GOT_HOLD_OF_IT = """
外孙把姥姥的氨氯地平嚼了三片
小孙子吃了俺一片格列美脲
三岁的娃吃了他奶奶的倍他乐克
孙女抓着吃了好几片维生素
俺闺女把半瓶鱼肝油都喝了
小侄子偷偷吃了俺的缬沙坦
外甥吃了他姥爷的瑞格列奈
孩子翻出来吃了感冒胶囊
二宝把一板布洛芬吃了
小家伙吃了爷爷两粒阿托伐他汀
孩子吃了老人的华法林，现在没啥反应
俺的降压片让孙子吃了
奶奶的速尿叫小孙女吃了好几片
小妮吃了我一把叶酸片
俺家小子把他爸的止疼片吃了五片
孩子拿去吃了俺的丹参滴丸
孩子吃了我的优甲乐咋办
宝宝把我的避孕药吃了一片
孩子误吃了美托洛尔
孙子吃了俺的阿卡波糖能报不
小孙子把一整瓶维C吃没了
俺孙吃了邻居的药
大夫给俺开的氯氮平孩子吃了半板
闺女赌气把一整瓶阿莫西林吃了
俺爹把整瓶硝苯地平吃光了
""".strip().splitlines()

ITS_OWN = """
孩子吃了大夫给开的三片药，能报不
孩子吃了儿科开的头孢过敏，药钱报吗
孩子感冒吃了两片感冒药，报销吗
孩子每天吃两片钙片，医保管不
孩子得吃二甲双胍，能报吗
娃吃的优甲乐在目录里不
孩子吃了一瓶止咳糖浆还没好，能报吗
孩子吃了半瓶退烧药没退烧，急诊报吗
孩子确诊一型糖尿病，吃了二甲双胍，能办慢病不
俺娘吃硝苯地平能报吗
老伴吃了二十年阿司匹林，门慢管不
我吃了两片布洛芬，药店能刷卡吗
我爸每天吃一片阿托伐他汀报多少
俺闺女给俺买的钙片能刷卡不
孩子按医嘱吃了半年丙戊酸钠，癫痫能办门慢吗
俺给孩子买的维生素能刷医保不
孙子给俺买的氨氯地平能报吗
儿子一直吃着氯氮平，精神病能办慢病吗
孩子吃了我买的退烧药，药店的票能报吗
孩子吃了药过敏去的医院，能报吗
孩子喝的钙铁锌报不报
女儿的药费吃完医保没了咋办
我吃的阿司匹林和他汀都能报吗
孩子吃了医院开的七八片药了，门诊报不报
俺孙的药吃光了，去哪续
""".strip().splitlines()


@pytest.mark.parametrize("text", GOT_HOLD_OF_IT)
def test_a_child_that_took_what_was_not_its_own_is_in_danger(text: str) -> None:
    assert danger_in(text)


@pytest.mark.parametrize("text", ITS_OWN)
def test_a_child_that_takes_its_own_medicine_is_none(text: str) -> None:
    assert danger_in(text) is None
