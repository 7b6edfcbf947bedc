"""The steps of every errand, by the name of their stage, and the parts they work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from base.database import Database
from base.personal_data import Vault
from bot.flows import starting
from bot.flows.apply import committing, dropping, filing_steps, what_is_wrong, withdrawing
from bot.flows.apply.base_step import Parties
from bot.flows.authorise import authorising
from bot.flows.identify import proof, whom, whose_matter
from bot.flows.query import by_code, drugs, queries
from bot.flows.step import Step
from casework.core.contract import CoreSystem
from casework.filings.desk import Desk
from casework.filings.filings import Filings
from casework.filings.handing_in import HandingIn
from casework.filings.items import Items
from casework.filings.materials import Materials
from casework.people.authorisations import Authorisations
from casework.people.identity import Identity
from casework.tickets.account import TicketAccounts
from casework.tickets.progress import ProgressBoard
from casework.tickets.tickets import Tickets


@dataclass(frozen=True, slots=True)
class Parts:
    """What errands work with."""

    database: Database
    vault: Vault
    core: CoreSystem
    identity: Identity
    authorisations: Authorisations
    filings: Filings
    handing_in: HandingIn
    progress: ProgressBoard
    items: Items
    materials: Materials
    tickets: Tickets
    accounts: TicketAccounts
    desk: Desk


def steps(parts: Parts, today: Callable[[], date]) -> Mapping[str, Step]:
    identity, authorisations, items, filings = parts.identity, parts.authorisations, parts.items, parts.filings
    parties = Parties(identity, authorisations, parts.core, parts.vault)
    ticket_code = by_code.ByCode(parts.accounts)
    tell = queries.Tell(parts.database, parts.vault, parts.core, identity, authorisations, parts.progress, items, today)
    return {
        "start": starting.Start(identity, parts.progress, filings, items, ticket_code),
        "what_for": starting.WhatFor(items, today),
        "next": starting.NextWish(items),
        "what_query": starting.WhatQuery(),
        "what_item": starting.WhatItem(items),
        "id": by_code.IdOrCode(proof.AskId(identity, today), ticket_code),
        "confirm_id": proof.ConfirmId(identity),
        "code": proof.AskCode(identity),
        "whose_matter": whose_matter.WhoseMatter(),
        "whose": whom.Whose(identity, authorisations),
        "principal_id": whom.PrincipalId(identity, authorisations, items, today),
        "principal_code": whom.PrincipalCode(identity, authorisations, items),
        "tell": tell,
        "drug_name": drugs.DrugName(parts.core),
        "begin_filing": filing_steps.Begin(filings, parties, items, today),
        "field": filing_steps.Ask(filings, parties, items, today),
        "promise": committing.Promise(filings, parties, items, today),
        "summary": committing.Summary(filings, parties, items, today, parts.handing_in, parts.materials),
        "wrong": what_is_wrong.WhatIsWrong(filings, parties, items, today),
        "keep_or_forget": dropping.KeepOrForget(identity, authorisations, filings),
        "withdraw": withdrawing.WhichWithdrawn(identity, filings),
        "confirm_withdraw": withdrawing.ConfirmWithdraw(identity, filings, parts.desk),
        "agent_id": authorising.AgentId(today),
        "grant_items": authorising.GrantItems(items),
        "grant_until": authorising.GrantUntil(today),
        "confirm_grant": authorising.ConfirmGrant(identity, authorisations, items),
        "which": authorising.Which(identity, authorisations, items),
        "confirm_revoke": authorising.ConfirmRevoke(identity, authorisations, items),
    }
