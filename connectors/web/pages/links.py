"""Addresses of the public pages, made in one place."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from base.messages import Link, Reply, Source

_MOST_MARKS = 4
_MARK_CHARS = 160
"""Of a long sentence its beginning finds it, and the address stays short enough for every browser."""

FOLLOW = "查这件工单"
OPEN = "打开这个链接"


def document_link(document: str, clause: str = "", marks: Iterable[str] = ()) -> str:
    """The page of a document; open at a clause, with the words that answer marked."""
    path = f"/documents/{quote(document, safe='')}"
    if not clause:
        return path
    marked = [("mark", mark[:_MARK_CHARS]) for mark in list(marks)[:_MOST_MARKS] if mark.strip()]
    return f"{path}?{urlencode([('clause', clause), *marked])}#{anchor(clause)}"


def source_link(source: Source) -> str:
    """Where a source of a reply can be read; "" when no page shows it."""
    return document_link(source.document, source.clause_id, source.quotes) if source.document else ""


def links_of(reply: Reply) -> tuple[Link, ...]:
    """What a page offers to open with a reply, most wanted first."""
    return (*reply.links, Link(FOLLOW, ticket_link(reply.ticket))) if reply.ticket else reply.links


def ticket_link(number: str) -> str:
    """Where a ticket can be followed. The code is in no address: it is typed."""
    return f"/ticket?{urlencode([('number', number)])}"


def anchor(clause: str) -> str:
    """The clause's place on its document's page."""
    return f"c-{quote(clause, safe='')}"
