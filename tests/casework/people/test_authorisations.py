from __future__ import annotations

from datetime import date

import pytest

from casework.core.contract import CoreUnavailable, Person
from casework.people.authorisation_history import End
from casework.people.authorisations import ALL, OneSelf
from casework.people.identity import CodeExpired, Locked, WrongCode
from staff import audit
from tests.casework.office import CODE, Office, people

UNTIL = date(2027, 2, 18)
MOTHER = people()["mother"]["id_number"]


async def person(office: Office, who: str) -> Person:
    found = await office.core.person(people()[who]["id_number"])
    assert found
    return found


async def test_the_agent_asks_and_the_principals_code_confirms(office: Office) -> None:
    daughter, granting = await person(office, "daughter"), office.parts.authorisations
    request = await granting.ask(daughter, MOTHER, ["chronic-recognition"], "门诊慢特病资格认定", UNTIL)
    mother = office.vault.lookup(MOTHER)
    assert await granting.allowed(daughter.key, mother, "chronic-recognition") is None, "asked is not granted"
    [message] = await office.messages("mother")
    assert "陈**" in message
    assert CODE in message
    granted = await granting.confirm(request, daughter, CODE)
    assert granted.principal == "刘**"
    assert await granting.allowed(daughter.key, mother, "chronic-recognition")
    assert await granting.allowed(daughter.key, mother, "query") is None, "named matters only"
    with pytest.raises(CodeExpired):
        await granting.confirm(request, daughter, CODE)


async def test_only_who_asked_can_confirm(office: Office) -> None:
    daughter, son, granting = await person(office, "daughter"), await person(office, "son"), office.parts.authorisations
    request = await granting.ask(daughter, MOTHER, [ALL], "全部事项", UNTIL)
    with pytest.raises(CodeExpired):
        await granting.confirm(request, son, CODE)


async def test_guessing_locks_the_agent_and_not_the_principal(office: Office) -> None:
    son, granting = await person(office, "son"), office.parts.authorisations
    request = await granting.ask(son, MOTHER, [ALL], "全部事项", UNTIL)
    for guess in ("000001", "000002"):
        with pytest.raises(WrongCode):
            await granting.confirm(request, son, guess)
    with pytest.raises(Locked):
        await granting.confirm(request, son, "000003")
    with pytest.raises(Locked):
        await granting.confirm(request, son, CODE)
    await office.parts.identity.begin("c1", MOTHER)
    assert await office.parts.identity.check("c1", CODE)


async def test_it_ends_with_its_day_and_either_side_ends_it_at_once(office: Office) -> None:
    mother, daughter, granting = (
        await person(office, "mother"),
        await person(office, "daughter"),
        office.parts.authorisations,
    )
    granted = await granting.grant(mother, daughter.id_number, [ALL], "全部事项", date(2026, 11, 20))
    assert [one.is_mine for one in await granting.of(daughter.key)] == [True]
    assert [one.agent for one in await granting.of(mother.key)] == ["陈**"]
    office.clock.passes(hours=15)  # midnight in Jining
    assert await granting.of(daughter.key) == []
    assert await granting.allowed(daughter.key, mother.key, "query") is None
    granted = await granting.grant(mother, daughter.id_number, [ALL], "全部事项", UNTIL)
    stranger = await person(office, "son")
    assert not await granting.revoke(stranger, granted.id)
    assert await granting.revoke(daughter, granted.id)
    assert not await granting.revoke(mother, granted.id)
    assert await granting.allowed(daughter.key, mother.key, "query") is None


