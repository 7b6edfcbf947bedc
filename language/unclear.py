"""A reader's third answer beside a value and nothing: something was said, but not clearly enough to be kept."""

from __future__ import annotations

from enum import Enum


class Why(Enum):
    """What has to be asked."""

    ABOUT = "about"
    """About so much, about then: an exact one is needed."""
    SEVERAL = "several"
    """More than one was named, and nothing tells which is meant."""
    SHAPE = "shape"
    """It cannot be one: too few digits, an impossible day."""
    SOUND = "sound"
    """It only sounds like `choices`."""
    INCOMPLETE = "incomplete"
    """A part is missing."""


class Unclear(ValueError):
    """Never holds what was said in its message. `choices`: what it may have meant, ready to be kept."""

    def __init__(self, why: Why, choices: tuple[str, ...] = ()) -> None:
        super().__init__(why.value)
        self.why, self.choices = why, choices
