"""What is kept of citizens for a while goes when its time has come, and nothing else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from base.database import Base, Database
from casework.people.models import IdChallenge, IdFailure, IdProof, OutboxMessage
from casework.retention import RULES, Retention
from tests.tables import make_tables

NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)


def ago(**time: float) -> datetime:
    return (NOW - timedelta(**time)).replace(tzinfo=None)


def message(kind: str, state: str, at: datetime) -> OutboxMessage:
    return OutboxMessage(
        phone_hash="h", phone_sealed=b"p", text_sealed=b"t", kind=kind, state=state, tries=1, at=at, not_before=at
    )


def proof(name: str, *, bound: bool, at: datetime) -> IdProof:
    return IdProof(conversation=name, person_key="k", id_sealed=b"s", bound=bound, seen_at=at)


async def test_what_is_old_goes_and_the_rest_stays(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await make_tables(database)
    async with database.session() as session:
        session.add_all(
            [
                message("code", "sent", ago(days=2)),  # goes
                message("code", "sent", ago(hours=2)),
                message("ticket", "sent", ago(days=31)),  # goes
                message("ticket", "sent", ago(days=2)),
                message("ticket", "failed", ago(days=31)),  # goes
                message("ticket", "waiting", ago(days=31)),  # still owed
                IdChallenge(conversation="a", person_key="k", id_sealed=b"s", code_hash="c", expires_at=ago(days=2)),
                IdChallenge(conversation="b", person_key="k", id_sealed=b"s", code_hash="c", expires_at=ago(hours=2)),
                proof("a", bound=False, at=ago(days=2)),  # goes
                proof("b", bound=True, at=ago(days=400)),  # until they unbind
                proof("c", bound=False, at=ago(minutes=2)),
                IdFailure(subject="k", kind="try", at=ago(days=31)),  # goes
                IdFailure(subject="k", kind="try", at=ago(days=1)),
            ]
        )
    retention = Retention(database, lambda: NOW)
    assert await retention.clean() == 6
    assert await retention.clean() == 0
    tables: list[tuple[type[Base], int]] = [(OutboxMessage, 3), (IdChallenge, 1), (IdProof, 2), (IdFailure, 1)]
    async with database.session() as session:
        for table, left in tables:
            assert await session.scalar(select(func.count()).select_from(table)) == left, table
    await database.aclose()


def test_nothing_goes_before_it_is_used_no_more() -> None:
    """A code lives minutes, a day's limits count a day: see casework.people.identity."""
    assert min(rule.lasts for rule in RULES) >= timedelta(days=1)
