"""Rasa's action-server protocol, as little of it as we use: what Rasa posts, and what it wants back.

Rasa posts {"next_action", "sender_id", "tracker", ...} and expects {"events": [...], "responses": [...]}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from base.messages import Reply
from bot.understood import NO_GUESSES, Guesses, guesses_from_json
from bot.wire import from_rasa, to_rasa

LISTEN, ERRAND_FORM, TICKET_FORM = "action_listen", "errand_form", "ticket_form"
"""Actions of Rasa's."""
FORGOTTEN: dict[str, Any] = {"later": None, "later_words": None}
"""The slots of what is to be noted once they proved who they are (`bot.actions.later`), emptied."""
_TURNS_KEPT = 24
"""Of the transcript: what a member of staff reads before calling back."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The conversation as an action sees it. Holds what a citizen said: never logged."""

    text: str
    intent: str
    channel: str
    places: tuple[str, ...] = ()
    """Jurisdiction ids, or names of places we know nothing of, in the order they were named."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    conversation: str = ""
    """Tells conversations apart; may be a client's own id, so never logged."""

    caller: str | None = None
    """The calling number, if the line gave one."""

    typed: str = ""
    """The words as they were typed, where `text` has them in other characters (張 → 张)."""

    is_spoken: bool = False
    """Recognised speech, so that a word may have been misheard."""

    is_ahead: bool = False
    """Asked on trial, before it is known whether it was said to its end: nothing may come of it."""

    can_transfer: bool = False
    """Whether the line can give the caller to a person now."""

    said_before: tuple[Reply, ...] = ()
    """What the assistant said last before this message."""

    form: str = ""
    """Which one is open; empty if none is."""

    ranking: Mapping[str, float] = field(default_factory=dict)
    """How likely each of the likeliest intents is."""

    guesses: Guesses = NO_GUESSES
    """What else was learnt to be made of the message."""

    transcript: tuple[tuple[str, str], ...] = ()
    """The last turns as (who, text), "citizen" or "assistant"; this message is the last of them."""

    def likely(self, intent: str) -> float:
        return self.ranking.get(intent, 0.0)

    def slot(self, name: str) -> str | None:
        """A text slot; None when it is empty."""
        value = self.slots.get(name)
        return value if isinstance(value, str) and value else None


@dataclass(frozen=True, slots=True)
class Saying:
    """A fixed saying of the domain, by name, with the values for its placeholders."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action did: what is said, and which slots change.

    `then` names the action that follows whatever Rasa's rules would say: a form that opens, or `LISTEN`. So the action
    decides how its turn goes on, and no rule depends on a slot that the action itself has just changed.
    """

    replies: tuple[Reply | Saying, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    then: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"responses": [_response(reply) for reply in self.replies], "events": self._events()}

    def _events(self) -> list[dict[str, Any]]:
        slots = [{"event": "slot", "name": name, "value": value} for name, value in self.slots.items()]
        return [*slots, {"event": "followup", "name": self.then}] if self.then else slots


@dataclass(frozen=True, slots=True)
class Beginning(Outcome):
    """A conversation begins, in the middle of `form` if one is named; what Rasa's own action_session_start would do."""

    form: str = ""

    def _events(self) -> list[dict[str, Any]]:
        opened = [{"event": "active_loop", "name": self.form}] if self.form else []
        listens = {"event": "action", "name": "action_listen"}
        return [{"event": "session_started"}, *opened, *Outcome._events(self), listens]


def turn_from_json(tracker: Mapping[str, Any]) -> Turn:
    """The tracker Rasa posts → a turn. Raises KeyError, TypeError or ValueError on anything else."""
    latest = tracker["latest_message"]
    events = tracker["events"] or []
    asked_at = max((i for i, event in enumerate(events) if event.get("event") == "user"), default=-1)
    metadata = (events[asked_at].get("metadata") or {}) if asked_at >= 0 else {}
    caller, typed = metadata.get("caller"), metadata.get("typed")
    return Turn(
        text=latest.get("text") or "",
        intent=(latest.get("intent") or {}).get("name") or "",
        channel=tracker.get("latest_input_channel") or "",
        places=tuple(e["value"] for e in latest.get("entities") or () if e.get("entity") == "place"),
        slots=tracker.get("slots") or {},
        conversation=tracker.get("sender_id") or "",
        caller=caller if isinstance(caller, str) else None,
        typed=typed if isinstance(typed, str) else "",
        is_spoken=metadata.get("spoken") is True or tracker.get("latest_input_channel") == "phone",
        is_ahead=metadata.get("ahead") is True,
        can_transfer=metadata.get("can_transfer") is True,
        said_before=_said_before(events[: max(asked_at, 0)]),
        ranking={one["name"]: float(one["confidence"]) for one in latest.get("intent_ranking") or ()},
        guesses=guesses_from_json(latest.get("text") or "", latest),
        form=(tracker.get("active_loop") or {}).get("name") or "",
        transcript=_transcript(events),
    )


def _transcript(events: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    who = {"user": "citizen", "bot": "assistant"}
    spoken = [event for event in events if event.get("event") in who and event.get("text")]
    return tuple((who[event["event"]], str(event["text"])) for event in spoken[-_TURNS_KEPT:])


def _said_before(events: list[dict[str, Any]]) -> tuple[Reply, ...]:
    """The replies of the last turn in which anything was said."""
    replies: list[Reply] = []
    for event in reversed(events):
        if event.get("event") == "bot":
            replies.append(from_rasa({**(event.get("data") or {}), "text": event.get("text") or ""}))
        elif event.get("event") == "user" and replies:
            break
    return tuple(reversed(replies))


def _response(reply: Reply | Saying) -> dict[str, Any]:
    if isinstance(reply, Saying):
        return {"response": reply.name, **reply.values}
    return to_rasa(reply)
