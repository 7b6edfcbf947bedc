from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from casework.people.identity import CodeExpired, Codes, Identity, Locked, WrongCode
from staff import audit
from tests.casework.office import CODE, Office, people

ELDER = people()["elder"]["id_number"]


async def test_a_code_proves_one_conversation_only(office: Office) -> None:
    identity = office.parts.identity
    await identity.begin("c1", ELDER)
    with pytest.raises(CodeExpired):
        await identity.check("c2", CODE)
    assert (await identity.check("c1", CODE)).name == "张桂兰"
    assert await identity.proven("c1")
    assert await identity.proven("c2") is None
    with pytest.raises(CodeExpired):
        await identity.check("c1", CODE)


async def test_a_code_grows_old(office: Office) -> None:
    await office.parts.identity.begin("c1", ELDER)
    office.clock.passes(minutes=11)
    with pytest.raises(CodeExpired):
        await office.parts.identity.check("c1", CODE)


async def test_many_tries_at_once_are_three(office: Office) -> None:
    await office.parts.identity.begin("c1", ELDER)
    tries = (office.parts.identity.check("c1", f"{n:06d}") for n in range(20))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, WrongCode) for one in outcomes) <= 3
    with pytest.raises(Locked):
        await office.parts.identity.begin("c1", ELDER)


async def test_new_codes_bring_no_new_tries(office: Office) -> None:
    for guess in ("000001", "000002"):
        await office.parts.identity.begin("c1", ELDER)
        with pytest.raises(WrongCode):
            await office.parts.identity.check("c1", guess)
    await office.parts.identity.begin("c1", ELDER)
    with pytest.raises(Locked):
        await office.parts.identity.check("c1", "000003")


