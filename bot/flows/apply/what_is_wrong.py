"""“有不对的”: each answer by a button of its own, by its number on the telephone, or by its name."""

from __future__ import annotations

import re

from base.messages import Button, Reply
from bot.flows.apply.base_step import FilingStep
from bot.flows.apply.correcting import correct, fields_called
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.step import Move
from bot.flows.wording import say
from casework.filings.filing import Changed, Draft
from casework.filings.items import Field
from language import stance

_NUMBERS = "一二三四五六七八九"
_ORDINAL = re.compile(rf"(?:第)?([{_NUMBERS}1-9])(?:个|项|样|条|号)?(?:不对|错了?|有错|吧|的)*")
_NAME_ONLY = re.compile(
    r"(?:就|是|那个|这个|我|俺|的|[，, ])*[^没\d，,。是不]{1,8}?(?:那个|这个|那里|这里|不对|错了?|有错|吧|的|[，, ])*"
)
"""The name of a field and no more than that it is wrong: "手机号", "电话号码不对"."""
_NOTHING = re.compile(r"(?:都|全|没有?|没什么|没啥)(?:对|不对|错|问题|改)?(?:的|了|啊)*|不改了?|不用改了?|看错了")
_ALL_RIGHT, _NOT_AT_ALL = "都对，不改", "不想办了"


class WhatIsWrong(FilingStep):
    """Which answer is the wrong one; whoever says at once what is right is understood, too."""

    async def enter(self, conversation: str, state: State) -> Move:
        draft = await self._open(conversation, state)
        if isinstance(draft, Move):
            return draft
        fields = _answered(draft)
        asked = say(
            "what_is_wrong", fields="；".join(f"{n}，{f.label}" for n, f in zip(_NUMBERS, fields, strict=False))
        )
        buttons = (
            *(Button(field.label, field.label) for field in fields),
            *(Button(title, title) for title in (_ALL_RIGHT, _NOT_AT_ALL)),
        )
        return Move([Reply(asked.text, asked.spoken, buttons=buttons)])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        draft = await self._open(conversation, state)
        if isinstance(draft, Move):
            return draft
        named = fields_called(draft, heard.bare)
        waiting = draft.item.next_field(draft.answers)
        if waiting and not named and waiting.label in heard.bare:
            return Move(to="field")  # asked again already
        if len(named) == 1 and _NAME_ONLY.fullmatch(heard.bare):  # whatever the engine makes of one word
            return await self._ask_again(draft, named[0])
        if heard.goes_back or heard.is_yes and not heard.bare.isdigit() or _NOTHING.fullmatch(heard.bare):
            return Move(to="field")
        if stance.says_wrong(heard.bare):
            return Move(to="wrong")  # pressed twice: still not said what
        if (heard.is_no and not heard.bare.isdigit()) or stance.says_unwilling(heard.text):
            return Move(to="keep_or_forget")
        fields = _answered(draft)
        if (chosen := _ORDINAL.fullmatch(heard.bare)) and (at := _index(chosen[1])) < len(fields):
            return await self._ask_again(draft, fields[at])
        if heard.bare == _ALL_RIGHT.replace("，", "") or heard.bare == _ALL_RIGHT:
            return Move(to="field")
        if move := await self._told_anew(draft, heard):
            return move
        if move := await self._revised(conversation, state, draft, heard):
            return move
        words = heard.correction if heard.corrects else heard.text
        words = await self._with_registered(conversation, state, words)
        if move := await correct(self._filings, draft, heard, words, self._today()):
            return move
        return await self._ask_again(draft, named[0]) if len(named) == 1 else None

    async def _ask_again(self, draft: Draft, field: Field) -> Move:
        try:
            await self._filings.forget(draft, field.id)
        except Changed:
            return Move([say("changed_meanwhile")], to="field")
        return Move(to="field")


def _answered(draft: Draft) -> list[Field]:
    """And the one that is being asked again, where it stands before others."""
    asked = list(draft.item.asked(draft.answers))
    last = max((at for at, field in enumerate(asked) if field.id in draft.answers), default=-1)
    return asked[: last + 1]


def _index(number: str) -> int:
    return _NUMBERS.find(number) if number in _NUMBERS else int(number) - 1
