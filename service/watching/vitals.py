"""How the service itself is: is its loop on time, is there room on the disk, did the clock jump.

Told to Prometheus (`/metrics`), to systemd where it asks (WatchdogSec: a service that hangs is started anew), and to
the log. Nothing here is about citizens.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress

import structlog
from prometheus_client import Counter, Gauge, Histogram

from base.clock import day_here, utc_now
from base.room import LEAST_FREE_BYTES, Room
from language.calendar.working_days import unknown_year

log = structlog.get_logger()

LOOP_LAG = Histogram(
    "yibao_loop_lag_seconds",
    "How late the event loop woke up, looked at twice a second",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
DISK_FREE = Gauge("yibao_disk_free_bytes", "Room left where the database, the materials and the logs are")
DISK_FULL = Gauge("yibao_disk_full", "1 while there is too little room to take materials")
CLOCK_JUMPS = Counter("yibao_clock_jumps_total", "Times the wall clock moved against the time that passed", ("way",))
YEAR_UNKNOWN = Gauge("yibao_calendar_year_unknown", "1 when a year that promises reach has no holiday calendar")

_EVERY_SECONDS = 0.5
_DISK_EVERY = 20
"""Of these looks one asks for the disk and tells systemd."""
_JUMP_SECONDS = 5.0
"""NTP slews smaller errors; what is larger moves codes, sessions and leases."""


def look_at(room: Room) -> None:
    """Tell how much is left."""
    with suppress(OSError):
        DISK_FREE.set(room.free())
    full = not room.is_left
    if full and not DISK_FULL._value.get():
        log.error("disk_full", least=LEAST_FREE_BYTES)
    DISK_FULL.set(full)


class Clock:
    """Compares the wall clock with the time that passed."""

    def __init__(self, wall: Callable[[], float] = time.time, passed: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._passed = wall, passed
        self._apart = wall() - passed()

    def look(self) -> float:
        """Seconds it jumped since the last look, 0.0 for none; forward is positive."""
        apart = self._wall() - self._passed()
        jumped = apart - self._apart
        self._apart = apart
        if abs(jumped) < _JUMP_SECONDS:
            return 0.0
        CLOCK_JUMPS.labels("forward" if jumped > 0 else "back").inc()
        log.error("clock_jumped", seconds=round(jumped))
        return jumped


async def watch(room: Room) -> None:
    """Until cancelled."""
    clock, turn = Clock(), 0
    while True:
        if turn % _DISK_EVERY == 0:
            look_at(room)
            YEAR_UNKNOWN.set(unknown_year(day_here(utc_now())) is not None)
            tell_systemd("WATCHDOG=1")
        clock.look()
        turn += 1
        due = time.monotonic() + _EVERY_SECONDS
        await asyncio.sleep(_EVERY_SECONDS)
        LOOP_LAG.observe(max(0.0, time.monotonic() - due))


def tell_systemd(state: str) -> None:
    """A line for whoever started us (sd_notify): "READY=1", "WATCHDOG=1". Nothing where nobody asked."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
        out.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)
