"""The evaluation data is well-formed, points at clauses that exist, covers the documents, and nobody trains on it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench import published_documents

ROOT = Path(__file__).parents[2]
DATA = ROOT / "bench" / "data"
SEED = ROOT / "knowledge" / "data" / "seed"
TRAINING = (ROOT / "bot" / "data" / "nlu", ROOT / "knowledge" / "data" / "topics", DATA / "training_documents")

SPEAKERS = {"elder", "daughter", "son", "neighbour", "village-doctor", "worker"}
SMALL_INTENTS = {
    *("ask_more", "ask_source", "state_place", "greet", "goodbye", "thanks", "repeat", "slower", "faster"),
    *("human_agent", "give_phone", "affirm", "deny", "cancel", "emergency", "out_of_scope", "bot_challenge"),
    *("complaint", "medical_advice"),
    *("query_mine", "file_item", "authorise", "revoke_authorisation", "prove_identity", "resume_errand"),
}
Row = dict[str, Any]


@cache
def load(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)


def rows(name: str) -> list[Row]:
    return list(load(DATA / f"{name}.yaml"))


def questions() -> list[Row]:
    return rows("questions_dev") + rows("questions_test")


def clause_texts() -> dict[str, str]:
    return {clause["id"]: clause["text"] for clause in load(SEED / "clauses.yaml")["clauses"]}


def bare(sentence: str) -> str:
    """The sentence's letters, digits and characters only, so that punctuation cannot hide a copy."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", sentence)).lower()


def strings(node: Any) -> Iterator[str]:
    """Every line of every string in a YAML document."""
    if isinstance(node, str):
        yield from node.splitlines()
    elif isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


def without_entities(line: str) -> str:
    """Rasa's `[邹城](place)` and `[邹城]{"entity": ...}` back to what was said."""
    return re.sub(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})", r"\1", line)


def training_sentences() -> set[str]:
    files = [file for folder in TRAINING for file in sorted(folder.glob("**/*.y*ml"))]
    return {bare(without_entities(line)) for file in files for line in strings(load(file))}


def held_out_sentences() -> list[str]:
    return [row["q"] for row in questions()] + [row["text"] for row in rows("nlu_test")]


def asked_of(folder: str) -> dict[str, str]:
    """Every question to the documents of a folder, bare: the file it stands in."""
    files = sorted((DATA / folder).glob("*.yaml"))
    asked = [(row["q"], file.name) for file in files for row in _questions_in(load(file))]
    return {bare(question): name for question, name in asked}


def _questions_in(content: Any) -> list[Row]:
    return list(content["questions"] if isinstance(content, dict) else content)


def cited_as_answer() -> Counter[str]:
    return Counter(clause for row in questions() if not row.get("decline") for clause in row["expect"])


def test_questions_are_many_and_a_good_part_has_no_answer() -> None:
    declines = [row for row in questions() if row.get("decline") and not row.get("expect")]
    assert len(rows("questions_dev")) >= 170
    assert len(rows("questions_test")) >= 240
    assert len(declines) >= 110


@pytest.mark.parametrize("row", questions(), ids=lambda row: row["q"])
def test_a_question_says_what_is_right(row: Row) -> None:
    places = {place["id"] for place in load(SEED / "documents.yaml")["jurisdictions"]}
    gaps = {gap["id"] for gap in load(SEED / "gaps.yaml")["gaps"]}
    assert set(row) <= {"q", "expect", "decline", "gap", "place", "speaker", "asr", "note"}
    assert row.get("decline") is True or row["expect"]
    assert set(row.get("expect", [])) <= set(clause_texts())
    assert len(row.get("expect", [])) == len(set(row.get("expect", [])))
    assert row["speaker"] in SPEAKERS
    assert row.get("place", "sd-jining") in places
    assert row.get("gap") is None or row["gap"] in gaps


def test_a_jining_caller_is_never_answered_from_jinan() -> None:
    at_home = [row for row in questions() if row.get("place") != "sd-jinan" and "济南" not in row["q"]]
    assert not [row["q"] for row in at_home for clause in row.get("expect", []) if clause.startswith("jinan")]


def test_every_measure_is_asked_about() -> None:
    asked = cited_as_answer()
    assert min(asked[f"jining-yb-2023-25.m{n:02}"] for n in range(1, 21)) >= 6
    assert min(asked[f"jining-ybzx-2021-1.m{n:02}"] for n in range(1, 13)) >= 4
    assert min(asked[f"{doc}.m{n:02}"] for doc in ("sd-yb-2021-1", "jinan-yb-2021-1") for n in range(1, 13)) >= 1


def test_everything_zoucheng_offers_callers_is_asked_about() -> None:
    facing = [clause["id"] for clause in load(SEED / "clauses.yaml")["clauses"] if clause["caller_facing"]]
    asked = cited_as_answer()
    assert not [clause for clause in facing if clause.startswith("zoucheng") and not asked[clause]]


def test_a_share_of_the_test_questions_is_misheard() -> None:
    test = rows("questions_test")
    assert 0.12 <= sum(row.get("asr", False) for row in test) / len(test) <= 0.2


def test_every_intent_has_its_share_of_sentences_and_of_misheard_ones() -> None:
    count = Counter(row["intent"] for row in rows("nlu_test"))
    misheard = Counter(row["intent"] for row in rows("nlu_test") if row.get("asr"))
    assert count.pop("ask_policy") >= 90
    assert set(count) == SMALL_INTENTS
    assert all(18 <= n <= 25 for n in count.values())
    assert all(misheard[intent] >= n // 5 for intent, n in count.items())


def test_nobody_trains_on_a_question_to_the_documents_held_out() -> None:
    held_out = asked_of("new_documents")
    assert len(held_out) > 200
    assert not [question for question in asked_of("training_documents") if question in held_out]


def test_every_document_with_questions_is_read() -> None:
    """The 100th and those after it were not: their 756 questions taught nothing."""
    for folder in (DATA / "training_documents", DATA / "new_documents"):
        written = {path.stem for path in folder.glob("*-*.yaml")}
        assert {one.name for one in published_documents.load(folder)} == written


def test_no_sentence_is_written_twice() -> None:
    count = Counter(bare(sentence) for sentence in held_out_sentences())
    assert not [sentence for sentence, n in count.items() if n > 1]


def test_nobody_trains_on_a_held_out_sentence() -> None:
    trained = training_sentences()
    assert len(trained) > 500, "the training data was not found"
    assert not [sentence for sentence in held_out_sentences() if bare(sentence) in trained]


def test_calls_are_complete() -> None:
    calls = rows("calls")
    assert len(calls) == len({call["id"] for call in calls}) == 24
    assert all(1 <= len(call["turns"]) <= 4 for call in calls)
    assert {call["speaker"] for call in calls} <= SPEAKERS


@pytest.mark.parametrize("turn", [turn for call in rows("calls") for turn in call["turns"]], ids=lambda t: t["says"])
def test_a_turn_can_be_judged_and_its_facts_stand_in_the_clause(turn: Row) -> None:
    outcomes = {"hears", "declines", "handover", "emergency", "pace", "ends"}
    assert outcomes & set(turn)
    assert set(turn) <= outcomes | {"says", "clause", "place"}
    if "clause" in turn:
        text = bare(clause_texts()[turn["clause"]])
        written = [fact[0] if isinstance(fact, list) else fact for fact in turn["hears"]]
        assert all(bare(fact) in text for fact in written)