async def test_both_sides_are_told_when_it_ends(office: Office) -> None:
    mother, daughter, granting = (
        await person(office, "mother"),
        await person(office, "daughter"),
        office.parts.authorisations,
    )
    hers = await office.bind("daughter")
    granted = await granting.grant(mother, daughter.id_number, [ALL], "全部事项", UNTIL)
    assert await granting.revoke(mother, granted.id)
    assert "您给陈**的代办授权已经收回" in (await office.messages("mother"))[-1]
    assert "刘**给您的代办授权已经收回" in (await office.messages("daughter"))[-1]
    assert [(to, letter.text[:3]) for to, letter in office.post.letters[-1:]] == [(hers, "刘**")]
    granted = await granting.grant(mother, daughter.id_number, [ALL], "全部事项", UNTIL)
    assert await granting.revoke(daughter, granted.id)
    assert "陈**不再替您代办了" in (await office.messages("mother"))[-1]
    assert "您已取消替刘**代办" in (await office.messages("daughter"))[-1]
    told = len(await office.messages("mother"))
    assert not await granting.revoke(mother, granted.id)
    assert len(await office.messages("mother")) == told, "what changes nothing tells nothing"


async def test_it_ends_without_the_core_system_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    mother, granting = await person(office, "mother"), office.parts.authorisations
    daughter = await person(office, "daughter")
    granted = await granting.grant(mother, daughter.id_number, [ALL], "全部事项", UNTIL)

    async def is_down(id_number: str) -> None:
        raise CoreUnavailable

    monkeypatch.setattr(office.core, "person", is_down)
    assert await granting.revoke(mother, granted.id)
    assert await granting.allowed(daughter.key, mother.key, "query") is None
    assert "收回" in (await office.messages("mother"))[-1]


async def test_what_was_done_by_it_is_told_to_both_for_a_year_after_its_end(office: Office) -> None:
    mother, daughter, granting = (
        await person(office, "mother"),
        await person(office, "daughter"),
        office.parts.authorisations,
    )
    granted = await granting.grant(mother, daughter.id_number, [ALL], "全部事项", UNTIL)
    caller = office.caller()
    await caller.wants("query_mine", "查俺妈的缴费")
    await caller.proves("daughter")
    await caller.wants("file_item", "给俺妈办慢病")
    for said in ("高血压", "邹城市人民医院", "19900000003", "提交"):
        await caller.says(said)
    for is_over in (False, True):
        if is_over:
            assert await granting.revoke(mother, granted.id)
        for one in (mother, daughter):
            [told] = await granting.history(one.key)
            assert (told.looked, list(told.filed)) == (1, ["chronic-recognition"])
            assert told.end is (End.REVOKED if is_over else End.NONE)
    assert await granting.history((await person(office, "son")).key) == []
    office.clock.passes(days=364)
    assert await granting.history(mother.key)
    office.clock.passes(days=2)
    assert await granting.history(mother.key) == []


async def test_who_was_refused_is_told_to_the_principal_only(office: Office) -> None:
    mother, daughter, granting = (
        await person(office, "mother"),
        await person(office, "daughter"),
        office.parts.authorisations,
    )
    await office.bind("mother")
    await granting.ask(daughter, MOTHER, [ALL], "全部事项", UNTIL)
    await granting.answer(office.post.letters[-1][1].link.rsplit("/", 1)[1], "全部事项", agrees=False)
    [told] = await granting.history(mother.key)
    assert told.end is End.DECLINED
    assert await granting.history(daughter.key) == []


async def test_nobody_authorises_themselves(office: Office) -> None:
    mother = await person(office, "mother")
    with pytest.raises(OneSelf):
        await office.parts.authorisations.grant(mother, MOTHER, [ALL], "全部事项", UNTIL)
    with pytest.raises(OneSelf):
        await office.parts.authorisations.ask(mother, MOTHER, [ALL], "全部事项", UNTIL)


async def test_every_step_is_audited_and_names_the_authorisation(office: Office) -> None:
    mother, daughter, granting = (
        await person(office, "mother"),
        await person(office, "daughter"),
        office.parts.authorisations,
    )
    granted = await granting.grant(mother, daughter.id_number, [ALL], "全部事项", UNTIL)
    caller = office.caller()
    await caller.wants("query_mine", "查俺妈的缴费")
    await caller.proves("daughter")
    await granting.revoke(mother, granted.id)
    entries = (await audit.entries(office.database)).entries
    assert [entry.what for entry in entries] == ["authorisation_revoked", "queried", "proved", "authorised"]
    assert entries[1].by == f"authorisation {granted.id}"
    assert "刘素珍" not in str(entries)
