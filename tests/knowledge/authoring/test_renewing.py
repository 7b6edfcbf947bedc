"""A change costs as much as what changed, and what is found is what a build from nothing finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml

from base.database import Database
from knowledge.answering.places import HOME
from knowledge.authoring import tables as live
from knowledge.authoring.models import Kind
from knowledge.retrieval import snapshot
from knowledge.retrieval import topic_ranking as ranking
from knowledge.retrieval.index import Vectors
from knowledge.retrieval.search import Search
from knowledge.retrieval.snapshot import Snapshot
from tests.knowledge.conftest import PairEncoder
from tests.knowledge.office import LI, WANG, Office

TOPIC = "remote-filing-longterm"
QUESTIONS = Path(__file__).resolve().parents[3] / "bench" / "data" / "questions_dev.yaml"


async def published(office: Office, kind: Kind, item_id: str, content: object) -> None:
    saved = await office.save(kind, item_id, content)
    await office.review.submit(saved.revision_id, who=WANG)
    await office.review.approve(saved.revision_id, who=LI)
    await office.review.publish([saved.revision_id], who=LI)


async def with_wording(office: Office, wording: str) -> None:
    faq = await office.faq(TOPIC)
    await published(office, Kind.FAQ, TOPIC, faq.model_copy(update={"wordings": (*faq.wordings, wording)}))


def the_same(one: Snapshot, other: Snapshot) -> bool:
    return (
        (one.version, one.places, one.topics, one.clauses, one.searchable, one.synonyms, one.guides)
        == (other.version, other.places, other.topics, other.clauses, other.searchable, other.synonyms, other.guides)
    ) and set(one.loose) == set(other.loose)


async def test_only_what_changed_is_read_again(office: Office) -> None:
    before = await snapshot.read(office.database)
    await with_wording(office, "俺跟着儿子住烟台看病咋弄")
    now = await snapshot.read_again(office.database, before)
    assert the_same(now, await snapshot.read(office.database))
    assert [key for key in now.topics if now.topics[key] is not before.topics[key]] == [TOPIC]
    assert all(now.clauses[key] is before.clauses[key] for key in now.clauses)


async def test_a_clause_brings_the_answers_that_quote_it(office: Office) -> None:
    before = await snapshot.read(office.database)
    quoted = next(q.clause.id for a in before.topics[TOPIC].answers for q in a.quotes)
    clause = await office.clause(quoted)
    await published(office, Kind.CLAUSE, quoted, clause.model_copy(update={"heading": clause.heading + "（改）"}))
    now = await snapshot.read_again(office.database, before)
    assert the_same(now, await snapshot.read(office.database))
    assert now.topics[TOPIC].answers[0].quotes[0].clause.heading.endswith("（改）")


async def test_what_is_taken_down_and_put_back_is_read(office: Office) -> None:
    before = await snapshot.read(office.database)
    await office.review.unpublish(Kind.FAQ, TOPIC, who=LI, reason="试一试")
    without = await snapshot.read_again(office.database, before)
    assert TOPIC not in without.topics
    await published(office, Kind.FAQ, TOPIC, await office.faq(TOPIC))
    again = await snapshot.read_again(office.database, without)
    assert the_same(again, await snapshot.read(office.database))
    assert TOPIC in again.topics


async def test_several_changes_at_once(office: Office) -> None:
    before = await snapshot.read(office.database)
    document = await office.document("jining-yb-2023-25")
    await with_wording(office, "长住外地咋报销")
    await published(
        office, Kind.DOCUMENT, "jining-yb-2023-25", document.model_copy(update={"valid_until": date(2030, 1, 1)})
    )
    now = await snapshot.read_again(office.database, before)
    assert the_same(now, await snapshot.read(office.database))
    ends = {q.clause.valid_until for a in now.topics[TOPIC].answers for q in a.quotes if a.place == HOME}
    assert ends == {date(2030, 1, 1)}


async def test_an_import_has_everything_read(office: Office) -> None:
    before = await snapshot.read(office.database)
    async with office.database.session() as session:
        await live.raise_version(session)
    now = await snapshot.read_again(office.database, before)
    assert now.version == before.version + 1
    assert now.topics[TOPIC] is not before.topics[TOPIC]


async def test_the_renewed_index_finds_what_one_built_from_nothing_finds(office: Office) -> None:
    vectors, weights = Vectors(PairEncoder()), ranking.load_weights()
    search = Search(await snapshot.read(office.database), vectors, weights)
    for wording in ("俺跟着儿子住烟台看病咋弄", "长住外地的老人咋报销", "搬去青岛养老看病钱咋报"):
        await with_wording(office, wording)
        search = search.renewed(await snapshot.read_again(office.database, search.index.snapshot))
    assert len(search.index.gone) == 3, "the topic's three former states"
    built = search.rebuilt()
    countable = frozenset(built.index.snapshot.chain(HOME))
    for row in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))[::4]:
        one, other = search.find(row["q"], countable), built.find(row["q"], countable)
        assert [c.target.id for c in one.candidates[:1]] == [c.target.id for c in other.candidates[:1]], row["q"]
        assert one.confidence == pytest.approx(other.confidence, abs=0.03), row["q"]
    assert search.find("搬去青岛养老看病钱咋报", countable).candidates[0].target.id == TOPIC


async def test_words_nobody_used_before_are_found_at_once(office: Office) -> None:
    search = Search(await snapshot.read(office.database), Vectors(PairEncoder()), ranking.load_weights())
    await with_wording(office, "琅琊榜单漂流瓶")
    renewed = search.renewed(await snapshot.read_again(office.database, search.index.snapshot))
    scores = renewed.index.words("琅琊榜单漂流瓶")
    assert renewed.index.texts[int(np.argmax(scores))] == "琅琊榜单漂流瓶"
    assert not search.index.words("琅琊榜单漂流瓶").any()


async def test_other_synonyms_have_everything_built(office: Office) -> None:
    search = Search(await snapshot.read(office.database), Vectors(PairEncoder()), ranking.load_weights())
    now = await snapshot.read(office.database)
    changed = replace(now, synonyms=(*now.synonyms, ("门诊慢特病资格", ("慢病红本本",))))
    assert search.index.renewed(changed, Vectors(PairEncoder())) is None
    assert not search.renewed(changed).index.gone


async def test_much_patched_is_patchwork(database: Database) -> None:
    search = Search(await snapshot.read(database), Vectors(PairEncoder()), ranking.load_weights())
    assert not search.index.is_patchwork
    known = search.index.snapshot
    half = {key: replace(topic) for key, topic in list(known.topics.items())[: len(known.topics) // 2]}
    assert search.renewed(replace(known, topics=known.topics | half)).index.is_patchwork
