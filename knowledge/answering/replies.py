"""What the knowledge replies to a question: an answer, a decline, or one question back."""

from __future__ import annotations

from dataclasses import dataclass

from base.messages import Source
from knowledge.answering.explaining import Why


@dataclass(frozen=True, slots=True)
class Answer:
    """What a published document says. `place` is whose rules were asked for; `more` that `Assistant.more` has more.
    `part` counts the portions already given, for the next call of `more`."""

    text: str
    spoken: str
    sources: tuple[Source, ...]
    topic: str
    place: str
    confidence: float
    more: bool
    part: int = 0
    clauses: tuple[str, ...] = ()
    """Ids of the clauses it stands on, for statistics."""
    errand: str = ""
    """What to say to have the matter done at once; "" when it is none of our errands."""


@dataclass(frozen=True, slots=True)
class Declined:
    """No document says it. Tells what can be said, with its sources, and offers a person. `topic` when the question
    was understood."""

    text: str
    spoken: str
    topic: str | None
    sources: tuple[Source, ...] = ()
    place: str | None = None
    confidence: float = 0.0
    is_ours: bool = False
    """A matter of medical insurance all the same, though nothing says it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the two things a question may have meant. `topic`: what `Assistant.about` takes. `title` is a full
    question and can be sent as one where it is a topic; for a sentence it is what the sentence is about. `quoted`: its
    words were read out with the question back, and a yes need not hear them again."""

    topic: str
    title: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """A short question back; `sources` of what it quotes."""

    text: str
    spoken: str
    options: tuple[Option, ...]
    confidence: float = 0.0
    sources: tuple[Source, ...] = ()


def is_topic(key: str) -> bool:
    """Whether what was answered or offered is one of staff's topics, not a single sentence of a document."""
    return "~" not in key


Reply = Answer | Declined | Unclear


@dataclass(frozen=True, slots=True)
class Explained:
    """A reply with its candidates. `place` is whose rules were asked for, `version` the state of the knowledge."""

    reply: Reply
    place: str
    version: int
    candidates: tuple[Why, ...]
