"""Synonyms are the staff's: reviewed like everything else, and search uses them as soon as they are published."""

from __future__ import annotations

from datetime import date

import pytest

from base.database import Database
from knowledge.answering.answer import Assistant
from knowledge.authoring import exchange
from knowledge.authoring.content import InvalidContent, SynonymContent, parse
from knowledge.authoring.importing import import_seed
from knowledge.authoring.models import Kind, Stage
from knowledge.authoring.review import CannotPublish
from knowledge.retrieval.normalise import seed_synonyms
from tests.knowledge.conftest import PairEncoder
from tests.knowledge.office import LI, WANG, Office

TODAY = date(2026, 1, 5)
CARD = "医保卡"


async def synonym(office: Office, word: str) -> SynonymContent:
    content = (await office.editing.open(Kind.SYNONYM, word)).content
    assert isinstance(content, SynonymContent)
    return content


async def with_more(office: Office, word: str, *said: str) -> SynonymContent:
    old = await synonym(office, word)
    return old.model_copy(update={"variants": (*old.variants, *said)})


async def test_search_starts_with_the_synonyms_of_the_file(office: Office) -> None:
    on_air = dict((await office.on_air()).synonyms)
    assert on_air == dict(seed_synonyms())
    assert (await office.editing.open(Kind.SYNONYM, CARD)).stage is Stage.PUBLISHED


async def test_a_new_saying_is_understood_once_a_second_person_agreed(office: Office) -> None:
    assistant = Assistant(office.database, encoder=PairEncoder())
    await assistant.refresh()
    question = "飞鸽子"
    try:
        before = (await assistant.explain(question, place=None, on=TODAY)).candidates
        assert "备案" not in before[0].title
        made = await office.save(Kind.SYNONYM, "备案", await with_more(office, "备案", "飞鸽子"))
        await office.publish(made)
        await assistant.refresh()
        candidates = (await assistant.explain(question, place=None, on=TODAY)).candidates
        assert "备案" in candidates[0].title
    finally:
        await assistant.aclose()


async def test_publishing_raises_the_counter_that_every_process_watches(office: Office) -> None:
    before = (await office.on_air()).version
    await office.publish(await office.save(Kind.SYNONYM, CARD, await with_more(office, CARD, "那张小蓝卡")))
    after = await office.on_air()
    assert after.version > before
    assert "那张小蓝卡" in dict(after.synonyms)[CARD]


async def test_a_draft_changes_nothing_and_a_synonym_taken_down_is_not_used(office: Office) -> None:
    await office.save(Kind.SYNONYM, CARD, await with_more(office, CARD, "那张小蓝卡"))
    assert "那张小蓝卡" not in dict((await office.on_air()).synonyms)[CARD]
    await office.review.unpublish(Kind.SYNONYM, CARD, who=LI, reason="容易误会")
    assert CARD not in dict((await office.on_air()).synonyms)


async def test_one_saying_cannot_mean_two_things(office: Office) -> None:
    made = await office.editing.create(Kind.SYNONYM, SynonymContent(word="金卡", variants=("社保卡",)), who=WANG)
    with pytest.raises(CannotPublish) as refused:
        await office.publish(made)
    assert [problem.text for problem in refused.value.problems] == [
        "“社保卡”已经写在同义词“医保卡”里了，一种说法只能归到一处"
    ]


async def test_a_saying_moves_from_one_word_to_another_in_one_publication(office: Office) -> None:
    old = await synonym(office, CARD)
    fewer = tuple(said for said in old.variants if said != "社保卡")
    first = await office.save(Kind.SYNONYM, CARD, SynonymContent(word=CARD, variants=fewer))
    second = await office.editing.create(Kind.SYNONYM, SynonymContent(word="金卡", variants=("社保卡",)), who=WANG)
    await office.publish(first, second)
    assert dict((await office.on_air()).synonyms)["金卡"] == ("社保卡",)


async def test_synonyms_travel_with_the_export(office: Office, empty: Database) -> None:
    await office.publish(await office.save(Kind.SYNONYM, CARD, await with_more(office, CARD, "那张小蓝卡")))
    files = exchange.from_zip(exchange.to_zip(await exchange.export(office.database)))
    await exchange.restore(empty, files, who="admin")
    assert await exchange.export(empty) == files
    assert (await Office(empty).on_air()).synonyms == (await office.on_air()).synonyms


async def test_an_import_leaves_what_staff_changed(office: Office) -> None:
    await office.publish(await office.save(Kind.SYNONYM, CARD, await with_more(office, CARD, "那张小蓝卡")))
    version = (await office.on_air()).version
    await import_seed(office.database, lambda line: None)
    after = await office.on_air()
    assert "那张小蓝卡" in dict(after.synonyms)[CARD]
    assert after.version == version, "nothing new: nobody has to read again"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"word": "", "variants": ["社保卡"]}, "word"),
        ({"word": "医保 卡", "variants": ["社保卡"]}, "word"),
        ({"word": "医保卡", "variants": ["社保卡（旧）"]}, "variants"),
        ({"word": "医保卡", "variants": ["社" * 21]}, "variants"),
        ({"word": "医保卡", "variants": [" "]}, "variants"),
        ({"word": "医保卡", "variants": ["医保卡"]}, ""),
    ],
)
def test_what_could_never_match_is_refused_beside_its_field(typed: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        parse(Kind.SYNONYM, typed)
    assert list(refused.value.fields) == [field]


async def test_a_saying_that_only_adds_finds_a_sentence_and_replaces_nothing(office: Office) -> None:
    assistant = Assistant(office.database, encoder=PairEncoder())
    await assistant.refresh()
    try:
        made = await office.editing.create(
            Kind.SYNONYM, SynonymContent(word="一单制结算 直接结算", variants=("飞鸽子", "一把清"), adds=True), who=WANG
        )
        await office.publish(made)
        await assistant.refresh()
        known = (await assistant.search()).index.snapshot
        assert known.sayings == (("一单制结算 直接结算", ("飞鸽子", "一把清")),)
        assert "一单制结算 直接结算" not in dict(known.synonyms)
        hits = (await assistant.search()).hits("飞鸽子", frozenset(known.chain("sd-jining")), TODAY)
        assert "直接结算" in "".join(hit.passage.whole for hit in hits[:3])
    finally:
        await assistant.aclose()


@pytest.mark.parametrize(("word", "adds", "fits"), [("起付标准 起付线", True, True), ("起付标准 起付线", False, False)])
def test_several_written_words_are_for_sayings_that_add(word: str, adds: bool, fits: bool) -> None:
    data = {"word": word, "variants": ["门槛"], "adds": adds}
    if fits:
        assert parse(Kind.SYNONYM, data).to_json()["adds"] is True
        return
    with pytest.raises(InvalidContent):
        parse(Kind.SYNONYM, data)
