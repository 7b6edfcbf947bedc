from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from base.messages import Command, Reply
from connectors.wechat.followers import binding
from connectors.wechat.followers.binding import Binding
from connectors.wechat.followers.followers import Followers
from tests.connectors.wechat.conftest import OPENID


@dataclass(frozen=True)
class Person:
    key: str = "k" * 64
    name: str = "张建国"


@dataclass(frozen=True)
class Granted:
    agent: str
    principal: str
    items: tuple[str, ...]
    until: date
    is_mine: bool


@dataclass
class Bureau:
    """Identity and authorisations; `person` is who has been proved in the conversation."""

    person: Person | None = None
    bound_to: str = ""
    granted: list[Granted] = field(default_factory=list)
    open_question: list[str] = field(default_factory=list)
    is_somebody_helped: bool = False

    async def asking(self, conversation):
        return self.open_question

    async def leave(self, conversation):
        self.open_question = []
        if self.is_somebody_helped:
            self.person, self.is_somebody_helped = None, False

    async def helps(self, conversation):
        return self.is_somebody_helped

    async def proven(self, conversation):
        assert conversation == f"wechat-{OPENID}"
        return self.person

    async def bind(self, conversation):
        self.bound_to = conversation.removeprefix("wechat-")

    async def unbind(self, conversation):
        self.bound_to, self.person = "", None

    async def of(self, person_key):
        return self.granted


@pytest.fixture
def bureau():
    return Bureau()


@pytest.fixture
def followers(database, vault, clock):
    return Followers(database, vault, clock)


@pytest.fixture
def account(bureau, followers):
    return Binding(bureau, bureau, bureau, followers)


async def said(account, text):
    replies, question = await account.before(OPENID, text)
    return "".join(reply.text for reply in replies), question


async def test_what_is_none_of_ours_goes_to_the_dialogue(account):
    assert await said(account, "绑定银行卡怎么办") == ("", "绑定银行卡怎么办")
    assert await account.after(OPENID) == []


async def test_binding_waits_for_the_proof(account, bureau, followers):
    assert await said(account, "我要绑定身份。") == (binding.BIND_FIRST, Command.PROVE)
    assert await account.after(OPENID) == [], "nothing is proved yet"
    bureau.person = Person()
    (reply,) = await account.after(OPENID)
    assert "张**" in reply.text
    assert "解除绑定" in reply.text
    assert bureau.bound_to == OPENID
    assert await followers.openids_of(Person().key) == [OPENID]
    assert await account.after(OPENID) == [], "said once"


async def test_a_proof_without_the_wish_binds_nobody(account, bureau):
    bureau.person = Person()
    assert await account.after(OPENID) == []
    assert bureau.bound_to == ""


async def test_the_wish_does_not_last_for_ever(account, bureau, clock):
    await said(account, "绑定微信")
    clock.forward(minutes=11)
    bureau.person = Person()
    assert await account.after(OPENID) == []
    assert bureau.bound_to == ""


async def test_who_has_proved_it_already_is_bound_at_once(account, bureau):
    bureau.person = Person()
    text, question = await said(account, "绑定身份")
    assert "已经绑定张**" in text
    assert question == ""


async def test_nobody_is_bound_to_whom_they_help(account, bureau, followers):
    """The account is the daughter's, the proof her mother's."""
    bureau.person, bureau.is_somebody_helped = Person(), True
    await followers.ask_binding(OPENID)
    assert await account.after(OPENID) == []
    text, _ = await said(account, "绑定身份")
    assert "已经绑定" not in text
    assert bureau.person is None, "her own number is asked for"
    assert bureau.bound_to == ""


async def test_unbinding_forgets_them(account, bureau, followers):
    assert await said(account, "解绑") == (binding.NOT_BOUND, "")
    bureau.person = Person()
    await said(account, "绑定身份")
    assert await said(account, "解除绑定") == (binding.UNBOUND, "")
    assert bureau.bound_to == ""
    assert await followers.openids_of(Person().key) == []


async def test_the_family_view_needs_a_proof_and_shows_both_directions(account, bureau):
    assert await said(account, "我帮谁办？") == (binding.PROVE_FIRST, Command.PROVE)
    bureau.person = Person()
    assert await said(account, "我帮谁办") == (binding.NO_FAMILY, "")
    bureau.granted = [
        Granted("张建国", "张大娘", ("异地就医备案", "查办理进度"), date(2027, 3, 1), is_mine=True),
        Granted("张小妹", "张建国", (), date(2026, 12, 31), is_mine=False),
    ]
    text, _ = await said(account, "谁授权我办")
    assert "· 张**：异地就医备案、查办理进度，到2027年3月1日为止" in text
    assert "· 张**：全部事项，到2026年12月31日为止" in text
    assert "张大娘" not in text, "names are masked"


async def test_who_leaves_is_forgotten(account, bureau):
    bureau.person = Person()
    await said(account, "绑定身份")
    await account.forget(OPENID)
    assert bureau.bound_to == ""


async def test_unbinding_in_the_middle_of_something_puts_it_off(account, bureau):
    """Else the open question, read back, would tell the next person what only the last one may know."""
    bureau.person, bureau.open_question = Person(), ["现在的授权有：…"]
    assert await said(account, "解除绑定") == (binding.UNBOUND, Command.PUT_OFF)
    bureau.person = Person()
    assert await account.forget(OPENID) == Command.PUT_OFF
    assert await account.forget(OPENID) == ""
    assert (bureau.person, bureau.open_question) == (None, [])


async def test_binding_in_the_middle_of_something_asks_its_question_again(account, bureau):
    bureau.open_question = [Reply("请输入您的身份证号。")]
    assert await said(account, "绑定身份") == (binding.BIND_FIRST + "请输入您的身份证号。", "")
    bureau.person = Person()
    (reply,) = await account.after(OPENID)
    assert "已经绑定张**" in reply.text
