"""What a filing is committed on: the promise, everything read back, and a clear yes to each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Protocol

from base.messages import Link, Reply
from bot.flows.apply.asked_meanwhile import is_aside
from bot.flows.apply.base_step import FilingStep, Parties
from bot.flows.apply.correcting import afterthought, correct, other_choice, place_instead
from bot.flows.goals import query_kind
from bot.flows.small_words import Heard, before_question, read, sounds_like_question
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import HAND_IN, say
from casework.filings.fields import said, shown
from casework.filings.filing import Changed, Draft
from casework.filings.filings import Filings
from casework.filings.handing_in import HandingIn, Receipt
from casework.filings.items import Items
from language import stance
from language.calendar.working_days import caveat

_PROMISES = re.compile(r"同意|承诺|答应|愿意|保证|^1$|提交")
"""After a correction only these are the promise: "对" may be about what was changed."""
_AGREES = r"(?:同意|通意|愿意|承诺|答应)(?:了|的|啊|呀|吧|哈|呗)*"
_PROMISE = re.compile(rf"(?:嗯|好|好的|行|中|那|就|我们?|俺们?|咱们?|本人|也|都|全|当然|肯定|完全)*{_AGREES}")
_HAS_BUTS = re.compile(r"不过|可(?!以)|但|除了|要是|如果|(?<!没)(?<!没有)错|改|不对|不是|等")
_HANDS_IN = re.compile(
    r"(?:嗯|那|就|都|[，, ])*(?:提交|交上?去?)(?:了|上去)*(?:吧|呗)"
    r"|(?:嗯|那|[，, ])*(?:对|好|行|中|可以|没错|是)(?:的|啊|吧|了|嘞)*[，, ]*(?:就|给我|给俺|那|都|[，, ])*"
    r"(?:提交|交上?去?)(?:吧|了|上去)*"
)
"""A yes and what is to be done, or "提交吧": "交上去，多久能批" may only suppose it."""
_SUPPOSES = re.compile(
    r"要是|如果|万一|的话|(?<![还要得用需])再|(?<!要)先|能不能(?:先|不|改|撤|等|晚)|可以不|撤|改|错|反悔|等等|等会|明天|晚点"
)
_HALF_HEARTED = re.compile(
    r"(?:不|没)(?:太|大|很|是很|怎么|敢|想|情)?(?:同意|通意|愿意|承诺|答应|情愿|乐意|敢说)|其实|勉强|违心|硬着头皮|没办法才"
)
"""Beside the word of the promise it is none: "同意吧，其实不太同意"."""
_ONLY_AGREES = re.compile(rf"(?:(?:嗯|好|好的|行|那|我|俺|都|[，, ])*{_AGREES}[，, ]*)+")
"""The word of the promise, said once more: it hands nothing in."""


def makes_promise(text: str) -> bool:
    """The word as a clause of its own, and no but: "俺活八十二了没撒过谎，同意"; not "俺娘同意"."""
    clauses = [one.strip() for one in re.split(r"[，,。；;！!、…~\s]+", text)]
    return (
        not _HAS_BUTS.search(text)
        and not _HALF_HEARTED.search(text)
        and any(_PROMISE.fullmatch(one) for one in clauses)
    )


def makes_half_a_promise(text: str) -> bool:
    """Yes and no in one breath: "同意吧，其实不太同意"; not "不同意", "我不太同意"."""
    clauses = [one.strip() for one in re.split(r"[，,。；;！!、…~\s]+", text)]
    return any(_PROMISE.fullmatch(one) for one in clauses) and bool(_HALF_HEARTED.search(text))


_ASKED_BEFORE = re.compile("问[你您]|问的|谁|哪")


def _promise_and_rest(text: str) -> tuple[str, str]:
    """同意 of "同意，那多久能到账" and the question beside it; ("…", "") where nothing is asked. Nothing is promised
    where it is asked about first, or only supposed."""
    first, *rests = re.split("[，, 。！!]+", text.strip(), maxsplit=1)
    rest = "".join(rests)
    asks = sounds_like_question(rest) or bool(_ASKED_BEFORE.search(rest))
    if asks and _PROMISE.fullmatch(first.strip(" 。！!")) and not _SUPPOSES.search(rest) and not _HAS_BUTS.search(rest):
        return first, rest
    return text, ""


def looks_up(heard: Heard) -> bool:
    """Something of theirs is to be looked up in between, and nothing is put right."""
    return heard.intent == "query_mine" and bool(query_kind(heard.text)) and not heard.names_a_mistake


class MakesLink(Protocol):
    """`casework.filings.materials.Materials`."""

    async def link(self, filing: int) -> str:
        """The address where materials for this filing can be handed in."""
        ...


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
        if not heard.is_clear_yes and (move := await self._told_anew(draft, heard)):
            return move
        changes = heard.names_a_mistake or not heard.may_hold_nothing
        if changes and not is_aside(heard) and (move := await self._revised(conversation, state, draft, heard)):
            return move
        if (
            changes
            and heard.corrects
            and (move := await correct(self._filings, draft, heard, heard.correction or heard.text, self._today()))
        ):
            return move
        if changes and (move := await place_instead(self._filings, draft, heard, self._today())):
            return move
        if makes_half_a_promise(heard.text):
            return Move([say("promise_again")])
        if heard.is_no or stance.says_unwilling(heard.text) or "不同意" in heard.text or "不承诺" in heard.text:
            return Move([say("promise_refused")], to=DONE, offer_person=True)
        promised, question = _promise_and_rest(heard.text)
        accepts = makes_promise(promised) and (bool(question) or not heard.asks and not heard.holds_nothing)
        if not heard.is_clear_yes and not accepts:
            again = await afterthought(self._filings, draft, heard, self._today()) if changes else None
            return again or (Move([say("promise_again")]) if heard.is_yes else None)
        if state.corrected and not _PROMISES.search(heard.bare):  # may only say that the correction is right
            state.corrected = 0
            return Move([say("promise_after_change")])
        try:
            await self._filings.promise(draft)
        except Changed:
            return Move([say("changed_meanwhile")], to="field")
        return Move(to="summary", question=question)


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
        if looks_up(heard):
            return None  # "帮我看下我今年交了没有" is looked up, and changes no day
        if heard.is_clear_yes and not _ONLY_AGREES.fullmatch(heard.bare):
            return await self._submit(conversation, state, draft)
        first, question = before_question(heard.text.strip().replace(" ", "，"))
        if _HANDS_IN.fullmatch(first) and not _SUPPOSES.search(question):  # "对，提交。多久能给钱"
            submitted = await self._submit(conversation, state, draft)
            return replace(submitted, question=question)
        if heard.is_yes:
            return Move([say("summary_unclear")])
        if question and stance.says_yes(first):  # "对的，那异地备案还要再办一个不": it is not left for another matter
            return Move([say("summary_unclear")], question=question)
        if stance.says_unwilling(heard.text):
            try:
                await self._filings.unpromise(draft)
            except Changed:
                return Move([say("changed_meanwhile")], to="field")
            return Move(to="keep_or_forget")
        if move := await self._says_wrong(draft, heard):
            return move
        if move := await self._told_anew(draft, heard):
            return move
        if move := await other_choice(self._filings, draft, heard, self._today()):
            return move
        if is_aside(heard) or (heard.may_hold_nothing and not heard.names_a_mistake and not heard.is_no):
            return None  # "再念一遍，那个镇记上没": asks, and changes nothing
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
