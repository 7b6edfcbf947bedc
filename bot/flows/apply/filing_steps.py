"""The first steps of a filing: told what it needs, then one question at a time."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import replace

from base.messages import Button, Reply
from bot.flows.apply.asked_meanwhile import (
    is_about_else,
    is_aside,
    is_question,
    names_a_query,
    names_hospital,
    says_nothing_of,
    wants_else,
)
from bot.flows.apply.base_step import FilingStep
from bot.flows.apply.choosing import chosen, refusal
from bot.flows.apply.correcting import afterthought, context, correct, noted, place_instead
from bot.flows.apply.details import changed, hospital_in, restated, told, told_of_referral
from bot.flows.apply.gathering import gathered
from bot.flows.apply.intro import already
from bot.flows.apply.labelled import has_own_words, labelled, tells_alone
from bot.flows.apply.registered import means_as_before, means_just_given, means_registered
from bot.flows.apply.unreferred import kind_chosen, none_of_them, says_unreferred, which_instead
from bot.flows.identify.whose_matter import without_theirs
from bot.flows.small_words import Heard, before_question, beside_question
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import say
from bot.understood import NO_GUESS
from casework.filings.fields import NotAnAnswer, Refused, is_lunar, parse
from casework.filings.filing import Changed, Draft
from casework.filings.filing import State as FilingState
from casework.filings.items import CONTACT, Field
from language import stance
from language.following import asks_supposing

_FREE = ("text", "hospital", "disease", "name")
"""Kinds whose check takes many words."""
_COUNTED = ("date", "month", "phone", "money")
"""Kinds whose check takes nothing that was meant for something else."""
_CORRECTS_HOSPITAL = re.compile(r"不是.*[院心所].*是.*[院心所立附]")
_REGISTERED = "登记的号码"
_SURELY = 0.8
"""How likely it must be that something told before is to be changed."""


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
        both = _several_at_once(state, draft, words) if not draft.answers else None
        if both is not None:
            new, opening = [both[0], *new], [*opening, both[1]]
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
        if field.kind == "disease":
            heard = replace(heard, text=without_theirs(heard.text))
        choice = chosen(state, heard)
        if move := await self._not_referred(conversation, state, draft, heard, choice):
            return move
        if choice is not heard:
            return await self._take(state, draft, field, choice)
        if heard.commits and not heard.digits and not _is_choice(field, heard):
            return None  # said before anything was read back
        if (
            stance.says_wrong(heard.bare)
            and not _is_choice(field, heard)
            and (state.corrected or not heard.begins_anew)
        ):
            return Move(to="wrong") if draft.answers else None
        if move := await self._told_anew(draft, heard):
            return move
        if not is_aside(heard) and (move := await self._revised(conversation, state, draft, heard)):
            return move
        if move := await self._goes_elsewhere(draft, heard):
            return move
        if says_nothing_of(field, heard) or (field.kind in _FREE and names_a_query(heard)):
            return None
        if field.kind == "hospital" and _CORRECTS_HOSPITAL.search(heard.text):
            # "不是徐州中心医院，是徐州一院" is about the hospital that is asked for, not about the city.
            move = await self._take(state, draft, field, heard)
            if move is not None and not move.refused:
                return move
        if heard.corrects and heard.correction:
            words = heard.correction
            if move := await correct(self._filings, draft, heard, words, self._today()):
                return await self._with_choice(draft, field, heard, move)
        holds_nothing = heard.may_hold_nothing if field.kind == "text" else heard.holds_nothing
        if holds_nothing and not _settles(field, heard):
            return None
        if field.kind in _FREE and labelled(field, heard.text):  # "不是说了嘛，单位是…" changes nothing
            if move := await self._besides_question(state, draft, field, heard):
                return move
            return await self._take(state, draft, field, replace(heard, intent="", kind=NO_GUESS))
        if heard.seems("change", _SURELY) and not heard.corrects:
            return await self._put_right(conversation, state, draft, heard)
        if field.id == CONTACT and (given := _given_already(draft, field)) and means_just_given(heard.text):
            return Move(await self._keep(draft, [(field, given)]), to="field")
        if means_as_before(heard.text) and (move := await self._as_before(conversation, state, draft)):
            return move
        if field.id == CONTACT and means_registered(heard.text):
            return await self._take_registered(conversation, state, draft, field, heard)
        if heard.asks and (move := await self._besides_question(state, draft, field, heard)):
            return move
        move = await self._take(state, draft, field, heard)
        if move is None or move.refused:
            again = await afterthought(self._filings, draft, heard, self._today())
            return (
                again or await self._told_later(conversation, state, draft, heard, but=field if move else None) or move
            )
        return move

    async def _not_referred(
        self, conversation: str, state: State, draft: Draft, heard: Heard, choice: Heard
    ) -> Move | None:
        """No hospital referred them: none is made up. Another kind of its group is offered, and begun when chosen."""
        item = draft.item
        if kind := kind_chosen(state, self._items, item, heard, choice):
            return await self._switch(conversation, state, draft, kind, heard.text)
        if none_of_them(state, self._items, item, heard):
            return Move([say("not_referred_else")], to=DONE, offer_person=True)
        return Move([which_instead(state, self._items, item)]) if says_unreferred(item, heard) else None

    async def _put_right(self, conversation: str, state: State, draft: Draft, heard: Heard) -> Move | None:
        """Something told earlier was wrong: put right where it is said which, else asked."""
        words = await self._with_registered(conversation, state, heard.text)
        move = await correct(self._filings, draft, heard, words, self._today())
        return move or (Move(to="wrong") if draft.answers else None)

    async def _besides_question(self, state: State, draft: Draft, field: Field, heard: Heard) -> Move | None:
        """What is told in the same breath as something is asked: "北京昌平。备上以后回来看病还给报不", "津贴打谁账上？
        单位是建设路小学". None where nothing is told, or it is only supposed. The question is answered besides."""
        told_here, question = beside_question(heard.text)
        if not told_here or asks_supposing(heard.text):
            return None
        names_it = field.kind in _FREE and bool(labelled(field, told_here))
        told_first, asked = before_question(heard.text)
        may_be_it = told_first and (field.kind in _COUNTED or not heard.seems("question", _SURELY))
        if field.kind == "hospital" and "没" in told_here:
            may_be_it = names_it = False
        for words, rest in ((told_here, question),) * names_it + ((told_first, asked),) * bool(may_be_it):
            move = await self._take(state, draft, field, replace(heard, text=words, intent="", kind=NO_GUESS))
            if move and not move.refused and move.to:
                return replace(move, question=rest)
        later = told(draft.item, draft.answers, told_here, self._today())
        return Move(await self._keep(draft, later), to="field", question=question) if later else None

    async def _told_later(
        self, conversation: str, state: State, draft: Draft, heard: Heard, *, but: Field | None
    ) -> Move | None:
        """What answers a question that is still to come: "手机19900000007" while the city is asked. `but`: the field
        that has just refused the words; a part of them is no answer to it either."""
        if is_aside(heard) or heard.wants_away:
            return None
        words = await self._with_registered(conversation, state, heard.text)
        later = [one for one in told(draft.item, draft.answers, words, self._today()) if one[0] != but]
        if later:
            return Move(await self._keep(draft, later), to="field")
        again = [] if but else restated(draft.item, draft.answers, words, self._today())
        return Move([noted("noted", again)], to="field") if again else None

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

    async def _goes_elsewhere(self, draft: Draft, heard: Heard) -> Move | None:
        """ "不去北京了，还是济南" while something else is asked: the noted place is put right, the rest is kept."""
        changed = await place_instead(self._filings, draft, heard, self._today())
        now = await self._filings.get(draft.id) if changed else None
        if changed is None or now is None:
            return None
        also = told(now.item, now.answers, heard.text, self._today())
        field, name = now.item.next_field(now.answers), hospital_in(heard.text)
        if name and field is not None and field.kind == "hospital" and field not in [one for one, _ in also]:
            also.append((field, name))
        return Move([*changed.replies, *await self._keep(now, also)], to="field")

    async def _as_before(self, conversation: str, state: State, draft: Draft) -> Move | None:
        """The telephone number of what was handed in last, or the registered one that has just got the code."""
        contact = next((one for one in draft.item.asked(draft.answers) if one.id == CONTACT), None)
        if contact is None:
            return None
        before = await self._filings.undecided(draft.principal_key)
        phone = next((one.answers[CONTACT] for one in before if CONTACT in one.answers), "")
        phone = phone or await self._with_registered(conversation, state, _REGISTERED)
        return None if phone == _REGISTERED else Move(await self._keep(draft, [(contact, phone)]), to="field")

    async def _take_registered(
        self, conversation: str, state: State, draft: Draft, field: Field, heard: Heard
    ) -> Move | None:
        words = await self._with_registered(conversation, state, heard.text)
        if words == heard.text:
            return Move([say("no_registered_phone")])
        return await self._take(state, draft, field, replace(heard, text=words))

    async def _take(self, state: State, draft: Draft, field: Field, heard: Heard) -> Move | None:
        if field.kind == "text" and not labelled(
            field, heard.text
        ):  # what stands already, said once more, is no answer
            same = restated(draft.item, draft.answers, heard.text, self._today())
            if same and not tells_alone(field, heard.text):
                return None
        words = has_own_words(field, heard.text) if field.kind == "text" else heard.text
        words = labelled(field, heard.text) or words if field.kind == "name" else words
        try:
            value = parse(field, words, context(heard, self._today()))
        except Refused as refused:
            if refused.code == "choice_several" and field.id in draft.item.distinct:
                both = _one_after_the_other(state, refused.choices)
                return Move([both, *await self._keep(draft, [(field, refused.choices[0])])], to="field")
            aside = refused.code != "text_markup" and (is_about_else(heard) or wants_else(heard))
            state.offered = list(refused.choices)
            return None if aside else Move([refusal(refused)], refused=True)
        except NotAnAnswer:
            return None
        if is_question(heard, field) or (
            field.kind in _FREE and wants_else(heard) and not names_hospital(field, heard)
        ):
            return None
        so_far = {**draft.answers, field.id: value}
        others = [
            one for one in told_of_referral(draft.item, so_far, heard.text, self._today()) if one[0].id not in so_far
        ]
        others += told(draft.item, {**so_far, **{one.id: said for one, said in others}}, heard.text, self._today())
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


