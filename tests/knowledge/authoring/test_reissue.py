"""A new version of a document: what stays keeps its id, what is gone goes, and nothing is public before its review."""

from __future__ import annotations

import pytest

from base.database import Database
from knowledge.authoring.bundles import Unsettled
from knowledge.authoring.content import ClauseContent
from knowledge.authoring.editing import Conflict
from knowledge.authoring.exchange import export, restore
from knowledge.authoring.models import Kind, Stage
from knowledge.authoring.reissue import NewPart, Plan, carried, plan
from knowledge.authoring.review import BrokenQuote, CannotPublish, OwnWork
from knowledge.retrieval import snapshot
from staff import audit
from tests.knowledge.card import FEES, LOST, PLACE, SOONER, TARGET, Card, amended, asks, words
from tests.knowledge.office import LI, WANG, ZHAO


async def planned(card: Card, parts: list[NewPart]) -> Plan:
    return plan(await card.reissues.present(card.id), parts)


async def test_what_stays_keeps_its_id_and_what_staff_gave_it(card: Card) -> None:
    made = await card.save(amended(card))
    assert (made.item_id, made.version, made.stage) == (card.id, 2, Stage.DRAFT)
    changed = await card.office.clause(card.clause(2))
    assert (changed.text, changed.number) == (SOONER, "m03")
    assert (changed.tags, changed.audience) == (("石榴红卡",), ("elderly",))
    untouched = await card.office.editing.history(Kind.CLAUSE, card.clause(1))
    assert len(untouched) == 1, "no new version without a change"
    held = await card.reissues.present(card.id)
    assert [clause.id for clause in held.clauses] == [card.clause(1), card.clause(2), card.clause(3)]


async def test_until_it_is_published_the_old_text_answers_and_then_the_new(card: Card) -> None:
    old, before = await card.texts(), await card.office.on_air()
    made = await card.save(amended(card))
    assert await card.texts() == old
    await card.office.review.submit(made.revision_id, who=WANG)
    with pytest.raises(OwnWork):
        await card.office.review.approve(made.revision_id, who=WANG)
    await card.office.review.approve(made.revision_id, who=LI)
    assert await card.texts() == old
    await card.office.review.publish([made.revision_id], who=LI, withdraw_broken=True)
    now = await card.texts()
    assert now == {card.clause(1): TARGET, card.clause(2): SOONER, f"{card.id}.v2-001": FEES}
    assert (await card.office.document(card.id)).title == "新的通知"
    renewed = await snapshot.read_again(card.office.database, before)
    assert (renewed.clauses, renewed.topics) == (
        (await card.office.on_air()).clauses,
        (await card.office.on_air()).topics,
    )


async def test_an_export_holds_what_is_gone_and_a_restore_leaves_it_gone(card: Card, empty: Database) -> None:
    await card.publish(await card.save(amended(card)), forced=True)
    files = await export(card.office.database)
    await restore(empty, files, who=LI)
    assert await export(empty) == files
    restored = (await snapshot.read(empty)).clauses.values()
    assert {clause.id: clause.text for clause in restored if clause.document.id == card.id} == await card.texts()


async def test_clauses_stand_in_the_order_of_the_new_text(card: Card) -> None:
    await card.publish(await card.save(amended(card)), forced=True)
    present = await card.reissues.present(card.id)
    assert [clause.content.text for clause in present.clauses] == [TARGET, FEES, SOONER]
    places = [clause.content.position for clause in present.clauses]
    assert places == sorted(set(places))


async def test_a_clause_that_is_gone_is_taken_down_and_stays_in_history(card: Card) -> None:
    await card.publish(await card.save(amended(card)), forced=True)
    gone = card.clause(3)
    assert gone not in (await card.office.on_air()).clauses
    newest, first = await card.office.editing.history(Kind.CLAUSE, gone)
    assert (newest.stage, newest.answer_to_author) == (Stage.WITHDRAWN, "文件的新版本里没有这一条。")
    assert isinstance(first.content, ClauseContent)
    assert (first.stage, first.content.text) == (Stage.REPLACED, LOST)
    assert (await card.office.editing.open(Kind.CLAUSE, gone)).published is None


async def test_answers_that_lose_their_words_are_named_before_and_hold_it_back(card: Card) -> None:
    found = await card.reissues.losing(await planned(card, amended(card)))
    assert [(one.title, one.clause_id, one.quote) for one in found] == [
        ("石榴红卡丢了怎么办", card.clause(3), "可以到原领取地点补办")
    ]
    made = await card.save(amended(card))
    problems = await card.office.review.problems([made.revision_id])
    assert [problem.item_id for problem in problems if isinstance(problem, BrokenQuote)] == [card.faq]
    with pytest.raises(CannotPublish):
        await card.publish(made)


async def test_answers_whose_words_still_stand_are_left_alone(card: Card) -> None:
    moved = [NewPart(card.clause(3), words(LOST.replace("三、", "一、")))]
    assert await card.reissues.losing(await planned(card, moved)) == []
    await card.publish(await card.save(moved))
    topic = (await card.office.on_air()).topics[card.faq]
    assert topic.wordings == ("石榴红卡丢了", "卡丢了咋弄")
    assert topic.answers[0].quotes[0].clause.text.startswith("一、补办")


