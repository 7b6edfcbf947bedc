"""What is tried again, and what is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from base.retry import retried


class Fault(Exception):
    pass


def failing(times: int, kind: type[Exception] = Fault) -> Callable[[], object]:
    left = [times]

    async def ask() -> str:
        if left[0]:
            left[0] -= 1
            raise kind
        return f"after {times}"

    return ask


async def test_it_is_asked_again_after_the_pauses_until_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    assert await retried(failing(2), Fault, lambda failed, fault: failed / 10) == "after 2"
    assert slept == [0.1, 0.2]


async def test_no_pause_is_the_end_and_another_error_is_not_tried_again() -> None:
    with pytest.raises(Fault):
        await retried(failing(2), Fault, lambda failed, fault: 0 if failed < 2 else None)
    with pytest.raises(LookupError):
        await retried(failing(1, LookupError), Fault, lambda failed, fault: 0)