async def test_who_knows_the_number_cannot_lock_its_owner_out(office: Office) -> None:
    """Strangers use up their tries, in conversation after conversation; the owner is only made to wait a little."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    identity = Identity(
        office.database, office.vault, office.core, office.parts.outbox, Codes(CODE), office.clock, sleep
    )
    for stranger in range(4):
        await identity.begin(f"stranger-{stranger}", ELDER)
        for guess in ("000001", "000002", "000003"):
            with pytest.raises((WrongCode, Locked)):
                await identity.check(f"stranger-{stranger}", guess)
    await identity.begin("home", ELDER)
    assert (await identity.check("home", CODE)).name == "张桂兰"
    assert waited
    assert max(waited) <= 3.0


async def test_nobody_is_pestered_with_codes(office: Office) -> None:
    for n in range(10):
        await office.parts.identity.begin(f"c{n}", ELDER, "wechat")
    with pytest.raises(Locked):
        await office.parts.identity.begin("c99", ELDER, "wechat")
    assert len(await office.messages("elder")) == 10
    office.clock.passes(minutes=61)
    await office.parts.identity.begin("c99", ELDER, "wechat")


async def test_strangers_with_a_browser_keep_nobody_out_who_writes_from_wechat(office: Office) -> None:
    for n in range(40):
        with contextlib.suppress(Locked):
            await office.parts.identity.begin(f"c{n}", ELDER, "web")
    assert len(await office.messages("elder")) == 6
    await office.parts.identity.begin("wechat-new", ELDER, "wechat")
    assert await office.parts.identity.check("wechat-new", CODE)


async def test_nor_do_they_all_day(office: Office) -> None:
    for n in range(60):
        with contextlib.suppress(Locked):
            await office.parts.identity.begin(f"c{n}", ELDER, "web")
        office.clock.passes(minutes=20)
    assert len(await office.messages("elder")) == 12
    await office.parts.identity.begin("wechat-new", ELDER, "wechat")


async def test_one_conversation_asks_for_five_codes_an_hour_whoever_they_are_for(office: Office) -> None:
    numbers = [person["id_number"] for person in people().values()][:6]
    for number in numbers[:5]:
        await office.parts.identity.begin("c1", number)
    with pytest.raises(Locked):
        await office.parts.identity.begin("c1", numbers[5])


async def test_others_cannot_use_up_the_codes_of_who_was_proven_here_before(office: Office) -> None:
    await office.parts.identity.begin("wechat-o1", ELDER)
    await office.parts.identity.check("wechat-o1", CODE)
    for n in range(10):
        with contextlib.suppress(Locked):
            await office.parts.identity.begin(f"c{n}", ELDER)
    await office.parts.identity.begin("wechat-o1", ELDER)
    await office.parts.identity.check("wechat-o1", CODE)


async def test_strangers_cannot_use_up_the_codes_of_who_calls_from_the_phone_on_record(office: Office) -> None:
    elder = people()["elder"]
    for _ in range(4):
        stranger = office.caller()
        for _ in range(5):
            with contextlib.suppress(Locked):
                await office.parts.identity.begin(stranger.conversation, elder["id_number"])
    elsewhere = office.caller()
    with pytest.raises(Locked) as locked:
        await office.parts.identity.begin(elsewhere.conversation, elder["id_number"])
    assert "登记的手机拨打" in locked.value.citizen_text
    owner = office.caller("phone")
    office.parts.identity.picked_up(owner.conversation, elder["phone"])
    await office.parts.identity.begin(owner.conversation, elder["id_number"])
    assert await office.parts.identity.check(owner.conversation, CODE)


async def test_a_day_has_an_end_to_messages(office: Office) -> None:
    sent = 0
    for n in range(40):
        with contextlib.suppress(Locked):
            await office.parts.identity.begin(f"c{n}", ELDER, "wechat")
            sent += 1
        office.clock.passes(minutes=20)
    assert sent == len(await office.messages("elder")) == 20


async def test_a_bound_account_stays_until_unbound(office: Office) -> None:
    identity = office.parts.identity
    await identity.begin("wechat-o1", ELDER)
    await identity.check("wechat-o1", CODE)
    await identity.bind("wechat-o1")
    office.clock.passes(days=30)
    await identity.end("wechat-o1")
    assert await identity.proven("wechat-o1")
    await identity.unbind("wechat-o1")
    assert await identity.proven("wechat-o1") is None


async def test_every_proof_and_failure_is_in_the_audit_log_without_the_person(office: Office) -> None:
    identity = office.parts.identity
    await identity.begin("c1", ELDER)
    with pytest.raises(WrongCode):
        await identity.check("c1", "000000")
    await identity.check("c1", CODE)
    page = await audit.entries(office.database)
    assert [entry.what for entry in page.entries] == ["proved", "proof_failed"]
    assert ELDER not in str(page)
    assert "张桂兰" not in str(page)


async def test_nothing_personal_is_readable_in_the_database(office: Office) -> None:
    caller = office.caller("phone")
    await caller.wants("file_item", "我要办慢特病")
    await caller.proves("elder")
    for said in ("高血压", "济宁市第一人民医院", "19900000001", "提交"):
        await caller.says(said)
    await office.parts.outbox.deliver()
    folder = office.database.engine.url.database
    assert folder
    await office.database.engine.dispose()
    planted = [ELDER, "张桂兰", "19900000001", "高血压", CODE]
    for path in Path(folder).parent.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [word for word in planted if word.encode() in content], path.name


async def test_who_proves_who_they_are_may_do_so_again_and_again(office: Office) -> None:
    for n in range(8):
        await office.parts.identity.begin(f"c{n}", ELDER)
        await office.parts.identity.check(f"c{n}", CODE)
    assert len(await office.messages("elder")) == 8


async def test_a_forged_line_makes_nobodys_telephone_ring_all_day(office: Office) -> None:
    elder, sent = people()["elder"], 0
    for _ in range(40):
        call = office.caller("phone")
        office.parts.identity.picked_up(call.conversation, elder["phone"])
        with contextlib.suppress(Locked):
            await office.parts.identity.begin(call.conversation, elder["id_number"])
            sent += 1
        office.clock.passes(minutes=20)
    assert sent == 20
