"""The texts of the hotline that staff have published (`base.staff_texts` says which there are)."""

from __future__ import annotations

from sqlalchemy import select

from base.database import Database
from base.staff_texts import Dated, StaffText
from knowledge.authoring.models import PublishedStaffText


async def published(database: Database) -> dict[StaffText, Dated]:
    """Those with a text, whatever day they count on."""
    wanted = select(PublishedStaffText).where(PublishedStaffText.live, PublishedStaffText.text != "")
    async with database.session() as session:
        rows = await session.scalars(wanted)
        return {
            StaffText(row.id): Dated(row.text, row.valid_from, row.valid_until)
            for row in rows
            if row.id in set(StaffText)
        }
