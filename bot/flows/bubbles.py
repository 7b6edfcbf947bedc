"""What is said at once comes in at most three bubbles: short acknowledgements are joined to one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from base.messages import Reply

MOST = 3
"""More than three at once are not read on a small screen, and not remembered on the telephone."""


def few(replies: Sequence[Reply]) -> Sequence[Reply]:
    """The same words in at most three bubbles: plain sentences are joined first, then what has sources, links or
    buttons of its own, which stay. The last one, which mostly asks, stays by itself; so does what does something to
    the call (ends it, hands it over, tells of danger)."""
    said = list(replies)
    while len(said) > MOST and (pairs := _pairs(said)):
        at = min(pairs, key=lambda one: (_rich(said[one]) + _rich(said[one + 1]), _length(said[one : one + 2])))
        said[at : at + 2] = [_joined(said[at], said[at + 1])]
    return said


def _pairs(said: Sequence[Reply]) -> list[int]:
    return [at for at in range(len(said) - 2) if not (_acts(said[at]) or _acts(said[at + 1]))]


def _acts(reply: Reply) -> bool:
    return reply.end or reply.transfer or reply.emergency or reply.pace is not None or not reply.text


def _rich(reply: Reply) -> int:
    return bool(reply.sources) + bool(reply.links) + bool(reply.buttons)


def _length(replies: Sequence[Reply]) -> int:
    return sum(len(reply.text) for reply in replies)


def _joined(one: Reply, other: Reply) -> Reply:
    between = "\n" if _rich(one) or _rich(other) else ""
    return replace(
        one,
        text=one.text + between + other.text,
        spoken=one.to_say + other.to_say,
        sources=one.sources + other.sources,
        links=one.links + other.links,
        buttons=tuple(dict.fromkeys((*one.buttons, *other.buttons))),
        takes_time=one.takes_time or other.takes_time,
        not_understood=one.not_understood and other.not_understood,
    )
