"""What is said at once comes in at most three bubbles: short acknowledgements are joined to one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from base.messages import Reply

MOST = 3
"""More than three at once are not read on a small screen, and not remembered on the telephone."""


def few(replies: Sequence[Reply]) -> Sequence[Reply]:
    """The same words in at most three bubbles, as far as buttons, links and sources allow. The last one, which mostly
    asks, stays by itself."""
    said = list(replies)
    while len(said) > MOST and (pairs := [at for at in range(len(said) - 2) if _may_join(said[at], said[at + 1])]):
        at = min(pairs, key=lambda one: len(said[one].text) + len(said[one + 1].text))
        said[at : at + 2] = [_joined(said[at], said[at + 1])]
    return said


def _may_join(one: Reply, other: Reply) -> bool:
    return one == Reply(one.text, one.spoken) and other == Reply(other.text, other.spoken)


def _joined(one: Reply, other: Reply) -> Reply:
    return replace(one, text=one.text + other.text, spoken=one.to_say + other.to_say)
