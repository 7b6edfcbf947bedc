"""What was handed in reaches the core system, whatever becomes of another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from casework.core.contract import CoreUnavailable, Submission
from casework.core.errors import CoreRefused
from tests.casework.decider import filed
from tests.casework.office import Office


def refusing(office: Office, monkeypatch: pytest.MonkeyPatch, number: str, error: Exception) -> list[str]:
    """From now on the core system fails for `number` alone. Returns the numbers that it will have taken."""
    taken: list[str] = []
    submit: Any = office.core.submit

    async def chosen(id_number: str, submission: Submission) -> None:
        if submission.number == number:
            raise error
        await submit(id_number, submission)
        taken.append(submission.number)

    monkeypatch.setattr(office.core, "submit", chosen)
    return taken


async def test_one_that_fails_again_and_again_keeps_no_other_waiting(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many such there are: a round takes only so many."""
    owed = office.parts.to_core.owed
    monkeypatch.setattr(owed, "_rules", replace(owed._rules, batch=1))
    first, second = await filed(office), await filed(office, "chronic")
    taken = refusing(office, monkeypatch, first, CoreUnavailable())
    for _ in range(3):
        await office.parts.to_core.hand_over()
    assert taken == [second]
    assert await owed.count() == {"waiting": 1, "failed": 0}


async def test_what_is_never_taken_is_for_staff_and_counted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    number = await filed(office)
    refusing(office, monkeypatch, number, CoreRefused())
    assert await office.parts.to_core.hand_over() == 0
    assert await office.parts.to_core.owed.count() == {"waiting": 0, "failed": 1}
    ticket = await office.parts.progress.progress(number)
    assert ticket
    office.clock.passes(hours=2)
    assert await office.parts.to_core.hand_over() == 0
