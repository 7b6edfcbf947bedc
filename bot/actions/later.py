"""What citizens say later about something of theirs: 快点给办, 我要补充一句, 日期报错了, 撤回投诉, 打五星.

It is noted on a ticket of this conversation. Where there is none, the progress is asked for instead, which proves who
they are; `after_proof` notes then what was said. Holds no rules: whose ticket is meant, `casework.tickets.said_later`
knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from base.messages import Reply
from base.personal_data import is_phone, mask_phone
from bot.actions.digits import digits_said, read_digits
from bot.actions.manager import Said
from bot.actions.protocol import ERRAND_FORM, FORGOTTEN, LISTEN, Outcome, Saying, Turn
from bot.actions.taken_back import (
    adds_words,
    asks_if_there,
    is_to_stay,
    may_take_value_out,
    takes_part_out,
    told_of,
)
from bot.flows.identify.relatives import somebody
from bot.flows.wording import say as in_flow
from bot.sayings import say
from casework.tickets.rating_words import score
from casework.tickets.ratings import Score
from casework.tickets.said_later import Became
from language.calendar.working_days import caveat
from language.masking import mask
from language.stance import asks_if_withdrawn, keeps_filing

_MOST_READ_BACK = 40
"""Characters of what was said that are read back."""
URGE, ADD, CHANGE = "urge_case", "add_to_case", "change_filed"
_PROGRESS, _CHANGED_DATA = "progress", "enroll-change"
"""What is begun in a flow: a query (bot/flows/goals.py), an item (casework/data/items.yaml)."""
_STARS = re.compile(r"[四五45](?:颗|个)?[星分](?!之)|满分|好评|点个?赞")
"""Praise beside other words: "服务怪好，给五星"."""
_ABOUT_PHONE = re.compile(r"电话|手机|号码")


class Noted(Protocol):
    """`casework.tickets.said_later.Noted`."""

    @property
    def number(self) -> str: ...
    @property
    def due_on(self) -> date: ...
    @property
    def is_late(self) -> bool: ...
    @property
    def is_waiting(self) -> bool: ...


class Words(Protocol):
    """`casework.tickets.said_later.TicketWords`."""

    async def urge(self, conversation: str, words: str, *, for_other: bool = False) -> Sequence[Noted]: ...
    async def add(
        self, conversation: str, words: str, *, phone: str = "", for_other: bool = False
    ) -> Sequence[Noted]: ...
    async def take_back(self, conversation: str, words: str) -> Sequence[Noted]: ...
    async def became(self, conversation: str, words: str) -> Sequence[Became]: ...
    async def lists(self, conversation: str, words: str) -> bool: ...
    async def rate(self, conversation: str, channel: str, words: str) -> list[Reply]: ...


class Errands(Protocol):
    """`bot.flows.manager.Errands`, to prove who they are."""

    async def begin(self, conversation: str, channel: str, intent: str, text: str, *, what: str) -> Said: ...


class Later:
    """The actions by Rasa's names for them, and what `bot.actions.errands` calls when an errand ends."""

    def __init__(self, words: Words, errands: Errands) -> None:
        self._words, self._errands = words, errands

    async def urge(self, turn: Turn) -> Outcome:
        return await self._now_or_after_proof(turn, URGE)

    async def add(self, turn: Turn) -> Outcome:
        return await self._now_or_after_proof(turn, ADD)

    async def change(self, turn: Turn) -> Outcome:
        """Something in what was handed in was wrong: staff put it right, here it is only written down."""
        return await self._now_or_after_proof(turn, CHANGE)

    async def put_right(self, turn: Turn) -> Outcome:
        """The same of what was handed in just now; another number to call is taken as it is."""
        is_number = _ABOUT_PHONE.search(turn.text) and is_phone(digits_said(turn.text))
        return await (self.add if is_number else self.change)(turn)

    async def of_what_was_handed_in(self, turn: Turn) -> Outcome | None:
        """One of several things in what was handed in is not wanted: staff put it right. What they say is added, is
        added. None to anything else."""
        if adds_words(turn.text):
            return replace(await self.add(turn), then=LISTEN)
        is_part = takes_part_out(turn.text) or (
            may_take_value_out(turn.text) and await self._words.lists(turn.conversation, turn.text)
        )
        return replace(await self.change(turn), then=LISTEN) if is_part else None

    async def thanks(self, turn: Turn) -> Outcome:
        """Praise may be the rating that was asked for; it opens nothing."""
        given = score(turn.text)
        rated = await self._words.rate(turn.conversation, turn.channel, turn.text) if given else []
        if given is not None and given <= Score.BAD and not rated:  # "你们服务真差" is thanked by nobody
            return Outcome((Saying("utter_abuse"),))
        is_praise = (given is not None and given >= Score.GOOD) or bool(_STARS.search(turn.text))
        return Outcome(tuple(rated) or (Saying("utter_good_rating" if is_praise else "utter_thanks"),))

    async def take_back(self, turn: Turn) -> Outcome | None:
        """None when nothing of theirs is known here."""
        noted = await self._words.take_back(turn.conversation, turn.text)
        return Outcome((_written(say("utter_taken_back"), noted),)) if noted else None

    async def of_withdrawing(self, turn: Turn) -> Outcome | None:
        """What became of what was to be taken back; that it is to stay after all is noted for staff. None to anything
        else."""
        asks = asks_if_withdrawn(turn.text)
        if not asks and is_to_stay(turn):
            return await self.add(turn)
        is_there = asks_if_there(turn.text)
        if not (asks or is_there or keeps_filing(turn.text)):
            return None
        if became := await self._words.became(turn.conversation, turn.text):
            return Outcome((told_of(became),), {"offer": None}, LISTEN)
        return None if is_there else Outcome((in_flow("nothing_withdrawn"),), then=LISTEN)

    async def after_proof(self, turn: Turn, said: Said) -> Outcome:
        """What they were told at the end of an errand, and with it what they wanted before they were asked who they
        are."""
        later = turn.slot("later")
        if later is None:
            return Outcome(tuple(said.replies), {"offer": offer(said)})
        noted = await self._note(turn, later, turn.slot("later_words") or "")
        if not noted:
            return _by_person(said)
        *told, what_else = said.replies
        return Outcome((*told, *noted, what_else), {"offer": offer(said)})

    async def _now_or_after_proof(self, turn: Turn, what: str) -> Outcome:
        noted = await self._note(turn, what, turn.text)
        if turn.slot("requested_slot"):  # in the middle of something: that goes on
            return Outcome(noted or (Saying("utter_urge_afterwards"),))
        if noted:
            return Outcome(noted, FORGOTTEN)
        if what == ADD and _ABOUT_PHONE.search(turn.text):  # nothing was handed in: the number on record is meant
            said = await self._errands.begin(
                turn.conversation, turn.channel, "file_item", turn.text, what=_CHANGED_DATA
            )
            return begun(said, Outcome(tuple(said.replies), FORGOTTEN))
        said = await self._errands.begin(turn.conversation, turn.channel, "query_mine", turn.text, what=_PROGRESS)
        if said.waits:
            return begun(said, Outcome(tuple(said.replies), {"later": what, "later_words": turn.text}))
        return begun(said, _by_person(said))

    async def _note(self, turn: Turn, what: str, words: str) -> tuple[Reply, ...]:
        for_other = somebody(words) is not None
        if what == URGE:
            noted = await self._words.urge(turn.conversation, words, for_other=for_other)
            return tuple(_written(_urged(one), [one]) for one in noted)
        number = digits_said(words)
        phone = number if is_phone(number) else ""
        noted = await self._words.add(turn.conversation, words, phone=phone, for_other=for_other)
        saying = "utter_change_noted" if what == CHANGE else "utter_added"
        shown = words.replace(phone, mask_phone(phone)) if phone else words
        return (_written(say(saying), noted, shown),) if noted else ()


