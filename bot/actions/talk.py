"""Actions about the talk itself: say it again, slower, faster. Pure, apart from Rasa's slots."""

from __future__ import annotations

import re
from dataclasses import replace

from base.messages import Reply
from bot.actions.closing import last_told
from bot.actions.protocol import Outcome, Saying, Turn
from bot.emergency import help_in
from bot.flows.small_words import sounds_like_question
from bot.sayings import say

SLOWEST, FASTEST, STEP = 0.7, 1.25, 0.15
INTERRUPTS = frozenset(
    (
        "ask_policy",
        "state_place",
        "slower",
        "faster",
        "bot_challenge",
        "doubt",
        "out_of_scope",
        "scam",
        "abuse",
        "grief",
        "read_out",
        "medical_advice",
        "emergency",
        "goodbye",
    )
)
"""Intents that have a rule of their own in the middle of any form; a form adds its own to them."""

_CANNOT_HEAR = re.compile(r"听不[清见着到]|大[点些]?声|大声|声音.{0,3}小|喂.{0,2}喂|断断续续|信号")
_GOODBYE = re.compile(r"再见|拜|挂|没事了|走了|不说了|不聊了|就这样|bye", re.IGNORECASE)

_TO_SETTLE = re.compile(
    r"医保|社保|卡|余额|账户|帐户|报销|报不报|能报|钱|费|丧葬|抚恤|户口|手续|参保|停保|注销|证明|单子|共济"
)
_WANTS_DONE = re.compile(r"[停销退取领报办注继]|去掉|解[除绑]")


async def emergency(turn: Turn) -> Outcome:
    return Outcome((help_in(turn.guesses.danger.name),))


def asks_in_grief(text: str) -> bool:
    """ "我爸走了，医保怎么停": who mourns has something to settle as well."""
    return bool(_TO_SETTLE.search(text) and (sounds_like_question(text) or _WANTS_DONE.search(text)))


def says_goodbye(text: str) -> bool:
    """In words: in the middle of a form a guess must not end the conversation."""
    return bool(_GOODBYE.search(text))


def goes_on_about_policy(turn: Turn) -> bool:
    """ "还有呢", "哪个文件说的" right after an answer, which offers just that; else "继续" goes on with the form."""
    return turn.intent in ("ask_more", "ask_source") and any(reply.sources for reply in turn.said_before)


async def repeat(turn: Turn) -> Outcome:
    """The last replies once more; not hanging up or transferring, nor what only asked what else there is."""
    told = last_told(turn)
    again, cannot_hear = ((told,) if told else _again(turn)), bool(_CANNOT_HEAR.search(turn.text))
    if not again:
        return Outcome((Saying("utter_hear_me" if cannot_hear else "utter_nothing_to_repeat"),))
    return Outcome((Saying("utter_louder"), *again) if cannot_hear else again)


async def slower(turn: Turn) -> Outcome:
    """From now on slower, beginning with what was too fast."""
    return _at_pace(turn, -STEP, "utter_slower", _again(turn))


async def faster(turn: Turn) -> Outcome:
    return _at_pace(turn, STEP, "utter_faster", ())


def _at_pace(turn: Turn, step: float, saying: str, then: tuple[Reply, ...]) -> Outcome:
    pace = round(min(max(float(turn.slots.get("pace") or 1.0) + step, SLOWEST), FASTEST), 2)
    return Outcome((replace(say(saying), pace=pace), *then), {"pace": pace})


def _again(turn: Turn) -> tuple[Reply, ...]:
    """What was said last, without what was only said about saying it (我说慢一点, 我再说一遍)."""
    about = {say(name).text for name in ("utter_slower", "utter_faster", "utter_louder")}
    said = [reply for reply in turn.said_before if reply.text and reply.text not in about]
    return tuple(replace(reply, end=False, pace=None) for reply in said)
