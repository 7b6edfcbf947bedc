"""Materials of a filing: checked, sealed, kept outside the web root under random names, served to staff only."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select

from casework import audit
from casework.filings.filing import OPEN, State
from casework.filings.items import Item, Items
from casework.filings.links import UploadLinks
from casework.filings.pictures import MaterialRefused, media_type
from casework.identity import person_ref
from casework.models import Filing, Material, Ticket
from casework.personal_data import Vault
from casework.ticket_work import TicketWork
from service.database import Database

MOST = 20
"""Materials of one filing."""


class LinkEnded(MaterialRefused):
    """No such link, or not any more."""

    code = "upload_link_ended"
    citizen_text = "这个网址已经失效。请在网页或者微信里说“查进度”，我们再给您一个；也可以拨打12393。"


@dataclass(frozen=True, slots=True)
class Taken:
    """A material that was kept: which it is of how many."""

    item: Item
    count: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page of a link shows. Nothing personal: whoever has the link is not proven."""

    item: Item
    ticket: str
    count: int


class Materials:
    """`directory` is made when needed."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        items: Items,
        work: TicketWork,
        directory: Path,
        links: UploadLinks,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database, self._vault, self._items, self._work = database, vault, items, work
        self._directory, self._links, self._now = directory, links, now

    async def link(self, filing: int) -> str:
        """An address where materials for this filing can be handed in, for two weeks."""
        async with self._database.session() as session:
            return self._links.make(session, filing)

    async def wanted(self, token: str) -> Wanted:
        """Raises LinkEnded."""
        filing = await self._of_link(token)
        async with self._database.session() as session:
            ticket = await session.get(Ticket, filing.ticket_id) if filing.ticket_id else None
            count = await session.scalar(select(func.count()).where(Material.filing_id == filing.id)) or 0
        return Wanted(self._items.items[filing.item], ticket.number if ticket else "", count)

    async def add_by_link(self, token: str, content: bytes) -> Taken:
        """Raises LinkEnded, MaterialRefused."""
        filing = await self._of_link(token)
        return await self.add(filing.id, content, channel="web")

    async def add(self, filing_id: int, content: bytes, *, channel: str) -> Taken:
        """Check and keep one file; the same file twice is kept once. Raises MaterialRefused."""
        found_type = await asyncio.to_thread(media_type, content)
        digest = sha256(content).hexdigest()
        name = secrets.token_hex(16)
        await asyncio.to_thread(self._write, name, content)
        async with self._database.session() as session:
            filing = await session.get_one(Filing, filing_id, with_for_update=True)
            if filing.state not in OPEN:
                raise LinkEnded
            have = list(await session.scalars(select(Material.sha256).where(Material.filing_id == filing_id)))
            if len(have) >= MOST:
                raise MaterialRefused(code="material_many", citizen_text=f"一件事最多交{MOST}份材料，已经够了。")
            if digest not in have:
                session.add(
                    Material(
                        filing_id=filing_id,
                        file=name,
                        media_type=found_type,
                        bytes=len(content),
                        sha256=digest,
                        channel=channel,
                        added_at=self._utc(),
                    )
                )
                have.append(digest)
                what = audit.Action.MATERIAL_ADDED
                audit.note(session, "citizen", what, person_ref(filing.principal_key), detail=found_type)
            if filing.state == State.SUPPLEMENT and filing.ticket_id:
                filing.state = State.WORKING
                await self._work.resume_in(session, filing.ticket_id)
            return Taken(self._items.items[filing.item], len(have))

    async def read(self, filing_id: int, material_id: int) -> tuple[str, bytes] | None:
        """Media type and contents; None when this filing has no such material."""
        async with self._database.session() as session:
            row = await session.get(Material, material_id)
        if row is None or row.filing_id != filing_id:
            return None
        sealed = await asyncio.to_thread((self._directory / row.file).read_bytes)
        return row.media_type, await asyncio.to_thread(self._vault.decrypt_bytes, sealed)

    async def _of_link(self, token: str) -> Filing:
        async with self._database.session() as session:
            found = await self._links.filing_of(session, token)
            if found is None:
                raise LinkEnded
            filing = await session.get_one(Filing, found)
        if filing.state not in OPEN:
            raise LinkEnded
        return filing

    def _write(self, name: str, content: bytes) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._directory / name).write_bytes(self._vault.encrypt_bytes(content))

    def _utc(self) -> datetime:
        return self._now().astimezone(UTC).replace(tzinfo=None)
