"""The stages of errands by what is asked in them (`State.stage`), as the manager tells them apart."""

from __future__ import annotations

from bot.flows.apply import gathering

BEFORE_PROOF = frozenset(
    ("start", "what_for", "what_query", "what_item", "next", "id", "confirm_id", "code", "drug_name")
)
"""Stages whose question holds nothing personal."""
ANSWERS = frozenset(("tell", "drug_name", "start", "id"))
"""Stages in which a query ends with its answer: progress may be told at once, or by a ticket's code."""
WHO = "id"
OF_WHO = frozenset(("id", "confirm_id", "code"))
KIND_ASKED = frozenset(("what_item", "what_query"))
OF_THEM = frozenset(("id", "confirm_id", "code", "whose", "principal_id", "principal_code"))
"""Stages before an errand for somebody else has their consent."""
READ_BACK = frozenset(("promise", "summary", "wrong"))
LAST_QUESTION = "keep_or_forget"
COMMITS_ON = {"promise": "promise_again", "summary": "summary_unclear"}
"""Stages in which a yes commits somebody to something, and what is said to one that may have meant something else."""
YES_IS_NO_ANSWER = gathering.OF_IDENTITY | {
    "what_item",
    "what_query",
    "field",
    "whose",
    "whose_matter",
    "agent_id",
    "grant_items",
}
THEY_ARE_ASKED = frozenset(("whose", "principal_id", "principal_code"))
"""Stages in which the principal's consent is waited for."""
