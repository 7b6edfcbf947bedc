"""A full round of the garbage collector waits for a quiet moment, but not for ever."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from base import collector


@pytest.fixture(autouse=True)
def settled() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(50, 2, 2)
    collector.settle()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def full_rounds() -> int:
    return int(gc.get_stats()[2]["collections"])


def make_garbage() -> None:
    for _ in range(20_000):
        ring: list[object] = []
        ring.append(ring)


async def test_none_comes_by_itself() -> None:
    before = full_rounds()
    make_garbage()
    assert full_rounds() == before
    assert gc.get_count()[2] > 10, "the small rounds went on"


async def test_it_waits_for_a_quiet_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "_OVERDUE", 1_000_000)
    make_garbage()
    before = full_rounds()
    await collector.round_if_due(lambda: False)
    assert full_rounds() == before
    await collector.round_if_due(lambda: True)
    assert full_rounds() == before + 1
    await collector.round_if_due(lambda: True)
    assert full_rounds() == before + 1, "nothing to do so soon"


async def test_it_does_not_wait_for_ever() -> None:
    while gc.get_count()[2] < 600:
        make_garbage()
    before = full_rounds()
    await collector.round_if_due(lambda: False)
    assert full_rounds() == before + 1


def test_it_rests_while_everything_is_loaded() -> None:
    collector.rest()
    assert not gc.isenabled()
    collector.settle()
    assert gc.isenabled()
