"""What citizens asked is sealed at rest, and read, counted and grouped as before."""

from __future__ import annotations

from sqlalchemy import func, select, text

from base.database import Database
from base.personal_data import Vault
from knowledge.authoring.models import AskedQuestion
from knowledge.insight.questions import Asked, Outcome, QuestionLog
from knowledge.insight.sealed import MARK, seal_texts

SAID = "张桂兰得了尿毒症能报多少"
"""A name without any word that tells it is one: masking leaves it, sealing does not."""


def one(words: str) -> Asked:
    return Asked(words, Outcome.DECLINED, "phone", "call-1")


async def test_the_database_holds_no_word_of_it(empty: Database) -> None:
    seal_texts(empty, Vault("ab" * 32))
    log = QuestionLog(empty, conversation_key=str)
    await log.start()
    for words in (SAID, SAID, "别的"):
        log.record(one(words))
    await log.aclose()
    async with empty.session() as session:
        kept = list(await session.scalars(text("select text from asked_question")))
        same = AskedQuestion.text
        counted = (await session.execute(select(same, func.count()).group_by(same).order_by(func.count()))).all()
    assert all(row.startswith(MARK) for row in kept)
    assert not any("尿毒症" in row for row in kept)
    assert [(words, count) for words, count in counted] == [("别的", 1), (SAID, 2)]


async def test_what_was_written_in_clear_before_is_sealed(empty: Database) -> None:
    log = QuestionLog(empty, conversation_key=str)
    await log.start()
    log.record(one(SAID))
    await log.aclose()
    seal_texts(empty, Vault("ab" * 32))
    async with empty.session() as session:
        assert await session.scalar(select(AskedQuestion.text)) == SAID, "and can be read until then"
    await log.seal_old()
    async with empty.session() as session:
        kept = await session.scalar(text("select text from asked_question"))
        assert kept.startswith(MARK)
        assert await session.scalar(select(AskedQuestion.text)) == SAID
