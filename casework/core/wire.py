"""The JSON of docs/core-api.yaml ↔ our records. Strict: what the page does not allow is `core_nonsense`.

Every field has to be there; no value is null. Fields the page does not know are left alone, so that the core system
may grow. What is said to be nonsense is a path or a field's name, never what stood in it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn, TypeVar

from base.personal_data import is_phone
from casework.core.contract import (
    Chronic,
    Contribution,
    CoreCase,
    Decision,
    Drug,
    Person,
    PersonKey,
    RemoteFiling,
    Settlement,
    Submission,
)
from casework.core.errors import nonsense

MAX_TEXT = 200
MAX_FEN = 10**12
"""Ten thousand million yuan: more than anybody's account holds."""
SCHEMES, GRADES = ("居民", "职工"), ("甲", "乙")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_UNWRITTEN = frozenset({"Cc", "Cs"})
"""Control characters and halves of pairs: nothing that could be shown, spoken or stored."""

T = TypeVar("T")


class Record:
    """One JSON object, read field by field. `where` names it in errors."""

    __slots__ = ("_fields", "_where")

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, dict):
            raise nonsense(where)
        self._fields: dict[str, Any] = raw
        self._where = where

    def text(self, name: str) -> str:
        value = self._given(name)
        if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
            self.refuse(name)
        if any(unicodedata.category(character) in _UNWRITTEN for character in value):
            self.refuse(name)
        return value

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name)
        return value if value in allowed else self.refuse(name)

    def whole(self, name: str, least: int, most: int) -> int:
        """An integer, which true, 12.0 and "12" are not."""
        value = self._given(name)
        return value if type(value) is int and least <= value <= most else self.refuse(name)

    def day(self, name: str) -> date:
        value = self._given(name)
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            self.refuse(name)
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.refuse(name)

    def if_any(self, name: str, read: Callable[[], T]) -> T | None:
        """None for null; the field itself must be there."""
        return None if self._given(name) is None else read()

    def records(self, name: str) -> list[Record]:
        value = self._given(name)
        if not isinstance(value, list):
            self.refuse(name)
        return [Record(entry, f"{self._where}.{name}") for entry in value]

    def refuse(self, name: str) -> NoReturn:
        """This field is not what it has to be."""
        raise nonsense(f"{self._where}.{name}")

    def _given(self, name: str) -> Any:
        return self._fields[name] if name in self._fields else self.refuse(name)


def read(body: bytes, where: str) -> Record:
    """The object in a body of UTF-8 JSON."""
    try:
        loaded = json.loads(body.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        loaded = None
    return Record(loaded, where)  # outside of the handler: a JSON error carries the whole document with it


def _no_number(_word: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not numbers")


def error_code(body: bytes) -> str:
    """What the core system itself says is wrong; "" for what is not its word, such as a wrong address's 404."""
    try:
        answer = json.loads(body.decode())
    except (ValueError, RecursionError):
        return ""
    error = answer.get("error") if isinstance(answer, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else ""


def person(record: Record, id_number: str, key: PersonKey) -> Person:
    """Somebody else's record is nonsense too. No phone on record: ""."""
    if record.text("id_number") != id_number:
        record.refuse("id_number")
    phone = record.if_any("phone", lambda: record.text("phone")) or ""
    if phone and not (phone.isascii() and is_phone(phone)):
        record.refuse("phone")
    return Person(
        key=key,
        name=record.text("name"),
        id_number=id_number,
        phone=phone,
        scheme=record.one_of("scheme", SCHEMES),
        insured_place=record.text("insured_place"),
        status=record.text("status"),
    )


def contribution(record: Record) -> Contribution:
    return Contribution(
        year=record.whole("year", 1950, 2200),
        fen=record.whole("fen", 0, MAX_FEN),
        months=record.if_any("months", lambda: record.whole("months", 0, 12)),
        paid_on=record.if_any("paid_on", lambda: record.day("paid_on")),
    )


def balance(record: Record) -> int | None:
    name = "account_balance_fen"
    return record.if_any(name, lambda: record.whole(name, -MAX_FEN, MAX_FEN))


def remote_filing(record: Record) -> RemoteFiling:
    return RemoteFiling(record.text("kind"), record.text("place"), record.day("filed_on"), _end(record))


def chronic(record: Record) -> Chronic:
    return Chronic(record.text("disease"), record.day("approved_on"), _end(record))


def case(record: Record) -> CoreCase:
    return CoreCase(
        number=record.text("number"),
        item=record.text("item"),
        submitted_on=record.day("submitted_on"),
        state=record.text("state"),
        limit_working_days=record.if_any("limit_working_days", lambda: record.whole("limit_working_days", 0, 1000)),
    )


def settlement(record: Record) -> Settlement:
    """Amounts may be below zero: a bill taken back."""
    fen = [record.whole(name, -MAX_FEN, MAX_FEN) for name in ("total_fen", "paid_fen")]
    place = record.if_any("place", lambda: record.text("place")) or ""
    return Settlement(record.day("on"), record.text("provider"), fen[0], fen[1], place)


def drug(record: Record) -> Drug:
    return Drug(record.text("name"), record.text("form"), record.one_of("grade", GRADES))


def submission_body(id_number: str, submission: Submission) -> dict[str, Any]:
    return {
        "id_number": id_number,
        "number": submission.number,
        "item": submission.item,
        "submitted_on": submission.submitted_on.isoformat(),
        "limit_working_days": submission.limit_working_days,
        "fields": dict(submission.fields),
    }


def decision_body(id_number: str, decision: Decision) -> dict[str, Any]:
    return {
        "id_number": id_number,
        "number": decision.number,
        "outcome": decision.outcome.value,
        "decided_on": decision.decided_on.isoformat(),
        "reason": decision.reason,
    }


def _end(record: Record) -> date | None:
    return record.if_any("valid_until", lambda: record.day("valid_until"))
