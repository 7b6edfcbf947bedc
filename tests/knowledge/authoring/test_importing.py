"""An import changes what changed and nothing that staff wrote."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from base.database import Database
from knowledge.authoring import seed as seeds
from knowledge.authoring.importing import import_seed
from knowledge.models import Answer, Clause, Fact, KnowledgeState, Status, Wording


async def count(database: Database, table: type[Answer] | type[Wording] | type[Fact]) -> int:
    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_everything_is_there(database: Database) -> None:
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(Clause)) == 156
        facts = (await session.scalars(select(Fact))).all()
    assert len(facts) == 39
    assert {fact.status for fact in facts} == {Status.DRAFT}
    assert await count(database, Wording) == sum(len(topic.wordings) for topic in seeds.load().topics)


async def test_table_rows_are_not_searched(database: Database) -> None:
    async with database.session() as session:
        rows = await session.scalars(select(Clause.searchable).where(Clause.kind == "table_row"))
        assert not any(rows)


async def test_a_second_import_does_nothing(database: Database) -> None:
    said: list[str] = []
    assert await import_seed(database, said.append) is False
    assert said[0] == "政策文件没有变化"


async def test_an_import_after_a_change_of_the_importer_adds_no_versions(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await count(database, Answer), await count(database, Wording)
    monkeypatch.setattr(seeds, "fingerprint", lambda: "another")
    assert await import_seed(database, lambda line: None) is True
    assert (await count(database, Answer), await count(database, Wording)) == before
    async with database.session() as session:
        state = await session.get(KnowledgeState, 1)
        assert state is not None
        assert state.version >= 2


async def test_what_staff_published_is_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with database.session() as session:
        await session.execute(
            update(Answer)
            .where(Answer.topic_id == "long-prescription", Answer.jurisdiction_id == "sd-jining")
            .values(author="zhang", spoken="改过的话")
        )
    monkeypatch.setattr(seeds, "fingerprint", lambda: "another")
    await import_seed(database, lambda line: None)
    async with database.session() as session:
        spoken = await session.scalars(
            select(Answer.spoken).where(
                Answer.topic_id == "long-prescription",
                Answer.jurisdiction_id == "sd-jining",
                Answer.status == Status.PUBLISHED,
            )
        )
        assert list(spoken) == ["改过的话"]
