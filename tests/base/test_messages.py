"""A reply that is kept or sent comes back with everything that it had."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from base.messages import Button, Link, Reply, Source, reply_from_json, reply_to_json
from bot.wire import from_rasa, to_rasa

EVERYTHING = Reply(
    "请立即拨打120！",
    "请立即拨打幺二零！",
    sources=(
        Source("济医保字〔2023〕25号", "第8条", "", "jining-2023-25", "m08", ("备案长期有效。",)),
        Source("a", "", "c"),
    ),
    buttons=(Button("转人工", "转人工"), Button("不选", "")),
    links=(Link("交材料照片", "https://a.example/upload/x"),),
    end=True,
    pace=0.85,
    not_understood=True,
    takes_time=True,
    transfer=True,
    ticket="GD20261122-0001",
    emergency=True,
    dial=("110", "120"),
)


def test_the_example_has_every_field() -> None:
    bare = Reply("")
    assert [one.name for one in fields(Reply) if getattr(EVERYTHING, one.name) == getattr(bare, one.name)] == []


@pytest.mark.parametrize("reply", [EVERYTHING, Reply("好的。"), Reply("")])
def test_no_field_is_lost(reply: Reply) -> None:
    assert reply_from_json(json.loads(json.dumps(reply_to_json(reply)))) == reply
    assert from_rasa(json.loads(json.dumps(to_rasa(reply)))) == reply


def test_what_says_nothing_is_not_kept() -> None:
    assert reply_to_json(Reply("好的。", sources=(Source("a", "b", "c"),))) == {
        "text": "好的。",
        "sources": [{"doc_no": "a", "clause": "b", "title": "c"}],
    }


@pytest.mark.parametrize(
    "said", [{}, {"text": None}, {"text": "好", "links": [{"title": "x"}]}, {"text": "好", "pace": "x"}]
)
def test_nonsense_is_refused(said: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        reply_from_json(said)
