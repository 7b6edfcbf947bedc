"""Another city's file makes this another city's hotline: in what is heard, read, sent and told by failures."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from base.settings import ROOT
from base.tenant import TENANT, fill, load

ELSEWHERE = Path(__file__).with_name("elsewhere.yaml")
_OURS = re.compile(r"济宁(?!的文件|医保小程序)|12393")
_DATA = {
    "voice/correction.py",  # words of this city's recognised speech, with voice/data/terms.yaml
    "voice/hints.py",
}
"""Modules that hold what a second city's data replaces; everything else takes its words from the tenant file."""


def test_a_process_of_another_city_says_its_name_and_number_everywhere(tmp_path: Path) -> None:
    """One process, since a process reads its file once."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.base.heard_elsewhere", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "YIBAO_TENANT": str(ELSEWHERE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = ran.stdout.splitlines()
    assert [line for line in told if _OURS.search(line)] == []
    for where, words in (
        ("prompt greeting", "这里是海西医保热线"),
        ("saying utter_greet", "这里是海西医保热线"),
        ("engine", "我是海西医保热线的助手"),
        ("gap gap-hotline-number", "医保热线是0977123。"),
        ("item transfer-cross-province", "转入海西"),
        ("wording no_phone", "打0977123"),
        ("message", "【海西医保】"),
        ("message", "0977123"),
        ("error LinkOver", "0977123"),
        ("welcome", "海西州医疗保障局"),
        ("console", "海西州医疗保障局"),
        ("/\t", "0977123"),
        ("extension", "0977123"),
        ("counties", "德令哈市 格尔木市"),
    ):
        assert any(line.startswith(where) and words in line for line in told), (where, words)


def test_no_words_of_one_city_stand_in_the_code() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line} {text}"
        for package in ("base", "bot", "casework", "connectors", "knowledge", "language", "service", "staff", "voice")
        for file in sorted((ROOT / package).rglob("*.*"))
        if "standin" not in file.parts and str(file.relative_to(ROOT)) not in _DATA
        for line, text in _texts(file)
        if _OURS.search(text)
    ]
    assert found == []


def _texts(file: Path) -> Iterator[tuple[int, str]]:
    """What a module, template, script or file of fixed sayings says; no data, no docstring, no comment."""
    text = file.read_text(encoding="utf-8") if file.suffix in (".py", ".html", ".js", ".yaml", ".yml", ".conf") else ""
    if file.suffix == ".py":
        tree = ast.parse(text)
        said_of = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said_of:
                yield node.lineno, node.value
    elif file.suffix in (".html", ".js", ".conf") or file.name in ("wording.yaml", "prompts.yaml", "items.yaml"):
        yield from enumerate((line.split(" # ")[0] for line in text.splitlines() if line.lstrip()[:1] != "#"), 1)
    elif file.name.startswith("responses_"):
        yield from enumerate(text.splitlines(), 1)


def test_a_dollar_that_names_nothing_stays() -> None:
    assert fill("$hotline、$5、50$") == f"{TENANT.hotline}、$5、50$"


@pytest.mark.parametrize(("wrong", "field"), [("hotline: 打我", "hotline"), ("colour: red", "colour")])
def test_a_wrong_file_is_told_by_the_field(tmp_path: Path, wrong: str, field: str) -> None:
    file = tmp_path / "tenant.yaml"
    name = wrong.split(":", 1)[0]
    kept = [line for line in ELSEWHERE.read_text(encoding="utf-8").splitlines() if not line.startswith(name)]
    file.write_text("\n".join([*kept, wrong]), encoding="utf-8")
    with pytest.raises(ValidationError, match=field):
        load(file)
