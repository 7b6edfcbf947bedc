"""Imports point one way, downwards: each package may use the floors below its own, and none beside it."""

from __future__ import annotations

import ast
from pathlib import Path

from base.settings import ROOT

FLOORS = (
    {"base"},
    {"language", "staff"},
    {"voice", "knowledge", "casework"},
    {"bot"},
    {"connectors"},
    {"demo"},
    {"service"},
)
"""From the ground up; the house is drawn in docs/architecture.md."""

_FLOOR = {package: number for number, floor in enumerate(FLOORS) for package in floor}


def test_no_import_climbs() -> None:
    climbs = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for package in _FLOOR
        for file in sorted((ROOT / package).rglob("*.py"))
        for line, name in _imports(file)
        if name in _FLOOR and name != package and _FLOOR[name] >= _FLOOR[package]
    ]
    assert climbs == []


def test_every_package_has_its_floor() -> None:
    packages = {file.parent.name for file in ROOT.glob("*/__init__.py")}
    assert packages - {"tests", "bench"} == set(_FLOOR)


def test_no_folder_is_a_heap() -> None:
    """Then it needs rooms that name their subjects. `voice/` is read as one, and stays."""
    modules = {
        str(folder.relative_to(ROOT)): len(list(folder.glob("*.py")))
        for package in _FLOOR
        for folder in (ROOT / package, *(ROOT / package).rglob("*/"))
        if "data" not in folder.parts
    }
    assert {folder: count for folder, count in modules.items() if count > 23 and folder != "voice"} == {}


def _imports(file: Path) -> list[tuple[int, str]]:
    """Line and top-level package of every import in a file, wherever in it they stand."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name.split(".")[0]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.append((node.lineno, (node.module or "").split(".")[0]))
    return found
