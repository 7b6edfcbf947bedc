"""How long a slow speaker is waited for. The seconds are YIBAO_TURN_*_SECONDS with their defaults in base/settings.py.

Measured on 33 real read sentences (AISHELL) with pauses put in: the turn model gives the end of a real sentence 0.98, a
cut in its middle 0.93 in the median, so a verdict of 0.5 cannot tell them apart; 0.95 lets 24 % of the inner pauses and
97 % of the true ends pass. Synthetic voices reward 0.5: they must not set it.
"""

from __future__ import annotations

from dataclasses import dataclass

from base.settings import Settings
from voice.barge_in import is_backchannel
from voice.completeness import is_complete
from voice.expected import fits, is_final, is_in_a_number, is_unfinished

_WINDOW_SECONDS = 0.064
"""A silence is noticed in steps of the detector's windows."""


def _default(name: str) -> float:
    """There is one set of defaults, that of `base.settings`: what operators are shown is what runs."""
    return float(Settings.model_fields[f"turn_{name}"].default)


@dataclass(frozen=True, slots=True)
class Waits:
    """Silences in seconds that end a turn, and the turn model's verdicts (0..1) that choose among them."""

    surely: float = _default("surely_seconds")
    """After a sentence the model is sure of, a question by its words, an answer that fits what was asked."""

    likely: float = _default("likely_seconds")
    open: float = _default("open_seconds")
    """Also what is waited before anything is done that cannot be taken back."""

    unfinished: float = _default("unfinished_seconds")
    """After "那个…", "我妈在…", or sounds that are no words."""

    number: float = _default("number_seconds")
    """In the middle of a number that is read out, or only announced."""

    sure_verdict: float = _default("sure_verdict")
    likely_verdict: float = _default("likely_verdict")

    @classmethod
    def of(cls, settings: Settings) -> Waits:
        return cls(
            settings.turn_surely_seconds,
            settings.turn_likely_seconds,
            settings.turn_open_seconds,
            settings.turn_unfinished_seconds,
            settings.turn_number_seconds,
            settings.turn_sure_verdict,
            settings.turn_likely_verdict,
        )


def wait(waits: Waits, verdict: float, text: str, asked: str) -> float:
    """Seconds of silence that end this turn. `verdict`: the turn model's, of the sound; `text`: as recognised so far;
    `asked`: the end of what we said last."""
    if fits(asked, text):
        return waits.open if is_final(asked) else waits.surely
    if is_backchannel(text) and text:
        return waits.likely  # "嗯", "好": said along with our voice, which may go on
    if is_in_a_number(asked, text):
        return waits.number
    if not text or is_unfinished(text):
        return waits.unfinished
    if verdict >= waits.sure_verdict or is_complete(text):
        return waits.surely
    return waits.likely if verdict >= waits.likely_verdict else waits.open


def is_settled(waits: Waits, waited: float, text: str, asked: str) -> bool:
    """After `waited` seconds of silence nobody is expected to go on."""
    return waited >= waits.open - _WINDOW_SECONDS or (fits(asked, text) and not is_final(asked))
