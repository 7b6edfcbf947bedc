"""The circuit breaker: after some failures in a row nobody is kept waiting for a system that is down.

             5 failures in a row             the rest is over: one try
    CLOSED ───────────────────────► OPEN ──────────────────────────────► HALF_OPEN
      ▲                              ▲                                       │
      │                              └─── the try failed: rest twice as long ┤
      └───────────────────────────── the try succeeded ──────────────────────┘

Pure: fed timestamps in seconds of any one clock that never goes back; knows no network. Not for use across threads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Permit = int
"""What `enter` gives and the outcome is told with. A try that began before the state changed no longer counts."""


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class Rules:
    """`opens_after`: tries failed in a row. At 5, a core that hangs costs the first two or three citizens a wait.

    `rest_seconds` after the first opening, doubled after each failed try, up to `longest_rest_seconds`: that is how
    long a core that is back may go unnoticed.
    """

    opens_after: int = 5
    rest_seconds: float = 5.0
    longest_rest_seconds: float = 30.0


class Breaker:
    """Ask `enter` before each try and tell how it went by exactly one of `succeeded`, `failed`, `forgotten`."""

    def __init__(self, rules: Rules | None = None, turned: Callable[[State], None] = lambda state: None) -> None:
        """`turned` hears of each new state."""
        self._rules, self._turned = rules or Rules(), turned
        self._state = State.CLOSED
        self._era: Permit = 0
        self._failures = 0
        self._rest_seconds = self._rules.rest_seconds
        self._rest_until = 0.0

    @property
    def state(self) -> State:
        return self._state

    def may_enter(self, now: float) -> bool:
        """What `enter` would say, without taking the one try of a rest that is over."""
        return self._state is State.CLOSED or (self._state is State.OPEN and now >= self._rest_until)

    def enter(self, now: float) -> Permit | None:
        """A permit for one try, or None: do not ask the system now."""
        if not self.may_enter(now):
            return None
        if self._state is State.OPEN:
            self._turn(State.HALF_OPEN)
        return self._era

    def succeeded(self, permit: Permit) -> None:
        """The system answered, whatever it said."""
        if permit != self._era:
            return
        self._failures, self._rest_seconds = 0, self._rules.rest_seconds
        if self._state is State.HALF_OPEN:
            self._turn(State.CLOSED)

    def failed(self, permit: Permit, now: float) -> None:
        """No answer, or one that says that the system cannot work."""
        if permit != self._era:
            return
        self._failures += 1
        if self._state is State.HALF_OPEN:
            self._rest_seconds = min(self._rest_seconds * 2, self._rules.longest_rest_seconds)
            self._open(now)
        elif self._failures >= self._rules.opens_after:
            self._open(now)

    def forgotten(self, permit: Permit) -> None:
        """The caller went away before the outcome: proves nothing, and the next may try."""
        if permit == self._era and self._state is State.HALF_OPEN:
            self._turn(State.OPEN)

    def _open(self, now: float) -> None:
        self._rest_until = now + self._rest_seconds
        self._turn(State.OPEN)

    def _turn(self, state: State) -> None:
        self._state = state
        self._era += 1
        self._turned(state)
