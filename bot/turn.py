"""The text turn: one message in, replies out, whatever happens.

clean → is somebody in danger? → does a person answer here? → Rasa (which calls back for actions) → replies

Speech enters it after the recogniser and leaves it before the synthesiser; typed messages are the same turn.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog

from base.errors import BadInput, EngineUnavailable
from base.messages import AMBULANCE, Button, Command, Reply
from bot.emergency import help_in
from bot.flows.bubbles import few
from bot.flows.wording import say as in_flow
from bot.rescue import Engine, Rescue
from bot.sayings import say
from language.cleaning import MAX_CHARS, legible, simplified, tidy
from language.danger import asked_beside, danger_in
from language.names import latin_name
from language.numbers.numerals import AS_SAID

log = structlog.get_logger()

Choose = Callable[[str, Sequence[str]], Awaitable[str]]
"""What was recognised best, and what may have been said instead → which of them is to be answered. Quick."""

MAX_CONVERSATIONS = 5000
_SAY_AGAIN = re.compile(
    r"(?:[打拨]|叫我打|是)哪个(?:号|电话)|打(?:啥|什么)(?:号|电话)|再[说讲念]|没听[清见懂]|重复|说[的了]?啥|^[啥么]$|什么$"
)


_GOES_TO_CALL = re.compile(
    r"(?:好|的|行|中|嗯|哦|啊|知道|了|我|俺|这就|马上|现在|快|打|着|电话|1[12][09]|12356|谢|[，,。！! ]){1,30}"
)
"""Whoever is about to call for help is let go at once."""


class Desk(Protocol):
    """Where staff see conversations and step in: `casework.livechat.desk.LiveDesk`. Quick, and never raises."""

    async def has_person(self, conversation: str) -> bool:
        """Whether a person answers this conversation."""

    async def takes(self, conversation: str, channel: str, text: str) -> bool:
        """A person answers this conversation and has the message now: the assistant stays silent."""

    def heard(self, conversation: str, channel: str, text: str) -> None:
        """The citizen said this; the assistant answers."""

    def said(self, conversation: str, channel: str, replies: Sequence[Reply]) -> None: ...

    async def person_is_free(self, conversation: str, channel: str) -> bool:
        """Whether somebody at the desk would come who writes to this citizen."""

    async def wait_for_person(self, conversation: str, channel: str) -> list[Reply]:
        """The citizen waits for a person from now on, and is told so; nothing when that cannot be."""


_IS_FINE = re.compile(
    r"没(?:啥|什么)?事(?!吧|吗|么|不)|没人(?:有|得|生|犯)?(?:啥|什么)?(?:病|出事)|没人(?:咋|怎么)(?:着|样|地|了)|好好的|傻事|想得开|想开|[打拨](?:啥|什么)?120(?:干|弄|做|啥)|(?:啥|什么|哪门子)120|好着(?:呢|哩|嘞)|(?:让|叫)(?:我|俺)打120|没病没灾|[在到]医院(?:了|住|里)|住着院|没(?:有)?(?:生病|得病|犯病|出事)|出院了|误会|听错|不用(?:打)?120"
)
"""Said right behind the word to call 120: nobody is in danger, and it is not said a second time."""
_ABOUT_MORE = re.compile(r"备案|报销|医保|余额|缴费|查|[办交]|药|证|卡")
_STILL = re.compile(r"[咋怎]么?办|咋弄|救|快[来点去]|[不没](?:行|醒|应|动|到|去|敢|能|车)|去不|喘|疼|血|凉|害怕|一个人")
"""Words of whoever still needs help: "家里没人咋办", "没到医院里"."""
_CALMS = 40
"""Characters: a longer message says more than that nobody is in danger."""
_LONG_AGO = 100
_STILL_OF_DANGER = 3


def _goes_to_call(message: str, since_danger: int) -> bool:
    """A nod right behind the word to call 120, or "我打" a little later."""
    says_so = since_danger == 1 or (since_danger <= _STILL_OF_DANGER and "打" in message)
    return says_so and bool(_GOES_TO_CALL.fullmatch(message))


@dataclass(slots=True)
class _Conversation:
    """Its turns go one at a time; `direct` is what we said last if it was said without the engine."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    turns: int = 0
    direct: list[Reply] = field(default_factory=list)
    dial: str = AMBULANCE
    """Which number the last danger was told to call first."""
    since_danger: int = _LONG_AGO
    """Messages since one that told of somebody in danger."""


