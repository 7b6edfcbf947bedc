"""What is owed to somebody outside: written with the deed it tells of, handed over afterwards, by one process, once.

    session.add(Letter(**letters.begin(), …))   # in the caller's unit of work: it is owed if that is committed
    await letters.deliver(send)                 # again and again (`base.every`): what is due, one after another

    waiting ──► done                 `send` returned
       └──► waiting, later           it raised a ServiceError: after a pause that grows
       └──► failed                   it never will be taken, or was tried often enough

A row is claimed with a lease before it is handed over: of several processes one does it, and after a crash another
takes it up when the lease is over. So what is handed over has a key, by which the far side knows it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import structlog
from prometheus_client import Gauge
from sqlalchemy import ColumnElement, String, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from base.clock import Clock, as_stored, utc_now
from base.database import Database
from base.errors import ServiceError

log = structlog.get_logger()

WAITING, FAILED = "waiting", "failed"
OWED = Gauge(
    "yibao_owed", "What is owed to somebody outside and not handed over, by queue and state", ("queue", "state")
)


class OwedRow:
    """Columns of every table of what is owed. Times are UTC, naive."""

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(8), index=True)
    """waiting, failed, or the table's own word for done."""
    tries: Mapped[int]
    not_before: Mapped[datetime]
    """While it waits: when it may be tried next; while somebody has it, the end of their lease."""


Row = TypeVar("Row", bound=OwedRow)
Done = Callable[[datetime], Mapping[str, Any]]
"""The time, as stored → what to write into a row that was handed over: its state at least."""
Failed = Callable[[AsyncSession, Row, ServiceError], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rules:
    """`pauses_seconds` after the first, second … try; the last one again and again. `lease`: longer than a try with all
    that it waits for. `most_tries`: None for as long as it takes."""

    pauses_seconds: Sequence[float]
    most_tries: int | None = None
    lease: timedelta = timedelta(minutes=2)
    batch: int = 20


class Owed(Generic[Row]):
    """One table's queue, called `name` in logs and metrics. `is_final`: whether a failure is the same for ever."""

    def __init__(
        self,
        database: Database,
        table: type[Row],
        name: str,
        rules: Rules,
        done: Done,
        *,
        is_final: Callable[[ServiceError], bool] = lambda error: not error.retryable,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._table, self._name, self._rules, self._done = database, table, name, rules, done
        self._is_final, self._clock = is_final, now
        self._tells_trouble = hasattr(table, "trouble")

    def begin(self) -> dict[str, Any]:
        """The columns of a new row that are this queue's."""
        fields: dict[str, Any] = {"state": WAITING, "tries": 0, "not_before": self._now()}
        return fields | ({"trouble": ""} if self._tells_trouble else {})

    async def deliver(
        self,
        hand_over: Callable[[Row], Awaitable[None]],
        *,
        only: ColumnElement[bool] | None = None,
        failed: Failed[Row] | None = None,
    ) -> int:
        """Hand over what is due, and of that `only`. Returns how many were taken.

        `hand_over` raises ServiceError when it could not; no unit of work is open meanwhile. `failed` is done in the
        unit of work that gives a row up.
        """
        done = 0
        for row_id in await self._due(only):
            if (row := await self._claim(row_id)) is not None:
                done += await self._try(row, hand_over, failed)
        return done

    async def count(self) -> dict[str, int]:
        """How many wait and how many were given up; told to the metrics, too."""
        wanted = select(self._table.state, func.count()).where(self._table.state.in_((WAITING, FAILED)))
        async with self._database.session() as session:
            rows = (await session.execute(wanted.group_by(self._table.state))).all()
        found = {row[0]: row[1] for row in rows}
        counts = {state: found.get(state, 0) for state in (WAITING, FAILED)}
        for state, number in counts.items():
            OWED.labels(self._name, state).set(number)
        return counts

    async def _due(self, only: ColumnElement[bool] | None) -> list[int]:
        wanted = select(self._table.id).where(self._is_due())
        if only is not None:
            wanted = wanted.where(only)
        async with self._database.session() as session:
            return list(await session.scalars(wanted.order_by(self._table.id).limit(self._rules.batch)))

    def _is_due(self) -> ColumnElement[bool]:
        return (self._table.state == WAITING) & (self._table.not_before <= self._now())

    async def _claim(self, row_id: int) -> Row | None:
        lease = (
            update(self._table)
            .where(self._table.id == row_id, self._is_due())
            .values(tries=self._table.tries + 1, not_before=self._now() + self._rules.lease)
            .returning(self._table)
        )
        async with self._database.session() as session:
            return (await session.scalars(lease)).one_or_none()

    async def _try(self, row: Row, hand_over: Callable[[Row], Awaitable[None]], failed: Failed[Row] | None) -> bool:
        try:
            await hand_over(row)
        except ServiceError as error:
            log.warning("owed_not_taken", queue=self._name, code=error.code, tries=row.tries)
            await self._later_or_never(row, error, failed)
            return False
        await self.settle(row, {**self._done(self._now()), **({"trouble": ""} if self._tells_trouble else {})})
        return True

    async def _later_or_never(self, row: Row, error: ServiceError, failed: Failed[Row] | None) -> None:
        most, told = self._rules.most_tries, {"trouble": error.code} if self._tells_trouble else {}
        if self._is_final(error) or (most is not None and row.tries >= most):
            by_hand = None if failed is None else lambda session: failed(session, row, error)
            await self.settle(row, {"state": FAILED, **told}, by_hand)
            return
        pauses = self._rules.pauses_seconds
        pause = timedelta(seconds=pauses[min(row.tries, len(pauses)) - 1])
        await self.settle(row, {"not_before": self._now() + pause, **told})

    async def settle(
        self, row: Row, values: Mapping[str, Any], besides: Callable[[AsyncSession], Awaitable[None]] | None = None
    ) -> None:
        """Write how a try ended, unless another process came to an end with it meanwhile."""
        mine = (self._table.id == row.id) & (self._table.state == WAITING)
        if values.get("state") in (None, FAILED):  # a failure is no news where somebody else tries by now
            mine &= self._table.tries == row.tries
        async with self._database.session() as session:
            written = await session.scalar(
                update(self._table).where(mine).values(**dict(values)).returning(self._table.id)
            )
            if written is not None and besides is not None:
                await besides(session)

    def _now(self) -> datetime:
        return as_stored(self._clock())
