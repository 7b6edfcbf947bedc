"""Answers as they were reported, each with the value that is to be kept (`reported.yaml`)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from casework.filings.fields import Context, NotAnAnswer, Refused, parse
from casework.filings.items import Field

TODAY = date(2026, 11, 28)
REPORTED = [
    (kind, said, kept)
    for kind, lines in yaml.safe_load(Path(__file__).with_name("reported.yaml").read_text("utf-8")).items()
    for said, kept in lines
]


@pytest.mark.parametrize(("kind", "said", "kept"), REPORTED, ids=[f"{kind}: {said}" for kind, said, _ in REPORTED])
def test_what_is_kept(kind: str, said: str, kept: str) -> None:
    is_typed = kind in ("month", "text") or said.isascii()
    field = Field("asked", "", kind, "", "", options={}, when={}, past=True, near=False, only_asked=False)
    try:
        found = parse(field, said, Context(TODAY, is_typed=is_typed))
    except Refused as refused:
        found = f"!{refused.code}"
    except NotAnAnswer:
        found = "!none"
    assert found == kept