def begun(said: Said, outcome: Outcome) -> Outcome:
    """`outcome`, and the form open if something was asked that waits for its answer."""
    slots = {"errand_step": None, "errand_said": said.waits, "offer": offer(said)}
    return Outcome(outcome.replies, {**slots, **outcome.slots}, ERRAND_FORM if said.waits else "")


def _by_person(said: Said) -> Outcome:
    """Nothing of theirs is open here, or it is somebody else's: a person can look. An errand that was dropped or that
    failed ends with one sentence, and that is all."""
    if len(said.replies) < 2:
        return Outcome(tuple(said.replies), {"offer": offer(said), **FORGOTTEN})
    return Outcome((*said.replies[:-1], say("utter_later_by_person")), {"offer": "person", **FORGOTTEN})


def offer(said: Said) -> str | None:
    """What a plain "yes" afterwards means."""
    return "person" if said.offer_person else None


def _urged(noted: Noted) -> Reply:
    if noted.is_waiting:
        return say("utter_urged_waiting")
    return say("utter_urged_late" if noted.is_late else "utter_urged")


def _written(saying: Reply, noted: Sequence[Noted], words: str = "") -> Reply:
    """With the ticket's number and its day, and what was said read back."""
    [first, *_] = noted
    day = f"{first.due_on.month}月{first.due_on.day}日{caveat(first.due_on)}"
    words = mask(words).replace(",", "，").strip(" 。.，,！!")
    words = words if len(words) <= _MOST_READ_BACK else f"{words[:_MOST_READ_BACK]}……"
    text = saying.text.format(ticket=first.number, due=day, words=words)
    return Reply(text, saying.to_say.format(ticket_spoken=read_digits(first.number[-4:]), due=day, words=words))
