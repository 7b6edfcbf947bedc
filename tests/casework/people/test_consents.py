"""A principal says yes or no behind the link in their own WeChat; the agent's side never tells more than it did."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from casework.core.contract import Person
from casework.people.authorisations import ALL
from casework.people.consents import LinkOver
from casework.people.identity import Locked, WrongCode
from staff import audit
from tests.casework.office import CODE, Caller, Office, people

UNTIL = date(2027, 2, 18)
MOTHER = people()["mother"]["id_number"]
NOBODY = "370899194801019025"
NAMES = "门诊慢特病资格认定"


async def person(office: Office, who: str) -> Person:
    found = await office.core.person(people()[who]["id_number"])
    assert found
    return found


async def asked(office: Office) -> tuple[int, str]:
    """The daughter asks in her WeChat: the request, and the token the mother got in hers."""
    await office.bind("mother")
    daughter = await person(office, "daughter")
    request = await office.parts.authorisations.ask(
        daughter, MOTHER, ["chronic-recognition"], NAMES, UNTIL, "wechat-daughter"
    )
    [(conversation, letter)] = office.post.letters
    assert conversation == "wechat-1"
    assert letter.link in letter.text
    return request, letter.link.rpartition("/")[2]


async def test_yes_is_in_force_at_once_and_both_are_told(office: Office) -> None:
    request, token = await asked(office)
    daughter, mother, granting = (
        await person(office, "daughter"),
        await person(office, "mother"),
        office.parts.authorisations,
    )
    shown = await granting.look(token)
    assert (shown.agent, shown.tail, shown.items, shown.until) == ("陈**", "906X", ("chronic-recognition",), UNTIL)
    assert await granting.agreed(request, daughter) is None, "looking is not agreeing"
    await granting.answer(token, NAMES, agrees=True)
    assert await granting.allowed(daughter.key, mother.key, "chronic-recognition") == request
    assert await granting.allowed(daughter.key, mother.key, "query") is None, "named matters only"
    granted = await granting.agreed(request, daughter)
    assert granted
    assert granted.principal == "刘**"
    told, letter = office.post.letters[-1]
    assert told == "wechat-daughter"
    assert "刘**同意了" in letter.text
    assert "您已授权家人帮您办理：门诊慢特病资格认定" in (await office.messages("mother"))[-1]
    assert "刘**授权您帮忙办理：门诊慢特病资格认定" in (await office.messages("daughter"))[-1]
    entry = (await audit.entries(office.database)).entries[0]
    assert (entry.what, entry.by, entry.detail) == ("authorised", f"authorisation {request}", "wechat")


async def test_the_first_answer_counts(office: Office) -> None:
    request, token = await asked(office)
    daughter, granting = await person(office, "daughter"), office.parts.authorisations
    await granting.answer(token, NAMES, agrees=True)
    letters, messages = len(office.post.letters), len(await office.messages("mother"))
    await granting.answer(token, NAMES, agrees=False)
    await granting.answer(token, NAMES, agrees=True)
    assert (await granting.look(token)).state == "active"
    assert await granting.agreed(request, daughter)
    assert len(office.post.letters) == letters, "told once"
    assert len(await office.messages("mother")) == messages


async def test_two_answers_at_once_are_one(office: Office) -> None:
    _, token = await asked(office)
    granting, letters = office.parts.authorisations, len(office.post.letters)
    await asyncio.gather(*(granting.answer(token, NAMES, agrees=True) for _ in range(6)))
    assert len(office.post.letters) == letters + 1
    authorised = [entry for entry in (await audit.entries(office.database)).entries if entry.what == "authorised"]
    assert len(authorised) == 1


async def test_no_sounds_like_a_person_that_does_not_exist(office: Office) -> None:
    """Every word the daughter hears, whether her mother said no or nobody bears the number."""
    heard = []
    for number in (MOTHER, NOBODY):
        await office.bind("mother")
        daughter = office.caller("wechat")
        words = await _asks(daughter, number)
        if number == MOTHER:
            token = office.post.letters[-1][1].link.rpartition("/")[2]
            await office.parts.authorisations.answer(token, NAMES, agrees=False)
            assert (await office.parts.authorisations.look(token)).state == "declined"
        for said in ("好了", "她按同意了", CODE, "000001"):
            words.append(await daughter.says(said))
        heard.append(words)
        office.clock.passes(minutes=31)  # the wrong tries are forgotten
    assert heard[0] == heard[1]
    assert "验证码不对" in heard[0][-1]


async def test_after_a_no_the_code_of_the_short_message_is_void_too(office: Office) -> None:
    request, token = await asked(office)
    daughter, granting = await person(office, "daughter"), office.parts.authorisations
    await granting.answer(token, NAMES, agrees=False)
    for _ in range(2):
        with pytest.raises(WrongCode):
            await granting.confirm(request, daughter, CODE)
    with pytest.raises(Locked):
        await granting.confirm(request, daughter, CODE)
    assert await granting.agreed(request, daughter) is None


async def test_the_link_ends_with_the_code(office: Office) -> None:
    _, token = await asked(office)
    granting = office.parts.authorisations
    office.clock.passes(minutes=11)
    for answer in (True, False):
        with pytest.raises(LinkOver):
            await granting.answer(token, NAMES, agrees=answer)
    with pytest.raises(LinkOver):
        await granting.look(token)
    with pytest.raises(LinkOver):
        await granting.look("guessed")


async def test_the_code_settles_it_for_the_link_too(office: Office) -> None:
    request, token = await asked(office)
    daughter, granting = await person(office, "daughter"), office.parts.authorisations
    await granting.confirm(request, daughter, CODE)
    await granting.answer(token, NAMES, agrees=False)
    assert (await granting.look(token)).state == "active"
    granted = await granting.agreed(request, daughter)
    assert granted
    await granting.revoke(daughter, granted.id)
    assert (await granting.look(token)).state == "revoked"


async def test_only_a_conversation_that_is_the_principals_gets_the_link(office: Office) -> None:
    """Not one that the account remembers and the proof does not, nor the one that asks."""
    where = await office.bind("mother")
    await office.parts.identity.unbind(where)
    daughter, granting = await person(office, "daughter"), office.parts.authorisations
    await granting.ask(daughter, MOTHER, [ALL], "全部事项", UNTIL, "wechat-daughter")
    assert office.post.letters == []
    own = await office.bind("mother")
    await granting.ask(daughter, MOTHER, [ALL], "全部事项", UNTIL, own)
    assert office.post.letters == []


async def test_who_is_authorised_unasked_is_told_in_their_own_wechat(office: Office) -> None:
    where, mother = await office.bind("daughter"), await person(office, "mother")
    await office.parts.authorisations.grant(mother, people()["daughter"]["id_number"], [ALL], "全部事项", UNTIL)
    [(conversation, letter)] = office.post.letters
    assert conversation == where
    assert "刘**授权您帮忙办理：全部事项" in letter.text
    assert letter.link == ""


async def test_only_who_asked_learns_of_the_yes(office: Office) -> None:
    request, token = await asked(office)
    await office.parts.authorisations.answer(token, NAMES, agrees=True)
    assert await office.parts.authorisations.agreed(request, await person(office, "son")) is None


async def test_the_daughter_goes_on_when_she_says_it_is_done(office: Office) -> None:
    await office.bind("mother")
    daughter = office.caller("wechat")
    await _asks(daughter, MOTHER)
    assert "还没有收到您母亲的同意" in await daughter.says("好了")
    token = office.post.letters[-1][1].link.rpartition("/")[2]
    await office.parts.authorisations.answer(token, NAMES, agrees=True)
    assert office.post.letters[-1][0] == daughter.conversation
    assert await daughter.says("慢特病能报多少", "ask_policy") == "—", "a question is answered first"
    said = await daughter.says("好了")
    assert "授权好了，您可以替刘**办“门诊慢特病资格认定”" in said
    assert "要问您" in said, "and the filing begins"


async def _asks(daughter: Caller, number: str) -> list[str]:
    """Up to the wait for the principal."""
    words = [await daughter.wants("file_item", "给俺娘办慢病认定")]
    await daughter.proves("daughter")
    words.append(await daughter.says(number))
    return words
