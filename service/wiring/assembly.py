"""Casework put together: every part made once and handed to the parts that need it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from base.clock import Clock, utc_now
from base.database import Database
from base.personal_data import Vault
from base.room import Room
from bot.flows.manager import Errands, Parts
from casework.core.contract import CoreSystem
from casework.filings import items as item_file
from casework.filings.decisions import Decisions
from casework.filings.desk import Desk, News, Silent
from casework.filings.filings import Filings
from casework.filings.handing_in import HandingIn
from casework.filings.links import UploadLinks
from casework.filings.materials import Materials
from casework.filings.to_core import ToCore
from casework.outbox import Gateway, Outbox
from casework.people.authorisations import Authorisations
from casework.people.consents import Consents, Letters, NoLetters
from casework.people.identity import Codes, Identity
from casework.tickets.account import TicketAccounts
from casework.tickets.progress import ProgressBoard
from casework.tickets.rating_words import RatingWords
from casework.tickets.ratings import Messenger, Ratings, SmsMessenger
from casework.tickets.said_later import TicketWords
from casework.tickets.tickets import Tickets
from casework.tickets.work import TicketWork
from language.places import read_city

OnBad = Callable[[str, datetime], Awaitable[None]]
"""Hash of the conversation and when its ticket was opened, UTC."""


@dataclass(frozen=True, slots=True)
class Casework:
    """What the service hands to its channels, its pages and its dialogue."""

    tickets: Tickets
    work: TicketWork
    ratings: Ratings
    progress: ProgressBoard
    outbox: Outbox
    identity: Identity
    authorisations: Authorisations
    filings: Filings
    handing_in: HandingIn
    to_core: ToCore
    decisions: Decisions
    materials: Materials
    desk: Desk
    errands: Errands
    words: TicketWords
    accounts: TicketAccounts


def assemble(
    database: Database,
    vault: Vault,
    core: CoreSystem,
    gateway: Gateway,
    codes: Codes,
    *,
    materials: Path,
    room: Room | None = None,
    address: str,
    now: Clock = utc_now,
    news: News | None = None,
    letters: Letters | None = None,
    messenger: Callable[[SmsMessenger], Messenger] = lambda sms: sms,
    on_bad: OnBad | None = None,
) -> Casework:
    """`materials`: the directory for pictures, `room` on its disk; `address`: how citizens reach this
    service, https://host; `news`: who
    else tells citizens of their filings; `letters`: the official account; `messenger`: who asks for ratings, given the
    one that does it by short message; `on_bad`: told of bad ratings.
    """
    items = item_file.load()
    read_city("北京")  # read now: the first citizen who names a city does not wait for the table
    outbox = Outbox(database, vault, gateway, now)
    tickets = Tickets(database, vault, now)
    ratings = Ratings(database, vault, tickets, messenger(SmsMessenger(outbox, vault, address)), on_bad, now)
    work = TicketWork(database, vault, ratings, now)
    identity = Identity(database, vault, core, outbox, codes, now)
    consents = Consents(vault, letters or NoLetters(), address)
    authorisations = Authorisations(database, vault, core, outbox, identity, consents)
    links = UploadLinks(vault, address, now)
    filings = Filings(database, vault, items, now)
    to_core = ToCore(database, vault, core, items, now)
    handing_in = HandingIn(database, vault, outbox, tickets, links, to_core, now)
    kept = Materials(database, vault, items, work, materials, links, now, room)
    progress = ProgressBoard(database, vault, items, kept, now)
    decisions = Decisions(database, vault, core, now)
    desk = Desk(database, vault, core, outbox, items, kept, work, decisions, now, news or Silent())
    accounts = TicketAccounts(database, vault, progress, now)
    parts = Parts(
        database,
        vault,
        core,
        identity,
        authorisations,
        filings,
        handing_in,
        progress,
        items,
        kept,
        tickets,
        accounts,
        desk,
    )
    return Casework(
        tickets,
        work,
        ratings,
        progress,
        outbox,
        identity,
        authorisations,
        filings,
        handing_in,
        to_core,
        decisions,
        kept,
        desk,
        Errands(parts, now),
        TicketWords(database, vault, identity, items, RatingWords(database, vault, ratings, now), now),
        accounts,
    )
