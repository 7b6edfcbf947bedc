"""A bureau after years: many FAQ, tickets, questions and log entries, written in bulk into a copy of a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, insert

from casework.models import Ticket, TicketEvent
from knowledge.authoring.content import AnswerContent, FaqContent, QuoteContent
from knowledge.authoring.models import AskedQuestion, Item, Kind, Revision, Stage
from knowledge.authoring.versions import shown
from knowledge.insight.models import AskedGroup
from knowledge.insight.questions import week_of
from knowledge.models import Answer, Quote, Role, Status, Topic, TopicKind, Wording
from staff.models import AuditEntry

FAQ, TICKETS, ASKED, UNANSWERED = 10_000, 100_000, 20_000, 1_000
_CLAUSE, _QUOTED = "jining-yb-2023-25.m07", "申请办理异地就医备案手续"
_THINGS = ("异地就医备案", "门诊慢特病资格", "居民医保缴费", "医保关系转移", "药品报销", "家庭共济")
_KINDS = ("咨询", "查询", "帮办", "回电", "投诉")
_AT_ONCE = 5_000
FIRST_TICKET = "GD20260101-000000"


def crowd(
    file: Path, *, faq: int = FAQ, tickets: int = TICKETS, asked: int = ASKED, unanswered: int = UNANSWERED
) -> None:
    """Fill a database file that holds the project's knowledge."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        _add(connection, Item, (_item(number) for number in range(faq)))
        _add(connection, Revision, (_revision(number) for number in range(faq)))
        _add(connection, Topic, (_topic(number) for number in range(faq) if number % 10))
        _add(connection, Wording, (row for number in range(faq) if number % 10 for row in _wordings(number)))
        _add(connection, Answer, (_answer(number) for number in range(faq) if number % 10))
        _add(connection, Quote, (_quote(number) for number in range(faq) if number % 10))
        _add(connection, Ticket, (_ticket(number) for number in range(tickets)))
        _add(connection, TicketEvent, (_event(number) for number in range(tickets)))
        _add(connection, AskedGroup, (_group(number) for number in range(max(1, unanswered // 5))))
        _add(connection, AskedQuestion, (_question(number, unanswered) for number in range(asked + unanswered)))
        _add(connection, AuditEntry, (_entry(number) for number in range(tickets // 2)))
    engine.dispose()


def _add(connection: Connection, table: type, rows: Iterator[Mapping[str, Any]]) -> None:
    target: Table = table.__table__  # type: ignore[attr-defined]
    batch: list[Mapping[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _AT_ONCE:
            connection.execute(insert(target), batch)
            batch = []
    if batch:
        connection.execute(insert(target), batch)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@lru_cache(maxsize=20_000)
def _content(number: int) -> FaqContent:
    thing = _THINGS[number % len(_THINGS)]
    quote = QuoteContent(clause=_CLAUSE, text=_QUOTED)
    answer = AnswerContent(jurisdiction="sd-jining", spoken=f"{thing}第{number}种情形，带身份证办理。", quotes=(quote,))
    wordings = tuple(f"{thing}第{number}种情形怎么办，要什么材料，说法{way}" for way in range(3))
    return FaqContent(title=f"{thing}第{number}种情形怎么办", wordings=wordings, answers=(answer,))


def _item(number: int) -> Mapping[str, Any]:
    """Every tenth waits for review."""
    stage = Stage.PUBLISHED if number % 10 else Stage.SUBMITTED
    own = {"kind": Kind.FAQ, "id": f"many-{number:05}", "newest": 1, "stage": stage, "author": "seed"}
    more = {"published": 1 if number % 10 else None, "updated_at": _now() - timedelta(minutes=number)}
    return {"missing": 0, "position": 0, "parent": "", **own, **more, **shown(_content(number))}


def _revision(number: int) -> Mapping[str, Any]:
    own = {"kind": Kind.FAQ, "item_id": f"many-{number:05}", "version": 1, "content": _content(number).to_json()}
    stage = Stage.PUBLISHED if number % 10 else Stage.SUBMITTED
    return {
        **own,
        "stage": stage,
        "author": "seed",
        "note": "",
        "answer_to_author": "",
        "needs": 0,
        "created_at": _now(),
    }


def _topic(number: int) -> Mapping[str, Any]:
    own = {"id": f"many-{number:05}", "topic_group": "staff", "kind": TopicKind.ANSWER, "missing": ""}
    return {**own, "title": _content(number).title}


def _wordings(number: int) -> Iterator[Mapping[str, Any]]:
    for text in _content(number).wordings:
        yield {"topic_id": f"many-{number:05}", "text": text, "author": "seed"}


def _answer(number: int) -> Mapping[str, Any]:
    own = {"id": 100_000 + number, "topic_id": f"many-{number:05}", "jurisdiction_id": "sd-jining", "version": 1}
    return {**own, "status": Status.PUBLISHED, "spoken": _content(number).answers[0].spoken, "author": "seed"}


def _quote(number: int) -> Mapping[str, Any]:
    return {"answer_id": 100_000 + number, "clause_id": _CLAUSE, "position": 0, "role": Role.LEAD, "text": _QUOTED}


def _ticket(number: int) -> Mapping[str, Any]:
    """From January on; every fourth is open, some long overdue."""
    at = datetime(2026, 1, 1) + timedelta(minutes=4 * number)
    is_open = number % 4 == 0
    return {
        "id": number + 1,
        "number": f"GD20260101-{number:06}",
        "kind": _KINDS[number % len(_KINDS)],
        "channel": ("phone", "wechat", "web")[number % 3],
        "topic": f"many-{number % 1000:05}",
        "opened_at": at,
        "due_on": (at + timedelta(days=number % 60)).date(),
        "state": "open" if is_open else "closed",
        "urgency": "普通",
        "owner": None if is_open else ("zuoxi", "zuoxi2")[number % 2],
        "closed_at": None if is_open else at + timedelta(days=3),
        "rating": None if is_open else 1 + number % 5,
    }


def _event(number: int) -> Mapping[str, Any]:
    at = datetime(2026, 1, 1) + timedelta(minutes=4 * number)
    return {"ticket_id": number + 1, "at": at, "who": "system", "what": "opened"}


def _group(number: int) -> Mapping[str, Any]:
    return {"id": number + 1, "topic_id": "", "ignored_by": "", "assigned_to": "", "made_at": _now()}


def _question(number: int, unanswered: int) -> Mapping[str, Any]:
    at = datetime.now(UTC) - timedelta(minutes=3 * number)
    is_helpless = number < unanswered
    return {
        "asked_at": at.replace(tzinfo=None),
        "week": week_of(at),
        "channel": ("phone", "wechat", "web")[number % 3],
        "place": "sd-jining",
        "conversation": f"c{number // 3}",
        "text": f"{_THINGS[number % len(_THINGS)]}第{number}种情形能报多少",
        "outcome": "declined" if is_helpless else "answered",
        "followed_by": "",
        "topic_id": None if is_helpless else f"many-{number % 500:05}",
        "draft_id": "",
        "group_id": 1 + number % max(1, unanswered // 5) if is_helpless else None,
        "after": "",
        "stands_alone": True,
    }


def _entry(number: int) -> Mapping[str, Any]:
    at = _now() - timedelta(minutes=number)
    which = f"GD20260101-{number:06}"
    return {"at": at, "who": "zuoxi", "what": "ticket_viewed", "which": which, "by": "坐席", "detail": ""}
