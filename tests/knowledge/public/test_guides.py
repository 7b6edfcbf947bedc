"""Service guides: what the documents state is told, what they do not is a task for staff and silence for callers."""

from __future__ import annotations

import pytest

from knowledge.authoring.content import ELEMENTS, GuideContent, Statement, parse
from knowledge.authoring.models import Kind
from knowledge.authoring.review import CannotPublish
from knowledge.public.guides import Guides, elements, told
from tests.knowledge.office import JINING_25, LI, Office

JINING, ZOUCHENG = ["sd-jining", "sd", "cn"], ["sd-jining-zoucheng", "sd-jining", "sd", "cn"]


async def test_all_45_items_are_there_and_staff_see_what_is_missing(office: Office) -> None:
    guides = await Guides(office.database).all()
    assert len(guides) == 45
    assert all({"申办材料", "监督电话"} <= set(guide.missing) for guide in guides), "no document states them"
    listed = {item.id: item.missing for item in (await office.editing.find(Kind.GUIDE, page_size=50)).items}
    assert listed == {guide.id: len(guide.missing) for guide in guides}


async def test_a_missing_element_is_never_told(office: Office) -> None:
    for guide in await Guides(office.database).all():
        words = told(guide.content, ZOUCHENG)
        assert not [label for label in guide.missing if f"{label}：" in words]
        assert "None" not in words


async def test_what_holds_in_zoucheng_only_is_not_told_elsewhere(office: Office) -> None:
    local = [
        guide.content
        for guide in await Guides(office.database).all()
        if any(s.scope == "sd-jining-zoucheng" for name in ELEMENTS for s in guide.content.element(name))
    ]
    assert local
    for guide in local:
        here = {value for element in elements(guide, JINING) for value in element.values}
        assert not [
            s for name in ELEMENTS for s in guide.element(name) if s.scope == "sd-jining-zoucheng" and s.value in here
        ]


async def test_a_guide_that_staff_filled_in_is_told_after_review(office: Office) -> None:
    opened = await office.editing.open(Kind.GUIDE, "enroll-resident")
    assert isinstance(opened.content, GuideContent)
    hours = Statement(value="当场办结", scope="sd-jining", clauses=(f"{JINING_25}.m14",))
    filled = opened.content.model_copy(update={"time_limit": (hours,)})
    saved = await office.save(Kind.GUIDE, "enroll-resident", filled)
    guides = Guides(office.database)
    before = await guides.get("enroll-resident")
    assert before is not None
    assert "当场办结" not in told(before.content, JINING)
    await office.publish(saved)
    after = await guides.get("enroll-resident")
    assert after is not None
    assert "办理时限：当场办结。" in told(after.content, JINING)
    assert "办理时限" not in after.missing


async def test_a_guide_cannot_stand_on_a_clause_that_is_not_public(office: Office) -> None:
    opened = await office.editing.open(Kind.GUIDE, "enroll-resident")
    assert isinstance(opened.content, GuideContent)
    said = Statement(value="三天", scope="sd-jining", clauses=("no-such.m01",))
    saved = await office.save(Kind.GUIDE, "enroll-resident", opened.content.model_copy(update={"time_limit": (said,)}))
    with pytest.raises(CannotPublish) as refused:
        await office.publish(saved)
    assert "no-such.m01" in refused.value.problems[0].text


async def test_a_guide_taken_down_is_gone(office: Office) -> None:
    await office.review.unpublish(Kind.GUIDE, "enroll-resident", who=LI, reason="合并到另一项")
    assert await Guides(office.database).get("enroll-resident") is None


def test_a_statement_needs_its_source() -> None:
    typed = {"name": "参保", "main_item": "参保", "query": [{"value": "网上查", "scope": "sd-jining", "clauses": []}]}
    with pytest.raises(Exception, match="query.0.clauses"):
        parse(Kind.GUIDE, typed)
