"""Materials of a filing: checked, sealed, kept outside the web root under random names, served to staff only."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, utc_now
from base.database import Database
from base.personal_data import Vault
from base.room import Room
from base.tenant import TENANT
from casework.filings.file_type import opened_type
from casework.filings.filing import OPEN, State
from casework.filings.items import Item, Items
from casework.filings.links import UploadLinks
from casework.filings.pictures import MaterialRefused, NoRoomLeft
from casework.models import Filing, Material, Ticket
from casework.people.identity import person_ref
from casework.tickets.work import TicketWork
from staff import audit

MOST = 20
"""Materials of one filing."""
_FRESH_SECONDS = 3600.0


class LinkEnded(MaterialRefused):
    """No such link, or not any more."""

    code = "upload_link_ended"
    citizen_text = f"这个网址已经失效。请在网页或者微信里说“查进度”，我们再给您一个；也可以拨打{TENANT.hotline}。"


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
    """`directory` is made when needed; `room` is that of the disk it is on."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        items: Items,
        work: TicketWork,
        directory: Path,
        links: UploadLinks,
        now: Clock = utc_now,
        room: Room | None = None,
    ) -> None:
        self._database, self._vault, self._items, self._work = database, vault, items, work
        self._directory, self._links, self._now = directory, links, now
        self._room = room or Room(directory.parent)

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

    async def check_room(self, token: str) -> None:
        """Before anything is taken in: whether this link takes a file now. Raises LinkEnded, MaterialRefused."""
        filing = await self._of_link(token)
        async with self._database.session() as session:
            await self._have(session, filing.id)

    async def add(self, filing_id: int, content: bytes, *, channel: str) -> Taken:
        """Check and keep one file; the same file twice is kept once. Raises MaterialRefused.

        Whether it is known, and whether there is room, is looked at before anything is opened or written."""
        digest = (await asyncio.to_thread(sha256, content)).hexdigest()
        async with self._database.session() as session:
            filing = await session.get_one(Filing, filing_id)
            if filing.state not in OPEN:
                raise LinkEnded
            have = await self._have(session, filing_id, digest)
        if digest in have:
            return await self._keep(filing_id, "", "", digest, 0, channel)
        found_type = await opened_type(content)
        name = secrets.token_hex(16)
        await asyncio.to_thread(self._write, name, content)
        try:
            return await self._keep(filing_id, name, found_type, digest, len(content), channel)
        except MaterialRefused:  # anything else may have happened after the row was sure: `sweep` knows
            await asyncio.to_thread(self._remove, name)
            raise

    async def sweep(self) -> int:
        """Remove files that no row names: a process died between the two. How many."""
        found = await asyncio.to_thread(self._older_files)
        async with self._database.session() as session:
            known = set(await session.scalars(select(Material.file)))
        lost = [name for name in found if name not in known]
        for name in lost:
            await asyncio.to_thread(self._remove, name)
        return len(lost)

    async def _have(self, session: AsyncSession, filing_id: int, digest: str = "") -> list[str]:
        """The digests of what was handed in. Raises MaterialRefused where there is no room for one more."""
        have = list(await session.scalars(select(Material.sha256).where(Material.filing_id == filing_id)))
        if digest in have:
            return have
        if len(have) >= MOST:
            raise MaterialRefused(code="material_many", citizen_text=f"一件事最多交{MOST}份材料，已经够了。")
        if not self._room.is_left:
            raise NoRoomLeft
        return have

    async def _keep(self, filing_id: int, name: str, found_type: str, digest: str, size: int, channel: str) -> Taken:
        """The row; of two that came at the same moment one is kept."""
        async with self._database.session() as session:
            filing = await session.get_one(Filing, filing_id, with_for_update=True)
            if filing.state not in OPEN:
                raise LinkEnded
            have = await self._have(session, filing_id, digest)
            is_new = digest not in have
            if is_new:
                session.add(
                    Material(
                        filing_id=filing_id,
                        file=name,
                        media_type=found_type,
                        bytes=size,
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
            taken = Taken(self._items.items[filing.item], len(have))
        if name and not is_new:
            await asyncio.to_thread(self._remove, name)
        return taken

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

    def _remove(self, name: str) -> None:
        (self._directory / name).unlink(missing_ok=True)

    def _older_files(self) -> list[str]:
        """What may have lost its row: not what is being written just now."""
        if not self._directory.is_dir():
            return []
        before = time.time() - _FRESH_SECONDS
        return [path.name for path in self._directory.iterdir() if path.is_file() and path.stat().st_mtime < before]

    def _utc(self) -> datetime:
        return as_stored(self._now())
