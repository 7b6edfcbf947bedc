"""What channels and the bot ask of the knowledge: a question in; an answer, a decline or one question back out.

    assistant = Assistant(database)
    await assistant.refresh()
    await assistant.ask("住院前没备案，能补吗", place=None, on=date.today())

Everything returned is text of published answers. What is published, changed or withdrawn in any process is noticed
within VERSION_CHECK_SECONDS of the next question.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import date

import structlog

from knowledge import composing, explaining, guide_answers, places, ranking, snapshot
from knowledge.composing import Part
from knowledge.explaining import Why
from knowledge.guide_answers import guide_answer, is_guide
from knowledge.index import Encoder, Vectors
from knowledge.models import TopicKind
from knowledge.normalise import fold, subject
from knowledge.search import Found, Search, SentenceEncoder, question_for_search
from knowledge.snapshot import KnownAnswer, KnownClause, KnownQuote, KnownTopic, Snapshot
from service.database import Database
from service.errors import EngineUnavailable
from service.messages import Source

log = structlog.get_logger()

VERSION_CHECK_SECONDS = 1.0
_REBUILD_PATIENCE_SECONDS = 3.0
_FOLLOW_UP_CHARS = 9
_NEARLY = 0.6


@dataclass(frozen=True, slots=True)
class Answer:
    """What a published document says. `place` is whose rules were asked for; `more` that `Assistant.more` has more.
    `part` counts the portions already given, for the next call of `more`."""

    text: str
    spoken: str
    sources: tuple[Source, ...]
    topic: str
    place: str
    confidence: float
    more: bool
    part: int = 0
    clauses: tuple[str, ...] = ()
    """Ids of the clauses it stands on, for statistics."""


@dataclass(frozen=True, slots=True)
class Declined:
    """No document says it. Tells what can be said, with its sources, and offers a person. `topic` when the question
    was understood."""

    text: str
    spoken: str
    topic: str | None
    sources: tuple[Source, ...] = ()
    place: str | None = None
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Option:
    """One of the two things a question may have meant; `title` is a full question and can be sent as one."""

    topic: str
    title: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A short question back."""

    text: str
    spoken: str
    options: tuple[Option, ...]
    confidence: float = 0.0


Reply = Answer | Declined | Unclear


@dataclass(frozen=True, slots=True)
class Explained:
    """A reply with its candidates. `place` is whose rules were asked for, `version` the state of the knowledge."""

    reply: Reply
    place: str
    version: int
    candidates: tuple[Why, ...]


