"""The link on its way: from the request in casework, through the queue and the stand-in, to the principal's phone."""

from __future__ import annotations

import re
from datetime import date

import pytest

from base.database import Database
from base.personal_data import Vault
from casework.outbox import KeepingGateway
from casework.people.identity import Codes
from demo.core import DemoCore, demo_file
from service.wiring.assembly import assemble
from service.wiring.casework import Accounts
from staff import models as staff_models  # noqa: F401  # tables
from tests.casework.office import CODE, people
from tests.connectors.wechat.conftest import OPENID
from tests.connectors.wechat.test_with_standin import SECRET, World
from tests.tables import make_tables

MOTHER, DAUGHTER = people()["mother"]["id_number"], people()["daughter"]["id_number"]
NAMES, UNTIL = "门诊慢特病资格认定", date(2027, 2, 18)


class ConsentWorld(World):
    """With the demo's people, and casework that writes to the account."""

    async def start_service(self, **changed):
        self.database = Database(f"sqlite+aiosqlite:///{self._database_path}")
        await make_tables(self.database)
        self.vault = Vault(SECRET["data_key"])
        self.core, self.accounts = DemoCore(self.database, self.vault), Accounts(self.vault)
        await self.core.load(demo_file()["people"])
        self.casework = assemble(
            self.database,
            self.vault,
            self.core,
            KeepingGateway(),
            Codes(CODE),
            materials=self.settings.var_dir / "materials",
            address="https://yibao.example",
            letters=self.accounts,
        )
        await super().start_service(**changed)
        self.accounts.wechat = self.account

    async def stop_service(self):
        await super().stop_service()
        await self.database.aclose()

    def _casework(self, database, vault):
        return self.casework

    async def bind(self, number):
        """This phone is the mother's: as the dialogue and `connectors.wechat.followers.binding` do it."""
        conversation = f"wechat-{OPENID}"
        await self.casework.identity.begin(conversation, number)
        await self.casework.identity.check(conversation, CODE)
        await self.casework.identity.bind(conversation)
        await self.account._followers.set_person(OPENID, self.vault.lookup(number))

    async def ask(self):
        daughter = await self.core.person(DAUGHTER)
        return await self.casework.authorisations.ask(
            daughter, MOTHER, ["chronic-recognition"], NAMES, UNTIL, "web-daughter"
        )


@pytest.fixture
async def world(tmp_path, database):
    made = ConsentWorld(tmp_path, tmp_path / "wechat.db")
    await made.start_platform()
    await made.start_service(wechat_api_base=made.url)
    yield made
    await made.aclose()


async def test_the_link_comes_to_the_phone_and_its_yes_counts(world):
    await world.press("text", text="在吗")
    await world.until_shown(1)
    await world.bind(MOTHER)
    request = await world.ask()
    text = (await world.until_shown(2))[-1]
    [token] = re.findall(r"https://yibao\.example/consent/(\S+)", text)
    assert "陈**想替您办理：门诊慢特病资格认定" in text
    await world.casework.authorisations.answer(token, NAMES, agrees=True)
    assert await world.casework.authorisations.agreed(request, await world.core.person(DAUGHTER))


async def test_outside_the_window_a_notice_opens_the_page(world):
    await world.press("consent", agree=True)
    await world.until_shown(1)
    await world.bind(MOTHER)
    await world.ask()
    lines = (await world.until_shown(2))[-1].split("\n")
    assert lines[1:3] == ["家人请您授权代办", "待您同意"]
    assert lines[-1].startswith("https://yibao.example/consent/")


async def test_a_phone_that_is_not_hers_gets_nothing(world):
    await world.press("text", text="在吗")
    await world.until_shown(1)
    await world.bind(DAUGHTER)
    await world.account._followers.set_person(OPENID, world.vault.lookup(MOTHER))  # remembered wrongly
    await world.ask()
    await world.press("text", text="在吗")
    assert await world.until_shown(2) == ["答：在吗", "答：在吗"]
