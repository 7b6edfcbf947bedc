"""What staff and developers wrote for the bot: complete, free of doubles, fit to be heard."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
import yaml

from base.errors import BadInput
from base.settings import ROOT
from bot.actions.server import actions
from bot.sayings import all_sayings, fixed_spoken
from language.cleaning import clean
from tests.bot.conftest import NoWords, ScriptedErrands, ScriptedKnowledge, TicketBook

BOT = ROOT / "bot"
LEAST = {"ask_policy": 250, "human_agent": 60, "emergency": 60, "out_of_scope": 60, "complaint": 60}
LEAST_OF_OTHERS = 25


def load(path: Any) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return dict(load(BOT / "domain" / "domain.yml"))


@pytest.fixture(scope="module")
def examples() -> list[tuple[str, str]]:
    """(intent, sentence) of all training data, without entity marks."""
    blocks = [block for file in (BOT / "data" / "nlu").glob("*.yml") for block in load(file)["nlu"]]
    return [
        (block["intent"], re.sub(r"\[([^\]]+)\]\(\w+\)", r"\1", line.removeprefix("- ")))
        for block in blocks
        if "intent" in block
        for line in block["examples"].splitlines()
    ]


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    return [rule for file in (BOT / "data" / "rules").glob("*.yml") for rule in load(file)["rules"]]


def steps(rules: list[dict[str, Any]], kind: str) -> set[str]:
    return {step[kind] for rule in rules for step in rule["steps"] if kind in step}


def test_every_intent_has_enough_examples(domain: dict[str, Any], examples: list[tuple[str, str]]) -> None:
    counts = Counter(intent for intent, _ in examples)
    assert set(counts) == set(domain["intents"])
    assert {i: n for i, n in counts.items() if n < LEAST.get(i, LEAST_OF_OTHERS)} == {}


def test_no_sentence_is_written_twice(examples: list[tuple[str, str]]) -> None:
    assert [text for text, n in Counter(text for _, text in examples).items() if n > 1] == []


def test_no_sentence_of_the_evaluation_is_trained_on(examples: list[tuple[str, str]]) -> None:
    def bare(text: str) -> str:
        return re.sub(r"\W", "", clean(text))

    data = ROOT / "bench" / "data"
    files = ("nlu_test", "needs_dev", "needs_test", "replies_dev", "replies_test")
    rows = [row for name in files for row in load(data / f"{name}.yaml")]
    held_out = {bare(row["reply"] if "reply" in row else row["text"]) for row in rows}
    # A word of greeting or assent is the same word whoever says it; whole sentences must not be shared.
    shared = [text for _, text in examples if len(bare(text)) > 6 and bare(text) in held_out]
    assert shared == []


def test_every_intent_has_a_rule_and_every_action_exists(domain: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    assert set(domain["intents"]) | {"nlu_fallback"} == steps(rules, "intent")
    ours = set(actions(ScriptedKnowledge(), TicketBook(), ScriptedErrands(), NoWords()))
    assert set(domain["actions"]) == ours
    known = ours | set(all_sayings()) | {"ticket_form", "errand_form", "action_deactivate_loop"}
    assert steps(rules, "action") <= known


def test_every_saying_that_code_names_exists() -> None:
    code = "".join(file.read_text("utf-8") for file in BOT.rglob("*.py") if "components" not in file.parts)
    refusals = {f"utter_{code}" for code in ("empty", "silent", "too_long", "not_chinese", "face")}
    named = set(re.findall(r'"(utter_\w+)"', code)) | refusals
    assert named <= set(all_sayings())
    used = named | {a for f in (BOT / "data").rglob("*.yml") for a in re.findall(r"utter_\w+", f.read_text("utf-8"))}
    assert set(all_sayings()) <= used, "a saying nobody says"


def test_refusals_have_their_sentence() -> None:
    for text in ("", "x y z", "医" * 501):
        with pytest.raises(BadInput) as error:
            clean(text)
        assert f"utter_{error.value.code}" in all_sayings()


def test_every_saying_is_written_and_spoken() -> None:
    for name, reply in all_sayings().items():
        assert reply.text, name
        assert reply.spoken, name
        assert len(reply.spoken) <= 60, f"{name}: too long to listen to"
        assert not re.search(r"[（(“”\"0-9A-Za-z〔]", re.sub(r"\{\w+\}", "", reply.spoken)), f"{name}: hard to say"


def test_a_goodbye_ends_the_call_and_nothing_else_does() -> None:
    assert [name for name, reply in all_sayings().items() if reply.end] == ["utter_goodbye"]


def test_fixed_sayings_can_be_synthesised_ahead() -> None:
    assert "好的，再见，祝您身体健康。" in fixed_spoken()
    assert not any("{" in text for text in fixed_spoken())
