"""Service guides (办事指南) as citizens and staff see them: eight elements of the site standard, each only when some
document states it.

    guides = Guides(database)
    for guide in await guides.all(): guide.missing                  # ("申办材料", "监督电话"): for staff
    told(guide.content, chain=["sd-jining", "sd", "cn"])            # only what is stated and holds there
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from base.database import Database
from knowledge.authoring.content import ELEMENTS, GuideContent, missing_elements
from knowledge.authoring.models import Guide


@dataclass(frozen=True, slots=True)
class PublishedGuide:
    """A guide that is on air. `missing`: elements that no document states, for staff only."""

    id: str
    content: GuideContent
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One element for one place: its Chinese name, what is stated, and the clauses that state it."""

    name: str
    label: str
    values: tuple[str, ...]
    clauses: tuple[str, ...]


class Guides:
    """Reading the published guides; they change through `knowledge.authoring.editing` and
    `knowledge.authoring.review`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[PublishedGuide]:
        """Every published guide, by name."""
        async with self._database.session() as session:
            rows = await session.scalars(select(Guide).where(Guide.live).order_by(Guide.name, Guide.id))
            return [_published(row) for row in rows]

    async def get(self, guide_id: str) -> PublishedGuide | None:
        """None when there is none or it was taken down."""
        async with self._database.session() as session:
            row = await session.get(Guide, guide_id)
            return _published(row) if row is not None and row.live else None


def elements(guide: GuideContent, chain: Sequence[str]) -> list[Element]:
    """What is stated for a place, in the standard's order. `chain`: the place and every place above it.

    An element nobody states, or that is stated for another place only, is not in the list.
    """
    found = []
    for name, label in ELEMENTS.items():
        here = [statement for statement in guide.element(name) if statement.scope in chain]
        if here:
            cited = dict.fromkeys(clause for statement in here for clause in statement.clauses)
            found.append(Element(name, label, tuple(statement.value for statement in here), tuple(cited)))
    return found


def told(guide: GuideContent, chain: Sequence[str]) -> str:
    """The guide in words, for a voice or a screen; "" when nothing is stated for the place."""
    said = [f"{element.label}：{'；'.join(element.values)}。" for element in elements(guide, chain)]
    return f"{guide.name}。{''.join(said)}".replace("。。", "。") if said else ""


def _published(row: Guide) -> PublishedGuide:
    content = GuideContent.model_validate(row.content)
    return PublishedGuide(row.id, content, missing_elements(content))
