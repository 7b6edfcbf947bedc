"""The conversations of conversations/*.yaml on the real Rasa process, with real casework behind it."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.turn import Dialogue
from tests.bot.conftest import CASEWORK, RunningRasa
from tests.casework.office import CODE, Office, people

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="session")]

# At least forty were asked for; there are more.
CONVERSATIONS: list[dict[str, Any]] = [
    conversation
    for file in sorted(Path(__file__).with_name("conversations").glob("*.yaml"))
    for conversation in yaml.safe_load(file.read_text("utf-8"))
]
_calls = count(1)


class Talk:
    """Reads out the lines of one conversation and checks what is heard."""

    def __init__(self, rasa: RunningRasa, office: Office, channel: str, caller: str = "") -> None:
        """`caller`: the number that the line gives."""
        self._dialogue, self._office, self._channel = Dialogue(rasa.client), office, channel
        self._caller = caller
        self._calls: dict[str, str] = {}

    async def line(self, said: str, *expected: str) -> None:
        if passing := re.fullmatch(r"<(\d+) minutes>", said):
            self._office.clock.passes(minutes=int(passing[1]))
            return
        if said == "<hangs up>":
            await self._office.parts.errands.leave(self._calls.pop("a"))
            return
        if said == "<cut off>":
            await self._office.parts.errands.hung_up(self._calls.pop("a"))
            return
        who, text = said.split("> ", 1) if re.match(r"[a-z]> ", said) else ("a", said)
        heard = await self._say(who, _filled(text))
        for part in expected:
            wanted = _filled(part.removeprefix("!"))
            assert (wanted in heard) is not part.startswith("!"), f"{said!r} → {heard!r}, looked for {part!r}"

    async def _say(self, who: str, text: str) -> str:
        if who not in self._calls:
            self._calls[who] = f"{CASEWORK}{next(_calls)}"
            self._office.parts.errands.picked_up(self._calls[who], self._caller)
        call = self._calls[who]
        replies = await self._dialogue.reply(call, text, self._channel)
        spoken = self._channel == "phone"
        return "".join(reply.to_say if spoken else reply.text for reply in replies)


def _filled(text: str) -> str:
    """ "{elder.id}" → the elder's ID number."""
    known = {f"{key}.id": person["id_number"] for key, person in people().items()}
    known |= {f"{key}.phone": person["phone"] for key, person in people().items()} | {"code": CODE}
    return re.sub(r"\{([a-z.]+)\}", lambda match: known[match[1]], text)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=[one["name"] for one in CONVERSATIONS])
async def test_conversation(rasa: RunningRasa, office: Office, conversation: dict[str, Any]) -> None:
    talk = Talk(rasa, office, conversation.get("channel", "web"), _filled(conversation.get("caller", "")))
    for line in conversation["lines"]:
        await talk.line(*(str(part) for part in line))


async def test_nothing_that_was_said_is_logged(rasa: RunningRasa) -> None:
    logged = rasa.log.read_text("utf-8", "replace")
    assert all(person["id_number"] not in logged for person in people().values())
    assert all(person["phone"] not in logged for person in people().values())
