"""The steps of a filing: told at the start what it needs, one question at a time, promise, summary, a clear yes."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Protocol

from base.messages import Button, Link, Reply
from bot.flows.apply.base_step import FilingStep, Parties
from bot.flows.apply.correcting import afterthought, context, correct
from bot.flows.apply.details import hospital_in, told
from bot.flows.apply.gathering import gathered
from bot.flows.apply.intro import already
from bot.flows.apply.registered import means_registered
from bot.flows.goals import INTENTS
from bot.flows.small_words import Heard, before_question, read
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import HAND_IN, say
from bot.understood import NO_GUESS
from casework.filings.fields import NotAnAnswer, Refused, is_lunar, parse, said, shown
from casework.filings.filing import Changed, Draft
from casework.filings.filing import State as FilingState
from casework.filings.filings import Filings
from casework.filings.handing_in import HandingIn, Receipt
from casework.filings.items import CONTACT, Field, Items
from language import stance
from language.working_days import caveat

_FREE = ("text", "hospital", "disease", "name")
"""Kinds whose check takes many words."""
_BRIEF, _BRIEF_CHOICE = 3, 6
_NUMBERS = "一二三四五六七八九"
_SURELY = 0.8
"""How likely it must be that something told before is to be changed."""
_PROMISES = re.compile(r"同意|承诺|答应|愿意|保证|^1$|提交")
"""After a correction only these are the promise: "对" may be about what was changed."""
_ACCEPTS = re.compile(r"(?<![不没])(?:同意|同一|通意|愿意|承诺了)")
"""Anywhere in a sentence that asks nothing: "俺活八十二了没撒过谎，同意"."""
_ONLY_AGREES = re.compile(
    r"(?:嗯|好|好的|行|那|我|俺|都|[，, ])*(?:同意|通意|愿意|承诺|答应)(?:了|的|啊|呀|吧|[，, ])*"
)
"""The word of the promise, said once more: it hands nothing in."""
_ASKING = ("ask_policy", "ask_more", "ask_source", "nlu_fallback", "medical_advice", "out_of_scope")


class MakesLink(Protocol):
    """`casework.filings.materials.Materials`."""

    async def link(self, filing: int) -> str:
        """The address where materials for this filing can be handed in."""
        ...


class Begin(FilingStep):
    """A new filing, the one that was left, or word that it was handed in already."""

    async def enter(self, conversation: str, state: State) -> Move:
        parties = await self._parties.of(conversation, state)
        if parties is None:
            return Move([say("authority_ended")], to=DONE) if state.principal_id else Move(to="start")
        principal, agent = parties
        item = self._items.items[state.what]
        draft = await self._filings.begin(
            item, principal, agent=agent, authorisation=state.authorisation, channel=state.channel
        )
        state.filing = draft.id
        if draft.state is not FilingState.DRAFT:
            return Move([already(draft)], to=DONE)
        words, state.said, state.heard = [state.said, *state.heard], "", []
        opening = await self._opening(principal, draft)
        values = gathered(item, words, self._today())
        new = [(field, values[field.id]) for field in item.fields if field.id in values]
        kept = await self._keep(draft, [one for one in new if draft.answers.get(one[0].id) != one[1]])
        return Move([*opening, *kept], to="field")

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        return None


class Ask(FilingStep):
    """The next open question."""

    async def enter(self, conversation: str, state: State) -> Move:
        draft = await self._open(conversation, state)
        if isinstance(draft, Move):
            return draft
        field = draft.item.next_field(draft.answers)
        if field is None:
            return Move(to="promise" if draft.item.promise and not draft.promised else "summary")
        state.chosen, state.offered = None, []
        return Move([_question(field)])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        draft = await self._open(conversation, state)
        if isinstance(draft, Move):
            return draft
        if heard.goes_back:
            return await self._back(draft)
        field = draft.item.next_field(draft.answers)
        if field is None:
            return Move(to="field")
        if heard.commits and not heard.digits and not _is_choice(field, heard):
            return None  # said before anything was read back
        if (
            stance.says_wrong(heard.bare)
            and not _is_choice(field, heard)
            and (state.corrected or not heard.begins_anew)
        ):
            return Move(to="wrong") if draft.answers else None
        if not _is_aside(heard) and (move := await self._revised(conversation, state, draft, heard)):
            return move
        if heard.corrects and heard.correction:
            words = heard.correction
            if move := await correct(self._filings, draft, heard, words, self._today()):
                return await self._with_choice(draft, field, heard, move)
        if heard.holds_nothing and not _settles(field, heard):
            return None
        if heard.seems("change", _SURELY) and not heard.corrects:
            return await self._put_right(conversation, state, draft, heard)
        if field.id == CONTACT and means_registered(heard.text):
            return await self._take_registered(conversation, state, draft, field, heard)
        if heard.asks and (move := await self._besides_question(state, draft, field, heard)):
            return move
        move = await self._take(state, draft, field, _chosen(state, heard))
        if move is None or move.refused:
            again = await afterthought(self._filings, draft, heard, self._today())
            return (
                again or await self._told_later(conversation, state, draft, heard, but=field if move else None) or move
            )
        return move

    async def _put_right(self, conversation: str, state: State, draft: Draft, heard: Heard) -> Move | None:
        """Something told earlier was wrong: put right where it is said which, else asked."""
        words = await self._with_registered(conversation, state, heard.text)
        move = await correct(self._filings, draft, heard, words, self._today())
        return move or (Move(to="wrong") if draft.answers else None)

    async def _besides_question(self, state: State, draft: Draft, field: Field, heard: Heard) -> Move | None:
        """The answer that stands before a question: "北京昌平。备上以后回来看病还给报不"; None where none does."""
        told_first, question = before_question(heard.text)
        if not told_first or heard.seems("question", _SURELY) or (field.kind == "hospital" and "没" in told_first):
            return None
        move = await self._take(state, draft, field, replace(heard, text=told_first, kind=NO_GUESS))
        return replace(move, question=question) if move and not move.refused and move.to else None

    async def _told_later(
        self, conversation: str, state: State, draft: Draft, heard: Heard, *, but: Field | None
    ) -> Move | None:
        """What answers a question that is still to come: "手机19900000007" while the city is asked. `but`: the field
        that has just refused the words; a part of them is no answer to it either."""
        if _is_aside(heard) or heard.wants_away:
            return None
        words = await self._with_registered(conversation, state, heard.text)
        later = [one for one in told(draft.item, draft.answers, words, self._today()) if one[0] != but]
        return Move(await self._keep(draft, later), to="field") if later else None

    async def _with_choice(self, draft: Draft, field: Field, heard: Heard, move: Move) -> Move:
        """What was put right, and with it the choice that was asked for: "不对，是从杭州转过来"."""
        now = await self._filings.get(draft.id) if field.kind == "choice" and move.corrects else None
        if now is None or field.id in now.answers:
            return move
        for clause in re.split(r"[，,。；; ]", heard.text):
            with contextlib.suppress(Refused, NotAnAnswer):
                value = parse(field, clause, context(heard, self._today()))
                return replace(move, replies=[*move.replies, *await self._keep(now, [(field, value)])])
        return move

    async def _take_registered(
        self, conversation: str, state: State, draft: Draft, field: Field, heard: Heard
    ) -> Move | None:
        words = await self._with_registered(conversation, state, heard.text)
        if words == heard.text:
            return Move([say("no_registered_phone")])
        return await self._take(state, draft, field, replace(heard, text=words))

    async def _take(self, state: State, draft: Draft, field: Field, heard: Heard) -> Move | None:
        try:
            value = parse(field, heard.text, context(heard, self._today()))
        except Refused as refused:
            aside = refused.code != "text_markup" and (_is_about_else(heard) or _wants_else(heard))
            state.offered = list(refused.choices)
            return None if aside else Move([_refusal(refused)], refused=True)
        except NotAnAnswer:
            return None
        if _is_question(heard, field) or (field.kind in _FREE and _wants_else(heard) and not _names(field, heard)):
            return None
        others = told(draft.item, {**draft.answers, field.id: value}, heard.text, self._today())
        key = "noted_lunar" if is_lunar(field, heard.text) and not others else "noted"
        try:
            return Move(await self._keep(draft, [(field, value), *others], key), to="field")
        except Changed:
            return Move([say("changed_meanwhile")], to="field")

    async def _back(self, draft: Draft) -> Move:
        try:
            _, field = await self._filings.take_back(draft)
        except Changed:
            return Move([say("changed_meanwhile")], to="field")
        return Move([say("back_to" if field else "at_first")], to="field")


class Promise(FilingStep):
    """告知承诺: read out or shown; only a clear word accepts it."""

    async def enter(self, conversation: str, state: State) -> Move:
        draft = await self._open(conversation, state)
        if isinstance(draft, Move):
            return draft
        written, spoken = draft.item.promise, draft.item.promise_spoken
        reply = say("promise", promise=written)
        return Move([Reply(reply.text, say("promise", promise=spoken).to_say, buttons=reply.buttons)])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        draft = await self._open(conversation, state)
        if isinstance(draft, Move):
            return draft
        if heard.goes_back:
            await self._filings.take_back(draft)
            return Move([say("back_to")], to="field")
        if move := await self._says_wrong(draft, heard):
            return move
        if not _is_aside(heard) and (move := await self._revised(conversation, state, draft, heard)):
            return move
        if heard.corrects and (
            move := await correct(self._filings, draft, heard, heard.correction or heard.text, self._today())
        ):
            return move
        if heard.is_no or stance.says_unwilling(heard.text) or "不同意" in heard.text or "不承诺" in heard.text:
            return Move([say("promise_refused")], to=DONE, offer_person=True)
        accepts = _ACCEPTS.search(heard.bare) and not heard.asks and not heard.holds_nothing
        if not heard.is_clear_yes and not accepts:
            again = await afterthought(self._filings, draft, heard, self._today())
            return again or (Move([say("promise_again")]) if heard.is_yes else None)
        if state.corrected and not _PROMISES.search(heard.bare):  # may only say that the correction is right
            state.corrected = 0
            return Move([say("promise_after_change")])
        try:
            await self._filings.promise(draft)
        except Changed:
            return Move([say("changed_meanwhile")], to="field")
        return Move(to="summary")


class Summary(FilingStep):
    """Everything read back; handed in on a clear yes only."""

    def __init__(
        self,
        filings: Filings,
        parties: Parties,
        items: Items,
        today: Callable[[], date],
        handing_in: HandingIn,
        link: MakesLink,
    ) -> None:
        super().__init__(filings, parties, items, today)
        self._handing_in, self._link = handing_in, link

    async def enter(self, conversation: str, state: State) -> Move:
        draft = await self._open(conversation, state)
        if isinstance(draft, Move):
            return draft
        whom = f"替{state.principal_name}办理" if state.principal_id else "本人办理"
        asked = [(field, draft.answers[field.id]) for field in draft.item.asked(draft.answers)]
        written = "\n".join(f"· {field.label}：{shown(field, value)}" for field, value in asked)
        spoken = "，".join(f"{field.label}，{said(field, value)}" for field, value in asked)
        heard = f"{whom}{draft.item.spoken}。{spoken}" if state.principal_id else spoken
        reply = say("summary", whom=f"{draft.item.name}，{whom}", answers=written)
        return Move([Reply(reply.text, say("summary", whom=whom, answers=heard).to_say, buttons=reply.buttons)])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        draft = await self._open(conversation, state)
        if isinstance(draft, Move):
            return draft
        if heard.goes_back:
            await self._filings.take_back(draft)
            return Move([say("back_to")], to="field")
        hands_in = stance.hands_in(heard.text) and not heard.asks and not heard.holds_nothing
        if (heard.is_clear_yes or hands_in) and not _ONLY_AGREES.fullmatch(heard.bare):
            return await self._submit(conversation, state, draft)
        if heard.is_yes:
            return Move([say("summary_unclear")])
        if stance.says_unwilling(heard.text):
            return Move(to="keep_or_forget")
        if move := await self._says_wrong(draft, heard):
            return move
        if _is_aside(heard):
            return None
        if move := await self._revised(conversation, state, draft, heard):
            return move
        words = heard.correction if heard.corrects else heard.text
        if words and not heard.is_no:
            words = await self._with_registered(conversation, state, words)
            if move := await correct(self._filings, draft, heard, words, self._today()):
                return move
        return Move(to="wrong") if heard.is_no or heard.corrects else None

    async def _submit(self, conversation: str, state: State, draft: Draft) -> Move:
        parties = await self._parties.of(conversation, state)
        if parties is None:
            return Move([say("authority_ended")], to=DONE)
        try:
            receipt = await self._handing_in.submit(
                draft,
                parties[0],
                agent=parties[1],
                authorisation=state.authorisation if parties[1] else None,
                conversation=conversation,
                channel=state.channel,
                transcript=[(who, text) for who, text in state.transcript],
            )
        except Changed:
            return Move([say("changed_meanwhile")], to="field")
        return Move([await self._told(draft, receipt, state.channel)], to=DONE)

    async def _told(self, draft: Draft, receipt: Receipt, channel: str) -> Reply:
        item = draft.item
        if receipt.is_again:
            return say("already", name=item.name, on="", number=receipt.number)
        key = "submitted_limit" if receipt.is_limit else "submitted"
        link = await self._link.link(draft.id) if item.materials and channel != "wechat" else ""
        reply = say(
            key,
            number=receipt.number,
            code=say("receipt_code", code=receipt.code).text if receipt.code else "",
            number_spoken=read(receipt.number[-4:]),
            days=item.limit or "",
            days_spoken=item.limit or "",
            due=f"{receipt.due_on.year}年{receipt.due_on.month}月{receipt.due_on.day}日{caveat(receipt.due_on)}",
            note=item.limit_note,
            note_spoken=item.limit_note_spoken,
            materials=_materials(draft, channel, link),
            more=say("anything_else").text,
        )
        spoken = reply.to_say
        if item.materials and channel == "phone":
            spoken += say("materials_phone").text
        links = (Link(HAND_IN, link),) if link else ()
        return Reply(reply.text, spoken + say("anything_else").text, links=links)


def _materials(draft: Draft, channel: str, link: str) -> str:
    if not draft.item.materials:
        return ""
    wanted = "、".join(draft.item.materials)
    told = say("materials_wechat") if channel == "wechat" else say("materials_link", link=link)
    return say("materials_wanted", wanted=wanted, told=told.text).text


def _is_choice(field: Field, heard: Heard) -> bool:
    return field.kind == "choice" and any(heard.bare in option for option in field.options)


def _settles(field: Field, heard: Heard) -> bool:
    """One of few choices is named, and it is only said what it waits for: "还在住着呢，大夫说再观察一个礼拜"."""
    return field.kind == "choice" and heard.kind.name in ("later", "wait")


def _is_question(heard: Heard, field: Field) -> bool:
    """A question in the middle is answered, not written down as somebody's hospital; "北京？" is none, and few words
    that name one of the choices are a choice ("没出院呢")."""
    brief = _BRIEF_CHOICE if field.kind == "choice" else _BRIEF
    return heard.asks and _may_ask(heard) and len(heard.bare) > brief


def _is_aside(heard: Heard) -> bool:
    """A question that corrects nothing: "11月1号能办好吗"."""
    return heard.asks and _may_ask(heard) and len(heard.bare) > _BRIEF


def _may_ask(heard: Heard) -> bool:
    """What the engine takes it for leaves room for a question, or it was learnt to be one."""
    return heard.intent in _ASKING or heard.seems("question")


def _is_about_else(heard: Heard) -> bool:
    """What cannot be kept anyway, and sounds like a question or is one to the engine ("认定要多长时间批下来")."""
    if heard.seems("value"):
        return False
    return _may_ask(heard) and len(heard.bare) > _BRIEF and (heard.asks or heard.intent == "ask_policy")


def _names(field: Field, heard: Heard) -> bool:
    """A hospital in full is an answer whatever the engine makes of "济宁市第一人民医院给转的"."""
    return field.kind == "hospital" and bool(hospital_in(heard.text)) and not heard.wants_away


def _wants_else(heard: Heard) -> bool:
    """Away, or something else done. The engine's guess about goodbyes is not asked: it makes one of "昨天"."""
    return heard.wants_away or (heard.intent in INTENTS and not heard.seems("value"))


