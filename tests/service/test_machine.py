"""What the machine lacks is noticed, whether it is a program or files that bring none."""

from __future__ import annotations

from pathlib import Path

import pytest

from base.errors import SetupError
from service.installing import machine


def _refused(monkeypatch: pytest.MonkeyPatch, wanted: dict[str, str]) -> str:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SetupError) as refusal:
        machine.ensure_programs(wanted, print)
    return str(refusal.value)


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "face-CJK.ttc").touch()
    machine.ensure_programs({"sh": "dash", f"{tmp_path}/*CJK*": "a-font"}, print)


def test_a_missing_program_and_missing_files_are_named_with_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = _refused(monkeypatch, {"no-such-program": "its-package", f"{tmp_path}/*CJK*": "a-font"})
    assert "apt-get install" in said
    assert said.endswith("a-font its-package")
