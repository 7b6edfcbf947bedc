"""`/guides`, `/guides/{id}`: the published service guides (办事指南). Nothing here needs JavaScript.

A statement is shown with its 文号, year and a link to the clause it stands in. What no document states is not there:
an element without statements has no heading. An item of which the documents say nothing but its name has no page to
open; it is named below the list, with that said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from bot.emergency import help_in
from connectors.web.pages.links import document_link
from connectors.web.pages.view import calm, render
from knowledge.answering.guide_answers import LABELS
from knowledge.authoring.content import GuideContent, Statement
from knowledge.public import published
from knowledge.public.guides import Guides, PublishedGuide
from knowledge.public.published import Cited, Published
from knowledge.retrieval.normalise import Vocabulary
from language.danger import danger_in

Places = dict[str, tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: `only` names the place when it holds in a part of the home place only."""

    text: str
    only: str
    sources: tuple[tuple[Cited, str], ...]
    """What it stands on, each with its link."""


@dataclass(frozen=True, slots=True)
class Section:
    """One element of a guide, with at least one statement."""

    label: str
    said: tuple[Said, ...]


class GuidePages:
    """The handlers. `home`: the place whose rules are shown, with those above it and of places within it.
    `listen`: the address of the audio of a text, "" where nothing can be read aloud."""

    def __init__(
        self,
        guides: Guides,
        reading: Published,
        *,
        home: str,
        today: Callable[[], date],
        listen: Callable[[str], str],
    ) -> None:
        self._guides, self._reading = guides, reading
        self._home, self._today, self._listen = home, today, listen

    async def index(self, request: web.Request) -> web.Response:
        """Every guide, narrowed down to those whose names hold the asked words; those that say nothing apart."""
        words = request.query.get("q", "").strip()[:40]
        every = await self._guides.all()
        told, vocabulary = await self._told(every), await self._reading.vocabulary()
        found = [guide for guide in every if _matches(guide.content, words, vocabulary)]
        context = {
            "groups": _grouped([guide for guide in found if told[guide.id]]),
            "unstated": [guide.content.name for guide in found if not told[guide.id]],
            "words": words,
            "count": len(found),
            "help": help_in(danger) if (danger := danger_in(words)) else None,
        }
        return render(request, "guides.html", context)

    async def show(self, request: web.Request) -> web.Response:
        """One guide; unknown or taken down, a calm page."""
        guide = await self._guides.get(request.match_info["id"])
        if guide is None:
            return calm(request, "没有这份指南", "这份办事指南可能已经更新或者撤下了。")
        sections = (await self._told([guide]))[guide.id]
        name = guide.content.name
        aloud = self._listen(_aloud(name, sections)) if sections else ""
        return render(request, "guide.html", {"name": name, "sections": sections, "listen": aloud})

    async def _told(self, guides: list[PublishedGuide]) -> dict[str, list[Section]]:
        ids = [
            clause
            for guide in guides
            for name in LABELS
            for statement in guide.content.element(name)
            for clause in statement.clauses
        ]
        cited = await self._reading.cited(ids, self._today())
        places = await self._reading.places()
        return {guide.id: self._sections(guide.content, cited, places) for guide in guides}

    def _sections(self, guide: GuideContent, cited: dict[str, Cited], places: Places) -> list[Section]:
        found = []
        for name, label in LABELS.items():
            said = tuple(self._said(guide.element(name), cited, places))
            if said:
                found.append(Section(label, said))
        return found

    def _said(self, statements: Iterable[Statement], cited: dict[str, Cited], places: Places) -> Iterable[Said]:
        above = published.chain(places, self._home)
        for statement in statements:
            inside = self._home in published.chain(places, statement.scope)
            stands = [cited[clause] for clause in statement.clauses if clause in cited]
            if stands and (statement.scope in above or inside):
                only = "" if statement.scope in above else places[statement.scope][0]
                sources = tuple((one, document_link(one.document, one.clause, [statement.value])) for one in stands)
                yield Said(statement.value, only, sources)


def _grouped(guides: list[PublishedGuide]) -> dict[str, list[PublishedGuide]]:
    """By what they are part of; those that are alone there come last, together."""
    by_item: dict[str, list[PublishedGuide]] = {}
    for guide in guides:
        by_item.setdefault(guide.content.main_item, []).append(guide)
    groups = {item: members for item, members in by_item.items() if len(members) > 1}
    alone = [members[0] for members in by_item.values() if len(members) == 1]
    return {**groups, ("其他事项" if groups else "事项"): alone} if alone else groups


def _matches(guide: GuideContent, words: str, vocabulary: Vocabulary) -> bool:
    """Every word is in one of the names, as it is typed or by what the same thing is called there: 新农合 for
    城乡居民基本医疗保险."""
    names = [guide.name, guide.main_item, *guide.aliases]
    texts = [*names, *map(vocabulary.normalise, names)]
    return all(any(word in text or vocabulary.normalise(word) in text for text in texts) for word in words.split())


def _aloud(name: str, sections: list[Section]) -> str:
    """The guide as it is read to somebody."""
    said = [f"{section.label}：{_joined(section)}。" for section in sections]
    return f"{name}。{''.join(said)}"


def _joined(section: Section) -> str:
    return "；".join((f"{one.only}：" if one.only else "") + one.text.rstrip("。；") for one in section.said)
