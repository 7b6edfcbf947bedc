"""A process that files, decides and tells the core system, and stops where it is told until somebody kills it.

python -m tests.casework.decider <database url> <folder> <point>
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

from sqlalchemy import update

from base.database import Database
from casework.models import Ticket
from tests.casework.office import Office, people, staff_office

WHO = "elder"
ITEMS = {
    "remote": ("办长期居住备案", ("北京", "五月三号", "19900000001", "同意", "提交")),
    "chronic": ("办慢特病", ("高血压", "济宁市第一人民医院", "19900000001", "提交")),
    "chronic2": ("办慢特病", ("糖尿病", "济宁市第一人民医院", "19900000001", "提交")),
}


async def filed(office: Office, item: str = "remote") -> str:
    """The number of what was handed in, and is in the hands of an agent."""
    words, answers = ITEMS[item]
    caller = office.caller()
    await caller.wants("file_item", words)
    heard = await caller.proves(WHO)
    for said in answers:
        if "还没办完" in heard:  # another of the kind is open: it is a different one
            heard = await caller.says("是")
        heard = await caller.says(said)
    number = re.search(r"GD[\d-]+", heard)
    assert number, heard
    async with office.database.session() as session:
        await session.execute(update(Ticket).where(Ticket.owner.is_(None)).values(owner="zuoxi", state="taken"))
    return number[0]


async def _main(url: str, folder: Path, point: str) -> None:
    office = await staff_office(Database(url), folder)
    core, decisions = office.core, office.parts.decisions
    decide, settle = core.decide, decisions.owed.settle

    async def stopping_at_decide(*told: object) -> None:
        await _stop_at("taken", point)
        await decide(*told)  # type: ignore[arg-type]
        await _stop_at("answered", point)

    async def stopping_at_mark(*told: object, **values: object) -> None:
        await settle(*told, **values)  # type: ignore[arg-type]
        await _stop_at("marked", point)

    core.decide, decisions.owed.settle = stopping_at_decide, stopping_at_mark  # type: ignore[method-assign,assignment]
    number = await filed(office)
    await office.parts.desk.decide(number, approved=True, reason="", by="zuoxi")
    await _stop_at("decided", point)
    await office.parts.to_core.hand_over()
    await decisions.deliver()


async def _stop_at(here: str, point: str) -> None:
    if here == point:
        sys.stdout.write(f"{here}\n")
        sys.stdout.flush()
        await asyncio.sleep(60)


if __name__ == "__main__":
    assert people()[WHO]
    asyncio.run(_main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
