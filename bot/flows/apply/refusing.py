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

_I_WANT = re.compile(
    r"(?:我|俺)(?:自己)?(?:可|就|还|还是|偏|也|就是|非)*(?:想|要|得|愿意|乐意)(?:接着|继续)?(?:办|备|报|申请|弄|交)"
    r"|(?:我|俺)(?:自己)?(?:的事)?(?:自己)?(?:说了算|做主|作主|当家)|(?:我|俺)?(?:不|没|甭|别)(?:听|管)(?:[他她]|这|那|俺)"
)
"""The speaker's own will, against what a relative says: "俺娘说不办，俺想办"."""


def helped_refuses(state: State, heard: Heard) -> bool:
    """The one whom it is for speaks, and wants no help."""
    return state.kind == "file" and bool(state.relation or state.principal_id) and stance.refuses_help(heard.text)


def somebody_else(state: State, heard: Heard) -> Reply | None:
    """Asks whether it goes on, where the no is that of a relative whose matter it is not. None where it is the
    principal's, or where nobody acts for anybody; who wants it for themselves all the same goes on."""
    who = stance.who_refuses(heard.text)
    if who and not (state.relation or state.principal_id or state.beside) and _I_WANT.search(heard.text):
        return say("yours_goes_on")
    if not who or not (state.relation or state.principal_id) or _OF_ANYBODY.match(who):
        return None
    if state.relation and same_person(who, state.relation):
        return None
    if not state.relation and may_be(who, state.principal_id, state.principal_id):
        return None
    return say("other_refuses", other=polite(who), whose=state.principal_name or polite(state.relation))
