from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from base.database import Database
from connectors.wechat.inbound.turns import WHERE
from connectors.wechat.platform.menu import MENU, as_json, meaning
from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Answer
from tests.knowledge.conftest import seeded_file  # noqa: F401 - a fixture


def test_three_columns_within_the_platforms_limits():
    assert [column.name for column in MENU] == ["问政策", "查业务", "帮家人办"]
    for column in as_json()["button"]:
        assert len(column["name"].encode()) <= 16
        assert 1 <= len(column["sub_button"]) <= 5
        assert all(len(entry["name"].encode()) <= 60 for entry in column["sub_button"])
        assert all(entry["type"] == "click" and len(entry["key"].encode()) <= 128 for entry in column["sub_button"])


def test_keys_are_told_apart_and_mean_something():
    keys = [entry.key for column in MENU for entry in column.entries]
    assert len(set(keys)) == len(keys)
    assert meaning("qrscene_bind") == meaning("bind") == "绑定身份"
    assert meaning("of an older menu") is None


async def test_every_question_of_the_menu_is_answered_by_the_published_documents(
    seeded_file: Path,  # noqa: F811
    tmp_path: Path,
):
    """A menu that leads to "no document says it" is worse than none."""
    shutil.copy(seeded_file, tmp_path / "knowledge.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'knowledge.db'}")
    assistant = Assistant(database)
    await assistant.refresh()
    policies = [entry.says for entry in MENU[0].entries if entry.key != "ask_stations"]
    for question in [*policies, WHERE]:
        assert isinstance(await assistant.ask(question, place=None, on=date(2026, 11, 24)), Answer), question
    await assistant.aclose()
    await database.aclose()
