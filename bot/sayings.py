"""The fixed sayings of bot/domain/responses_*.yml, for what is said without Rasa and for voices that speak ahead.

One place for every wording: Rasa reads the same files.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from base import yaml_files
from base.messages import Reply
from bot.wire import from_rasa

DOMAIN = Path(__file__).resolve().parent / "domain"


@cache
def all_sayings() -> dict[str, Reply]:
    """Every saying by its name in the domain ("utter_greet"). Placeholders such as {ticket} are left as they stand."""
    sayings: dict[str, Reply] = {}
    for file in sorted(DOMAIN.glob("responses_*.yml")):
        responses: dict[str, list[dict[str, Any]]] = yaml_files.read(file)["responses"]
        sayings |= {name: from_rasa(variants[0]) for name, variants in responses.items()}
    return sayings


def say(name: str) -> Reply:
    """One saying by its name in the domain."""
    return all_sayings()[name]


def fixed_spoken() -> list[str]:
    """What is heard word for word, so that it can be synthesised ahead: sayings without placeholders."""
    return [reply.to_say for reply in all_sayings().values() if not re.search(r"\{\w+\}", reply.to_say)]