def _refusal(refused: Refused) -> Reply:
    """Why it cannot be kept; with what it may have meant as buttons, and by number for who only hears it."""
    if len(refused.choices) < 2:
        return Reply(refused.citizen_text, buttons=tuple(Button(one, one) for one in refused.choices))
    choices = "，".join(f"{one}，按{number}" for number, one in zip(_NUMBERS, refused.choices, strict=False))
    buttons = tuple(Button(one, one) for one in refused.choices)
    return replace(say("which_choice", refusal=refused.citizen_text, choices=choices), buttons=buttons)


def _chosen(state: State, heard: Heard) -> Heard:
    """One of what was offered, by its number; the only one by a yes. Nothing about it can be misheard any more."""
    if len(state.offered) == 1 and heard.is_yes:
        return replace(heard, text=state.offered[0], intent="", typed="", is_spoken=False)
    match = re.fullmatch(rf"第?([{_NUMBERS}1-9])个?", heard.bare)
    at = (_NUMBERS.find(match[1]) if match[1] in _NUMBERS else int(match[1]) - 1) if match else len(state.offered)
    return (
        replace(heard, text=state.offered[at], intent="", typed="", is_spoken=False)
        if at < len(state.offered)
        else heard
    )


def _question(field: Field) -> Reply:
    return Reply(field.ask, field.spoken, buttons=tuple(Button(name, name) for name in field.options))
