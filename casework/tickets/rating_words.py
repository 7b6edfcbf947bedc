"""A rating given in words where the citizen is known to be the ticket's: "5分", "打五星，很满意".

Only after they were asked: "满意" at any other time is for the dialogue.
"""

from __future__ import annotations

import re

from sqlalchemy import select

from base.clock import Clock, as_stored, utc_now
from base.database import Database
from base.messages import Reply
from base.personal_data import Vault
from casework.models import Ticket
from casework.tickets.ratings import LINK_VALID, CannotRate, Ratings, Score
from casework.tickets.tickets import State

HOW = "也可以直接回复：5分 非常满意，4分 满意，3分 基本满意，2分 不满意，1分 非常不满意。"
_WHO = r"(?:[我俺]们?|咱)?(?:就|要|想)?(?:再)?(?:打|评|给|选)?(?:你们|恁|您|个)?(?:打|评|来)?(?:个)?"
_POINTS = re.compile(rf"{_WHO}([1-5一二两三四五])(?:颗|个)?(?:分|星)(?:级|好评|差评)?")
_VALUES = {digit: value for value, digit in enumerate("一二三四五", 1)} | {"两": 2}
_ABOUT = (
    r"(?:[我俺]们?|咱)?(?:对)?(?:你们|恁|您|这次|这回)?(?:的)?(?:服务|态度|总体|工作|办事|办)?(?:态度)?"
    r"(?:得|都|还|真|是)?(?:算)?"
)
_WORDS = (
    (
        Score.VERY_GOOD,
        r"(?:非常|很|十分|特别|太|相当|真|最)满意|满意得很|满意极了|满分|满星|好评|点个?赞|(?:非常|特别|太|很)好|好极了",
    ),
    (Score.VERY_BAD, r"(?:非常|很|十分|特别|太|极)不满意|一点[都也]?不满意|(?:太|很|非常|真)差|差劲|差评|零分|零星"),
    (Score.BAD, r"不太?(?:满意|好|中|行)|不咋样|不咋地|不怎么样|差"),
    (Score.FAIR, r"基本满意|一般般?|还行|凑合|马马虎虎|将就|可以|过得去"),
    (Score.GOOD, r"(?:比较|挺|蛮)?满意|(?:挺|蛮)(?:好|不错|中)|不错|不孬|怪好"),
)
_MEANT = tuple((meant, re.compile(rf"{_ABOUT}(?:{words})")) for meant, words in _WORDS)
_POLITE = re.compile(r"谢谢.{0,4}|多谢|辛苦.{0,3}|好|嗯|行|必须|给(?:你们|恁|您)?(?:个)?")
_BETWEEN = re.compile(r"[，,。.！!；;、～~\s]+")
_AT_THE_END = re.compile(r"(?:[了吧的啊呀哈呢]|你们)+$")


def score(text: str) -> Score | None:
    """ "打五星，很满意。" → 非常满意; None for anything that says more than a rating. Pure.

    Points count before words, and of several words the worst.
    """
    parts = [part for raw in _BETWEEN.split(text.strip()) if (part := _AT_THE_END.sub("", raw))]
    if not parts:
        return None
    points = [_points(part) for part in parts]
    words = [_word(part) for part in parts]
    said = zip(parts, points, words, strict=True)
    if not all(point or word or _POLITE.fullmatch(part) for part, point, word in said):
        return None
    return next(filter(None, points), None) or min(filter(None, words), default=None)


def _points(part: str) -> Score | None:
    match = _POINTS.fullmatch(part)
    return Score(_VALUES.get(match[1]) or int(match[1])) if match else None


def _word(part: str) -> Score | None:
    return next((meant for meant, words in _MEANT if words.fullmatch(part)), None)


class RatingWords:
    """`take` for channels that know who writes. `now` is aware."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        ratings: Ratings,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._vault, self._ratings, self._now = database, vault, ratings, now

    async def take(self, conversation: str, channel: str, text: str) -> list[Reply]:
        """Thanks; nothing when the words are no rating, or none was asked for in this conversation."""
        given = score(text)
        number = await self._asked(conversation) if given else None
        if given is None or number is None:
            return []
        try:
            await self._ratings.rate_ticket(number, given, channel)
        except CannotRate as refusal:
            return [Reply(refusal.citizen_text)]
        more = "对不起，让您不满意了。我们会在一个工作日内给您回电话。" if given.is_bad else ""
        return [Reply(f"谢谢您的评价，您选的是：{given.label}。{more}")]

    async def _asked(self, conversation: str) -> str | None:
        """The ticket of this conversation that a rating was asked for last."""
        since = as_stored(self._now()) - LINK_VALID
        mine = (Ticket.conversation == self._vault.lookup(conversation)) & (Ticket.state == State.CLOSED.value)
        wanted = select(Ticket.number).where(mine, Ticket.rating_asked_at > since)
        async with self._database.session() as session:
            number: str | None = await session.scalar(wanted.order_by(Ticket.rating_asked_at.desc()).limit(1))
        return number
