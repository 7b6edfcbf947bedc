"""A message that may not have come to its end, answered on trial: nothing is saved, and no action changes anything.

What was understood of it is kept for the message itself, which has the same words more often than not.

Runs in the Rasa engine (Python 3.10).
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from typing import Any, Dict, Optional, Text, Tuple

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

CANNOT_FORETELL = "cannot_foretell"
"""As in bot/actions/read_only.py, which runs in the other environment."""
_OF_ONE_MESSAGE = ("metadata", "message_id")
_KEPT = 64
"""Messages understood ahead: more than there are calls at once."""


class Ahead:
    """One of the channel's, for all conversations."""

    def __init__(self) -> None:
        self._parsed: "OrderedDict[Tuple[Text, Text], Dict[Text, Any]]" = OrderedDict()

    async def answer(self, processor: MessageProcessor, message: UserMessage) -> bool:
        """Leaves what would be said in the message's channel; False where that cannot be told.

        With a form open the message is only understood: what comes of it is the form's to do.
        """
        tracker = await processor.get_tracker(message.sender_id)  # a copy: it is never saved
        if tracker.applied_events() and processor._has_session_expired(tracker):
            return False
        channel = message.output_channel
        message.metadata = {**(message.metadata or {}), "ahead": True}
        await processor._update_tracker_session(tracker, channel, message.metadata)
        await processor._handle_message_with_tracker(message, tracker)
        self._keep(message, tracker.latest_message.parse_data)
        if tracker.active_loop_name or channel.messages:
            return False
        tracker = await processor.run_action_extract_slots(channel, tracker)
        await processor._run_prediction_loop(channel, tracker)
        return not channel.ran_away and not any(_is_refusal(said) for said in channel.messages)

    def understood(self, message: UserMessage) -> Optional[Dict[Text, Any]]:
        """How these very words of this conversation were understood ahead; None if they were not."""
        return self._parsed.pop((message.sender_id, message.text), None)

    def _keep(self, message: UserMessage, parsed: Dict[Text, Any]) -> None:
        kept = {key: value for key, value in parsed.items() if key not in _OF_ONE_MESSAGE}
        self._parsed[message.sender_id, message.text] = copy.deepcopy(kept)
        while len(self._parsed) > _KEPT:
            self._parsed.popitem(last=False)


def _is_refusal(said: Dict[Text, Any]) -> bool:
    return bool((said.get("custom") or {}).get(CANNOT_FORETELL))