class Assistant:
    """Answers from the published knowledge. One per process, used on one event loop; close with `aclose`."""

    def __init__(self, database: Database, *, home: str = places.JINING, encoder: Encoder | None = None) -> None:
        self._database = database
        self._home = home
        self._vectors = Vectors(encoder or SentenceEncoder())
        self._search: Search | None = None
        self._checked_at = 0.0
        self._rebuilding: asyncio.Task[None] | None = None

    @property
    def ready(self) -> bool:
        """True once a question can be answered."""
        return self._search is not None

    async def aclose(self) -> None:
        """Stop a rebuild that is under way."""
        if self._rebuilding is not None:
            self._rebuilding.cancel()
            await asyncio.gather(self._rebuilding, return_exceptions=True)

    async def refresh(self) -> None:
        """Read the published knowledge and build the index; questions are answered from the old one meanwhile."""
        if self._rebuilding is None or self._rebuilding.done():
            self._rebuilding = asyncio.create_task(self._rebuild(), name="knowledge rebuild")
        await asyncio.shield(self._rebuilding)

    async def ask(self, question: str, *, place: str | None, on: date, topic: str | None = None) -> Reply:
        """Answer a question of someone insured in `place` (None: not said) on a day. `topic` is what was talked about
        before, so that "那济南呢" and "要几天" are understood. Raises EngineUnavailable before the first `refresh`."""
        search = await self._current()
        known = search.index.snapshot
        folded = fold(question)
        named = places.place_in(folded)
        if named.named is places.Named.ELSEWHERE:
            return _declined(composing.elsewhere_part(named.name), None, place, 1.0)
        asked_place = self._place(known, named.jurisdiction, place)
        if (
            topic is not None
            and (switched := places.only_place(folded))
            and (reply := self._on(known, topic, switched, on))
        ):
            return reply
        found = await asyncio.to_thread(self._find, search, folded, asked_place, known.topics.get(topic or ""))
        names, question = search.guide_names, question_for_search(folded)
        guide = names.asked(question) or names.follow_up(topic, question)
        return self._reply(known, found, guide, asked_place, on)

    async def about(self, topic: str, *, place: str | None, on: date) -> Reply:
        """The answer to a topic that is already known, for example an option of `Unclear` or another place."""
        known = (await self._current()).index.snapshot
        reply = self._on(known, topic, self._place(known, None, place), on)
        return reply or _declined(composing.unknown_part(), None, place, 0.0)

    async def more(self, topic: str, *, place: str | None, on: date, part: int) -> Answer | None:
        """Portion `part` (1 is the first after the answer) of what else the documents say; None when that was all."""
        known = (await self._current()).index.snapshot
        asked_place = self._place(known, None, place)
        answer = _said(known, topic, asked_place, on)
        parts = composing.more_parts(answer) if answer else []
        if answer is None or not 1 <= part <= len(parts):
            return None
        said = parts[part - 1]
        return Answer(
            said.text, said.spoken, composing.sources(answer), topic, asked_place, 1.0, part < len(parts), part
        )

    async def source(self, topic: str, *, place: str | None, on: date) -> Answer | None:
        """Which document says it, for "哪个文件说的"; None when nothing was answered."""
        known = (await self._current()).index.snapshot
        asked_place = self._place(known, None, place)
        answer = _said(known, topic, asked_place, on)
        if answer is None:
            return None
        said = composing.source_part(answer)
        return Answer(said.text, said.spoken, composing.sources(answer), topic, asked_place, 1.0, False)

    async def explain(self, question: str, *, place: str | None, on: date) -> Explained:
        """What `ask` answers now, and the candidates it was chosen from: for staff who try questions out."""
        reply = await self.ask(question, place=place, on=on)
        search = await self._current()
        known = search.index.snapshot
        folded = fold(question)
        asked_place = self._place(known, places.place_in(folded).jurisdiction, place)
        countable = frozenset([*known.chain(asked_place), *known.chain(self._home)])
        asked = question_for_search(folded)
        found = await asyncio.to_thread(explaining.candidates, search, asked, countable, asked_place, on)
        return Explained(reply, asked_place, known.version, found)

    async def fixed_spoken(self, on: date) -> list[str]:
        """Every spoken text a caller may hear on that day, so that a voice can prepare them.

        In the order they are likely to be needed: first answers of the home place, its sources, the same of other
        places, then what only a caller who asks for more will hear, and at last the home place's service guides.
        """
        known = (await self._current()).index.snapshot
        places_asked = [self._home, *(place for place in _asked_places(known) if place != self._home)]
        first, sources, more = [composing.unknown_part().spoken], [], []
        for place in places_asked:
            first.append(composing.no_rule_part(known, place).spoken)
            for topic in known.topics.values():
                answer = known.answer(topic, place, on)
                if topic.kind is not TopicKind.ANSWER:
                    first.append(composing.gap_part(known, topic, answer, place).spoken)
                elif answer is not None:
                    first.append(composing.first_part(known, answer, place).spoken)
                    sources.append(composing.source_part(answer).spoken)
                    more += [part.spoken for part in composing.more_parts(answer)]
        told = [_from_guide(known, key, self._home, on, 1.0) for key in guide_answers.keys(known)]
        guides = [reply.spoken for reply in told if isinstance(reply, Answer)]
        return list(dict.fromkeys([*first, *sources, *more, *guides]))

    async def _current(self) -> Search:
        now = time.monotonic()
        if self._search is not None and now - self._checked_at >= VERSION_CHECK_SECONDS:
            self._checked_at = now
            if await snapshot.current_version(self._database) != self._search.index.snapshot.version:
                await asyncio.wait([asyncio.ensure_future(self.refresh())], timeout=_REBUILD_PATIENCE_SECONDS)
        if self._search is None:
            raise EngineUnavailable("knowledge not loaded")
        return self._search

    async def _rebuild(self) -> None:
        known = await snapshot.read(self._database)
        self._search = await asyncio.to_thread(lambda: Search(known, self._vectors, ranking.load_weights()))
        log.info("knowledge_ready", version=known.version, topics=len(known.topics), clauses=len(known.clauses))

    def _place(self, known: Snapshot, named: str | None, told: str | None) -> str:
        """Named in the question, else told before, else home. 济宁 named by someone from 邹城 changes nothing."""
        told = told if told in known.places else self._home
        return told if named is None or named in known.chain(told) and named != "sd" else named

    def _find(self, search: Search, folded: str, place: str, before: KnownTopic | None) -> Found:
        known = search.index.snapshot
        countable = frozenset([*known.chain(place), *known.chain(self._home)])
        question = question_for_search(folded)
        found = search.find(question, countable)
        bare = len(subject(question)) < 2
        if before is None or len(search.index.vocabulary.normalise(question)) > _FOLLOW_UP_CHARS:
            return found
        if found.sure and not bare:
            return found
        # "要几天": too short to stand alone, so ask it of what was talked about.
        together = search.follow_up(question, before, countable)
        return together if bare and together.sure or together.confidence > found.confidence else found

    def _on(self, known: Snapshot, key: str, place: str, on: date) -> Reply | None:
        """What is said to a topic, or from a guide, that is known by its id; None when there is none of that id."""
        if is_guide(key):
            return _from_guide(known, key, place, on, 1.0)
        return self._about(known, known.topics[key], place, on, 1.0) if key in known.topics else None

    def _reply(self, known: Snapshot, found: Found, guide: str | None, place: str, on: date) -> Reply:
        first = found.candidates[0].target if found.candidates else None
        if first is not None and found.sure:
            if first.topic is not None:
                topic = _careful(known, found, first.topic, place, on)
                return self._about(known, topic, place, on, found.confidence)
            if first.clause is not None and first.clause.valid(on):
                return _answered(known, _whole(first.clause), place, found.confidence, first.clause.id)
        if guide is not None and (reply := _from_guide(known, guide, place, on, found.confidence)):
            return reply
        if found.torn:
            options = tuple(
                Option(c.target.topic.id, c.target.topic.title)
                for c in found.candidates[:2]
                if c.target.topic is not None and c.target.topic.kind is not TopicKind.OUTSIDE
            )
            if len(options) == 2:
                return _unclear(options, found.confidence)
        return _declined(composing.unknown_part(), None, place, found.confidence)

    def _about(self, known: Snapshot, topic: KnownTopic, place: str, on: date, confidence: float) -> Reply:
        answer = known.answer(topic, place, on)
        if topic.kind is not TopicKind.ANSWER:
            said = composing.gap_part(known, topic, answer, place)
            return _declined(said, topic.id, place, confidence, composing.sources(answer) if answer else ())
        if answer is None:
            return _declined(composing.no_rule_part(known, place), topic.id, place, confidence)
        return _answered(known, answer, place, confidence, topic.id)


