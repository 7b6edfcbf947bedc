"""Saves the turns of a conversation to the database in the order they were said, in the background.

    writer.send(job)          put in the queue, and not waited for: saving for the desk must not delay an answer. When
                              the queue is full the turn is not saved, which is counted
    await writer.do(job)      put in the same queue, and in the database when this returns

There is one writer in each process. What waits in the queue is saved in one transaction together; when that fails,
each job is tried again alone. So a job, which is a function of a session, may run twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from base.database import Database

log = structlog.get_logger()

MOST_WAITING = 1000
_TOGETHER = 50
_SECONDS = 5.0
_LOST = Counter("yibao_live_lost", "Turns that the desk will not show: too many waited, or the database refused them")

Written = TypeVar("Written")
Job = Callable[[AsyncSession], Awaitable[Any]]
Failed = (SQLAlchemyError, OSError, TimeoutError)


@dataclass(slots=True)
class _Place:
    job: Job
    done: asyncio.Future[Any] | None = None

    @property
    def given_up(self) -> bool:
        """Who asked for it waits no longer and has gone another way: doing it now would surprise them."""
        return self.done is not None and self.done.done()


class Writer:
    """`run` it as a task; when that is cancelled, what still waits is written."""

    def __init__(self, database: Database, most_waiting: int = MOST_WAITING) -> None:
        self._database = database
        self._queue: asyncio.Queue[_Place] = asyncio.Queue(most_waiting)
        self._is_full = False

    def send(self, job: Job) -> None:
        try:
            self._queue.put_nowait(_Place(job))
        except asyncio.QueueFull:
            _LOST.inc()
            if not self._is_full:  # once, not for every turn of a rush
                log.warning("live_writer_full")
            self._is_full = True
        else:
            self._is_full = False

    async def do(self, job: Callable[[AsyncSession], Awaitable[Written]]) -> Written:
        """The job's result, once it is in the database. Raises what the job or the database raises."""
        done: asyncio.Future[Written] = asyncio.get_running_loop().create_future()
        await self._queue.put(_Place(job, done))
        return await done

    async def run(self) -> None:
        """Until cancelled."""
        writing: asyncio.Task[None] | None = None
        try:
            while True:
                places = [await self._queue.get(), *self._waiting()]
                writing = asyncio.create_task(self._write(places), name="live batch")
                await asyncio.shield(writing)  # begun is finished, even when the service ends
        finally:
            if writing:
                await writing
            while rest := self._waiting():
                await self._write(rest)

    def _waiting(self) -> list[_Place]:
        return [self._queue.get_nowait() for _ in range(min(self._queue.qsize(), _TOGETHER))]

    async def _write(self, places: list[_Place]) -> None:
        places = [place for place in places if not place.given_up]
        if not places:
            return
        try:
            await self._together(places)
        except Failed:
            for place in places:  # one of them spoilt it for all
                if not place.given_up:
                    await self._alone(place)

    async def _together(self, places: list[_Place]) -> None:
        async with asyncio.timeout(_SECONDS), self._database.session() as session:
            results = [await place.job(session) for place in places]
        for place, result in zip(places, results, strict=True):
            if place.done and not place.done.done():
                place.done.set_result(result)

    async def _alone(self, place: _Place) -> None:
        try:
            await self._together([place])
        except Failed as error:
            _LOST.inc()
            log.error("live_not_written", kind=type(error).__name__)
            if place.done and not place.done.done():
                place.done.set_exception(error)
