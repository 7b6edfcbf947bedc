"""At the machine, for a citizen who asks: a number that cannot be is not looked for, and no file is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from base.errors import SetupError
from service.commands import person_command

RIGHT = "370899195003159028"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was looked for in the database."""
    seen: list[object] = []

    def run(deed: object) -> dict[str, list[dict[str, str]]]:
        seen.append(deed)
        return {"工单": [{"工单号": "GD1"}]}

    monkeypatch.setattr(person_command, "_run", run)
    return seen


@pytest.mark.parametrize(
    ("typed", "told"),
    [("370899195003159027\n\n", "证件号码不对"), ("3708\n\n", "证件号码不对"), (f"{RIGHT}\n1990000\n", "11位数字")],
)
def test_a_number_that_cannot_be_is_not_looked_for(asked: list[object], typed: str, told: str) -> None:
    done = CliRunner().invoke(person_command.app, ["show"], input=typed)
    assert isinstance(done.exception, SetupError)
    assert told in str(done.exception)
    assert asked == []


def test_what_is_kept_is_told_by_kind(asked: list[object]) -> None:
    done = CliRunner().invoke(person_command.app, ["show"], input=f"{RIGHT}\n19900000001\n")
    assert (done.exit_code, len(asked)) == (0, 1), done.output
    assert "工单\t1" in done.output


def test_a_file_that_is_there_stays_and_nothing_is_looked_at(asked: list[object], tmp_path: Path) -> None:
    to = tmp_path / "one.json"
    to.write_text("somebody else's")
    done = CliRunner().invoke(person_command.app, ["export", str(to)], input=f"{RIGHT}\n\n")
    assert isinstance(done.exception, SetupError)
    assert (to.read_text(), asked) == ("somebody else's", [])
    assert (
        CliRunner().invoke(person_command.app, ["export", str(tmp_path / "new.json")], input=f"{RIGHT}\n\n").exit_code
        == 0
    )
    assert (tmp_path / "new.json").stat().st_mode & 0o077 == 0
