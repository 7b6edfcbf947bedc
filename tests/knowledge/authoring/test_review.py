"""From a draft to the public: nothing gets there alone, unsourced, or quoting what is no longer written."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from knowledge.authoring.content import (
    AnswerContent,
    ClauseContent,
    DocumentContent,
    FactContent,
    FaqContent,
    QuoteContent,
    parse,
)
from knowledge.authoring.importing import import_seed
from knowledge.authoring.models import Kind, Stage
from knowledge.authoring.review import BrokenQuote, CannotPublish, NeedsReason, OwnWork, WrongStage
from knowledge.authoring.versions import Version
from knowledge.retrieval import snapshot
from staff import audit
from tests.knowledge.office import JINING_25, LI, WANG, ZHAO, Office

REVIEW = "chronic-review-frequency"


def faq(quote: str, clause: str, spoken: str = "可以。") -> FaqContent:
    return FaqContent(
        title="能不能当天办",
        wordings=("能当天办吗", "当天能办完不"),
        answers=(
            AnswerContent(jurisdiction="sd-jining", spoken=spoken, quotes=(QuoteContent(clause=clause, text=quote),)),
        ),
    )


def upload() -> tuple[DocumentContent, list[ClauseContent]]:
    document = DocumentContent(
        title="关于当日办结的通知",
        doc_no="济医保字〔2026〕9号",
        issuer="济宁市医疗保障局",
        issue_date="2026-11-01",  # type: ignore[arg-type]
        jurisdiction="sd-jining",
    )
    texts = ("一、受理当日办结。", "二、本通知自2026年12月1日起施行。")
    clauses = [
        ClauseContent(document="new", number=str(number), position=0, text=words)
        for number, words in enumerate(texts, 1)
    ]
    return document, clauses


async def one_quote(office: Office) -> tuple[str, str, str]:
    """A published FAQ, a clause it quotes, and the words."""
    for item in (await office.editing.find(Kind.FAQ, page_size=200)).items:
        content = await office.faq(item.id)
        if (
            item.published
            and item.author == "seed"
            and len(content.answers) == 1
            and content.answers[0].jurisdiction == "sd-jining"
        ):
            quote = content.answers[0].quotes[0]
            return item.id, quote.clause, quote.text
    raise AssertionError("no such FAQ")


async def draft(office: Office) -> Version:
    _, clause, quote = await one_quote(office)
    return await office.editing.create(Kind.FAQ, faq(quote, clause), who=WANG)


async def test_a_new_faq_is_answered_from_once_a_second_person_approved_it(office: Office) -> None:
    made = await draft(office)
    before = (await office.on_air()).version
    await office.review.submit(made.revision_id, who=WANG)
    assert [waiting.item_id for waiting in await office.review.queue() if waiting.kind is Kind.FAQ] == [made.item_id]
    assert await office.review.approve(made.revision_id, who=LI) is Stage.APPROVED
    assert made.item_id not in (await office.on_air()).topics, "approved is not yet public"
    await office.review.publish([made.revision_id], who=LI)
    now = await office.on_air()
    assert now.version > before, "every process reads again"
    assert now.topics[made.item_id].wordings == ("能当天办吗", "当天能办完不")
    assert now.topics[made.item_id].answers[0].spoken == "可以。"
    listed = (await office.editing.find(Kind.FAQ, text="能当天办吗")).items[0]
    assert (listed.stage, listed.published) == (Stage.PUBLISHED, 1)


async def test_the_author_cannot_approve_their_own(office: Office) -> None:
    made = await draft(office)
    await office.review.submit(made.revision_id, who=WANG)
    with pytest.raises(OwnWork):
        await office.review.approve(made.revision_id, who=WANG)


async def test_whoever_wrote_a_part_of_it_cannot_approve_it_either(office: Office) -> None:
    made = await draft(office)
    second = await office.save(Kind.FAQ, made.item_id, made.content, who=LI)
    await office.review.submit(second.revision_id, who=LI)
    with pytest.raises(OwnWork):
        await office.review.approve(second.revision_id, who=WANG)
    assert await office.review.approve(second.revision_id, who=ZHAO) is Stage.APPROVED


async def test_not_even_sql_lets_an_author_approve_or_publish_unapproved(office: Office) -> None:
    made = await draft(office)

    async def run(statement: str) -> None:
        async with office.database.session() as session:
            await session.execute(text(statement))

    own = f"INSERT INTO approval (revision_id, author, approver, at) VALUES ({made.revision_id}, '{WANG}', '{WANG}', 0)"
    forged = own.replace(f"'{WANG}', '{WANG}'", f"'{LI}', '{WANG}'")
    with pytest.raises(DBAPIError, match="not_the_author"):
        await run(own)
    with pytest.raises(DBAPIError, match="FOREIGN KEY"):
        await run(forged)
    with pytest.raises(DBAPIError, match="not approved by a second person"):
        await run(f"UPDATE revision SET stage = 'published' WHERE id = {made.revision_id}")


async def test_a_draft_that_nobody_approved_cannot_be_published(office: Office) -> None:
    made = await draft(office)
    with pytest.raises(WrongStage):
        await office.review.publish([made.revision_id], who=LI)
    await office.review.submit(made.revision_id, who=WANG)
    with pytest.raises(WrongStage):
        await office.review.publish([made.revision_id], who=LI)


async def test_an_edit_after_the_approval_has_to_be_approved_again(office: Office) -> None:
    made = await draft(office)
    await office.approve(made)
    changed = await office.save(Kind.FAQ, made.item_id, made.content)
    with pytest.raises(WrongStage):
        await office.review.publish([made.revision_id], who=LI)
    with pytest.raises(WrongStage):
        await office.review.publish([changed.revision_id], who=LI)


async def test_a_rejected_version_tells_the_author_why_and_can_be_mended(office: Office) -> None:
    made = await draft(office)
    await office.review.submit(made.revision_id, who=WANG)
    with pytest.raises(NeedsReason):
        await office.review.reject(made.revision_id, who=LI, reason=" ")
    await office.review.reject(made.revision_id, who=LI, reason="口语太长")
    opened = await office.editing.open(Kind.FAQ, made.item_id)
    assert (opened.stage, opened.newest.answer_to_author) == (Stage.REJECTED, "口语太长")
    mended = await office.editing.save(Kind.FAQ, made.item_id, made.content, base=opened.version, who=WANG)
    await office.publish(mended)
    assert made.item_id in (await office.on_air()).topics


async def test_a_submission_can_be_taken_back_and_a_draft_given_up(office: Office) -> None:
    made = await draft(office)
    await office.review.submit(made.revision_id, who=WANG)
    await office.review.take_back(made.revision_id, who=WANG)
    assert made.item_id not in [waiting.item_id for waiting in await office.review.queue()]
    await office.review.discard(made.revision_id, who=WANG)
    assert (await office.editing.history(Kind.FAQ, made.item_id))[0].stage is Stage.DISCARDED


async def test_an_faq_that_quotes_what_no_clause_says_is_not_published(office: Office) -> None:
    _, clause, _ = await one_quote(office)
    made = await office.editing.create(Kind.FAQ, faq("全部免费", clause), who=WANG)
    assert [problem.item_id for problem in await office.review.problems([made.revision_id])] == [made.item_id]
    with pytest.raises(CannotPublish) as refused:
        await office.publish(made)
    assert "全部免费" in refused.value.problems[0].text
    assert made.item_id not in (await office.on_air()).topics


async def test_an_faq_that_quotes_an_unpublished_clause_is_not_published(office: Office) -> None:
    document = await office.editing.create_document(*upload(), who=WANG)
    made = await office.editing.create(Kind.FAQ, faq("受理当日办结", f"{document.item_id}.001"), who=WANG)
    with pytest.raises(CannotPublish) as refused:
        await office.publish(made)
    assert [problem.text for problem in refused.value.problems] == [f"引用的条款没有发布：{document.item_id}.001"]


async def test_an_uploaded_document_goes_public_with_its_clauses_and_its_faq(office: Office) -> None:
    document = await office.editing.create_document(*upload(), who=WANG)
    made = await office.editing.create(Kind.FAQ, faq("受理当日办结", f"{document.item_id}.001"), who=WANG)
    assert [part.kind for part in await office.review.bundle(document.revision_id)] == [
        Kind.DOCUMENT,
        Kind.CLAUSE,
        Kind.CLAUSE,
    ]
    await office.review.submit(document.revision_id, who=WANG)
    assert [w.kind for w in await office.review.queue() if w.bundle] == [Kind.DOCUMENT], "one line in the queue"
    await office.review.approve(document.revision_id, who=LI)
    await office.approve(made)
    await office.review.publish([made.revision_id, document.revision_id], who=LI)
    now = await office.on_air()
    assert now.clauses[f"{document.item_id}.002"].document.doc_no == "济医保字〔2026〕9号"
    assert now.topics[made.item_id].answers[0].quotes[0].clause.text == "一、受理当日办结。"


async def test_a_clause_corrected_in_an_upload_under_review_holds_the_document_back(office: Office) -> None:
    document = await office.editing.create_document(*upload(), who=WANG)
    await office.review.submit(document.revision_id, who=WANG)
    clause_id = f"{document.item_id}.001"
    content = await office.clause(clause_id)
    corrected = await office.save(Kind.CLAUSE, clause_id, content.model_copy(update={"text": "一、受理次日办结。"}))
    await office.review.approve(document.revision_id, who=LI)
    with pytest.raises(CannotPublish) as refused:
        await office.review.publish([document.revision_id], who=LI)
    assert [problem.item_id for problem in refused.value.problems] == [clause_id]
    await office.publish(corrected)
    assert (await office.on_air()).clauses[clause_id].text == "一、受理次日办结。"


async def test_editing_a_clause_under_an_answer_is_told_before_anything_breaks(office: Office) -> None:
    faq_id, clause_id, quote = await one_quote(office)
    old = await office.clause(clause_id)
    edited = await office.save(
        Kind.CLAUSE, clause_id, old.model_copy(update={"text": old.text.replace(quote, "此条删除")})
    )
    broken = await office.review.problems([edited.revision_id])
    assert faq_id in {problem.item_id for problem in broken if isinstance(problem, BrokenQuote)}
    assert (await office.on_air()).clauses[clause_id].text == old.text, "asking changed nothing"
    with pytest.raises(CannotPublish):
        await office.publish(edited)
    assert (await office.on_air()).clauses[clause_id].text == old.text


async def test_a_clause_and_the_answers_that_quote_it_change_together(office: Office) -> None:
    document = await office.editing.create_document(*upload(), who=WANG)
    clause_id = f"{document.item_id}.001"
    made = await office.editing.create(Kind.FAQ, faq("受理当日办结", clause_id), who=WANG)
    await office.publish(document, made)
    clause = await office.save(
        Kind.CLAUSE, clause_id, (await office.clause(clause_id)).model_copy(update={"text": "一、三日内办结。"})
    )
    answer = await office.save(Kind.FAQ, made.item_id, faq("三日内办结", clause_id, "三天。"))
    await office.approve(clause, answer)
    with pytest.raises(CannotPublish):
        await office.review.publish([clause.revision_id], who=LI)
    await office.review.publish([clause.revision_id, answer.revision_id], who=LI)
    assert (await office.on_air()).topics[made.item_id].answers[0].spoken == "三天。"


async def test_in_a_hurry_the_answers_that_no_longer_hold_go_with_the_old_clause(office: Office) -> None:
    faq_id, clause_id, quote = await one_quote(office)
    old = await office.clause(clause_id)
    edited = await office.save(Kind.CLAUSE, clause_id, old.model_copy(update={"text": old.text.replace(quote, "废止")}))
    await office.approve(edited)
    await office.review.publish([edited.revision_id], who=LI, withdraw_broken=True)
    now = await office.on_air()
    assert "废止" in now.clauses[clause_id].text
    assert now.topics[faq_id].answers == ()
    gone = (await audit.entries(office.database, which=f"faq/{faq_id}", what=audit.Action.UNPUBLISHED)).total
    assert gone >= 1


async def test_publishing_looks_at_the_answers_it_can_break_and_at_no_others(office: Office) -> None:
    """All of them, inside the write, would keep every other writer waiting."""
    _, clause_id, quote = await one_quote(office)
    async with office.database.session() as session:
        gone = {"text": "别的话。", "id": clause_id}
        await session.execute(text("update clause set text = :text where id = :id"), gone)
    document = await office.editing.create_document(*upload(), who=WANG)
    await office.publish(document)
    assert f"{document.item_id}.001" in (await office.on_air()).clauses
    edited = await office.save(
        Kind.CLAUSE, clause_id, (await office.clause(clause_id)).model_copy(update={"text": "又是别的话。"})
    )
    await office.approve(edited)
    with pytest.raises(CannotPublish) as refusal:
        await office.review.publish([edited.revision_id], who=LI)
    assert any(quote[:20] in problem.text for problem in refusal.value.problems)


async def test_rolling_back_gives_the_old_answer_again(office: Office) -> None:
    faq_id, _, _ = await one_quote(office)
    old = await office.faq(faq_id)
    told = old.answers[0].model_copy(update={"spoken": "新的说法。"})
    await office.publish(await office.save(Kind.FAQ, faq_id, old.model_copy(update={"answers": (told,)})))
    assert (await office.on_air()).topics[faq_id].answers[0].spoken == "新的说法。"
    await office.publish(await office.editing.roll_back(Kind.FAQ, faq_id, to=1, base=2, who=WANG))
    assert (await office.on_air()).topics[faq_id].answers[0].spoken == old.answers[0].spoken
    stages = [version.stage for version in await office.editing.history(Kind.FAQ, faq_id)]
    assert stages == [Stage.PUBLISHED, Stage.REPLACED, Stage.REPLACED]


async def test_an_faq_taken_down_is_not_answered_and_comes_back_when_published_again(office: Office) -> None:
    faq_id, _, _ = await one_quote(office)
    wordings = (await office.faq(faq_id)).wordings
    with pytest.raises(NeedsReason):
        await office.review.unpublish(Kind.FAQ, faq_id, who=LI, reason="")
    before = (await office.on_air()).version
    await office.review.unpublish(Kind.FAQ, faq_id, who=LI, reason="政策有变")
    now = await office.on_air()
    assert now.version > before
    assert faq_id not in now.topics
    await office.publish(await office.editing.roll_back(Kind.FAQ, faq_id, to=1, base=1, who=WANG))
    back = (await office.on_air()).topics[faq_id]
    assert (back.wordings, len(back.answers)) == (wordings, 1)


async def test_a_clause_that_answers_quote_cannot_be_taken_down_from_under_them(office: Office) -> None:
    faq_id, clause_id, _ = await one_quote(office)
    with pytest.raises(CannotPublish) as refused:
        await office.review.unpublish(Kind.CLAUSE, clause_id, who=LI, reason="误发")
    assert faq_id in {problem.item_id for problem in refused.value.problems}
    assert clause_id in (await office.on_air()).clauses


async def test_a_clause_nobody_quotes_is_gone_when_taken_down(office: Office) -> None:
    document = await office.editing.create_document(*upload(), who=WANG)
    await office.publish(document)
    await office.review.unpublish(Kind.CLAUSE, f"{document.item_id}.002", who=LI, reason="误发")
    assert f"{document.item_id}.002" not in (await office.on_air()).clauses
    assert f"{document.item_id}.001" in (await office.on_air()).clauses


async def test_answers_stop_using_a_document_the_day_after_it_was_superseded(office: Office) -> None:
    document = await office.editing.create_document(*upload(), who=WANG)
    clause_id = f"{document.item_id}.001"
    made = await office.editing.create(Kind.FAQ, faq("受理当日办结", clause_id), who=WANG)
    await office.publish(document, made)
    ended = (await office.document(document.item_id)).model_copy(
        update={"superseded_by": JINING_25, "valid_until": parse_day("2026-11-19")}
    )
    await office.publish(await office.save(Kind.DOCUMENT, document.item_id, ended))
    now = await office.on_air()
    topic = now.topics[made.item_id]
    assert now.answer(topic, "sd-jining", parse_day("2026-11-19")) is not None
    assert now.answer(topic, "sd-jining", parse_day("2026-11-20")) is None


def parse_day(day: str) -> object:
    found = parse(Kind.CLAUSE, {"document": "d", "number": "1", "position": 0, "text": "x", "valid_from": day})
    assert isinstance(found, ClauseContent)
    return found.valid_from


async def a_fact(office: Office, usable: str) -> Version:
    for item in (await office.editing.find(Kind.FACT, page_size=50)).items:
        version = (await office.editing.history(Kind.FACT, item.id))[0]
        assert isinstance(version.content, FactContent)
        if version.content.usable == usable and version.content.published_on:
            return version
    raise AssertionError(usable)


async def test_facts_from_outside_wait_for_two_people(office: Office) -> None:
    facts = [waiting for waiting in await office.review.queue() if waiting.kind is Kind.FACT]
    assert len(facts) == 39
    fact = await a_fact(office, "quote")
    assert await office.review.approve(fact.revision_id, who=LI) is Stage.SUBMITTED
    with pytest.raises(OwnWork):
        await office.review.approve(fact.revision_id, who=LI)
    with pytest.raises(WrongStage):
        await office.review.publish([fact.revision_id], who=LI)
    assert await office.review.approve(fact.revision_id, who=ZHAO) is Stage.APPROVED
    await office.review.publish([fact.revision_id], who=ZHAO)
    assert isinstance(fact.content, FactContent)
    assert (await office.on_air()).clauses[f"fact-{fact.item_id}"].text == fact.content.text


async def test_no_fact_is_on_air_before_that(office: Office) -> None:
    assert not [clause for clause in (await office.on_air()).clauses if clause.startswith("fact-")]


async def test_a_fact_that_callers_must_not_hear_cannot_be_published_by_anybody(office: Office) -> None:
    fact = await a_fact(office, "no")
    for who in (LI, ZHAO):
        await office.review.approve(fact.revision_id, who=who)
    with pytest.raises(CannotPublish, match="1 problems"):
        await office.review.publish([fact.revision_id], who=ZHAO)


async def test_every_step_is_in_the_audit_log(office: Office) -> None:
    made = await draft(office)
    await office.publish(made)
    await office.review.unpublish(Kind.FAQ, made.item_id, who=ZHAO, reason="测试")
    seen = [(e.who, e.what) for e in (await audit.entries(office.database, which=f"faq/{made.item_id}")).entries]
    assert seen == [
        (ZHAO, "unpublished"),
        (LI, "published"),
        (LI, "approved"),
        (WANG, "submitted"),
        (WANG, "saved"),
    ]


async def test_a_new_import_of_the_project_files_leaves_what_staff_wrote(office: Office) -> None:
    faq_id, _, _ = await one_quote(office)
    old = await office.faq(faq_id)
    told = old.answers[0].model_copy(update={"spoken": "工作人员的说法。"})
    changed = old.model_copy(update={"answers": (told,), "title": "新题目", "wordings": (*old.wordings, "新问法")})
    await office.publish(await office.save(Kind.FAQ, faq_id, changed))
    async with office.database.session() as session:
        await session.execute(text("UPDATE knowledge_state SET seed_hash = 'another file'"))
    assert await import_seed(office.database, lambda line: None)
    topic = (await snapshot.read(office.database)).topics[faq_id]
    assert (topic.title, topic.answers[0].spoken) == ("新题目", "工作人员的说法。")
    assert "新问法" in topic.wordings
    assert len(await office.editing.history(Kind.FAQ, faq_id)) == 2
