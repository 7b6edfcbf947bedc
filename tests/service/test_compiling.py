"""Setting up compiles what will run as somebody who may not write beside it."""

from __future__ import annotations

from pathlib import Path

from base.settings import ROOT
from service.installing import setup
from service.installing.compiled import compile_all


def test_every_module_is_compiled_and_what_cannot_be_is_left(tmp_path: Path) -> None:
    (tmp_path / "whole.py").write_text("x = 1\n")
    (tmp_path / "broken.py").write_text("x =\n")
    compile_all([tmp_path])
    assert [made.name.partition(".")[0] for made in (tmp_path / "__pycache__").iterdir()] == ["whole"]


def test_it_is_done_again_when_a_module_or_an_environment_changed() -> None:
    inputs = [path for step in setup.compiling() for path in step.inputs]
    for name in ("bot/components/channel.py", "service/app.py", "requirements.txt", "bot/requirements.txt"):
        assert ROOT / name in inputs, name
