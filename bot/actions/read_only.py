"""What would be said, without doing anything: the actions of `bot.actions.server` over casework that can only be read.

While a caller may just have finished, their sentence is answered on trial. An action that would change something ends
there (`CannotForetell`); whether it does so is decided by what it calls, not by a list of actions.
"""

from __future__ import annotations

from typing import Any, NoReturn, Protocol

from base.messages import Reply
from bot.actions.protocol import LISTEN
from bot.flows.query.drugs import drug_asked
from bot.flows.wished import Wish
from bot.understood import NO_GUESSES, Guesses

CANNOT_FORETELL = "cannot_foretell"
"""Under `custom` in a response: the turn has to wait until it is meant."""


class CannotForetell(Exception):  # noqa: N818 - no error: the turn is taken when it is meant
    """What comes next would change something."""


class Reads(Protocol):
    """What of `bot.flows.manager.Errands` only reads."""

    async def is_open(self, conversation: str) -> bool: ...
    async def about(self, conversation: str, text: str) -> Reply | None: ...
    def split(self, text: str) -> tuple[str, str, str] | None: ...
    def materials(self, text: str) -> Reply | None: ...
    def wish(self, text: str, learnt: str = "", guesses: Guesses = NO_GUESSES) -> Wish | None: ...


class ReadOnly:
    """In place of anything that does something: whatever is asked of it cannot be foretold."""

    def __getattr__(self, name: str) -> Any:
        return _refuse


class ReadOnlyErrands(ReadOnly):
    """`bot.actions.errands.Errands` as far as it changes nothing."""

    def __init__(self, errands: Reads) -> None:
        self.is_open, self.about = errands.is_open, errands.about
        self.split, self.wish, self.materials = errands.split, errands.wish, errands.materials

    async def drug(self, conversation: str, channel: str, text: str) -> None:
        if drug_asked(text):
            raise CannotForetell


def _refuse(*_: object, **__: object) -> NoReturn:
    raise CannotForetell


def cannot_foretell() -> dict[str, Any]:
    """In Rasa's protocol: the turn ends here, and whoever tried it is told so."""
    return {
        "responses": [{"custom": {CANNOT_FORETELL: True}}],
        "events": [{"event": "followup", "name": LISTEN}],
    }
