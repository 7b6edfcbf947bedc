"""Which matters somebody is authorised for: everything that was named, and nothing that was not."""

from __future__ import annotations

import pytest

from bot.flows.matters import matters
from casework.filings.items import load
from casework.people.authorisations import ALL
from tests.casework.office import Office, people

ITEMS = load()
REMOTE = ["remote-longterm", "remote-referral", "remote-emergency"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("全部", [ALL]),
        ("啥都让她办", [ALL]),
        ("都行", [ALL]),
        ("只能查询", ["query"]),
        ("查备案", ["query"]),
        ("备案查询", ["query"]),
        ("异地备案和查余额", [*REMOTE, "query"]),
        ("异地备案查余额", [*REMOTE, "query"]),
        ("查余额和异地备案", ["query", *REMOTE]),
        ("余额、慢病", ["query", "chronic-recognition"]),
        ("慢病认定和换手机号", ["chronic-recognition", "enroll-change"]),
        ("慢病和转诊，都给她办", ["chronic-recognition", "remote-referral"]),
        ("不让查，只能办备案", REMOTE),
        ("查余额，不能办报销", ["query"]),
        ("产前检查费", ["maternity-prenatal"]),
        ("让俺闺女给俺办报销", ["remote-online-reimb"]),
    ],
)
def test_all_that_was_named(text: str, ids: list[str]) -> None:
    found = matters(text, ITEMS)
    assert list(found.ids) == ids
    assert not found.unclear


@pytest.mark.parametrize(
    ("text", "ids"), [("慢病和领养老金", ["chronic-recognition"]), ("查余额，还有领退休金", ["query"])]
)
def test_what_cannot_be_matched_is_noticed(text: str, ids: list[str]) -> None:
    found = matters(text, ITEMS)
    assert list(found.ids) == ids
    assert found.unclear


def test_all_but_one_is_asked_again() -> None:
    assert not matters("除了报销都行", ITEMS).ids


async def test_everything_named_is_read_back(office: Office) -> None:
    mother = office.caller()
    await mother.wants("authorise", "让俺闺女替我办事")
    await mother.proves("mother")
    await mother.says(people()["daughter"]["id_number"])
    heard = await mother.says("慢病和领养老金")
    assert "门诊慢特病资格认定" in heard
    assert "没听明白" in heard
    assert "到哪天" in await mother.says("就是查余额")
    heard = await mother.says("到明年年底")
    assert "门诊慢特病资格认定、查询信息" in heard
    assert "2027年12月31日" in heard


async def test_that_is_all_goes_on_with_what_was_understood(office: Office) -> None:
    mother = office.caller()
    await mother.wants("authorise", "让俺闺女替我办事")
    await mother.proves("mother")
    await mother.says(people()["daughter"]["id_number"])
    await mother.says("慢病和领养老金")
    assert "到哪天" in await mother.says("就这些")