def _several_at_once(state: State, draft: Draft, words: Sequence[str]) -> tuple[tuple[Field, str], Reply] | None:
    """ "我搬家了，电话也换了": the first of what is to be done, and what is said of the others."""
    for field in draft.item.fields:
        if field.kind == "choice" and field.id in draft.item.distinct:
            named = changed(field, "，".join(words))
            if len(named) > 1:
                return (field, named[0]), _one_after_the_other(state, named)
    return None


def _one_after_the_other(state: State, choices: Sequence[str]) -> Reply:
    """ "手机号和住址都改": each is a filing of its own. The first is begun, the others are offered when it is done."""
    first, *others = choices
    queued = [["file_item", f"改{one}"] for one in others]
    if not state.next_intent:
        (state.next_intent, state.next_said), *queued = queued
    state.more = [*state.more, *queued]
    return say("one_after_the_other", first=first, others="、".join(others))


def _given_already(draft: Draft, field: Field) -> str:
    """The number that this filing holds already, to be registered: it may be the one to call as well."""
    kept = (draft.answers[one.id] for one in draft.item.fields if one.kind == field.kind and one.id in draft.answers)
    return next(kept, "")


def _is_choice(field: Field, heard: Heard) -> bool:
    return field.kind == "choice" and any(heard.bare in option for option in field.options)


def _settles(field: Field, heard: Heard) -> bool:
    """One of few choices is named, and it is only said what it waits for: "还在住着呢，大夫说再观察一个礼拜"."""
    return field.kind == "choice" and heard.kind.name in ("later", "wait")


def _question(field: Field) -> Reply:
    return Reply(field.ask, field.spoken, buttons=tuple(Button(name, name) for name in field.options))
