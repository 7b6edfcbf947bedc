"""Our own question between a few things ("是北京市，还是辽宁省朝阳市？"), and what is said to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from base.messages import Button, Reply
from bot.flows.small_words import Heard, sounds_like_question
from bot.flows.state import State
from bot.flows.wording import say
from bot.understood import NO_GUESS
from casework.filings.fields import Refused
from language.places import read_city

_NUMBERS = "一二三四五六七八九"
_ORDINAL = re.compile(
    rf"(?:就?是|要|选|那|就|我说的?是?|[，, ])*(?:第?(?P<number>[{_NUMBERS}1-9])|(?P<named>头一|[前后上下]|最后|末))"
    rf"(?:[个种样项边头面]|一个)*(?:那个|的|吧|呗|啊|就行|[，, ])*"
)
_LAST = "后下末"
_FILLERS = re.compile(
    r"那个|这个|那边|那里|那儿|那家|那种|就是|应该|当然|我说|俺说|不对|不是"
    r"|[我俺咱嗯哦噢啊呀吧呗呢哩嘞的是在到去要选指说就那这个了，,。.！! ]"
)
_DENIES = re.compile(r"(?:不是|不要|不去|不在|别|没说|不)(?P<denied>[^，,。；;！!]+)")
_ASIDE = 14
"""Characters: so few name one of what was offered; in a longer sentence a word may stand for anything."""


def refusal(refused: Refused) -> Reply:
    """Why it cannot be kept; with what it may have meant as buttons, and by number for who only hears it."""
    buttons = tuple(Button(one, one) for one in refused.choices)
    if len(refused.choices) < 2:
        return Reply(refused.citizen_text, buttons=buttons)
    choices = "，".join(f"{one}，按{number}" for number, one in zip(_NUMBERS, refused.choices, strict=False))
    return replace(say("which_choice", refusal=refused.citizen_text, choices=choices), buttons=buttons)


def chosen(state: State, heard: Heard) -> Heard:
    """One of what was offered, by its number or by words that fit no other one; the only one by a yes. Nothing about
    it can be misheard any more."""
    offered = state.offered
    if len(offered) == 1 and heard.is_yes:
        return _as(heard, offered[0])
    if match := _ORDINAL.fullmatch(heard.bare):
        at = _at(match, len(offered))
        return _as(heard, offered[at]) if 0 <= at < len(offered) else heard
    place = read_city(heard.text)
    if len(offered) < 2 or place.city or place.choices:  # "北京朝阳" names it, "朝阳" fits both once more
        return heard
    meant = one_of(offered, heard.bare)
    return _as(heard, meant) if meant else heard


def one_of(offered: Sequence[str], words: str) -> str:
    """Which of several the words fit, and no other: 辽宁省朝阳市 to "辽宁那个"; of two the other one to "不是北京那个".
    "" where they fit none, or more than one."""
    if len(words) > _ASIDE or sounds_like_question(words):
        return ""
    denied = {one for match in _DENIES.finditer(words) for one in [_fitting(offered, match["denied"])] if one}
    meant = _fitting(offered, _DENIES.sub("", words))
    if meant:
        return meant
    left = [one for one in offered if one not in denied]
    return left[0] if denied and len(left) == 1 else ""


def _fitting(offered: Sequence[str], words: str) -> str:
    """The one that holds the most of what is left of the words without those that say nothing."""
    said = [part for part in _FILLERS.split(words) if part]
    scores = [sum(_held(part, one) for part in said) for one in offered]
    most = max(scores, default=0)
    return offered[scores.index(most)] if most and scores.count(most) == 1 else ""


def _held(part: str, one: str) -> int:
    """How much of it stands in the name; nothing less than two characters in a row does."""
    pieces = ((n, part[at : at + n]) for n in range(len(part), 1, -1) for at in range(len(part) - n + 1))
    return next((n for n, piece in pieces if piece in one), 0)


def _at(match: re.Match[str], count: int) -> int:
    if number := match["number"]:
        return _NUMBERS.find(number) if number in _NUMBERS else int(number) - 1
    return count - 1 if any(one in match["named"] for one in _LAST) else 0


def _as(heard: Heard, value: str) -> Heard:
    return replace(heard, text=value, intent="", typed="", is_spoken=False, kind=NO_GUESS)
