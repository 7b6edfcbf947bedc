"""The bureau's core system over HTTP/JSON: a `casework.core.contract.CoreSystem`. The interface: docs/core-api.yaml."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog

from base.personal_data import Vault
from casework.core import wire
from casework.core.calls import Answer, Calls
from casework.core.contract import (
    Chronic,
    Contribution,
    CoreCase,
    CoreUnavailable,
    Decision,
    Drug,
    Person,
    RemoteFiling,
    Settlement,
    Submission,
)
from casework.core.errors import CoreRefused, nonsense

log = structlog.get_logger()

MAX_DRUGS = 20
MAY_LACK = frozenset({"/v1/settlements", "/v1/drugs"})
DECISIONS = "/v1/decisions"
T = TypeVar("T")


class UnknownPerson(Exception):
    """The core system knows nobody of this number: a good answer."""


class UnknownCase(Exception):
    """The core system knows no case of this number, of which it was told a decision."""


class NotOffered(Exception):
    """The core system lacks this question: a good answer too."""


class HttpCore:
    """Owns `calls`: `aclose` it. Every method raises CoreUnavailable; see `casework.core.errors` for the codes."""

    def __init__(self, calls: Calls, vault: Vault) -> None:
        self._calls, self._vault = calls, vault

    async def aclose(self) -> None:
        await self._calls.aclose()

    async def person(self, id_number: str) -> Person | None:
        key = self._vault.lookup(id_number)
        return await self._of("/v1/person", id_number, lambda record: wire.person(record, id_number, key))

    async def contributions(self, id_number: str) -> Sequence[Contribution]:
        found = await self._list("/v1/contributions", id_number, wire.contribution)
        return sorted(found, key=lambda one: one.year)

    async def balance(self, id_number: str) -> int | None:
        return await self._of("/v1/balance", id_number, wire.balance)

    async def remote_filings(self, id_number: str) -> Sequence[RemoteFiling]:
        return await self._list("/v1/remote-filings", id_number, wire.remote_filing)

    async def chronic(self, id_number: str) -> Sequence[Chronic]:
        return await self._list("/v1/chronic", id_number, wire.chronic)

    async def cases(self, id_number: str) -> Sequence[CoreCase]:
        return await self._list("/v1/cases", id_number, wire.case)

    async def settlements(self, id_number: str) -> Sequence[Settlement] | None:
        try:
            found = await self._list("/v1/settlements", id_number, wire.settlement)
        except NotOffered:
            return None
        return sorted(found, key=lambda one: one.on, reverse=True)

    async def drugs(self, name: str) -> Sequence[Drug] | None:
        try:
            return await self._ask("/v1/drugs", {"name": name}, lambda record: _each(record, wire.drug)[:MAX_DRUGS])
        except NotOffered:
            return None

    async def submit(self, id_number: str, submission: Submission) -> None:
        """Also raises CoreRefused (core_rejected) for a person the core system does not know."""
        body = wire.submission_body(id_number, submission)
        await self._tell("/v1/submissions", body, submission.number, submission.key)

    async def decide(self, id_number: str, decision: Decision) -> None:
        """Also raises CoreRefused (core_no_case) for a case the core system does not have."""
        body = wire.decision_body(id_number, decision)
        try:
            await self._tell(DECISIONS, body, decision.number, decision.key)
        except UnknownCase:
            raise CoreRefused(DECISIONS, code="core_no_case") from None

    async def _tell(self, path: str, body: Mapping[str, Any], number: str, key: str) -> None:
        """What changes something there: it answers with the number of the case."""

        def confirmed(record: wire.Record) -> None:
            if record.text("number") != number:
                raise nonsense(f"{path}.number")

        try:
            await self._ask(path, body, confirmed, key)
        except UnknownPerson:
            raise CoreRefused(path) from None

    async def _list(self, path: str, id_number: str, made: Callable[[wire.Record], T]) -> list[T]:
        return await self._of(path, id_number, lambda record: _each(record, made)) or []

    async def _of(self, path: str, id_number: str, made: Callable[[wire.Record], T]) -> T | None:
        """None for who is unknown."""
        try:
            return await self._ask(path, {"id_number": id_number}, made)
        except UnknownPerson:
            return None

    async def _ask(self, path: str, body: Mapping[str, Any], made: Callable[[wire.Record], T], key: str = "") -> T:
        with _noted(path):
            answer = await self._calls.ask(path, body, key)
            return made(_record(answer, path))


def _each(record: wire.Record, made: Callable[[wire.Record], T]) -> list[T]:
    return [made(one) for one in record.records("items")]


def _record(answer: Answer, path: str) -> wire.Record:
    if answer.status == 501 and path in MAY_LACK:
        raise NotOffered
    code = wire.error_code(answer.body) if answer.status == 404 else ""
    if code == "unknown_person" and path != "/v1/drugs":
        raise UnknownPerson
    if code == "unknown_case" and path == DECISIONS:
        raise UnknownCase
    if answer.status >= 400:
        raise nonsense(f"{path}: status {answer.status}")
    return wire.read(answer.body, path)


@contextmanager
def _noted(path: str) -> Iterator[None]:
    """Log what went wrong: the error's detail names a path or a field, never a value."""
    began = time.monotonic()
    try:
        yield
    except CoreUnavailable as error:
        if error.code != "core_open":  # said once, when it opened
            took = round((time.monotonic() - began) * 1000)
            log.warning("core_call_failed", path=path, code=error.code, detail=str(error), ms=took)
        raise
