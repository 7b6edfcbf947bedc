"""A reply as the message that Rasa knows, and back. Rasa carries `custom` through without looking inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from base.messages import Reply, reply_from_json, reply_to_json
from base.tenant import fill

_RASAS_OWN = ("text", "buttons")


def to_rasa(reply: Reply) -> dict[str, Any]:
    """The shape Rasa knows: text, buttons, and everything of ours under `custom`."""
    fields = reply_to_json(reply)
    return {
        "text": fields.pop("text"),
        "buttons": fields.pop("buttons", []),
        "custom": fields,
    }


def from_rasa(message: Mapping[str, Any]) -> Reply:
    """One message of Rasa's → a reply, with this city's words. Raises KeyError, TypeError or ValueError on anything
    else."""
    own = {name: message[name] for name in _RASAS_OWN if name in message}
    reply = reply_from_json({**(message.get("custom") or {}), **own})
    return replace(reply, text=fill(reply.text), spoken=fill(reply.spoken))
