"""The steps of setting up, each run only when its inputs changed, with progress a newcomer can follow."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Step:
    """`inputs`: files whose contents decide; `outputs`: paths that must exist. Without inputs it runs always and
    decides for itself (cheaply) whether there is anything to do."""

    title: str
    run: Callable[[Report], None]
    inputs: tuple[Path, ...] = ()
    outputs: tuple[Path, ...] = ()


class Steps:
    """Runs steps in order. `stamps`: folder where the digest of each done step's inputs is kept."""

    def __init__(self, stamps: Path, console: Console) -> None:
        self._stamps, self._console = stamps, console

    def run(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._run(step)

    def _run(self, step: Step) -> None:
        stamp = self._stamps / hashlib.sha256(step.title.encode()).hexdigest()[:16]
        wanted = digest(step.inputs)
        if step.inputs and stamp.exists() and stamp.read_text() == wanted and all(p.exists() for p in step.outputs):
            self._console.print(f"[green]✓[/] {step.title}")
            return
        began = time.monotonic()
        with self._console.status(f"{step.title} …") as status:

            def report(line: str) -> None:
                status.update(f"{step.title}：{line}")
                if not self._console.is_terminal:
                    self._console.print(f"  {step.title}：{line}", highlight=False)

            step.run(report)
        if step.inputs:
            self._stamps.mkdir(parents=True, exist_ok=True)
            stamp.write_text(wanted)
        took = time.monotonic() - began
        self._console.print(f"[green]✓[/] {step.title}" + (f"（{took:.0f} 秒）" if took >= 1 else ""), highlight=False)


def digest(paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents; folders count with every file below them, caches aside."""
    sha = hashlib.sha256()
    for path in paths:
        files = (
            sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
            if path.is_dir()
            else [path]
        )
        for file in files:
            sha.update(str(file.relative_to(path.parent)).encode() + b"\0" + file.read_bytes() + b"\0")
    return sha.hexdigest()
