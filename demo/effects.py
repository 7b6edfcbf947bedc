"""What a decision changes at the core systems that are our own, the demo's and the stand-in. Pure.

A case is a JSON object: what was submitted, its `state`, and its `decisions` by key, the last of which is in force.
What is granted is read from the cases each time, so a decision that replaces it takes it away again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

Entry = dict[str, Any]

GRANTED = "同意"
STATES = {GRANTED: "已办结", "不予办理": "不予办理", "撤回": "已撤回"}
"""What the interface calls an outcome → the state of the case."""

_REMOTE = {
    "异地就医备案（长期居住）": ("异地长期居住", "备案到哪里", None),
    "异地就医备案（转诊转院）": ("转诊转院", "转到哪里", timedelta(days=183)),
    "异地急诊住院补备案": ("异地急诊", "在哪里住院", timedelta(days=183)),
}
"""Item → kind, the field of the place, how long. Half a year is made up: Jining's documents name no time for these."""
_CHRONIC, _DISEASE = "门诊慢特病资格认定", "申请的病种"


class KeyReused(Exception):
    """The key named another decision before."""


def decided(case: Mapping[str, Any], key: str, outcome: str, decided_on: str, reason: str) -> Entry:
    """The case with this decision; as it was when the key is known already. Raises KeyReused."""
    decisions, new = dict(case.get("decisions", {})), {"outcome": outcome, "on": decided_on, "reason": reason}
    if key in decisions:
        if decisions[key] != new:
            raise KeyReused
        return dict(case)
    return {**case, "state": STATES[outcome], "decisions": {**decisions, key: new}}


def remote(case: Mapping[str, Any]) -> Entry | None:
    """The 异地就医备案 that this case has brought about, if it did."""
    granted_on, known = _granted_on(case), _REMOTE.get(case["item"])
    if granted_on is None or known is None:
        return None
    kind, field, lasts = known
    until = (granted_on + lasts).isoformat() if lasts else None
    place = case["fields"].get(field, "")
    return {"kind": kind, "place": place, "filed_on": granted_on.isoformat(), "valid_until": until} if place else None


def chronic(case: Mapping[str, Any]) -> Entry | None:
    """The 门诊慢特病 eligibility that this case has brought about, if it did."""
    granted_on = _granted_on(case)
    if granted_on is None or case["item"] != _CHRONIC or _DISEASE not in case["fields"]:
        return None
    return {"disease": case["fields"][_DISEASE], "approved_on": granted_on.isoformat(), "valid_until": None}


def _granted_on(case: Mapping[str, Any]) -> date | None:
    """The day of the decision in force; None unless it grants."""
    in_force = next(reversed(list(case.get("decisions", {}).values())), None)
    return date.fromisoformat(in_force["on"]) if in_force and in_force["outcome"] == GRANTED else None
