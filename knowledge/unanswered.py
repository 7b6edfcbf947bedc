"""What nobody could answer, grouped by what it was found to be about, else by meaning: how often, on which channels,
more or less than before. A question that means something only after the one before it ("要几天") is shown and grouped
with that one, and is no wording of a draft.

unanswered = Unanswered(database, SentenceEncoder())
groups = await unanswered.groups(weeks=8)
draft = await unanswered.draft(groups[0].question_ids, who="wangfang")     # an FAQ draft with their wordings
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.backoffice_models import AskedQuestion, Kind
from knowledge.content import FaqContent
from knowledge.index import Encoder
from knowledge.models import Topic, TopicKind
from knowledge.normalise import Synonyms, asks_without_subject, vocabulary
from knowledge.questions import FOLLOWS_WITHIN, Outcome, mark_drafted, week_of
from knowledge.snapshot import published_synonyms
from knowledge.versions import Version, add_item
from service.database import Database
from service.errors import BadInput

_HELPLESS = (Outcome.DECLINED.value, Outcome.LOW_CONFIDENCE.value, Outcome.UNCLEAR.value, Outcome.HANDED_OVER.value)
_SAME_MEANING = 0.72
"""Cosine with a group's mean from which a question belongs to it."""
_MOST_QUESTIONS = 20_000
_MOST_TEXTS = 3_000
_MOST_WORDINGS = 30
_ENCODE_BATCH = 256
_ASKED_AT_ONCE = 500
_MOST_BARE_CHARS = 15


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that mean the same. `title` is the one asked most; `wordings` all of them, most frequent first, those
    that stand alone before those that follow another.

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
    can_draft: bool
    """Whether one of them stands alone."""
    topic: str = ""
    """The FAQ that they were found to be about, and that does not answer them."""


@dataclass(frozen=True, slots=True)
class _Question:
    """One that was asked; `after` is the one it goes on from, "" when it stands alone or nothing came before."""

    row: AskedQuestion
    is_bare: bool
    after: str

    @property
    def wording(self) -> str:
        return f"{self.row.text}（接着“{self.after}”问的）" if self.after else self.row.text

    @property
    def meaning(self) -> str:
        """In words for the encoder."""
        return f"{self.after} {self.row.text}".strip()


