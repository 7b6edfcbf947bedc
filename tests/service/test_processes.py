from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

import service.watching.processes
from base.errors import SetupError
from service.watching.processes import Child, keep_running
from service.wiring.phone import running
from tests.guard import GUARD_SECONDS, until


async def lines(file: Path, count: int) -> list[str]:
    async with asyncio.timeout(GUARD_SECONDS):
        while len(found := file.read_text().splitlines() if file.exists() else []) < count:
            await asyncio.sleep(0.02)
    return found


async def test_a_program_that_dies_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.watching.processes, "_FIRST_WAIT_SECONDS", 0.01)
    child = Child("crasher", [sys.executable, "-c", "import os; print(os.getpid())"], {}, tmp_path / "log")
    await child.start()
    first, second = (await lines(tmp_path / "log", 2))[:2]
    await child.stop()
    assert first != second
    assert child.restarts >= 1


async def test_stopping_ends_the_program_and_its_children(tmp_path: Path) -> None:
    script = f"sleep 600 & echo $! > {tmp_path}/grandchild; echo ready; wait"
    child = Child("sleeper", ["sh", "-c", script], {}, tmp_path / "log")
    await child.start()
    await lines(tmp_path / "log", 1)
    grandchild = int((tmp_path / "grandchild").read_text())
    await child.stop()
    await until(lambda: not _runs(grandchild))


async def test_one_that_ignores_the_request_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.watching.processes, "_STOP_SECONDS", 0.2)
    script = (
        "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)"
    )
    child = Child("deaf", [sys.executable, "-c", script], {}, tmp_path / "log")
    await child.start()
    await lines(tmp_path / "log", 1)
    async with asyncio.timeout(GUARD_SECONDS):
        await child.stop()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]


async def test_an_asterisk_that_does_not_start_again_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch itself ended then, and nobody could call any more."""
    monkeypatch.setattr(service.watching.processes, "_FIRST_WAIT_SECONDS", 0.0)
    happened: list[str] = []

    class Fragile:
        async def start(self) -> None:
            happened.append("start")
            if len(happened) < 4:
                raise SetupError("the port is taken")

        async def wait(self) -> int:
            happened.append("ended")
            if len(happened) > 4:
                await asyncio.Event().wait()
            return 1

    watching = asyncio.create_task(keep_running("asterisk", running(Fragile())))  # type: ignore[arg-type]
    await until(lambda: len(happened) == 5)
    watching.cancel()
    assert happened == ["ended", "start", "start", "start", "ended"]
