"""Several wishes in one sentence, and which of them comes first: "先备案吧，余额等会儿". Pure."""

from __future__ import annotations

import re

from base.messages import Reply
from bot.flows.goals import goal, query_kind
from bot.flows.state import State
from bot.flows.wished import LOOKED_UP
from bot.flows.wording import say
from casework.filings.items import Items

_FIRST = re.compile(
    r"^(?:那|就|还是|要不|不|[，,。 ])*先(?P<what>[^，,。；;不别]{2,10}?)(?:吧|呗|了|办|弄|查|来)*(?:[，,。；; ]|$)"
)


def called(intent: str, words: str, items: Items) -> str:
    """查余额, 办异地就医备案: a wish by its name, "" where it has none."""
    if intent == "query_mine":
        kind = query_kind(words)
        return f"查{LOOKED_UP.get(kind, '')}" if kind in LOOKED_UP else ""
    named = items.named(words)
    if not named:
        return ""
    group = items.groups.get(named[0].group) if len(named) > 1 else None
    return f"办{group.ask.split('有')[0] if group else named[0].name}"


def in_order(wishes: list[tuple[str, str]], items: Items) -> list[Reply]:
    """What comes first and what then; nothing where one of the two cannot be named."""
    first, then = (called(intent, words, items) for intent, words in wishes[:2])
    return [say("wishes_in_order", first=first, then=then)] if first and then else []


def other_first(state: State, text: str, items: Items) -> tuple[State, Reply] | None:
    """The errand that was to come next, if it is wanted first; the one under way then follows it."""
    match = _FIRST.match(text)
    if match is None or not state.next_intent or state.filing:
        return None
    wanted, next_one = match["what"], goal(state.next_intent, state.next_said, state.channel, items)
    kinds = {item.id for item in items.named(wanted)}
    is_query = state.next_intent == "query_mine" and query_kind(wanted) == next_one.what
    if not is_query and not (kinds & {next_one.what, *next_one.offered}):
        return None
    now_intent = "query_mine" if state.kind == "query" else "file_item"
    next_one.heard = [text]
    next_one.relation = next_one.relation or state.relation
    next_one.surname = next_one.surname or state.surname
    next_one.mentioned_id = state.mentioned_id
    next_one.next_intent, next_one.next_said, next_one.more = now_intent, state.said, state.more
    first, then = called(state.next_intent, state.next_said, items), called(now_intent, state.said, items)
    return next_one, say("other_first", first=first or "办这件", then=then or "刚才那件")
