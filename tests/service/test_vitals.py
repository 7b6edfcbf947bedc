"""Room on the disk, jumps of the clock, and a word to systemd."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from base.room import LEAST_FREE_BYTES, Room
from service.watching.vitals import CLOCK_JUMPS, DISK_FULL, Clock, look_at, tell_systemd


def test_a_disk_that_fills_is_told(tmp_path: Path) -> None:
    free = [LEAST_FREE_BYTES]
    room = Room(tmp_path, lambda: free[0])
    look_at(room)
    assert (room.is_left, DISK_FULL._value.get()) == (True, 0)
    free[0] -= 1
    look_at(room)
    assert (room.is_left, DISK_FULL._value.get()) == (False, 1)


def test_a_disk_that_cannot_be_asked_is_not_called_full() -> None:
    assert Room(Path("/no/such/place")).is_left


def test_the_clock_jumps_both_ways_and_ntp_is_no_jump() -> None:
    wall, passed = [1000.0], [5.0]
    clock = Clock(lambda: wall[0], lambda: passed[0])
    before = {way: CLOCK_JUMPS.labels(way)._value.get() for way in ("forward", "back")}

    def after(wall_seconds: float, passed_seconds: float) -> float:
        wall[0] += wall_seconds
        passed[0] += passed_seconds
        return clock.look()

    assert after(30.5, 30) == 0  # slewed
    assert after(3600.5, 0.5) == pytest.approx(3600)
    assert after(0.5, 0.5) == 0  # told once
    assert after(-7199.5, 0.5) == pytest.approx(-7200)
    grown = {way: CLOCK_JUMPS.labels(way)._value.get() - before[way] for way in before}
    assert grown == {"forward": 1, "back": 1}


def test_systemd_hears_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        tell_systemd("READY=1")
        assert listening.recv(100) == b"READY=1"


def test_nobody_who_asked_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    tell_systemd("READY=1")
