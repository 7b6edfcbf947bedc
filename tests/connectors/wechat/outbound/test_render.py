from __future__ import annotations

from base.messages import Button, Reply, Source
from connectors.wechat.followers.followers import Choices
from connectors.wechat.outbound.cut import MAX_BYTES, size
from connectors.wechat.outbound.render import asks_for_more, meaning, next_page, render

SOURCE = Source("济医保字〔2023〕25号", "第七条", "关于优化医疗保障服务的通知")


def test_an_answer_names_its_source_and_numbers_its_choices():
    text, choices = render([Reply("要备案。", sources=(SOURCE,), buttons=(Button("怎么备案？", "异地就医怎么备案"),))])
    assert text == "要备案。\n\n依据：济医保字〔2023〕25号 第七条\n\n回复数字继续：\n1 怎么备案？"
    assert meaning("1", choices) == meaning(" １。", choices) == "异地就医怎么备案"
    assert meaning("2", choices) == "2"


def test_several_replies_are_one_message():
    assert render([Reply("一。"), Reply("二。")]) == ("一。\n\n二。", Choices())
    assert render([]) == ("", Choices())


def test_a_rating_keeps_its_own_digits():
    text, choices = render([Reply("请评价：", buttons=(Button("5 非常满意", "评5分"), Button("1 不满意", "评1分")))])
    assert text.endswith("5 非常满意\n1 不满意")
    assert meaning("5", choices) == "评5分"


def test_a_long_answer_is_served_bit_by_bit_with_its_choices_at_the_end():
    body = "异地长期居住人员办理备案，可以承诺代替证明。" * 120
    text, choices = render([Reply(body, buttons=(Button("转人工", "转人工"),))])
    seen = ""
    while choices.rest:
        assert size(text) <= MAX_BYTES
        assert text.endswith("（没有说完，回复1看下文）")
        assert meaning("1", choices) == "1", "1 means the rest, not the choice below it"
        assert asks_for_more("1", choices)
        assert asks_for_more("看下文", choices)
        seen += text.removesuffix("\n\n（没有说完，回复1看下文）")
        text, choices = next_page(choices)
    assert text.endswith("\n\n回复数字继续：\n1 转人工")
    assert seen + text.removesuffix("\n\n回复数字继续：\n1 转人工") == body
    assert meaning("1", choices) == "转人工"
    assert not asks_for_more("1", choices)


def test_a_digit_means_itself_when_nothing_was_numbered():
    assert meaning("1", Choices()) == "1"
    assert not asks_for_more("1", Choices())
