"""A document taken back to an old version takes its clauses along."""

from __future__ import annotations

import pytest

from knowledge.authoring.bundles import Unsettled
from knowledge.authoring.editing import Conflict
from knowledge.authoring.models import Kind, Stage
from knowledge.authoring.versions import Version
from tests.knowledge.card import FEES, LOST, PLACE, SOONER, TARGET, Card, amended
from tests.knowledge.office import LI, WANG, ZHAO


async def back(card: Card, to: int, *, who: str = WANG) -> Version:
    base = (await card.office.editing.open(Kind.DOCUMENT, card.id)).version
    return await card.office.editing.roll_back(Kind.DOCUMENT, card.id, to=to, base=base, who=who)


async def texts(card: Card) -> list[str]:
    """In the order of the document."""
    return [clause.content.text for clause in (await card.reissues.present(card.id)).clauses]


async def test_rolling_back_gives_the_old_text_again_after_its_review(card: Card) -> None:
    await card.publish(await card.save(amended(card)), forced=True)
    made = await back(card, 1)
    assert await texts(card) == [TARGET, FEES, SOONER], "a draft so far"
    await card.publish(made)
    assert await texts(card) == [TARGET, PLACE, LOST]
    assert set((await card.texts()).values()) == {TARGET, PLACE, LOST}
    assert (await card.office.document(card.id)).title == "关于发放石榴红卡的通知"
    assert (await card.office.editing.open(Kind.CLAUSE, f"{card.id}.v2-001")).stage is Stage.WITHDRAWN


async def test_and_forth_again(card: Card) -> None:
    await card.publish(await card.save(amended(card)), forced=True)
    await card.publish(await back(card, 1))
    await card.publish(await back(card, 2))
    assert await texts(card) == [TARGET, FEES, SOONER]
    assert card.clause(3) not in (await card.office.on_air()).clauses


async def test_a_draft_is_taken_back_with_its_clauses(card: Card) -> None:
    """Only its head was: the next submission would have published the new clauses under the old title."""
    await card.save(amended(card))
    await card.publish(await back(card, 1))
    assert await texts(card) == [TARGET, PLACE, LOST]
    assert await card.office.review.queue((Stage.DRAFT,)) == []


async def test_what_staff_changed_in_a_single_clause_stays(card: Card) -> None:
    await card.publish(await card.save(amended(card)), forced=True)
    await card.office.publish(await card.change(1, TARGET + "（更正）"))
    await card.publish(await back(card, 1))
    assert await texts(card) == [TARGET + "（更正）", PLACE, LOST]


async def test_a_colleagues_draft_is_not_run_over(card: Card) -> None:
    await card.publish(await card.save(amended(card)), forced=True)
    await card.change(2, SOONER + "（改）", who=ZHAO)
    with pytest.raises(Unsettled):
        await back(card, 1)
    assert (await card.office.editing.open(Kind.DOCUMENT, card.id)).version == 2, "nothing was done"


async def test_of_two_who_take_it_back_the_second_is_told(card: Card) -> None:
    await card.publish(await card.save(amended(card)), forced=True)
    await card.office.editing.roll_back(Kind.DOCUMENT, card.id, to=1, base=2, who=WANG)
    with pytest.raises(Conflict):
        await card.office.editing.roll_back(Kind.DOCUMENT, card.id, to=1, base=2, who=LI)
