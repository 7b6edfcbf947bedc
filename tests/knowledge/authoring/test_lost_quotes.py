"""Who stands on words that will not be there any more."""

from __future__ import annotations

from knowledge.authoring import lost_quotes
from knowledge.authoring.models import Kind
from tests.knowledge.card import LOST, Card
from tests.knowledge.office import JINING_25, Office


async def test_an_answer_loses_only_words_that_the_new_text_does_not_hold(card: Card) -> None:
    async with card.office.database.session() as session:
        assert await lost_quotes.losing(session, {card.clause(3): LOST + "（改）"}) == []
        shorter = await lost_quotes.losing(session, {card.clause(3): "三、补办。石榴红卡丢失的，不再补办。"})
    assert [(one.kind, one.item_id, one.quote) for one in shorter] == [(Kind.FAQ, card.faq, "可以到原领取地点补办")]


async def test_a_guide_is_named_only_when_a_clause_goes_as_a_whole(office: Office) -> None:
    clause = f"{JINING_25}.m08"
    text = (await office.clause(clause)).text
    async with office.database.session() as session:
        assert await lost_quotes.losing(session, {clause: text}) == []
        found = await lost_quotes.losing(session, {clause: None})
    kinds = [one.kind for one in found]
    assert set(kinds) == {Kind.FAQ, Kind.GUIDE}
    assert kinds == sorted(kinds), "FAQs first"
    assert all(one.clause_id == clause and one.title for one in found)
