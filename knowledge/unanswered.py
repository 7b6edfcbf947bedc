"""What nobody could answer, grouped by meaning: how often, on which channels, more or less than before.

unanswered = Unanswered(database, SentenceEncoder())
groups = await unanswered.groups(weeks=8)
draft = await unanswered.draft(groups[0].question_ids, who="wangfang")     # an FAQ draft with their wordings
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.backoffice_models import AskedQuestion, Kind
from knowledge.content import FaqContent
from knowledge.editing import Version, add_item
from knowledge.index import Encoder
from knowledge.models import TopicKind
from knowledge.normalise import Synonyms, vocabulary
from knowledge.questions import Outcome, mark_drafted, week_of
from knowledge.snapshot import published_synonyms
from service.database import Database
from service.errors import BadInput

_HELPLESS = (Outcome.DECLINED.value, Outcome.LOW_CONFIDENCE.value, Outcome.UNCLEAR.value, Outcome.HANDED_OVER.value)
_SAME_MEANING = 0.72
"""Cosine with a group's mean from which a question belongs to it."""
_MOST_QUESTIONS = 20_000
_MOST_TEXTS = 3_000
_MOST_WORDINGS = 30
_ENCODE_BATCH = 256


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that mean the same. `title` is the one asked most; `wordings` all of them, most frequent first.

    `by_week` covers every week of the period, oldest first, zeros included; `trend` is the second half's count minus
    the first half's. `draft_id` is set once staff made an FAQ draft of it.
    """

    title: str
    wordings: tuple[str, ...]
    count: int
    by_week: tuple[tuple[str, int], ...]
    by_channel: tuple[tuple[str, int], ...]
    by_outcome: tuple[tuple[str, int], ...]
    trend: int
    question_ids: tuple[int, ...]
    draft_id: str


class Unanswered:
    """Groups are computed when asked for: the encoder's work happens in a thread."""

    def __init__(
        self, database: Database, encoder: Encoder, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database, self._encoder, self._now = database, encoder, now

    async def groups(self, *, weeks: int = 8, channel: str = "") -> list[Group]:
        """The largest group first; those that have a draft already come last."""
        rows = await self._rows(weeks, channel)
        names = [week_of(self._now() - timedelta(weeks=back)) for back in reversed(range(weeks))]
        async with self._database.session() as session:
            synonyms = await published_synonyms(session)
        return await asyncio.to_thread(self._grouped, rows, names, synonyms)

    async def draft(self, question_ids: Sequence[int], *, who: str, title: str = "") -> Version:
        """An FAQ draft with the questions as its wordings. It has no answer yet: it is a gap until somebody writes
        one, with its sources. Raises BadInput when the questions are gone."""
        async with self._database.session() as session:
            texts = await _texts(session, question_ids)
            if not texts:
                raise BadInput(citizen_text="这些问题已经过了保存期限。")
            wordings = tuple(text for text, _ in Counter(texts).most_common(_MOST_WORDINGS))
            content = FaqContent(
                kind=TopicKind.GAP, title=title or wordings[0], wordings=wordings, missing="这个问题的具体规定"
            )
            made = await add_item(
                session, Kind.FAQ, f"faq-asked-{min(question_ids)}", content, who=who, note="来自群众提问"
            )
            await mark_drafted(session, question_ids, made.item_id)
            return made

    async def _rows(self, weeks: int, channel: str) -> list[AskedQuestion]:
        wanted = select(AskedQuestion).where(
            AskedQuestion.week >= week_of(self._now() - timedelta(weeks=weeks - 1)),
            AskedQuestion.outcome.in_(_HELPLESS) | (AskedQuestion.followed_by != ""),
        )
        if channel:
            wanted = wanted.where(AskedQuestion.channel == channel)
        async with self._database.session() as session:
            return list(await session.scalars(wanted.order_by(AskedQuestion.id.desc()).limit(_MOST_QUESTIONS)))

    def _grouped(self, rows: Sequence[AskedQuestion], weeks: Sequence[str], synonyms: Synonyms) -> list[Group]:
        by_text: dict[str, list[AskedQuestion]] = {}
        normalise = vocabulary(synonyms).normalise
        for row in rows:
            by_text.setdefault(normalise(row.text) or row.text, []).append(row)
        texts = sorted(by_text, key=lambda text: (-len(by_text[text]), text))[:_MOST_TEXTS]
        if not texts:
            return []
        vectors = np.concatenate(
            [self._encoder.encode(texts[at : at + _ENCODE_BATCH]) for at in range(0, len(texts), _ENCODE_BATCH)]
        )
        counts = np.array([len(by_text[text]) for text in texts], dtype=np.float32)
        members: dict[int, list[AskedQuestion]] = {}
        for text, group in zip(texts, cluster(vectors, counts), strict=True):
            members.setdefault(int(group), []).extend(by_text[text])
        return sorted((_group(rows, weeks) for rows in members.values()), key=lambda g: (bool(g.draft_id), -g.count))


def cluster(vectors: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.int64]:
    """Group unit vectors [n, d] by meaning: each joins the group whose mean is nearest, from _SAME_MEANING on.

    The order given (most frequent first) decides which groups are founded; a second pass lets every vector choose
    among all of them, so an early one is not stuck with an early choice. Returns group numbers [n].
    """
    means = np.zeros_like(vectors)
    count = 0
    for vector, weight in zip(vectors, weights, strict=True):
        near = _units(means[:count]) @ vector if count else np.zeros(0, np.float32)
        best = int(near.argmax()) if count else -1
        if count and near[best] >= _SAME_MEANING:
            means[best] += weight * vector
        else:
            means[count] = weight * vector
            count += 1
    chosen: NDArray[np.int64] = (vectors @ _units(means[:count]).T).argmax(axis=1)
    return chosen


def _units(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)


def _group(rows: Sequence[AskedQuestion], weeks: Sequence[str]) -> Group:
    wordings = [text for text, _ in Counter(row.text for row in rows).most_common()]
    per_week = Counter(row.week for row in rows)
    by_week = tuple((week, per_week[week]) for week in weeks)
    half = len(weeks) // 2
    earlier, later = sum(n for _, n in by_week[:half]), sum(n for _, n in by_week[len(weeks) - half :])
    drafts = {row.draft_id for row in rows}
    return Group(
        title=wordings[0],
        wordings=tuple(wordings),
        count=len(rows),
        by_week=by_week,
        by_channel=tuple(Counter(row.channel for row in rows).most_common()),
        by_outcome=tuple(Counter(row.followed_by or row.outcome for row in rows).most_common()),
        trend=later - earlier,
        question_ids=tuple(row.id for row in rows),
        draft_id=max(drafts) if "" not in drafts else "",
    )


async def _texts(session: AsyncSession, question_ids: Sequence[int]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(question_ids), 500):
        some = question_ids[start : start + 500]
        found.extend(await session.scalars(select(AskedQuestion.text).where(AskedQuestion.id.in_(some))))
    return found
