"""How long it takes until a question is answered again: the service alone with its engine kept, and everything from
nothing.

    python -m bench.start_up --times 3                      # as it is
    python -m bench.start_up --times 3 --before d61abbe     # beside an earlier commit, in turn

From the start of the process to a right answer over HTTP; processor seconds are those of the service alone (first row)
or of both (second). The first start of each is not counted: it fills what is kept between two runs. All modules are
compiled first, as setting up does it; `--raw` runs an earlier commit without, as it was installed before that.
`--alone`: the first row only.
"""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import requests
import typer
from rich.console import Console
from rich.table import Table

from base.settings import ROOT
from bot.engine import MODEL
from service.installing import compiled
from service.installing.setup import PROGRAM
from tests.whole import free_port

QUESTION, ANSWERED = "俺在北京跟着闺女住，看病用不用先备案", "备案"
_PATIENCE_SECONDS = 600.0
_TICKS = os.sysconf("SC_CLK_TCK")
console = Console()


@dataclass(slots=True)
class Tree:
    """A checkout, with data and ports of its own."""

    name: str
    root: Path
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    engine_port: int = field(default_factory=free_port)
    seconds: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def compile(self) -> None:
        folders = [self.root / folder.relative_to(ROOT) for folder in PROGRAM]
        for venv in (".venv", ".venv-rasa"):
            subprocess.run([self.root / venv / "bin" / "python", compiled.__file__, *folders], check=True)

    def start(self, command: str, **more: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{command}.out").open("ab") as out:
            return subprocess.Popen(
                [self.root / ".venv" / "bin" / "python", "-m", "service", command],
                cwd=self.root,
                env={**os.environ, **self.environment, **more},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )


def main(
    times: int = 3,
    before: str = "",
    *,
    raw: Annotated[bool, typer.Option("--raw")] = False,
    alone: Annotated[bool, typer.Option("--alone")] = False,
) -> None:
    """Measure."""
    with tempfile.TemporaryDirectory(prefix="yibao-") as scratch:
        trees = [_tree("after", ROOT, Path(scratch))]
        if before:
            checkout = _checkout(before, Path(scratch))
            trees.insert(0, _tree("before", checkout, Path(scratch)))
            if raw:
                empty = {"PYTHONPYCACHEPREFIX": str(Path(scratch) / "none"), "PYTHONDONTWRITEBYTECODE": "1"}
                trees[0].environment |= empty
        for tree in trees:
            tree.compile()
            assert tree.start("load").wait() == 0, (tree.folder / "load.out").read_text()
        try:
            measures = {"service alone": _service_alone} | ({} if alone else {"everything": _everything})
            for what, measure in measures.items():
                _measure(trees, what, measure, times)
        finally:
            if before:
                subprocess.run(["git", "worktree", "remove", "--force", checkout], cwd=ROOT, check=True)
    _print(trees, times)


def _tree(name: str, root: Path, scratch: Path) -> Tree:
    tree = Tree(name, root, scratch / f"data-{name}")
    tree.folder.mkdir()
    tree.environment = {
        "YIBAO_DEMO": "1",
        "YIBAO_VAR_DIR": str(tree.folder / "var"),
        "YIBAO_PORT": str(tree.port),
        "YIBAO_RASA_URL": f"http://127.0.0.1:{tree.engine_port}",
        "YIBAO_ACTIONS_URL": f"http://127.0.0.1:{tree.port}/actions",
        "YIBAO_ENGINE_LOG": str(tree.folder / "rasa.log"),
        "YIBAO_WECHAT_STANDIN_PORT": str(free_port()),
        **{f"YIBAO_{name}": secrets.token_hex(32) for name in ("DATA_KEY", "RASA_TOKEN", "ACTION_TOKEN")},
    }
    return tree


def _checkout(commit: str, scratch: Path) -> Path:
    """With this one's environments and trained model."""
    folder = scratch / "checkout"
    subprocess.run(["git", "worktree", "add", "-q", "--detach", folder, commit], cwd=ROOT, check=True)
    for name in (".venv", ".venv-rasa"):
        if not (folder / name).exists():
            (folder / name).symlink_to((ROOT / name).resolve())
    model = folder / MODEL.relative_to(ROOT)
    model.parent.mkdir(parents=True)
    model.symlink_to(MODEL)
    return folder


def _measure(
    trees: list[Tree], what: str, measure: Callable[[Tree], Iterator[tuple[float, float]]], times: int
) -> None:
    running = {tree.name: measure(tree) for tree in trees}
    for number in range(times + 1):
        for tree in trees:
            took = next(running[tree.name])
            console.print(
                f"{what}, {tree.name}: {took[0]:.1f} s" + ("" if number else " (not counted)"), highlight=False
            )
            if number:
                tree.seconds.setdefault(what, []).append(took)
    for one in running.values():
        one.close()  # type: ignore[attr-defined]  # they are generators


def _service_alone(tree: Tree) -> Iterator[tuple[float, float]]:
    with _running(tree, "engine"):
        _until(lambda: requests.get(f"http://127.0.0.1:{tree.engine_port}/webhooks/hotline/ready", timeout=5).ok)
        while True:
            yield _start(tree, start_rasa="false")


def _everything(tree: Tree) -> Iterator[tuple[float, float]]:
    while True:
        yield _start(tree, start_rasa="true")


def _start(tree: Tree, start_rasa: str) -> tuple[float, float]:
    """Seconds until it answers, and of a processor."""
    began = time.monotonic()
    with _running(tree, "run", YIBAO_START_RASA=start_rasa) as process:
        _until(lambda: _answers(tree), process)
        return time.monotonic() - began, _processor_seconds(process.pid)


def _answers(tree: Tree) -> bool:
    asked = {"sender": secrets.token_hex(8), "message": QUESTION}
    came = requests.post(f"http://127.0.0.1:{tree.port}/webhooks/rest/webhook", json=asked, timeout=30)
    return came.ok and any(ANSWERED in str(one.get("text")) for one in came.json())


@contextmanager
def _running(tree: Tree, command: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    process = tree.start(command, **more)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _until(is_so: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        if process and process.poll() is not None:
            raise SystemExit("it ended while starting")
        try:
            if is_so():
                return
        except requests.RequestException:
            pass
        time.sleep(0.05)
    raise SystemExit("no answer")


def _processor_seconds(pid: int) -> float:
    """Of the process and all that it started."""
    own = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (int(own[11]) + int(own[12])) / _TICKS + sum(_processor_seconds(int(child)) for child in children)


def _print(trees: list[Tree], times: int) -> None:
    table = Table(title=f"seconds until a question is answered, {times} starts each (median, slowest; processor)")
    for column in ("", *(tree.name for tree in trees)):
        table.add_column(column)
    for what in trees[0].seconds:
        cells = []
        for tree in trees:
            walls, processor = zip(*tree.seconds[what], strict=True)
            cells.append(f"{statistics.median(walls):.1f}, {max(walls):.1f}; {statistics.median(processor):.1f}")
        table.add_row(what, *cells)
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
