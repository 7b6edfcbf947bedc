"""What callers, citizens and staff hear and read from a process of this city: lines "where<TAB>words", for a test.

YIBAO_TENANT=… python -m tests.base.heard_elsewhere <folder>
"""

from __future__ import annotations

import asyncio
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import jinja2

from base.errors import ServiceError
from base.settings import ROOT
from base.tenant import TENANT
from bot import sayings
from bot.flows import wording
from bot.wire import from_rasa
from casework.filings import items
from connectors.console.kit.view import templates
from connectors.phone.asterisk import AsteriskConfig
from connectors.wechat.inbound import turns
from knowledge.authoring import seed
from knowledge.public import points
from tests.casework.office import open_office, people
from tests.connectors.web.reading import reader
from tests.tables import copy_tables
from voice.prompts import Prompts


def fixed(folder: Path) -> Iterator[tuple[str, str]]:
    """What needs nothing but the files."""
    yield from ((f"prompt {key}", Prompts.load().text(key)) for key in ("greeting", "goodbye"))
    for name, reply in sayings.all_sayings().items():
        yield f"saying {name}", reply.text + reply.to_say
    yield "engine", from_rasa({"text": "我是$city医保热线的助手", "custom": {"spoken": "拨$hotline"}}).text
    yield from ((f"wording {key}", str(words)) for key, words in wording.sayings().items())
    yield from ((f"item {name}", str(item)) for name, item in items.load().items.items() if "transfer" in name)
    yield "welcome", str([words for words in vars(turns).values() if isinstance(words, str | tuple | list)])
    yield from ((f"gap {topic.id}", topic.missing) for topic in seed.load().topics if topic.missing)
    yield "extension", AsteriskConfig(folder, "x").extension
    yield "counties", " ".join(points.COUNTIES)
    console = templates().overlay(undefined=jinja2.ChainableUndefined)
    yield "console", console.get_template("base.html").render()


def errors() -> Iterator[tuple[str, str]]:
    """Every sentence that a failure tells."""
    for package in ("casework", "connectors", "staff", "bot", "knowledge"):
        for file in (ROOT / package).rglob("*.py"):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            if not re.search(r"components|standin|data|__main__", name):
                importlib.import_module(name)
    left = [ServiceError]
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        yield f"error {kind.__name__}", str(kind.citizen_text)


async def filed(folder: Path) -> list[tuple[str, str]]:
    """Short messages of one filing, from its code to its end, and what its steps say."""
    office = await open_office(folder)
    caller = office.caller()
    heard = [await caller.wants("file_item", "我要办慢特病"), await caller.proves("elder")]
    heard += [await caller.says(said) for said in ("高血压", "海西州人民医院", "19900000001", "提交")]
    number = re.search(r"GD[\d-]+", heard[-1])
    assert number, heard
    await office.parts.desk.ask_supplement(number[0], what="化验单", by="zuoxi")
    await office.parts.desk.decide(number[0], approved=False, reason="病历不全", by="zuoxi")
    messages = await office.messages("elder")
    mother = await office.core.person(people()["mother"]["id_number"])
    assert mother
    granted = await office.parts.authorisations.grant(
        mother, people()["daughter"]["id_number"], ["*"], "全部事项", office.clock.now.date()
    )
    await office.parts.authorisations.revoke(mother, granted.id)
    messages += await office.messages("mother")
    await office.database.aclose()
    return [*(("step", words) for words in heard), *(("message", words) for words in messages)]


async def pages(folder: Path) -> list[tuple[str, str]]:
    """Of the web, over a knowledge without documents."""
    async with reader(copy_tables(folder / "web.db")) as site:
        return [(path, await site.page(path)) for path in ("/", "/privacy", "/documents", "/points")]


def main(folder: Path) -> None:
    told = [*fixed(folder), *errors(), *asyncio.run(filed(folder)), *asyncio.run(pages(folder))]
    told.append(("tenant", TENANT.city_name))
    for where, words in told:
        sys.stdout.write(f"{where}\t{words!r}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
