"""Whose no it is: that of the one whom a filing is for ends it; another relative's is asked about. Pure."""

from __future__ import annotations

import re

from base.messages import Reply
from bot.flows.identify.relatives import may_be, polite, same_person
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.wording import say
from language import stance

_OF_ANYBODY = re.compile(r"本人|人家|对方|他|她|老人|老头|老太|老爷")
"""Words that mean whoever is talked about."""


def helped_refuses(state: State, heard: Heard) -> bool:
    """The one whom it is for speaks, and wants no help."""
    return state.kind == "file" and bool(state.relation or state.principal_id) and stance.refuses_help(heard.text)


def somebody_else(state: State, heard: Heard) -> Reply | None:
    """Asks whether it goes on, where the no is that of a relative whose matter it is not. None where it is the
    principal's, or where nobody acts for anybody."""
    who = stance.who_refuses(heard.text)
    if not who or not (state.relation or state.principal_id) or _OF_ANYBODY.match(who):
        return None
    if state.relation and same_person(who, state.relation):
        return None
    if not state.relation and may_be(who, state.principal_id, state.principal_id):
        return None
    return say("other_refuses", other=polite(who), whose=state.principal_name or polite(state.relation))
