"""What passes between a channel and the assistant: one reply, with its written and spoken forms and its sources.

`reply_to_json` and `reply_from_json` are how it is kept and sent: the one pair, which loses no field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

AMBULANCE = "120"


class Command(StrEnum):
    """What a key, a desk or an account asks of a conversation in the citizen's place. The value is the words that staff
    and a flow read; the engine is told the intent beside them (`bot.engine`), and guesses nothing."""

    PERSON = "转人工"
    CANCEL = "取消"
    PUT_OFF = "等会儿再办"
    AGAIN = "再说一遍"
    PROVE = "核实身份"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement stands: the document's number (文号), the clause in it, and the document's title.

    `document` and `clause_id` are the ids by which a page shows it, empty where there is none. `quotes` are the words
    of the clause that answer.
    """

    doc_no: str
    clause: str
    title: str
    document: str = ""
    clause_id: str = ""
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """A choice the citizen can tap instead of typing; `payload` is sent as if it had been typed."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address that the citizen may open: a page shows `title` as a button; `text` of the reply has the address, too,
    for channels that show text only."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing the assistant says.

    `text` is what is read on a screen. `spoken` is what is said on a line: shorter, without brackets and 文号
    notation; empty means "say `text`". `end` asks a voice channel to hang up after it was heard.
    """

    text: str
    spoken: str = ""
    sources: tuple[Source, ...] = ()
    buttons: tuple[Button, ...] = ()
    links: tuple[Link, ...] = ()
    end: bool = False
    pace: float | None = None
    """Speech rate from now on in this call, 1.0 = normal; None leaves it as it is."""

    not_understood: bool = False
    """Only says that the message was not understood: nothing was found, asked or done."""

    takes_time: bool = False
    """Tells the citizen to take their time: a line asks whether they are still there a minute later, not at once."""

    transfer: bool = False
    """Asks a voice channel to give the caller to a person after this was heard."""

    ticket: str = ""
    """The number of the ticket that it is the receipt of: a page offers to follow it."""

    emergency: bool = False
    """Somebody may be dying: a page shows red, full-width buttons with it that dial `to_dial`."""

    dial: tuple[str, ...] = ()
    """In an emergency, the numbers that help, the most urgent first."""

    @property
    def to_say(self) -> str:
        return self.spoken or self.text

    @property
    def to_dial(self) -> tuple[str, ...]:
        """What a page offers to dial: nothing unless in an emergency, and then at least 120."""
        return (self.dial or (AMBULANCE,)) if self.emergency else ()


def reply_to_json(reply: Reply) -> dict[str, Any]:
    """`text`, and of the other fields, at every depth, those that say something."""
    return {"text": reply.text} | _telling(asdict(reply))


def reply_from_json(said: Mapping[str, Any]) -> Reply:
    """What `reply_to_json` made, by this version or one that knew fewer fields, or more. Raises KeyError, TypeError or
    ValueError on anything else."""
    pace = said.get("pace")
    return Reply(
        text=_text(said["text"]),
        spoken=_text(said.get("spoken", "")),
        sources=tuple(_source(one) for one in said.get("sources") or ()),
        buttons=tuple(Button(_text(one["title"]), _text(one["payload"])) for one in said.get("buttons") or ()),
        links=tuple(Link(_text(one["title"]), _text(one["url"])) for one in said.get("links") or ()),
        end=said.get("end") is True,
        pace=None if pace is None else float(pace),
        not_understood=said.get("not_understood") is True,
        takes_time=said.get("takes_time") is True,
        transfer=said.get("transfer") is True,
        ticket=_text(said.get("ticket", "")),
        emergency=said.get("emergency") is True,
        dial=tuple(map(_text, said.get("dial") or ())),
    )


def _telling(fields: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in fields.items() if value not in ("", (), False, None)}
    return {name: [_part(one) for one in value] if isinstance(value, tuple) else value for name, value in told.items()}


def _part(part: Any) -> Any:
    """A source keeps its three names even where one is empty; quotes are texts."""
    if not isinstance(part, Mapping):
        return part
    named = {name: part[name] for name in ("doc_no", "clause", "title", "payload", "url") if name in part}
    return named | _telling(part)


def _source(fields: Mapping[str, Any]) -> Source:
    """What a page needs to show the clause may be missing."""
    return Source(
        _text(fields["doc_no"]),
        _text(fields["clause"]),
        _text(fields["title"]),
        _text(fields.get("document", "")),
        _text(fields.get("clause_id", "")),
        tuple(map(_text, fields.get("quotes", ()))),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
