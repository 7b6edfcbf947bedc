"""Sources as links in a WeChat text: where they stand, how long they may be, never cut in two."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from base.messages import Button, Reply, Source
from connectors.wechat.outbound.cut import MAX_BYTES, cut, size
from connectors.wechat.outbound.render import next_page, render
from connectors.wechat.outbound.sources import MAX_LINK_BYTES, Links, with_sources
from knowledge.public.marking import runs

HOST = Links("https://yibao.example")
CLAUSE = (
    "异地长期居住人员办理备案时，可以承诺代替证明。跨省临时外出就医人员不再需要提供急诊、转诊证明材料。"
    "异地长期居住人员办理备案后，在备案地和参保地都可以享受待遇。"
)
QUOTE = "异地长期居住人员办理备案后，在备案地和参保地都可以享受待遇。"
SOURCE = Source("济医保字〔2023〕25号", "第8条", "通知", "jining-yb-2023-25", "jining-yb-2023-25.m08", (QUOTE,))
LINK = re.compile(r'<a href="([^"<>]+)">([^<>]+)</a>')


def test_the_source_that_the_answer_names_is_the_link():
    text = with_sources(Reply("要备案。（依据：济医保字〔2023〕25号 第8条，2023年）", sources=(SOURCE,)), HOST)
    address, label = LINK.findall(text)[0]
    assert LINK.sub(r"\2", text) == "要备案。（依据：济医保字〔2023〕25号 第8条，2023年）"
    assert label == "济医保字〔2023〕25号 第8条"
    assert address.startswith("https://yibao.example/documents/jining-yb-2023-25?clause=jining-yb-2023-25.m08&mark=")
    assert address.endswith("#c-jining-yb-2023-25.m08")


def test_the_page_marks_the_whole_sentence_and_no_other():
    [(address, _)] = LINK.findall(with_sources(Reply("要备案。", sources=(SOURCE,)), HOST))
    marks = parse_qs(urlsplit(address).query)["mark"]
    assert size(address) < MAX_LINK_BYTES
    assert [text for text, is_marked in runs(CLAUSE, marks) if is_marked] == [QUOTE]


def test_the_document_spelled_out_is_the_link_too():
    text = with_sources(Reply("局里《通知》（济医保字〔2023〕25号）第8条", sources=(SOURCE,)), HOST)
    assert LINK.sub(r"[\2]", text) == "局里《通知》（[济医保字〔2023〕25号）第8条]"


def test_a_source_not_named_stands_below_once():
    other = replace(SOURCE, clause="第18条", clause_id="jining-yb-2023-25.m18")
    reply = Reply("看济医保字〔2023〕25号 第18条。", sources=(SOURCE, other, SOURCE))
    plain = LINK.sub(r"[\2]", with_sources(reply, HOST))
    assert plain == "看[济医保字〔2023〕25号 第18条]。\n\n依据：[济医保字〔2023〕25号 第8条]"


def test_a_clause_is_not_found_in_the_number_of_another():
    one, ten = replace(SOURCE, clause="清单1", clause_id="c.1"), replace(SOURCE, clause="清单10", clause_id="c.10")
    reply = Reply("见济医保字〔2023〕25号 清单10。", sources=(one, ten))
    found = {label: address for address, label in LINK.findall(with_sources(reply, HOST))}
    assert found["济医保字〔2023〕25号 清单10"].endswith("#c-c.10")
    assert found["济医保字〔2023〕25号 清单1"].endswith("#c-c.1")


def test_without_an_address_or_a_page_a_source_is_text():
    assert with_sources(Reply("要备案。", sources=(SOURCE,)), Links()) == "要备案。\n\n依据：济医保字〔2023〕25号 第8条"
    bare = Source("国办发〔2019〕51号", "", "好差评")
    assert with_sources(Reply("要备案。", sources=(bare,)), HOST) == "要备案。\n\n依据：国办发〔2019〕51号"


def test_words_that_look_like_a_link_are_none():
    text, _ = render([Reply('您说的是：“<a href="https://evil.example">医保局</a>，<B>大</B>”')], HOST)
    assert "<a" not in text
    assert "</a" not in text
    assert "<B>大</B>" in text


def test_links_do_not_cut_an_answer_in_two():
    body = "异地长期居住人员可以办理备案。" * 40  # 1800 bytes
    text, choices = render([Reply(body, sources=(SOURCE,))], HOST)
    assert choices.rest == ""
    assert size(text) <= MAX_BYTES
    [(address, _)] = LINK.findall(text)
    assert "mark=" not in address, "the clause opens, without a mark"


def test_a_long_answer_keeps_each_link_whole():
    """Wherever the cut falls."""
    sources = tuple(replace(SOURCE, clause=f"第{number}条", clause_id=f"c.{number}") for number in range(1, 7))
    for length in range(560, 680, 3):
        reply = Reply("医" * length + "。", sources=sources, buttons=(Button("转人工", "转人工"),))
        text, choices = render([reply], HOST)
        seen = []
        while True:
            assert size(text) <= MAX_BYTES
            assert text.count("<a ") == text.count("</a>") == len(LINK.findall(text))
            seen += LINK.findall(text)
            if not choices.rest:
                break
            text, choices = next_page(choices)
        assert len(seen) == len(sources)


def test_a_bare_address_is_not_torn_either():
    address = "https://yibao.example/rating/" + "a" * 60
    for lead in range(1, 80):
        first, rest = cut("医" * lead + address + "，谢谢您的评价", max_bytes=200)
        assert (address in first) != (address in rest)
