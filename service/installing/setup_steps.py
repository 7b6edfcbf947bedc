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
        stamp, wanted = _stamp(self._stamps, step.title), digest(step.inputs)
        if is_done(self._stamps, step):
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


def is_done(stamps: Path, step: Step) -> bool:
    """Whether its outputs are those of its inputs as they are now; one without inputs never is."""
    stamp = _stamp(stamps, step.title)
    made = stamp.exists() and all(path.exists() for path in step.outputs)
    return bool(step.inputs) and made and stamp.read_text() == digest(step.inputs)


def _stamp(stamps: Path, title: str) -> Path:
    return stamps / hashlib.sha256(title.encode()).hexdigest()[:16]


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