async def test_it_is_published_together_with_the_answer_that_was_mended(card: Card) -> None:
    made = await card.save(amended(card))
    mended = await card.office.save(Kind.FAQ, card.faq, asks(card.clause(2), "当日办结"))
    await card.publish(made, mended)
    quoted = (await card.office.on_air()).topics[card.faq].answers[0].quotes[0]
    assert quoted.clause.text == SOONER


async def test_the_second_of_two_editors_is_told_and_overwrites_nothing(card: Card) -> None:
    seen = (await card.reissues.present(card.id)).seen
    first = await card.save(amended(card), seen=seen, title="第一位的")
    with pytest.raises(Conflict) as conflict:
        await card.save([NewPart("", words(FEES))], seen=seen, who=ZHAO, title="第二位的")
    assert (conflict.value.theirs.author, conflict.value.theirs.revision_id) == (WANG, first.revision_id)
    assert not conflict.value.is_sent_twice(ZHAO)
    assert (await card.office.document(card.id)).title == "第一位的"
    assert len(await card.office.editing.history(Kind.DOCUMENT, card.id)) == 2


async def test_a_clause_that_somebody_changed_or_took_down_meanwhile_is_a_conflict(card: Card) -> None:
    seen = (await card.reissues.present(card.id)).seen
    await card.office.publish(await card.change(1, TARGET + "（改）", who=ZHAO))
    with pytest.raises(Conflict) as conflict:
        await card.save(amended(card), seen=seen)
    assert conflict.value.theirs.item_id == card.clause(1)
    seen = (await card.reissues.present(card.id)).seen
    await card.office.review.unpublish(Kind.CLAUSE, card.clause(2), who=LI, reason="误发")
    with pytest.raises(Conflict):
        await card.save(amended(card), seen=seen)


async def test_the_same_form_twice_is_known_as_such(card: Card) -> None:
    seen = (await card.reissues.present(card.id)).seen
    await card.save(amended(card), seen=seen)
    with pytest.raises(Conflict) as conflict:
        await card.save(amended(card), seen=seen)
    assert conflict.value.is_sent_twice(WANG)


async def test_what_waits_for_its_review_is_not_run_over(card: Card) -> None:
    await card.change(1, TARGET + "（改）", who=ZHAO)
    assert [item.id for item in (await card.reissues.present(card.id)).pending] == [card.clause(1)]
    with pytest.raises(Unsettled):
        await card.save(amended(card))


async def test_after_one_was_given_up_or_sent_back_the_next_starts_from_what_is_published(card: Card) -> None:
    given_up = await card.save(amended(card))
    await card.office.review.discard(given_up.revision_id, who=WANG)
    sent_back = await card.save(amended(card))
    await card.office.review.submit(sent_back.revision_id, who=WANG)
    await card.office.review.reject(sent_back.revision_id, who=LI, reason="传错了文件")
    present = await card.reissues.present(card.id)
    assert [clause.content.text for clause in present.clauses] == [TARGET, PLACE, LOST]
    await card.publish(await card.save(amended(card)), forced=True)
    assert set((await card.texts()).values()) == {TARGET, FEES, SOONER}
    rejected = await card.office.editing.find(Kind.CLAUSE, parent=card.id, stage=Stage.REJECTED)
    assert rejected.total == 0, "nobody waits for what was sent back"


async def test_it_is_in_the_audit_log_with_what_it_does(card: Card) -> None:
    await card.save(amended(card))
    newest = (await audit.entries(card.office.database, which=f"document/{card.id}")).entries[0]
    assert (newest.who, newest.detail) == (WANG, "v2 from a file: changed 1, new 1, dropped 1")


async def test_other_numbers_and_another_order_are_told_from_other_words(card: Card) -> None:
    shifted = [
        NewPart("", words(FEES.replace("二、", "一、"), "m01")),
        NewPart(card.clause(1), words(TARGET.replace("一、", "二、"), "m02")),
        NewPart(card.clause(2), words(SOONER, "m03")),
    ]
    new = await planned(card, shifted)
    assert [held.id for held, _ in new.renumbered] == [card.clause(1)]
    turned = [NewPart(card.clause(n), await card.office.clause(card.clause(n))) for n in (2, 1, 3)]
    new = await planned(card, turned)
    assert [held.id for held, _ in new.moved] == [card.clause(1), card.clause(3)]
    assert (new.renumbered, new.changes_nothing) == ([], False)
    assert (await planned(card, sorted(turned, key=lambda part: part.was))).changes_nothing


def test_the_same_words_leave_what_staff_wrote_of_a_clause() -> None:
    staff = words(PLACE, "w1").model_copy(update={"heading": "怎么领", "kind": "measure"})
    file = words(PLACE.replace("，", "， "), "s3-1").model_copy(update={"position": 7})
    assert carried(staff, file) == staff.model_copy(update={"position": 7})


def test_a_clause_that_was_shifted_is_counted_anew() -> None:
    """The inserted one and the one behind it had the same number."""
    assert carried(words(PLACE, "s2"), words(PLACE, "s3")).number == "s3"


def test_a_heading_that_the_file_prints_anew_is_taken_over() -> None:
    file = words("二、领卡办法。凭社保卡领取。").model_copy(update={"heading": "二、领卡办法"})
    assert carried(words(PLACE), file).heading == "二、领卡办法"
    named_by_us = file.model_copy(update={"heading": "引言"})
    assert carried(words(PLACE), named_by_us).heading == words(PLACE).heading
