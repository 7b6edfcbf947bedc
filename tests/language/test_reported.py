"""What was reported to be read wrong, each with what it should be (`reported.yaml`)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from language.aloud.readings import syllables
from language.aloud.spoken import spoken
from language.numbers.digit_runs import last_place

REPORTED = yaml.safe_load(Path(__file__).with_name("reported.yaml").read_text("utf-8"))


@pytest.mark.parametrize(("written", "read"), REPORTED["read"])
def test_read(written: str, read: str) -> None:
    assert read in " ".join(syllables(written))


@pytest.mark.parametrize(("written", "said"), REPORTED["spoken"])
def test_spoken(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(("said", "character"), REPORTED["x18"])
def test_the_last_place(said: str, character: str) -> None:
    assert last_place(said) == character
