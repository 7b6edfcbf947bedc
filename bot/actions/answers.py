"""Actions that answer: the question goes to the knowledge package as it was said, the answer back as it was found.

No policy here: what is said about policy is Answer, Declined or Unclear of `knowledge.answering`, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any, Protocol

from knowledge.answering import Answer, Declined, Unclear

from bot.actions.protocol import Outcome, Saying, Turn
from service.messages import Button, Reply

Result = Answer | Declined | Unclear

_PLACES = re.compile(r"^(?:cn|sd)(?:-[a-z]+)*$")
_FIRST = re.compile(r"第[一1]|头|前|上面|^一$|^1$|[选要]一|一号")
_SECOND = re.compile(r"第[二2]|后|下面|^二$|^2$|[选要]二|二号")


class Knowledge(Protocol):
    """`knowledge.answering.Assistant`, as far as the conversation needs it."""

    async def ask(self, question: str, *, place: str | None, on: date, topic: str | None = None) -> Result: ...

    async def about(self, topic: str, *, place: str | None, on: date) -> Result: ...

    async def more(self, topic: str, *, place: str | None, on: date, part: int) -> Answer | None: ...

    async def source(self, topic: str, *, place: str | None, on: date) -> Answer | None: ...


class Answers:
    """The answering actions. `today` is passed in so that a test or the demo can choose the day."""

    def __init__(self, knowledge: Knowledge, today: Callable[[], date]) -> None:
        self._knowledge, self._today = knowledge, today

    async def answer(self, turn: Turn) -> Outcome:
        return await self._ask(turn, turn.text, turn.slot("place"))

    async def more(self, turn: Turn) -> Outcome:
        if not (topic := turn.slot("topic")):
            return Outcome((Saying("utter_no_question_yet"),))
        part = int(turn.slots.get("part") or 0) + 1
        result = await self._knowledge.more(topic, place=turn.slot("place"), on=self._today(), part=part)
        if result is None:
            return Outcome((Saying("utter_no_more"),), {"offer": None})
        return Outcome((_reply(result),), {"part": part, "offer": _offer(result)})

    async def source(self, turn: Turn) -> Outcome:
        if not (topic := turn.slot("topic")):
            return Outcome((Saying("utter_no_question_yet"),))
        result = await self._knowledge.source(topic, place=turn.slot("place"), on=self._today())
        if result is None:
            return Outcome((Saying("utter_no_question_yet"),))
        return Outcome((_reply(result),), {"offer": _offer(result)})

    async def set_place(self, turn: Turn) -> Outcome:
        """The last question once more, for another place. The place named last counts: "not Jining, Jinan"."""
        named = turn.places[-1] if turn.places else ""
        if not _PLACES.match(named):
            return Outcome((Saying("utter_place_unknown"),))
        if not (question := turn.slot("question")):
            return Outcome((Saying("utter_place_set"),), {"place": named})
        return await self._ask(turn, question, named, topic=turn.slot("topic"))

    async def choose(self, turn: Turn) -> Outcome:
        """One of the two questions offered by the last "do you mean"."""
        options: list[dict[str, str]] = list(turn.slots.get("options") or ())
        wanted = 0 if _FIRST.search(turn.text) else 1 if _SECOND.search(turn.text) else None
        if not options or wanted is None or wanted >= len(options):
            return Outcome((Saying("utter_ask_again"),), {"options": None})
        chosen, place = options[wanted], turn.slot("place")
        result = await self._knowledge.about(chosen["topic"], place=place, on=self._today())
        return _outcome(result, chosen["title"], place)

    async def _ask(self, turn: Turn, question: str, place: str | None, topic: str | None = None) -> Outcome:
        result = await self._knowledge.ask(question, place=place, on=self._today(), topic=topic)
        return _outcome(result, question, place)


def _outcome(result: Result, question: str, place: str | None) -> Outcome:
    """The reply, and what the next turn may refer to."""
    slots: dict[str, Any] = {"question": question, "place": place, "part": 0, "offer": _offer(result)}
    slots["topic"] = None if isinstance(result, Unclear) else result.topic
    slots["options"] = [asdict(option) for option in result.options] if isinstance(result, Unclear) else None
    return Outcome((_reply(result),), slots)


def _offer(result: Result) -> str | None:
    """What a plain "yes" to this result means."""
    if isinstance(result, Declined):
        return "person"
    return "more" if isinstance(result, Answer) and result.more else None


def _reply(result: Result) -> Reply:
    if isinstance(result, Answer):
        buttons = (Button("还有呢", "还有呢"),) if result.more else ()
        return Reply(result.text, result.spoken, sources=result.sources, buttons=buttons)
    if isinstance(result, Declined):
        return Reply(result.text, result.spoken, sources=result.sources, buttons=(Button("转人工", "转人工"),))
    return Reply(result.text, result.spoken, buttons=tuple(Button(o.title, o.title) for o in result.options))
