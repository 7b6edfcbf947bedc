"""What is done to a conversation as a whole: a turn that ran away is ended, a new beginning made, the past forgotten.

Rasa predicts actions until one of them listens. When none does, a limit of ten stops the turn, and because Rasa counts
back to the last listening, every later message of that conversation is stopped at once, for ever. So a turn always
ends listening here.

Runs in the Rasa engine (Python 3.10).
"""

from __future__ import annotations

from typing import Any, Iterable, List

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

KEPT_TURNS = 12
"""Messages of the citizen. What a member of staff reads before calling back (bot/actions/protocol.py) is as long."""
_ALWAYS_KEPT = ("place", "pace")
"""Slots: who they are does not change because a turn went wrong."""


def end_turn(tracker: DialogueStateTracker, *_: Any) -> None:
    """Rasa's `on_circuit_break`: the next message is heard as any other."""
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))


def take_back(tracker: DialogueStateTracker, domain: Domain) -> None:
    """The last message was the first half of one that comes now: as it was before it."""
    if any(isinstance(event, UserUttered) for event in tracker.applied_events()):
        for event in (UserUtteranceReverted(), ActionExecuted(ACTION_LISTEN_NAME)):  # the first undoes a listening, too
            tracker.update(event, domain)


def begin_anew(tracker: DialogueStateTracker, domain: Domain, keep: bool) -> None:
    """A fresh start. With `keep`, what was open (form, slots) is open still; without, only where they belong is."""
    slots, loop = tracker.current_slot_values(), tracker.active_loop_name
    kept = slots if keep else {name: slots[name] for name in _ALWAYS_KEPT if name in slots}
    for event in [Restarted(), *_opening(kept, loop if keep else None)]:
        tracker.update(event, domain)


def without_the_past(tracker: DialogueStateTracker, domain: Domain) -> DialogueStateTracker:
    """The last `KEPT_TURNS` messages with what came of them, in front of them what was set and open then.

    Rasa posts the whole conversation with every action: it would cost more with every turn, without end.
    """
    events = list(tracker.events)
    starts = [number for number, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(starts) <= KEPT_TURNS:
        return tracker
    first = starts[-KEPT_TURNS]
    then = DialogueStateTracker.from_events(tracker.sender_id, events[:first], domain.slots)
    opening = _opening(then.current_slot_values(), then.active_loop_name)
    for event in opening:
        event.timestamp = events[first].timestamp
    return DialogueStateTracker.from_events(tracker.sender_id, [*opening, *events[first:]], domain.slots)


def _opening(slots: "dict[str, Any]", loop: "str | None") -> List[Event]:
    """The events of a conversation that begins with these slots and this form."""
    values: Iterable[Event] = (SlotSet(name, value) for name, value in slots.items() if value is not None)
    opened = [ActiveLoop(loop)] if loop else []
    begun = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    return [*begun, *opened, *values, ActionExecuted(ACTION_LISTEN_NAME)]
