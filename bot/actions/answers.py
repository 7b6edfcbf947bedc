"""Actions that answer: the question goes to the knowledge package as it was said, the answer back as it was found.

No policy here: what is said about policy is Answer, Declined or Unclear of `knowledge.answering.answer`, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from base.messages import Button, Reply
from bot.actions.closing import is_closed, only_heard
from bot.actions.going_on import DO_IT, of_other_insurance
from bot.actions.notes import Notes
from bot.actions.offers import with_offer
from bot.actions.protocol import LISTEN, TICKET_FORM, Outcome, Saying, Turn
from bot.flows.identify.relatives import tells_of_death
from bot.flows.wording import say as in_flow
from bot.sayings import say
from casework.tickets.tickets import Kind
from knowledge.answering.asked.heard import by_its_sound
from knowledge.answering.places import Named, only_place, place_in
from knowledge.answering.replies import Answer, Declined, Unclear, is_topic
from knowledge.answering.several import answers_enough, together
from knowledge.retrieval.normalise import asks_without_subject, fold, plain
from language.complaints import asks_instead
from language.several import questions

_FORM = Outcome(then=TICKET_FORM)
Result = Answer | Declined | Unclear
Begin = Callable[[Turn], Awaitable[Outcome]]

TAKEN_BACK = "taken_back"
"""Value of the slot `offer`: a wish to take a ticket back was just noted, and a yes means it."""
_KNOWN_PLACE = re.compile(r"^sd(?:-[a-z]+)*$")
_COMPARES = re.compile(r"^[那要]")
"""“那济南呢” only wants to know; “我在济南” says whose rules count from now on."""
_WHOLE = re.compile(r"全文|原文|完整|从头|(整|全)(个|部)?(条|段|内容)")
"""Wants the clause itself, not only what was left out of the answer."""
_ASKS = re.compile(r"[吗么?？]|怎么|咋|啥|什么|几|多少|哪|能不能|用不用|要不要|一样|电话|地址|[办报行中能]不|条件|材料")
_INSURED_IN = re.compile(r"(?:我|俺|咱).{0,4}?[在是]([一-龥]{2,3}?)(?:市|那边)?(?:参[的了]?保|[交缴]的医?保)")
_BELONGS = r"(?:我|俺|咱)(?:们)?(?:家|户口|医保|的医保|家里)?(?:是|在|都是|就是)?"
_ECHO = re.compile(r"^(是的?|对对?|嗯|我?是?想?问的?是?|就是)+")
_LONG = 60
"""Characters."""
_FIRST = re.compile(r"第[一1]|头|前|上面|^一$|^1$|[选要]一|一号")
_SECOND = re.compile(r"第[二2]|后|下面|^二$|^2$|[选要]二|二号")


class Knowledge(Protocol):
    """`knowledge.answering.answer.Assistant`, as far as the conversation needs it."""

    async def ask(self, question: str, *, place: str | None, on: date, topic: str | None = None) -> Result: ...

    async def respelled(self, text: str) -> str: ...

    async def about(self, topic: str, *, place: str | None, on: date, said: str = "") -> Result: ...

    async def more(self, topic: str, *, place: str | None, on: date, part: int) -> Answer | None: ...

    async def whole(self, topic: str, *, place: str | None, on: date) -> Answer | None: ...

    async def source(self, topic: str, *, place: str | None, on: date) -> Answer | None: ...


class Answers:
    """The answering actions. `today` is passed in so that a test or the demo can choose the day.

    The slot `place` is where the citizen said they belong; `answer_place` is whose rules the last answer gave, which
    differs when a question named another place.
    """

    def __init__(self, knowledge: Knowledge, today: Callable[[], date], notes: Notes, begin: Begin) -> None:
        """`begin` is what happens to somebody who wants something done: `bot.actions.errands.ErrandForm.begin`."""
        self._knowledge, self._today, self._notes, self._begin = knowledge, today, notes, begin

    async def answer(self, turn: Turn) -> Outcome:
        """An answer to each question of the message. What may as well be a wish to have something done is offered to be
        done, too."""
        if option := _named(turn):
            return await self._chosen(turn, option)
        turn = replace(turn, text=asks_instead(turn.text) or of_other_insurance(turn) or turn.text)
        if several := await self._several(turn):
            return several
        outcome = await self._answered(turn, turn.text)
        if tells_of_death(turn.text):  # nothing of their own is offered with it
            return _with_condolence(_one_at_a_time(turn, outcome))
        if _of_the_dead(turn, turn.text):
            return outcome
        return _one_at_a_time(turn, with_offer(turn, outcome))

    async def _several(self, turn: Turn) -> Outcome | None:
        """Several questions of one message, answered in their order. None where it is one question, or too little is
        known of its parts: then the whole may be answered."""
        parts = questions(turn.text)
        if len(parts) < 2:
            return None
        told: list[tuple[str, Result]] = []
        slots = dict(turn.slots)
        for part in parts:
            told.append(await self._found(replace(turn, slots=slots), part))
            slots |= _talked_about(told[-1][1])
        if not answers_enough([result for _, result in told]):
            return None
        for part, result in told:
            self._notes.asked(replace(turn, text=part), result)
        last, replies = together(told)
        outcome = _outcome(last[1], last[0], {**(_unanswered(turn, last[1]) or {}), **_stated(turn)})
        outcome = replace(outcome, replies=tuple(map(_reply, replies)))
        return _with_condolence(outcome) if tells_of_death(turn.text) else outcome

    async def _answered(self, turn: Turn, question: str) -> Outcome:
        question, result = await self._found(turn, question)
        self._notes.asked(replace(turn, text=question), result)
        return _outcome(result, question, {**(_unanswered(turn, result) or {}), **_stated(turn)})

    async def _found(self, turn: Turn, question: str) -> tuple[str, Result]:
        """The question as it was understood, and what is said to it."""
        place, topic = _whose_rules(turn, question), turn.slot("topic")
        asked = _of_elsewhere(turn, question)
        if _of_the_dead(turn, question):
            asked = f"人去世了，{asked}"
        meant, result = await self._asked(turn, asked, place, topic)
        return (question if meant == asked else meant), result

    async def outside(self, turn: Turn) -> Outcome:
        """Seems to be none of our business. Whether it is, the knowledge knows better: "要几天" goes on from what was
        talked about, some matters are known to be in no document, and staff publish what nobody trained on."""
        if option := _named(turn):
            return await self._chosen(turn, option)
        if several := await self._several(turn):
            return several
        topic = turn.slot("topic") if asks_without_subject(turn.text) else None
        place = _whose_rules(turn, turn.text)
        question, result = await self._asked(turn, turn.text, place, topic)
        self._notes.asked(turn, result)
        if isinstance(result, Declined) and result.topic is None and not result.is_ours:
            return Outcome((Saying("utter_out_of_scope"),))
        return _outcome(result, question, _unanswered(turn, result))

    async def _asked(self, turn: Turn, question: str, place: str | None, topic: str | None) -> tuple[str, Result]:
        """The question that was answered, and what is said to it; what was recognised may be meant by its sound."""
        result = await self._knowledge.ask(question, place=place, on=self._today(), topic=topic)
        if not turn.is_spoken:
            return question, result
        return await by_its_sound(self._knowledge, question, result, place=place, on=self._today(), topic=topic)

    async def other_errand(self, turn: Turn) -> Outcome:
        """A wish that only staff can fulfil (停保, 换社保卡): what the documents say of it, and a person."""
        if _ASKS.search(turn.text):
            return await self.answer(turn)
        outcome = await self._answered(turn, turn.text)
        by_staff = say("utter_other_errand")
        if not outcome.slots["topic"]:
            slots = {**outcome.slots, "offer": "person", "options": None, "ticket_kind": Kind.CONSULTATION.name}
            return Outcome((by_staff,), slots)
        if outcome.slots["offer"] == "person":  # known to be in no document, and where to go with it
            return outcome
        return Outcome((*outcome.replies, by_staff), {**outcome.slots, "offer": "person"})

    async def not_foreseen(self, turn: Turn) -> Outcome:
        """No rule fits. What was said goes to the knowledge, which may decline; then the form that is open goes on."""
        return replace(await self.answer(turn), then=turn.form or LISTEN)

    async def yes(self, turn: Turn) -> Outcome:
        """A plain yes: to what was offered last, or to nothing."""
        offered = turn.slot("offer")
        if offered and is_closed(turn):  # it was declined, or something else was said since
            return Outcome((Saying("utter_anything_else"),), {"offer": None})
        if offered == TAKEN_BACK:
            return Outcome((in_flow("taken_back_stands"),), {"offer": None})
        if offered == "more":
            return await self.more(turn)
        if offered == "person":
            return Outcome((Saying("utter_anything_else"),), {"offer": None}) if only_heard(turn) else _FORM
        if offered == "errand":
            words, intent = turn.slot("offered_words") or "", turn.slot("offered_intent") or ""
            return await self._begin(replace(turn, text=words, intent=intent))
        options: list[dict[str, str]] = list(turn.slots.get("options") or ())
        if len(options) == 1:
            return await self._chosen(turn, options[0])
        if options:
            return Outcome((Saying("utter_which_of_the_two"),))
        return Outcome((Saying("utter_what_to_ask"),))

    async def more(self, turn: Turn) -> Outcome:
        if not (topic := turn.slot("topic")):
            return Outcome((Saying("utter_no_question_yet"),))
        place, today = turn.slot("answer_place"), self._today()
        if _WHOLE.search(turn.text):
            result = await self._knowledge.whole(topic, place=place, on=today)
        else:
            part = int(turn.slots.get("part") or 0) + 1
            result = await self._knowledge.more(topic, place=place, on=today, part=part)
        if result is None:
            return Outcome((Saying("utter_no_more"),), {"offer": None})
        return Outcome((_reply(result),), {"part": result.part, "offer": _offer(result)})

    async def source(self, turn: Turn) -> Outcome:
        if not (topic := turn.slot("topic")):
            return Outcome((Saying("utter_no_question_yet"),))
        result = await self._knowledge.source(topic, place=turn.slot("answer_place"), on=self._today())
        return Outcome((_reply(result) if result else Saying("utter_no_source"),))

    async def set_place(self, turn: Turn) -> Outcome:
        """The last question once more, for another place. The place named last counts: "not Jining, Jinan".

        A place of which there are no rules here goes to the knowledge with the rest of the sentence: "我在北京" may be
        about care away from home.
        """
        place = turn.places[-1] if turn.places else ""
        if not _KNOWN_PLACE.match(place) or (_ASKS.search(turn.text) and not only_place(fold(turn.text))):
            return await self.answer(turn)
        if not (question := turn.slot("question")):
            return Outcome((Saying("utter_place_set"),), {"place": place})
        result = await self._elsewhere(turn.slot("topic"), _without_elsewhere(question), place, turn.text)
        is_known = _KNOWN_PLACE.match(turn.slot("place") or "sd")
        stays = not (is_known and _COMPARES.match(turn.text))  # who only compares belongs where they said
        return _outcome(result, question, {"place": place} if stays else None)

    async def choose(self, turn: Turn) -> Outcome:
        """One of the two questions offered by the last "do you mean"."""
        options: list[dict[str, str]] = list(turn.slots.get("options") or ())
        wanted = 0 if _FIRST.search(turn.text) else 1 if _SECOND.search(turn.text) else None
        if wanted is None or wanted >= len(options):
            return Outcome((Saying("utter_ask_again"),), {"options": None})
        return await self._chosen(turn, options[wanted])

    async def _chosen(self, turn: Turn, option: dict[str, str]) -> Outcome:
        """What was chosen; what was read out already is not said again, only where it stands."""
        place, today = turn.slot("place"), self._today()
        result = await self._knowledge.about(option["topic"], place=place, on=today)
        outcome = _outcome(result, option["title"])
        if not option.get("quoted") or not isinstance(result, Answer):
            return outcome
        source = await self._knowledge.source(option["topic"], place=place, on=today)
        return replace(outcome, replies=(_reply(source),)) if source else outcome

    async def _elsewhere(self, topic: str | None, question: str, place: str, said: str) -> Result:
        """The topic for another place; the question in words where the last answer belonged to no topic."""
        if topic:
            result = await self._knowledge.about(topic, place=place, on=self._today(), said=said)
            if not (isinstance(result, Declined) and result.topic is None):
                return result
        return await self._knowledge.ask(question, place=place, on=self._today())


def _named(turn: Turn) -> dict[str, str] | None:
    """The choice whose name was said or typed: "缴费基数" to "您是想问“缴费基数”吗？"."""
    options: list[dict[str, str]] = list(turn.slots.get("options") or ())
    said = _ECHO.sub("", plain(turn.text))
    return next((option for option in options if said and said == plain(option["title"])), None)


def _whose_rules(turn: Turn, question: str) -> str | None:
    """A question that only goes on ("要几天") stays with the place whose rules were answered last."""
    answered = turn.slot("answer_place") if asks_without_subject(question) else None
    place = answered or turn.slot("place")
    return place if place and _KNOWN_PLACE.match(place) else None


def belongs_elsewhere(text: str) -> str:
    """The place of which there are no rules here and where somebody says to be insured: 我是菏泽的. "" if none."""
    folded = fold(text)
    if insured := _INSURED_IN.search(folded):  # "我在北京参的保" is no stay
        folded = f"我是{insured[1]}的"
    found = place_in(folded)
    if found.named is not Named.ELSEWHERE:
        return ""
    says_so = rf"{_BELONGS}(?:在)?{found.name}(?:市|县|区)?(?:的|人|参|交|那边的|$)|{found.name}.{{0,3}}参"
    return found.name if re.search(says_so, folded) else ""


def _without_elsewhere(question: str) -> str:
    """门诊能报多少 of "我是菏泽的，门诊能报多少": asked for another place."""
    name = place_in(fold(question)).name if place_in(fold(question)).named is Named.ELSEWHERE else ""
    clauses = [clause for clause in re.split(r"[，,。；;]", question) if not name or name not in clause]
    return "，".join(clauses) or question.replace(name, "")


def _of_elsewhere(turn: Turn, question: str) -> str:
    """Who said that they belong elsewhere asks for the rules there, until they name a place again."""
    place = turn.slot("place") or ""
    if not place or _KNOWN_PLACE.match(place) or place_in(fold(question)).name:
        return question
    return f"{place}参保的，{question}"


_LEFT_BEHIND = re.compile(r"停|销|退|卡|账户|剩|扣|保|继承|取出|交")
_REMEMBERED = 5
"""Messages."""


def _of_the_dead(turn: Turn, question: str) -> bool:
    """ "他这个保是不是得停了" of somebody whose death was told before."""
    before = [text for who, text in turn.transcript[:-1] if who == "citizen"][-_REMEMBERED:]
    told = any(map(tells_of_death, before))
    return told and not tells_of_death(question) and bool(_LEFT_BEHIND.search(question))


def _one_at_a_time(turn: Turn, outcome: Outcome) -> Outcome:
    """A long story that nothing answers may hold a short question that something does."""
    nothing = outcome.slots["offer"] == "person" and not outcome.slots["topic"]
    return replace(outcome, replies=(Saying("utter_one_at_a_time"),)) if nothing and len(turn.text) > _LONG else outcome


def _with_condolence(outcome: Outcome) -> Outcome:
    """Who asks what becomes of the money of somebody who died hears a human word first."""
    return replace(outcome, replies=(in_flow("condolence"), *outcome.replies))


def _outcome(result: Result, question: str, also: dict[str, Any] | None = None) -> Outcome:
    """What is said, and what the next question may refer to."""
    slots: dict[str, Any] = {"question": question, "part": 0, "offer": _offer(result)}
    if isinstance(result, Unclear):
        options = [
            {"topic": o.topic, "title": o.title, **({"quoted": "yes"} if o.quoted else {})} for o in result.options
        ]
        slots |= {"topic": None, "answer_place": None, "options": options}
    else:
        slots |= {"topic": result.topic, "answer_place": result.place, "options": None}
    return Outcome((_reply(result),), slots | (also or {}))


def _stated(turn: Turn) -> dict[str, str]:
    """Where they said to be insured, whatever else they ask."""
    return {"place": name} if (name := belongs_elsewhere(turn.text)) else {}


def _talked_about(result: Result) -> dict[str, Any]:
    """What the next question may go on from; nothing was found or understood: what was talked about before."""
    if isinstance(result, Unclear) or not result.topic:
        return {}
    return {"topic": result.topic, "answer_place": result.place}


def _unanswered(turn: Turn, result: Result) -> dict[str, Any] | None:
    """Who then asks for a person has a question nobody answered (咨询). What is being registered stays what it is."""
    if turn.slot("requested_slot"):
        return None
    return {"ticket_kind": Kind.CONSULTATION.name if isinstance(result, Declined) else None}


def _offer(result: Result) -> str | None:
    """What a plain "yes" to this result means."""
    if isinstance(result, Declined):
        return "person"
    return "more" if isinstance(result, Answer) and result.more else None


def _reply(result: Result) -> Reply:
    if isinstance(result, Unclear):
        if len(result.options) == 1:
            both = (Button("是的", "是的"), Button("不是", "不是"))
            return Reply(result.text, result.spoken, sources=result.sources, buttons=both)
        buttons = [
            # A topic's title is a question that can be sent as one; what a sentence is about is none.
            Button(option.title, option.title if is_topic(option.topic) else "第一个" if number == 0 else "第二个")
            for number, option in enumerate(result.options)
        ]
        return Reply(result.text, result.spoken, sources=result.sources, buttons=tuple(buttons))
    offered = {"person": "转人工", "more": "还有呢"}.get(_offer(result) or "")
    buttons = [Button(offered, offered)] if offered else []
    if isinstance(result, Answer) and result.errand:
        buttons.append(Button(DO_IT, result.errand))
    return Reply(result.text, result.spoken, sources=result.sources, buttons=tuple(buttons))
