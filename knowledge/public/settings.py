"""What staff have published about the hotline itself, for whoever puts it to use (`base.bureau`)."""

from __future__ import annotations

from sqlalchemy import select

from base.bureau import Dated, Setting
from base.database import Database
from knowledge.authoring.models import BureauSetting


async def published(database: Database) -> dict[Setting, Dated]:
    """Those with a text, whatever day they count on."""
    wanted = select(BureauSetting).where(BureauSetting.live, BureauSetting.text != "")
    async with database.session() as session:
        rows = await session.scalars(wanted)
        return {
            Setting(row.id): Dated(row.text, row.valid_from, row.valid_until) for row in rows if row.id in set(Setting)
        }
