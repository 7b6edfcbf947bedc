"""What is said to several questions of one message."""

from __future__ import annotations

from knowledge.answering.composing import PERSON_SPOKEN, PERSON_TEXT
from knowledge.answering.replies import Answer, Declined, Option, Unclear
from knowledge.answering.several import answers_enough, together


def answer(topic: str) -> Answer:
    return Answer(f"{topic}。", f"{topic}。", (), topic, "sd-jining", 0.9, False)


def declined(topic: str | None) -> Declined:
    said = f"{topic}，我手里的文件没有写。"
    return Declined(f"{said}\n{PERSON_TEXT}", f"{said}{PERSON_SPOKEN}", topic)


UNCLEAR = Unclear("哪一个？", "哪一个？", (Option("a", "甲"), Option("b", "乙")))


def test_what_is_answered_twice_is_said_once() -> None:
    last, said = together([("要几天", answer("transfer")), ("能快点不", answer("transfer"))])
    assert [one.text for one in said] == ["transfer。"]
    assert last[0] == "能快点不"


def test_where_a_person_can_help_is_said_once_and_last() -> None:
    _, said = together([("丢了咋办", declined("card")), ("管几年", answer("valid")), ("多少钱", declined("price"))])
    assert [one.text.count("转人工") for one in said] == [0, 0, 1]
    assert [one.spoken.count("转人工") for one in said] == [0, 0, 1]


def test_what_was_not_found_is_named_in_the_citizens_words() -> None:
    last, said = together([("管几年", answer("valid")), ("能坐车去不", declined(None))])
    assert "您问的“能坐车去不”，我在手里的文件里没查到" in said[-1].text
    assert "“" not in said[-1].spoken
    assert last[0] == "管几年"


def test_a_question_back_comes_last_and_is_what_is_talked_about() -> None:
    last, said = together([("慢病咋办", UNCLEAR), ("管几年", answer("valid"))])
    assert said[-1] is UNCLEAR
    assert last[1] is UNCLEAR


def test_parts_say_more_than_the_whole_only_where_one_is_answered_or_each_is_known_to_be_a_gap() -> None:
    assert answers_enough([answer("valid"), declined(None)])
    assert answers_enough([declined("card"), declined("price")])
    assert not answers_enough([declined("card"), declined("card")])
    assert not answers_enough([declined("card"), declined(None)])
    assert not answers_enough([UNCLEAR, declined(None)])
