"""The open question of an errand is put again as it was put first."""

from __future__ import annotations

from pathlib import Path

from base.database import Database
from base.personal_data import Vault
from bot.flows.state import State, States
from tests.base.test_messages import EVERYTHING
from tests.tables import make_tables


async def test_a_kept_errand_has_its_question_with_links_sources_and_everything(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'state.db'}")
    await make_tables(database)
    states = States(database, Vault("ab" * 32))
    await states.put("web-1", State("query", "web", what="balance", asking=[EVERYTHING]))
    kept = await states.get("web-1")
    assert kept
    assert kept.asking == [EVERYTHING]
    await database.aclose()