class Dialogue:
    """Text turns of all conversations, on the event loop. Never raises; returns nothing only where a person answers."""

    def __init__(
        self,
        engine: Engine,
        max_conversations: int = MAX_CONVERSATIONS,
        desk: Desk | None = None,
        alone: Callable[[str], AbstractAsyncContextManager[None]] = lambda conversation: nullcontext(),
        choose: Choose | None = None,
    ) -> None:
        """`alone`: held for the length of a turn, keeps other processes out of the conversation."""
        self._engine, self._desk, self._alone, self._choose = Rescue(engine), desk, alone, choose
        self._max_conversations = max_conversations
        self._conversations: OrderedDict[str, _Conversation] = OrderedDict()

    async def reply(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        """Answer one message, or do a `Command`. Those of one conversation are answered in the order they came."""
        async with self._in_order(conversation_id) as conversation:
            typed, refused = _cleaned(text)
            if refused and await self._may_be_a_name(conversation_id, text):
                typed, refused = tidy(text, may_be_latin=True), []
            message = _plain(typed)
            conversation.since_danger += 1
            was_in_danger = conversation.since_danger == 1
            if danger := danger_in(legible(text), _perhaps_heard(metadata)):
                conversation.since_danger = 0
                log.info("emergency", kind=danger)
                conversation.direct = _in_danger(danger, message)
            elif self._desk and _can_listen(metadata) and await self._desk.takes(conversation_id, channel, text):
                return []
            elif was_in_danger and _only_calms(message):
                conversation.direct = [in_flow("nobody_in_danger")]
            elif _goes_to_call(message, conversation.since_danger):
                conversation.direct = [_with_number("call_now", conversation.dial)]
            else:
                conversation.direct = refused or _again(message, conversation.direct)
            if self._desk:
                self._desk.heard(conversation_id, channel, text)
            if not conversation.direct:
                message, typed = await self._most_likely(conversation_id, message, typed, metadata)
            replies = conversation.direct or await self._ask(
                conversation_id, message, channel, _with_typed(metadata, message, typed), conversation
            )
            if was_in_danger and not conversation.direct and not _IS_FINE.search(message):
                replies = [_with_number("first_120", conversation.dial), *replies]
            if numbers := [number for reply in replies for number in reply.to_dial]:  # perhaps the engine heard it
                conversation.since_danger, conversation.dial = 0, numbers[0]
                if len(replies) == 1:  # the engine alone heard it
                    replies = [*replies, *_question_kept(message, numbers[0])]
            replies = list(few(replies))  # an answer of the knowledge and one of casework may come together
            if self._desk:
                self._desk.said(conversation_id, channel, replies)
            return replies

    async def peek(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        """What `reply` would say, with nothing done and nothing kept; nothing where that cannot be told."""
        if danger := danger_in(legible(text), _perhaps_heard(metadata)):
            return _in_danger(danger, simplified(_cleaned(text)[0]))
        typed, refused = _cleaned(text)
        conversation = self._conversations.get(conversation_id)
        if refused or (conversation and _again(_plain(typed), conversation.direct)):
            return []
        if self._desk and _can_listen(metadata) and await self._desk.has_person(conversation_id):
            return []
        message, typed = await self._most_likely(conversation_id, _plain(typed), typed, metadata)
        return await self._engine.peek(conversation_id, message, channel, _with_typed(metadata, message, typed))

    async def is_open(self, conversation_id: str) -> bool:
        """Whether something is under way there, so that the next message may do what cannot be taken back."""
        async with self._in_order(conversation_id):
            return await self._engine.is_open(conversation_id)

    async def take_back(self, conversation_id: str) -> None:
        """The last message was the first half of one that comes now: as if it had not been said."""
        async with self._in_order(conversation_id) as conversation:
            if conversation.direct:
                conversation.direct = []  # the engine never had it
            else:
                await self._engine.take_back(conversation_id)

    async def nobody_came(self, conversation_id: str, channel: str) -> list[Reply]:
        """Nobody at the desk took the citizen who waits: the call-back form instead."""
        async with self._in_order(conversation_id) as conversation:
            conversation.direct = []
            return await self._engine.reply(conversation_id, Command.PERSON, channel, {})

    async def _most_likely(
        self, conversation_id: str, message: str, typed: str, metadata: Mapping[str, object] | None
    ) -> tuple[str, str]:
        """Of what may have been heard, what is to be answered. Not where something is open: an answer to a question of
        ours is no question to the documents."""
        others = _perhaps_heard(metadata)
        if not others or self._choose is None or await self._engine.is_open(conversation_id):
            return message, typed
        try:
            chosen = await self._choose(message, others)
        except EngineUnavailable as error:
            log.warning("not_chosen", code=error.code)
            return message, typed
        return (message, typed) if chosen == message else (chosen, chosen)

    async def _may_be_a_name(self, conversation_id: str, text: str) -> bool:
        """A name in Latin letters is an answer where something is open that may have asked for it."""
        if len(text) > MAX_CHARS or not latin_name(text.strip()):
            return False
        return await self._engine.is_open(conversation_id)

    async def _ask(
        self,
        sender: str,
        message: str,
        channel: str,
        metadata: Mapping[str, object],
        conversation: _Conversation,
    ) -> list[Reply]:
        """The engine's replies; who is to be given to a person at the desk waits for one."""
        desk = self._desk if _can_listen(metadata) else None
        if desk is None or not await desk.person_is_free(sender, channel):
            return await self._engine.reply(sender, message, channel, metadata)
        replies = await self._engine.reply(sender, message, channel, {**metadata, "can_transfer": True})
        if not any(reply.transfer for reply in replies):
            return replies
        waiting = await desk.wait_for_person(sender, channel)
        if not waiting:
            return await self._engine.reply(sender, message, channel, metadata)
        # the form is for when nobody comes; what it says to this is heard by nobody
        await self._engine.reply(sender, Command.CANCEL, channel, {})
        conversation.direct = waiting
        return [*(reply for reply in replies if not reply.transfer), *waiting]

    @asynccontextmanager
    async def _in_order(self, conversation_id: str) -> AsyncIterator[_Conversation]:
        conversation = self._conversations.setdefault(conversation_id, _Conversation())
        self._conversations.move_to_end(conversation_id)
        conversation.turns += 1
        self._forget_idle()
        try:
            async with conversation.lock, self._alone(conversation_id):
                yield conversation
        finally:
            conversation.turns -= 1

    def _forget_idle(self) -> None:
        """Over the limit, the longest unused conversations without a running turn go."""
        while len(self._conversations) > self._max_conversations:
            idle = next((key for key, value in self._conversations.items() if not value.turns), None)
            if idle is None:
                return
            del self._conversations[idle]


def _in_danger(danger: str, message: str) -> list[Reply]:
    """What to call; and where a procedure was asked for in the same breath, that it is not forgotten."""
    help_first = help_in(danger)
    return [help_first, *_question_kept(message, help_first.to_dial[0])]


def _question_kept(message: str, number: str) -> list[Reply]:
    question = asked_beside(message)
    later = _with_number("question_kept", number)
    return [replace(later, buttons=(Button(question, question),))] if question else []


def _with_number(saying: str, number: str) -> Reply:
    return in_flow(saying, number=number, number_spoken=number.translate(AS_SAID))


def _with_typed(metadata: Mapping[str, object] | None, message: str, typed: str) -> Mapping[str, object]:
    """With the words as they were typed, if the engine gets others: a name is kept as it is written on the card."""
    return {**(metadata or {}), "typed": typed} if typed != message else metadata or {}


def _cleaned(text: str) -> tuple[str, list[Reply]]:
    """The message as it was typed; or "" and what to say to somebody whose message is none."""
    if isinstance(text, Command):
        return text, []
    try:
        return tidy(text), []
    except BadInput as error:
        return "", [say(f"utter_{error.code}")]


def _plain(typed: str) -> str:
    return typed if isinstance(typed, Command) else simplified(typed)


def _perhaps_heard(metadata: Mapping[str, object] | None) -> list[str]:
    """What recognition may have heard instead of the message: `hypotheses`, best first."""
    others = (metadata or {}).get("hypotheses")
    return [legible(other) for other in others if isinstance(other, str)] if isinstance(others, list | tuple) else []


def _can_listen(metadata: Mapping[str, object] | None) -> bool:
    """Whether what a person writes later arrives; a page without a script says that it does not."""
    return (metadata or {}).get("can_listen") is not False


def _only_calms(message: str) -> bool:
    """Nobody is in danger, and nothing else is said: "没有没有，我不干傻事"."""
    says_more = _ABOUT_MORE.search(message) or _STILL.search(message)
    return len(message) <= _CALMS and bool(_IS_FINE.search(message)) and not says_more


def _again(message: str, said_before: list[Reply]) -> list[Reply]:
    """What we said last without the engine, for somebody who did not catch it. Else nothing."""
    return said_before if said_before and _SAY_AGAIN.search(message) else []