def _careful(known: Snapshot, found: Found, first: KnownTopic, place: str, on: date) -> KnownTopic:
    """When a gap on the same clauses is nearly as likely, take the gap: it says the same facts, and what is missing."""
    mine = _cited(known.answer(first, place, on))
    for candidate in found.candidates[1:3]:
        other = candidate.target.topic
        if other is None or first.kind is not TopicKind.ANSWER or other.kind is not TopicKind.GAP:
            continue
        near = candidate.chance >= _NEARLY * found.candidates[0].chance
        if near and mine and mine <= _cited(known.answer(other, place, on)):
            return other
    return first


def _said(known: Snapshot, topic: str, place: str, on: date) -> KnownAnswer | None:
    """What was answered to a topic or from a guide."""
    if is_guide(topic):
        told = guide_answer(known, topic, place, on)
        return told.answer if told else None
    return known.answer(known.topics[topic], place, on) if topic in known.topics else None


def _from_guide(known: Snapshot, key: str, place: str, on: date, confidence: float) -> Reply | None:
    told = guide_answer(known, key, place, on)
    if told is None:
        return None
    if told.answer is not None and not told.missing:
        return _answered(known, told.answer, place, confidence, key)
    said = composing.not_stated_part(known, told.missing, told.answer, place)
    return _declined(said, key, place, confidence, composing.sources(told.answer) if told.answer else ())


def _cited(answer: KnownAnswer | None) -> set[str]:
    return {quote.clause.id for quote in answer.quotes if quote.leads} if answer else set()


def _answered(known: Snapshot, answer: KnownAnswer, place: str, confidence: float, key: str) -> Answer:
    said = composing.first_part(known, answer, place)
    more = (key in known.topics or is_guide(key)) and bool(composing.more_parts(answer))
    stood_on = tuple(dict.fromkeys(quote.clause.id for quote in answer.quotes if quote.leads))
    return Answer(said.text, said.spoken, composing.sources(answer), key, place, confidence, more, clauses=stood_on)


def _declined(
    said: Part, topic: str | None, place: str | None, confidence: float, sources: tuple[Source, ...] = ()
) -> Declined:
    return Declined(said.text, said.spoken, topic, sources, place, confidence)


def _unclear(options: tuple[Option, ...], confidence: float) -> Unclear:
    first, second = (option.title for option in options)
    return Unclear(f"您是想问：{first}？还是：{second}？", f"您是想问，{first}，还是，{second}？", options, confidence)


def _whole(clause: KnownClause) -> KnownAnswer:
    """A clause that no topic quotes answers with its own words."""
    quote = KnownQuote(clause, clause.text, leads=True)
    return KnownAnswer(clause.document.place, (quote,), "", clause.text, "", None, None)


def _asked_places(known: Snapshot) -> list[str]:
    """The places that have answers of their own."""
    own = {answer.place for topic in known.topics.values() for answer in topic.answers}
    return sorted(own)
