"""Pictures sent to a person: who gets them, who may look, that nothing of them stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from base.messages import Reply
from base.room import Room
from casework.filings.pictures import MaterialRefused
from casework.livechat.book import KEPT, MOST_TURNS
from casework.livechat.models import LivePicture, LiveTurn
from casework.livechat.pictures import MOST
from casework.livechat.wording import say
from casework.tickets.changes import StepRefused
from casework.tickets.tickets import NotFound
from staff import audit
from staff.audit import Action
from staff.roles import NotAllowed
from tests.casework.bureau import SUN, WANG, ZHOU
from tests.casework.filings.test_materials import picture
from tests.casework.livechat.conftest import OPENID, Floor


async def taken(floor: Floor) -> int:
    """A WeChat conversation that SUN answers."""
    await floor.ask("医保怎么交", OPENID, "wechat")
    line = await floor.line(OPENID)
    await floor.steps.take(line.id, SUN)
    return line.id


async def sent(floor: Floor, conversation: int, content: bytes) -> int:
    """The turn of a picture."""
    assert await floor.pictures.take(OPENID, content) == []
    _, turns = await floor.steps.news(conversation, SUN, 0)
    return turns[-1].id


async def stored(floor: Floor) -> int:
    async with floor.bureau.database.session() as session:
        return await session.scalar(select(func.count()).select_from(LivePicture)) or 0


async def test_while_the_assistant_answers_it_is_none_of_ours(floor: Floor) -> None:
    assert await floor.pictures.take(OPENID, picture()) is None
    await floor.ask("医保怎么交", OPENID, "wechat")
    await floor.written()
    assert await floor.pictures.take(OPENID, picture()) is None
    assert await stored(floor) == 0


async def test_the_person_who_answers_sees_it_and_the_look_is_noted(floor: Floor) -> None:
    number = await taken(floor)
    turn = await sent(floor, number, picture("PNG"))
    _, turns = await floor.steps.look(number, SUN)
    assert (turns[-1].who, turns[-1].file, turns[-1].reply.text) == ("citizen", "image/png", "〔图片〕")
    assert await floor.pictures.look(number, turn, SUN) == ("image/png", picture("PNG"))
    entry = (await audit.entries(floor.bureau.database, what=Action.MATERIAL_VIEWED)).entries[0]
    assert (entry.who, entry.which) == (SUN.username, f"对话{number}")
    assert entry.detail.endswith(f"picture {turn}")


async def test_who_waits_for_a_person_is_told_that_it_will_be_seen(floor: Floor) -> None:
    await floor.presence.switch(SUN.username, is_on=True)
    await floor.ask("转人工", OPENID, "wechat")
    assert await floor.pictures.take(OPENID, picture()) == [say("picture_waits")]
    assert await stored(floor) == 1


@pytest.mark.parametrize("content", [b"", b"MZ\x90", b"\x89PNG no picture", b"%PDF-1.4 lies", picture()[:100]])
async def test_what_is_no_picture_is_refused_with_a_sentence(floor: Floor, content: bytes) -> None:
    await taken(floor)
    with pytest.raises(MaterialRefused):
        await floor.pictures.take(OPENID, content)
    assert await stored(floor) == 0


async def test_not_everybody_may_look_nor_by_another_conversation(floor: Floor) -> None:
    number = await taken(floor)
    turn = await sent(floor, number, picture())
    with pytest.raises(NotAllowed):
        await floor.pictures.look(number, turn, WANG)
    await floor.ask("您好")
    other = await floor.line()
    with pytest.raises(NotFound):
        await floor.pictures.look(other.id, turn, SUN)
    with pytest.raises(NotFound):
        await floor.pictures.look(number, turn - 1, SUN)


async def test_the_holder_makes_it_material_and_the_citizen_is_told(floor: Floor) -> None:
    number = await taken(floor)
    turn = await sent(floor, number, picture())
    with pytest.raises(StepRefused) as refused:
        await floor.pictures.attach(number, turn, SUN)
    assert "还没有核对身份" in refused.value.citizen_text
    floor.accepted = [Reply("收到了，这是第1份。")]
    with pytest.raises(StepRefused):
        await floor.pictures.attach(number, turn, ZHOU)
    await floor.pictures.attach(number, turn, SUN)
    assert floor.pushed[-1] == (OPENID, "收到了，这是第1份。")
    assert (await audit.entries(floor.bureau.database, what=Action.MATERIAL_ADDED)).entries[0].who == SUN.username


async def test_it_goes_with_its_conversation(floor: Floor) -> None:
    number = await taken(floor)
    turn = await sent(floor, number, picture())
    await floor.steps.give_back(number, SUN)
    floor.bureau.now += timedelta(hours=1)
    await floor.watch.round()
    assert await stored(floor) == 1
    floor.bureau.now += KEPT + timedelta(minutes=1)
    await floor.watch.forget()
    assert await stored(floor) == 0
    with pytest.raises(NotFound):
        await floor.pictures.look(number, turn, SUN)


async def test_it_goes_with_its_turn_in_a_long_conversation(floor: Floor) -> None:
    number = await taken(floor)
    await sent(floor, number, picture())
    for count in range(MOST_TURNS + 10):
        await floor.ask(f"第{count}句", OPENID, "wechat")
    await floor.written()
    await floor.watch.forget()
    assert await stored(floor) == 0
    async with floor.bureau.database.session() as session:
        assert await session.scalar(select(func.count()).select_from(LiveTurn)) == MOST_TURNS


async def test_on_a_full_disk_no_picture_is_kept_and_the_conversation_goes_on(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await taken(floor)
    monkeypatch.setattr(Room, "is_left", False)
    with pytest.raises(MaterialRefused) as refused:
        await floor.pictures.take(OPENID, picture())
    assert refused.value.code == "disk_full"
    assert await stored(floor) == 0


async def test_one_citizen_does_not_fill_the_disk(floor: Floor) -> None:
    await taken(floor)
    for _ in range(MOST):
        assert await floor.pictures.take(OPENID, picture()) == []
    with pytest.raises(MaterialRefused):
        await floor.pictures.take(OPENID, picture())
