"""Where a conversation stands in its errand; kept sealed in the database, so that a restart loses nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from base.clock import Clock, as_stored, utc_now
from base.database import Database
from base.messages import Reply, reply_from_json, reply_to_json
from base.personal_data import Vault
from casework.models import ERRAND_KEPT
from casework.models import Errand as Row


@dataclass(slots=True)
class State:
    """One errand. `what`: the query's kind or the item's id. `stage`: the step that waits for an answer."""

    kind: str
    channel: str
    what: str = ""
    said: str = ""
    """The words it began with, until they are used up: "俺在北京跟着闺女住" answers the first question too."""
    heard: list[str] = field(default_factory=list, repr=False)
    """What was told of the filing since, while something else was asked: read when it begins."""
    told: dict[str, str] = field(default_factory=dict, repr=False)
    """What of it was acknowledged: field id → value."""
    relation: str = ""
    """Whom it is for, as they said: "娘"; "" for themselves."""
    surname: str = ""
    """Of whom it is for, when a name was said: nobody else's authorisation is used."""
    beside: str = ""
    """Who acts by their own number, with the caller's help: the relation, "娘"; "" where nobody is helped so."""
    own_proof: bool = False
    """The caller's own proof is wanted: whom it is for is not there, or need not act."""
    maybe: str = ""
    """Whose it may be instead of the speaker's: was asked. "" where nobody was named."""
    unclear_id: str = ""
    """A number that may be theirs or the caller's: whose it is was asked."""
    stage: str = ""
    offered: list[str] = field(default_factory=list)
    """Ids of what was offered to choose from."""
    partial: str = ""
    id_number: str = ""
    """Heard, not yet confirmed."""
    mentioned_id: str = ""
    """Given before anybody asked for it; "" once it is used."""
    mentioned_part: str = ""
    """The first digits of one, said while something else was asked."""
    proving: str = ""
    """The ID number whose code is waited for."""
    code_tail: str = ""
    """The last two digits of the phone that got the code."""
    principal_id: str = ""
    principal_name: str = ""
    """Masked."""
    authorisation: int | None = None
    request: int | None = None
    filing: int | None = None
    agent_id: str = ""
    items: list[str] = field(default_factory=list)
    until: str = ""
    chosen: int | None = None
    next_intent: str = ""
    next_said: str = ""
    """What they wanted besides, in the same sentence: offered when this errand is done."""
    more: list[list[str]] = field(default_factory=list)
    """What they wanted besides that, each as [intent, words]."""
    nagged: int = 0
    """How many times the question who they are was put again after something else."""
    parked: bool = False
    """Put off before anything of it could be kept in a filing: nothing waits for an answer."""
    repeats: int = 0
    """How many times the open question was put again as it is."""
    missed: int = 0
    """How many times in a row what was said was no answer."""
    corrected: int = 0
    """For how many messages yet a yes, or a "不对", may be about what was just changed."""
    transcript: list[tuple[str, str]] = field(default_factory=list, repr=False)
    """The last turns, masked: for whoever works on the ticket."""
    asking: list[Reply] = field(default_factory=list, repr=False)
    """The open question."""


_HELPED = "#helped"
"""Behind the conversation's name: a row of its own, which outlives its errands."""


class States:
    """`now` is passed in so that a test can choose the time."""

    def __init__(self, database: Database, vault: Vault, now: Clock = utc_now) -> None:
        self._database, self._vault, self._now = database, vault, now

    async def get(self, conversation: str) -> State | None:
        """What waits for an answer."""
        state = await self._kept(conversation)
        return None if state is None or state.parked else state

    async def parked(self, conversation: str) -> State | None:
        """What was put off with words that no filing holds yet."""
        state = await self._kept(conversation)
        return state if state is not None and state.parked else None

    async def _kept(self, conversation: str) -> State | None:
        async with self._database.session() as session:
            row = await session.get(Row, self._vault.lookup(conversation))
            if row is None or row.changed_at < self._utc() - ERRAND_KEPT:
                return None
            return _from_json(json.loads(self._vault.decrypt(row.state_sealed)))

    async def helped(self, conversation: str) -> tuple[str, str]:
        """Who proved themselves here with the caller's help: the relation and their ID number; ("", "") where nobody
        did."""
        kept = await self._kept(f"{conversation}{_HELPED}")
        return (kept.relation, kept.principal_id) if kept else ("", "")

    async def note_helped(self, conversation: str, relation: str, id_number: str) -> None:
        state = State(kind="helped", channel="", relation=relation, principal_id=id_number)
        await self.put(f"{conversation}{_HELPED}", state)

    async def forget_helped(self, conversation: str) -> None:
        await self.drop(f"{conversation}{_HELPED}")

    async def put(self, conversation: str, state: State) -> None:
        sealed = self._vault.encrypt(json.dumps(_to_json(state), ensure_ascii=False))
        row = Row(conversation=self._vault.lookup(conversation), state_sealed=sealed, changed_at=self._utc())
        async with self._database.session() as session:
            await session.merge(row)

    async def drop(self, conversation: str) -> None:
        async with self._database.session() as session:
            await session.execute(delete(Row).where(Row.conversation == self._vault.lookup(conversation)))
            await session.execute(delete(Row).where(Row.changed_at < self._utc() - ERRAND_KEPT))

    def _utc(self) -> datetime:
        return as_stored(self._now())


def _to_json(state: State) -> dict[str, Any]:
    return {**asdict(state), "asking": [reply_to_json(one) for one in state.asking]}


def _from_json(raw: dict[str, Any]) -> State:
    return State(**{**raw, "asking": [reply_from_json(one) for one in raw["asking"]]})
