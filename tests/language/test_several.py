"""Which questions a message holds."""

from __future__ import annotations

import pytest

from language.several import questions


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (
            "俺娘的慢病本到期了咋办 另外异地住院能不能报？",
            ("俺娘的慢病本到期了咋办", "异地住院能不能报"),
        ),
        ("异地备案怎么办，还有慢病怎么认定", ("异地备案怎么办", "慢病怎么认定")),
        (
            "转移接续的手续要办多长时间？要带啥材料？能不能在网上办",
            ("转移接续的手续要办多长时间", "要带啥材料", "能不能在网上办"),
        ),
        (
            "俺想问下门诊慢特病咋报销，还有异地备案咋办，医保卡丢了咋办",
            ("俺想问下门诊慢特病咋报销", "异地备案咋办", "医保卡丢了咋办"),
        ),
        ("俺爹八十二了，在北京住院，备案管几年，到期了咋办", ("俺爹八十二了，在北京住院，备案管几年", "到期了咋办")),
        ("住院能报多少？我挺着急的", ("住院能报多少？我挺着急的",)),
    ],
)
def test_each_question_with_what_is_told_before_it(said: str, asked: tuple[str, ...]) -> None:
    assert questions(said) == asked


@pytest.mark.parametrize(
    "one",
    [
        "异地备案管几年",
        "备案 还有就是啥",
        "另外异地住院能不能报",
        "俺卡里还有多少钱",
        "这事办完了，还有啥要办的没",
        "先这样，还有别的吗",
        "俺在天津一住好几年，看病咋登记",
        "突然心梗推进抢救室了，啥手续也没办，这钱能报不",
        "俺爹在医院躺着呢，公家大概能担几成啊",
        "申请往哪儿递，还是非得找养老院",
        "得先备案再住院，你看行不行",
        "我也不知道咋弄，异地备案管几年",
        "这个生娃的保险还得俺自己另外再掏钱吗",
    ],
)
def test_a_story_a_choice_and_a_tag_are_one(one: str) -> None:
    assert questions(one) == (one,)
