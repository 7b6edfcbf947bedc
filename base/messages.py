"""What passes between a channel and the assistant: one reply, with its written and spoken forms and its sources."""

from __future__ import annotations

from dataclasses import dataclass


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

    emergency: bool = False
    """Somebody may be dying: a page shows a red, full-width 拨打120 (`tel:120`) with it."""

    @property
    def to_say(self) -> str:
        return self.spoken or self.text