class Unanswered:
    """Groups are computed when asked for: the encoder's work happens in a thread."""

    def __init__(
        self, database: Database, encoder: Encoder, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database, self._encoder, self._now = database, encoder, now

    async def groups(self, *, weeks: int = 8, channel: str = "") -> list[Group]:
        """The largest group first; those that have a draft already come last."""
        questions = await self._questions(weeks, channel)
        names = [week_of(self._now() - timedelta(weeks=back)) for back in reversed(range(weeks))]
        async with self._database.session() as session:
            synonyms = await published_synonyms(session)
            topics = set(await session.scalars(select(Topic.id)))
        return await asyncio.to_thread(self._grouped, questions, names, synonyms, topics)

    async def draft(self, question_ids: Sequence[int], *, who: str, title: str = "") -> Version:
        """An FAQ draft with those of the questions that stand alone as its wordings. It has no answer yet: it is a gap
        until somebody writes one, with its sources. Raises BadInput when they are gone, or none stands alone."""
        async with self._database.session() as session:
            every = await _texts(session, question_ids)
            if not every:
                raise BadInput(citizen_text="这些问题已经过了保存期限。")
            texts = [text for text in every if not _is_bare(text)]
            if not texts:
                raise BadInput(citizen_text="这些话要接着前面的问题才有意思，不能单独建成问答。")
            wordings = tuple(text for text, _ in Counter(texts).most_common(_MOST_WORDINGS))
            content = FaqContent(
                kind=TopicKind.GAP, title=title or wordings[0], wordings=wordings, missing="这个问题的具体规定"
            )
            made = await add_item(
                session, Kind.FAQ, f"faq-asked-{min(question_ids)}", content, who=who, note="来自群众提问"
            )
            await mark_drafted(session, question_ids, made.item_id)
            return made

    async def _questions(self, weeks: int, channel: str) -> list[_Question]:
        wanted = select(AskedQuestion).where(
            AskedQuestion.week >= week_of(self._now() - timedelta(weeks=weeks - 1)),
            AskedQuestion.outcome.in_(_HELPLESS) | (AskedQuestion.followed_by != ""),
        )
        if channel:
            wanted = wanted.where(AskedQuestion.channel == channel)
        async with self._database.session() as session:
            rows = list(await session.scalars(wanted.order_by(AskedQuestion.id.desc()).limit(_MOST_QUESTIONS)))
        bare = await asyncio.to_thread(lambda: {row.id for row in rows if _is_bare(row.text)})
        async with self._database.session() as session:
            before = await _before(session, [row for row in rows if row.id in bare])
        return [_Question(row, row.id in bare, before.get(row.id, "")) for row in rows]

    def _grouped(
        self, questions: Sequence[_Question], weeks: Sequence[str], synonyms: Synonyms, topics: Collection[str]
    ) -> list[Group]:
        by_text: dict[str, list[_Question]] = {}
        normalise = vocabulary(synonyms).normalise
        for question in questions:
            by_text.setdefault(normalise(question.meaning) or question.meaning, []).append(question)
        texts = sorted(by_text, key=lambda text: (-len(by_text[text]), text))[:_MOST_TEXTS]
        if not texts:
            return []
        vectors = np.concatenate(
            [self._encoder.encode(texts[at : at + _ENCODE_BATCH]) for at in range(0, len(texts), _ENCODE_BATCH)]
        )
        counts = np.array([len(by_text[text]) for text in texts], dtype=np.float32)
        alike: dict[int, list[_Question]] = {}
        for text, number in zip(texts, cluster(vectors, counts), strict=True):
            alike.setdefault(int(number), []).extend(by_text[text])
        groups = [
            _group(members, weeks, topic if isinstance(topic, str) and topic in topics else "")
            for topic, members in _by_topic(alike).items()
        ]
        return sorted(groups, key=lambda group: (bool(group.draft_id), -group.count))


def _by_topic(alike: Mapping[int, Sequence[_Question]]) -> dict[str | int, list[_Question]]:
    """Groups by meaning → groups by topic; those without a topic go with the topic of most that mean the same."""
    found: dict[str | int, list[_Question]] = {}
    for number, members in alike.items():
        own = [question.row.topic_id for question in members if not question.is_bare]
        topics = Counter(topic for topic in own if topic)
        usual: str | int = topics.most_common(1)[0][0] if topics else number
        for question in members:
            found.setdefault(question.row.topic_id or usual, []).append(question)
    return found


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


def _group(questions: Sequence[_Question], weeks: Sequence[str], topic: str) -> Group:
    rows = [question.row for question in questions]
    bare = {question.wording: question.is_bare for question in questions}
    often = [wording for wording, _ in Counter(question.wording for question in questions).most_common()]
    wordings = sorted(often, key=bare.__getitem__)
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
        can_draft=not all(question.is_bare for question in questions),
        topic=topic,
    )


def _is_bare(text: str) -> bool:
    """Means something only after another question. Long ones are not looked at: that takes time, and they do not."""
    return len(text) <= _MOST_BARE_CHARS and asks_without_subject(text)


async def _before(session: AsyncSession, rows: Sequence[AskedQuestion]) -> dict[int, str]:
    """id → the last question of the same conversation before it that stands alone."""
    conversations = sorted({row.conversation for row in rows})
    said: dict[str, list[AskedQuestion]] = {}
    for start in range(0, len(conversations), _ASKED_AT_ONCE):
        some = conversations[start : start + _ASKED_AT_ONCE]
        found = await session.scalars(
            select(AskedQuestion).where(AskedQuestion.conversation.in_(some)).order_by(AskedQuestion.id.desc())
        )
        for one in found:
            said.setdefault(one.conversation, []).append(one)
    before: dict[int, str] = {}
    for row in rows:
        earlier = (
            one.text
            for one in said.get(row.conversation, ())
            if one.id < row.id and row.asked_at - one.asked_at <= FOLLOWS_WITHIN and not _is_bare(one.text)
        )
        before[row.id] = next(earlier, "")
    return before


async def _texts(session: AsyncSession, question_ids: Sequence[int]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(question_ids), _ASKED_AT_ONCE):
        some = question_ids[start : start + _ASKED_AT_ONCE]
        found.extend(await session.scalars(select(AskedQuestion.text).where(AskedQuestion.id.in_(some))))
    return found
