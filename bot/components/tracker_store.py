"""Conversations in memory, as many and as long as the hotline needs, and no longer.

Rasa's own in-memory store never forgets: after a month it would hold every call ever made. What citizens said is
personal, so by default nothing of it is written to disk either. For several Rasa processes use Rasa's SQL store on
PostgreSQL instead (docs: operate).

Runs in the Rasa engine (Python 3.10).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any, Dict, Optional, Text

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.components.conversation import without_the_past


class ForgettingTrackerStore(InMemoryTrackerStore):
    """Keeps at most `max_conversations`, each until `forget_after_seconds` after its last message, and of each the
    last turns."""

    def __init__(
        self,
        domain: Domain,
        host: Optional[EndpointConfig] = None,
        event_broker: Optional[EventBroker] = None,
        max_conversations: int = 5000,
        forget_after_seconds: float = 7200,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self._max_conversations = int(max_conversations)
        self._forget_after_seconds = float(forget_after_seconds)
        self._last_used: OrderedDict[Text, float] = OrderedDict()
        self.store: Dict[Text, Text] = {}

    async def save(self, tracker: DialogueStateTracker) -> None:
        self._last_used[tracker.sender_id] = time.monotonic()
        self._last_used.move_to_end(tracker.sender_id)
        self._forget()
        await super().save(without_the_past(tracker, self.domain))

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        self._forget()
        return await super().retrieve(sender_id)

    def _forget(self) -> None:
        oldest_allowed = time.monotonic() - self._forget_after_seconds
        while self._last_used:
            sender_id, used = next(iter(self._last_used.items()))
            if used >= oldest_allowed and len(self._last_used) <= self._max_conversations:
                return
            del self._last_used[sender_id]
            self.store.pop(sender_id, None)
