"""A process that files one item and tells of every step that was acknowledged, until somebody kills it.

python -m tests.casework.filer <database url> <folder>
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from base.database import Database
from tests.casework.office import CODE, Office, people, staff_office

WHO = "son"
ANSWERS = (
    ("direction", "转进来", "转入济宁"),
    ("place", "徐州", "江苏省徐州市"),
    ("stopped", "二零二五年九月", "2025-09"),
    ("phone", "19900000005", "19900000005"),
)
"""Field, what is said, what is kept."""


async def file(office: Office, *, tell: bool = True) -> str:
    """From wherever it stands to its end. Returns what was heard last."""
    caller = office.caller("web")
    caller.conversation += f"-{id(office)}"
    await caller.wants("file_item", "把医保转回济宁来")
    await caller.says(people()[WHO]["id_number"])
    heard = await caller.says(CODE)
    _tell("begun", tell)
    draft = await office.parts.filings.open_of(office.vault.lookup(people()[WHO]["id_number"]), ITEM)
    for field, said, _ in ANSWERS:
        if draft and field in draft.answers:
            continue
        heard = await caller.says(said)
        _tell(field, tell)
    if "提交过了" not in heard:
        heard = await caller.says("提交")
    _tell("submitted", tell)
    return heard


ITEM = "transfer-cross-province"


def _tell(step: str, tell: bool) -> None:
    if tell:
        sys.stdout.write(f"{step}\n")
        sys.stdout.flush()


async def _main(url: str, folder: Path) -> None:
    office = await staff_office(Database(url), folder)
    await file(office)
    while True:
        await office.parts.outbox.deliver()
        _tell("sent", tell=True)
        await office.parts.to_core.hand_over()
        _tell("handed over", tell=True)
        await asyncio.sleep(5)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], Path(sys.argv[2])))
