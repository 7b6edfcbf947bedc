"""The topics say nothing that their quotes do not, and leave nothing out that citizens could ask."""

from __future__ import annotations

import re
from collections import Counter

import cn2an
import pytest
import yaml

from knowledge.authoring import seed as seeds
from knowledge.authoring.seed import DATA, Seed, SeedAnswer, SeedTopic
from knowledge.models import Role, TopicKind

MOST_SPOKEN_CHARS = 62
_UNIT = "个工作日|工作日|个月|个|天|月|年|种|次|项|人|家|岁|平方米|分钟|元|类|级|%"
_NUMBER = re.compile(rf"(\d+|[一二两三四五六七八九十百]+)(?={_UNIT})|\d+")
_IDIOMS = re.compile(
    "一口气|一条龙|一站式|一窗|一趟|一次告|一次性|一次办|一个号|一扇门|一个窗|一样|一块|一个门|一般|四类站点|一次材料|每月一|每月做一次|每月审一次|鼓励每月一次|一次$|一家|这一条|某某|十二条"
)


@pytest.fixture(scope="module")
def seed() -> Seed:
    return seeds.load()


def answers(seed: Seed) -> list[tuple[SeedTopic, SeedAnswer]]:
    return [(topic, answer) for topic in seed.topics for answer in topic.answers]


def test_every_topic_has_wordings_of_ten_and_more_and_none_twice(seed: Seed) -> None:
    assert [topic.id for topic in seed.topics if len(topic.wordings) < 10] == []
    counted = Counter(wording for topic in seed.topics for wording in topic.wordings)
    assert [wording for wording, times in counted.items() if times > 1] == []


def test_a_quote_that_is_not_in_its_clause_is_refused() -> None:
    row = {"place": "sd", "quotes": [{"c": "不在里面"}], "spoken": ""}
    with pytest.raises(ValueError, match="topic t"):
        seeds._answer(row, "t", {"c": "条款的文字"})


def test_what_is_spoken_is_short(seed: Seed) -> None:
    too_long = [(topic.id, answer.spoken) for topic, answer in answers(seed) if len(answer.spoken) > MOST_SPOKEN_CHARS]
    assert too_long == []


def numbers(text: str) -> set[int]:
    """Numbers as values: 3个月 and 三个月 are the same."""
    found = set()
    for match in _NUMBER.finditer(_IDIOMS.sub("", text)):
        digits = match.group()
        found.add(int(digits) if digits.isdigit() else int(cn2an.cn2an(digits, "smart")))
    return found


def test_every_number_that_is_spoken_stands_in_the_quotes(seed: Seed) -> None:
    invented = {}
    for topic, answer in answers(seed):
        quoted = numbers("\n".join(quote.text for quote in answer.quotes))
        if extra := numbers(answer.spoken + answer.more_spoken) - quoted - {1}:
            invented[topic.id, answer.place] = extra
    # 兜住的是金额和期限；2021年 says when a document spoke, and is checked against its date below.
    years = {key: extra - {2021, 2023} for key, extra in invented.items()}
    assert {key: extra for key, extra in years.items() if extra} == {}


def test_a_year_that_is_spoken_is_the_year_of_the_document(seed: Seed) -> None:
    issued = {row["id"]: row["issue_date"][:4] for row in seed.documents}
    document_of = {row["id"]: row["doc"] for row in seed.clauses}
    for topic, answer in answers(seed):
        own = {issued[document_of[quote.clause_id]] for quote in answer.quotes}
        assert set(re.findall(r"20\d\d(?=年)", answer.spoken + answer.more_spoken)) <= own, topic.id


def test_answers_rest_on_documents_of_their_own_place_or_above(seed: Seed) -> None:
    parents = {row["id"]: row["parent"] for row in seed.jurisdictions}
    place_of_document = {row["id"]: row["jurisdiction"] for row in seed.documents}
    document_of = {row["id"]: row["doc"] for row in seed.clauses}
    for topic, answer in answers(seed):
        chain, at = set(), answer.place
        while at:
            chain.add(at)
            at = parents[at]
        for quote in answer.quotes:
            assert place_of_document[document_of[quote.clause_id]] in chain, (topic.id, answer.place, quote.clause_id)


def test_jinan_never_answers_for_jining(seed: Seed) -> None:
    for topic, answer in answers(seed):
        if answer.place != "sd-jinan":
            assert not [q for q in answer.quotes if q.clause_id.startswith("jinan-")], topic.id


def test_every_clause_a_citizen_could_ask_about_answers_something(seed: Seed) -> None:
    asked = {row["id"] for row in seed.clauses if row["caller_facing"] and row["kind"] != "table_row"}
    quoted = {quote.clause_id for _, answer in answers(seed) for quote in answer.quotes if quote.role is Role.LEAD}
    assert sorted(asked - quoted) == []


def test_every_known_gap_is_a_topic(seed: Seed) -> None:
    gaps = {row["id"] for row in yaml.safe_load((DATA / "seed" / "gaps.yaml").read_text(encoding="utf-8"))["gaps"]}
    assert gaps == {topic.gap_id for topic in seed.topics if topic.kind is TopicKind.GAP}
    assert [topic.id for topic in seed.topics if topic.kind is not TopicKind.ANSWER and not topic.missing] == []


def test_no_inner_telephone_number_can_be_spoken(seed: Seed) -> None:
    published = "".join(answer.spoken + answer.more_spoken + str(answer.quotes) for _, answer in answers(seed))
    assert not re.search(r"2937929|86198935|68966819|68916807|@", published)


def test_sentences_are_exact_substrings_in_order(seed: Seed) -> None:
    for row in seed.clauses:
        at = 0
        for sentence in seeds.sentences(row["text"]):
            at = row["text"].index(sentence, at) + len(sentence)
