"""What goes through Rasa comes back as it was; what older processes send is still understood."""

from __future__ import annotations

import json

from base.messages import Button, Link, Reply, Source
from bot.wire import from_rasa, to_rasa

FULL = Source(
    "济医保字〔2023〕25号", "第8条", "通知", "jining-yb-2023-25", "jining-yb-2023-25.m08", ("备案长期有效。",)
)


def test_a_source_keeps_its_clause_and_the_words_that_answer() -> None:
    reply = Reply("要备案。", "要备案。", (FULL, Source("a", "b", "c")), (Button("转人工", "转人工"),))
    assert from_rasa(json.loads(json.dumps(to_rasa(reply)))) == reply


def test_a_source_without_a_page_is_sent_as_before() -> None:
    sent = to_rasa(Reply("要备案。", sources=(Source("a", "b", "c"),)))
    assert sent["custom"]["sources"] == [{"doc_no": "a", "clause": "b", "title": "c"}]


def test_every_field_of_a_reply_comes_back() -> None:
    reply = Reply("请立即拨打120！", "请立即拨打幺二零！", end=True, pace=0.85, transfer=True, emergency=True)
    assert from_rasa(json.loads(json.dumps(to_rasa(reply)))) == reply
    reply = Reply(
        "材料照片请在这里交：https://a.example/upload/x", links=(Link("交材料照片", "https://a.example/upload/x"),)
    )
    assert from_rasa(json.loads(json.dumps(to_rasa(reply)))) == reply
