"""What channels and the bot ask of the knowledge: a question in; an answer, a decline or one question back out.

    assistant = Assistant(database)
    await assistant.refresh()
    await assistant.ask("住院前没备案，能补吗", place=None, on=date.today())

Everything returned is text of published answers. What is published, changed or withdrawn in any process is noticed
within a second of the next question (`knowledge.answering.current`).
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import structlog

from base.database import Database
from base.tenant import TENANT
from knowledge.answering import (
    asking_back,
    composing,
    deciding,
    doubted,
    explaining,
    guide_answers,
    passage_answers,
    places,
    replying,
)
from knowledge.answering.asked import bare_words as fields
from knowledge.answering.asked import going_on
from knowledge.answering.asked.put_right import put_right
from knowledge.answering.composing import Part
from knowledge.answering.current import CurrentSearch
from knowledge.answering.entered import with_entered
from knowledge.answering.guide_answers import guide_answer, is_guide
from knowledge.answering.passage_answers import Hit
from knowledge.answering.replies import Answer, Declined, Explained, Reply, Unclear
from knowledge.answering.verdict import asks_whether_needed, without_leading
from knowledge.answering.years import YearInQuestion, year_in
from knowledge.models import TopicKind
from knowledge.retrieval import topic_ranking as ranking
from knowledge.retrieval.index import Encoder
from knowledge.retrieval.normalise import asks_without_subject, fold, plain, subject, without_phone
from knowledge.retrieval.scopes import Scope
from knowledge.retrieval.search import Found, Search, SentenceEncoder, question_for_search
from knowledge.retrieval.snapshot import KnownAnswer, KnownTopic, Snapshot

log = structlog.get_logger()

_BARE = re.compile(r"(?:那|这|我|俺|该|可|要|得)*(?:怎么|咋|如何)(?:办|弄|整|搞)(?:啊|呀|呢|才好|好)*")
"""Means nothing before anything was talked about."""
_OF_ONE_YEAR = re.compile(r"((?:19|20)[0-9]{2})年度")


class Assistant:
    """Answers from the published knowledge. One per process, used on one event loop; close with `aclose`."""

    def __init__(
        self,
        database: Database,
        *,
        home: str = TENANT.jurisdiction,
        encoder: Encoder | None = None,
        weights: ranking.Weights | None = None,
        keep_in: Path | None = None,
    ) -> None:
        """`encoder` and `weights` in place of the project's own, for tests and benches; `keep_in`: a folder for the
        vectors of what is published."""
        self._database, self._home = database, home
        self._current = CurrentSearch(database, encoder or SentenceEncoder(), weights, keep_in)

    @property
    def ready(self) -> bool:
        """True once a question can be answered."""
        return self._current.ready

    async def aclose(self) -> None:
        """Stop a rebuild that is under way."""
        await self._current.aclose()

    async def refresh(self) -> None:
        """Read the published knowledge and build the index; questions are answered from the old one meanwhile."""
        await self._current.refresh()

    async def ask(self, question: str, *, place: str | None, on: date, topic: str | None = None) -> Reply:
        """Answer a question of someone insured in `place` (None: not said) on a day. `topic` is what was talked about
        before, so that "那济南呢" and "要几天" are understood. Raises EngineUnavailable before the first `refresh`."""
        search, folded = await self._current.get(), put_right(fold(question))
        named = places.place_in(folded)
        if named.named is places.Named.ELSEWHERE:
            return replying.declined(composing.elsewhere_part(named.name), None, place, 1.0)
        asked_place = self._place(search.index.snapshot, named.jurisdiction, place)
        of_year = year_in(folded)
        if of_year is None or of_year.year >= on.year:
            reply = await self._asked(search, folded, asked_place, on, topic)
        else:
            reply = await self._asked_of_year(search, of_year, asked_place, on, topic)
        return await with_entered(self._database, reply, folded, self._home, on)

    async def _asked(self, search: Search, folded: str, place: str, on: date, topic: str | None) -> Reply:
        known = search.index.snapshot
        if (
            topic is not None
            and (switched := places.only_place(folded))
            and (reply := self._on(search, topic, switched, on))
        ):
            return reply
        names, question = search.guide_names, question_for_search(folded)
        options = asking_back.of_topics(known, fields.offered(search.index.vocabulary, question))
        if options:
            return asking_back.unclear(options, 0.0)
        if topic is None and _BARE.fullmatch(plain(question)):
            said = composing.which_matter_part()
            return Unclear(said.text, said.spoken, ())
        found, hits = await asyncio.to_thread(self._find, search, folded, place, topic or "", on)
        guide = names.asked(question) or names.follow_up(topic, question)
        goes_on = topic is not None and len(search.index.vocabulary.normalise(question)) <= going_on.SHORT
        about = going_on.context(search, topic) if topic is not None and goes_on else ""
        return self._reply(search, found, hits, guide, question, place, on, about)

    async def _asked_of_year(
        self, search: Search, asked: YearInQuestion, place: str, on: date, topic: str | None
    ) -> Reply:
        """What was the rule in a year that is past: what stands in a document of that year or before it, else that
        no document of ours says so, and what a later one says."""
        known, reply = search.index.snapshot, None
        if len(subject(asked.rest)) >= 2:
            reply = await self._asked(search, asked.rest, place, on, topic)
        elif topic is not None:
            reply = self._on(search, topic, place, on)
        if reply is None:
            said = composing.year_alone_part(asked.year)
            return Unclear(said.text, said.spoken, ())
        if isinstance(reply, Unclear) or not reply.sources or reply.topic is None:
            return reply
        cited = [known.clauses[source.clause_id].document for source in reply.sources]
        years = sorted({document.issue_date.year for document in cited})
        # 2016年度 in what is quoted: it tells of that year alone.
        only = {int(year) for year in _OF_ONE_YEAR.findall("".join(q for s in reply.sources for q in s.quotes))}
        if years[0] <= asked.year and (not only or asked.year in only):
            return reply
        chain = known.chain(place)
        own = [clause.document.issue_date.year for clause in known.clauses.values() if clause.document.place in chain]
        said = composing.other_year_part(asked.year, Part(reply.text, reply.spoken), years, min(own))
        return replying.declined(said, reply.topic, reply.place, reply.confidence, reply.sources)

    async def about(self, topic: str, *, place: str | None, on: date, said: str = "") -> Reply:
        """The answer to a topic that is already known, for example an option of `Unclear` or another place; `said` is
        how the place was named."""
        search = await self._current.get()
        known = search.index.snapshot
        asked_place = self._place(known, None, place)
        reply: Reply | None = None
        if topic in known.topics and known.topics[topic].kind is TopicKind.GAP:
            # Written since by a document that whoever wrote the gap had not read: the same words typed are answered.
            asked = await self._asked(search, fold(known.topics[topic].title), asked_place, on, None)
            reply = asked if isinstance(asked, Answer) else None
        reply = reply or self._on(search, topic, asked_place, on)
        reply = reply or replying.declined(composing.unknown_part(), None, place, 0.0)
        return await with_entered(self._database, reply, said, self._home, on)

    async def more(self, topic: str, *, place: str | None, on: date, part: int) -> Answer | None:
        """Portion `part` (1 is the first after the answer) of what else the documents say; None when that was all."""
        return await self._portion(topic, place, on, part)

    async def whole(self, topic: str, *, place: str | None, on: date) -> Answer | None:
        """The first portion of the clauses themselves, from their beginning; `more` goes on from its `part`. None when
        nothing was answered."""
        return await self._portion(topic, place, on, None)

    async def _portion(self, topic: str, place: str | None, on: date, part: int | None) -> Answer | None:
        """Portions are counted on: first what the answer left out, behind it the clauses as a whole (`part` None)."""
        search = await self._current.get()
        known = search.index.snapshot
        asked_place = self._place(known, None, place)
        answer = self._said(search, topic, asked_place, on)
        if answer is None:
            return None
        left_out = composing.more_parts(answer)
        parts = [*left_out, *composing.whole_parts(answer)]
        first_of_whole = len(left_out) + 1
        if part == first_of_whole or part is not None and not 1 <= part <= len(parts):
            return None
        part = first_of_whole if part is None else part
        said, goes_on = parts[part - 1], part not in (len(left_out), len(parts))
        return Answer(said.text, said.spoken, composing.sources(answer), topic, asked_place, 1.0, goes_on, part)

    async def source(self, topic: str, *, place: str | None, on: date) -> Answer | None:
        """Which document says it, for "哪个文件说的"; None when nothing was answered."""
        search = await self._current.get()
        known = search.index.snapshot
        asked_place = self._place(known, None, place)
        answer = self._said(search, topic, asked_place, on)
        if answer is None:
            return None
        said = composing.source_part(answer)
        return Answer(said.text, said.spoken, composing.sources(answer), topic, asked_place, 1.0, False)

    async def explain(self, question: str, *, place: str | None, on: date) -> Explained:
        """What `ask` answers now, and the candidates it was chosen from: for staff who try questions out. Lines before
        the last are what was asked before it."""
        *earlier, question = question.splitlines() or [""]
        topic = None
        for line in earlier:
            said = await self.ask(line, place=place, on=on, topic=topic)
            topic = None if isinstance(said, Unclear) else said.topic
        reply = await self.ask(question, place=place, on=on, topic=topic)
        search = await self._current.get()
        known = search.index.snapshot
        folded = fold(question)
        asked_place = self._place(known, places.place_in(folded).jurisdiction, place)
        countable = frozenset([*known.chain(asked_place), *known.chain(self._home)])
        asked = question_for_search(folded)
        if topic in known.topics and asks_without_subject(asked):
            asked = f"{subject(known.topics[topic].title)}{asked}"
        found = await asyncio.to_thread(explaining.candidates, search, asked, countable, asked_place, on)
        return Explained(reply, asked_place, known.version, found)

    async def fixed_spoken(self, on: date) -> list[str]:
        """Every spoken text a caller may hear on that day, so that a voice can prepare them.

        In the order they are likely to be needed: first answers of the home place and of others, the questions asked
        back, the sources, then what only a caller who asks for more will hear, and the home place's service guides.
        """
        known = (await self._current.get()).index.snapshot
        places_asked = [self._home, *(place for place in replying.asked_places(known) if place != self._home)]
        nothing_found, _ = doubted.not_found((), "")
        unknown = [composing.unknown_part(), nothing_found, composing.which_matter_part()]
        first, sources, more = [part.spoken for part in unknown], [], []
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
        titles = [topic.title for topic in known.topics.values() if topic.kind is not TopicKind.OUTSIDE]
        asked_back = composing.asked_back_of_each(titles)
        told = [replying.from_guide(known, key, self._home, on, 1.0) for key in guide_answers.keys(known)]
        guides = [reply.spoken for reply in told if isinstance(reply, Answer)]
        return list(dict.fromkeys([*first, *asked_back, *sources, *more, *guides]))

    async def respelled(self, text: str) -> str:
        """What sounds like `text`, as recognition wrote it, and is most likely asked. Raises EngineUnavailable."""
        search = await self._current.get()
        return await asyncio.to_thread(search.respelled, text)

    async def search(self) -> Search:
        """The search as it is now, for what staff want to know of the knowledge. Raises EngineUnavailable."""
        return await self._current.get()

    def _place(self, known: Snapshot, named: str | None, told: str | None) -> str:
        """Named in the question, else told before, else home. 济宁 named by someone from 邹城 changes nothing."""
        told = told if told in known.places else self._home
        return told if named is None or named in known.chain(told) and named != places.PROVINCE else named

    def _find(self, search: Search, folded: str, place: str, topic: str, on: date) -> tuple[Found, tuple[Hit, ...]]:
        """What the topics and what the documents' sentences come to; of the sentences only those of the place count."""
        doubted.prepare(search)
        known = search.index.snapshot
        question = question_for_search(folded)
        scope = going_on.scope(search, question, folded, topic)
        found = self._find_topic(search, question, place, known.topics.get(topic), scope)
        chain = frozenset(known.chain(place))
        bare = asks_without_subject(question)
        alone = () if topic and bare else search.hits(question, chain, on, scope=scope)
        if not topic or not bare and not going_on.leans_on_clause(search, topic, question):
            return found, alone
        about = going_on.context(search, topic)
        told = self._said(search, topic, place, on)
        documents = {quote.clause.document.id for quote in told.quotes} if told else set()
        hits = search.hits(f"{about}{question}", chain, on, scope=scope)
        together = tuple(hit for hit in hits if going_on.goes_on(search, hit, about, documents))
        return found, max(together, alone, key=going_on.likely) if alone else together

    def _find_topic(self, search: Search, question: str, place: str, before: KnownTopic | None, scope: Scope) -> Found:
        known = search.index.snapshot
        countable = frozenset([*known.chain(place), *known.chain(self._home)])
        found = search.find(question, countable, scope)
        if before is None or len(search.index.vocabulary.normalise(without_phone(question))) > going_on.SHORT:
            return found
        bare = asks_without_subject(question)
        nothing = not bare and len(subject(question)) < 2
        if nothing or found.sure and not bare:
            return found
        if not bare and not going_on.is_of(before, subject(question)):
            return found  # "门诊满特病怎么认定": a matter of its own, if a misheard one
        # "要几天": too short to stand alone, so ask it of what was talked about.
        together = search.follow_up(question, before, countable)
        return together if bare or together.confidence > found.confidence else found

    def _said(self, search: Search, topic: str, place: str, on: date) -> KnownAnswer | None:
        """What was answered to a topic, from a guide, or with a sentence that belongs to neither."""
        known = search.index.snapshot
        if is_guide(topic):
            told = guide_answer(known, topic, place, on)
            return told.answer if told else None
        if topic in known.topics:
            return known.answer(known.topics[topic], place, on)
        return passage_answers.of_key(search.passages, topic)

    def _on(self, search: Search, key: str, place: str, on: date) -> Reply | None:
        """What is said to a topic, from a guide or with a sentence that is known by its id; None when there is none of
        that id, or the sentence is of another place's rules."""
        known = search.index.snapshot
        if is_guide(key):
            return replying.from_guide(known, key, place, on, 1.0)
        if key in known.topics:
            return self._about(known, known.topics[key], place, on, 1.0)
        told = passage_answers.of_key(search.passages, key)
        if told is None or told.place not in known.chain(place):
            return None
        return replying.answered(known, told, place, 1.0, key)

    def _reply(
        self,
        search: Search,
        found: Found,
        hits: tuple[Hit, ...],
        guide: str | None,
        question: str,
        place: str,
        on: date,
        about: str,
    ) -> Reply:
        """`about`: what was talked about, where the question is so short that it may go on from it."""
        known = search.index.snapshot
        of_item = guide_answers.guide_of(known, guide) if guide else None
        if of_item:  # an item that is named by its name: no sentence that is about something else
            hits = tuple(hit for hit in hits if passage_answers.names(hit, subject(of_item.name)))
        hit = hits[0] if hits else None
        if guide is None and (asked := asking_back.whose_ceiling(search.passages, hit, question)):
            return asked
        if hit is not None and deciding.sentence_answers(found, hit, question):
            told = passage_answers.answer(hit.passage, question, hit.scope)
            return replying.answered(known, told, place, hit.confidence, hit.key)
        if (
            guide is None
            and deciding.sentence_is_nearest(found, hit)
            and (asked := asking_back.nearest(hits, question))
        ):
            return asked
        first = found.candidates[0].target.topic if found.candidates else None
        if first is not None and found.sure:
            topic = deciding.careful(known, found, first, place, on)
            if guide is None and doubted.is_doubtful(search, topic, f"{about}{question}"):
                said, sources = doubted.not_found(hits, question)
                return Declined(said.text, said.spoken, None, sources, place, found.confidence, is_ours=True)
            return self._about(known, topic, place, on, found.confidence, question)
        if guide is not None and (reply := replying.from_guide(known, guide, place, on, found.confidence)):
            return reply
        if found.torn:
            options = asking_back.of_topics(known, [c.target.id for c in found.candidates[:2]])
            if options:
                return asking_back.unclear(options, found.confidence)
        near = hits[0].passage.clause if deciding.is_near(hit) else None
        if near is None:
            return replying.declined(composing.unknown_part(), None, place, found.confidence)
        said = composing.unknown_part(near.document)
        return replying.declined(said, None, place, found.confidence, (composing.source_of(near),))

    def _about(
        self, known: Snapshot, topic: KnownTopic, place: str, on: date, confidence: float, question: str = ""
    ) -> Reply:
        """`question`: as it was asked, where it is known."""
        answer = known.answer(topic, place, on)
        if topic.kind is not TopicKind.ANSWER:
            if answer is not None and question and deciding.only_where_to_look(answer, question):
                answer = None
            said, sources = composing.gap_part(known, topic, answer, place), composing.sources(answer) if answer else ()
            return Declined(said.text, said.spoken, topic.id, sources, place, confidence, topic.kind is TopicKind.GAP)
        if answer is None:
            return replying.declined(composing.no_rule_part(known, place), topic.id, place, confidence)
        if asks_whether_needed(question):
            answer = replace(answer, written=without_leading(answer.written), spoken=without_leading(answer.spoken))
        return replying.answered(known, answer, place, confidence, topic.id)
