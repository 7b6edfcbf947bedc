"""The engine is started again when it hangs, and is left alone while it loads."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from base.settings import ROOT
from service.watching.processes import RESTARTS, Child
from service.wiring.engine import HANGS_AFTER_SECONDS, Watchdog


class Engine:
    def __init__(self) -> None:
        self.is_ready, self.starts, self.killed, self.now = False, 0, 0, 0.0
        self.dog = Watchdog(self.ready, lambda: self.starts, self.kill, lambda: self.now)

    async def ready(self, within: float) -> bool:
        """As one that has much to do: whoever waits less than half a minute hears nothing."""
        return self.is_ready and within >= HANGS_AFTER_SECONDS

    def kill(self) -> None:
        self.killed += 1
        self.starts += 1

    async def after(self, seconds: float, ready: bool) -> int:
        self.now += seconds
        self.is_ready = ready
        await self.dog.look()
        return self.killed


async def test_what_hangs_is_killed_and_then_given_time_to_load() -> None:
    engine = Engine()
    assert await engine.after(60, ready=False) == 0  # loading
    assert await engine.after(1, ready=True) == 0
    assert await engine.after(HANGS_AFTER_SECONDS - 1, ready=False) == 0  # a long collection of garbage
    assert await engine.after(2, ready=False) == 1
    assert await engine.after(60, ready=False) == 1  # loading again
    assert await engine.after(1, ready=True) == 1


async def test_what_ended_by_itself_is_given_time_to_load() -> None:
    engine = Engine()
    await engine.after(60, ready=True)
    engine.starts += 1
    assert await engine.after(HANGS_AFTER_SECONDS + 60, ready=False) == 0


async def test_what_never_comes_up_is_started_again() -> None:
    engine = Engine()
    assert await engine.after(601, ready=False) == 1


async def test_a_stopped_program_is_killed_and_runs_again(tmp_path: Path) -> None:
    """SIGSTOP is the purest hang: it takes no other signal but SIGKILL."""
    said = tmp_path / "said"
    program = f"open({str(said)!r}, 'a').write('.'); import time; time.sleep(600)"
    child = Child("hanging", [sys.executable, "-c", program], {}, tmp_path / "log")
    before = RESTARTS.labels("hanging", "hung")._value.get()
    await child.start()
    try:
        await _until(lambda: said.exists() and said.read_text() == ".")
        pid = child.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        child.kill_hung()
        await _until(lambda: said.read_text() == "..")
        assert child.pid != pid
    finally:
        await child.stop()
    assert RESTARTS.labels("hanging", "hung")._value.get() == before + 1
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def _until(true: object) -> None:
    async with asyncio.timeout(30):
        while not true():  # type: ignore[operator]  # noqa: ASYNC110 - another program, which tells nobody
            await asyncio.sleep(0.05)


_WITHOUT_SECRETS = """
import builtins, os, pathlib, sys
opened, looked, is_file = open, os.access, os.path.isfile

def refused(file, *given, **named):
    if str(file).endswith(".env"):
        raise PermissionError(13, "Permission denied", str(file))
    return opened(file, *given, **named)

builtins.open = refused
os.access = lambda file, how: not str(file).endswith(".env") and looked(file, how)
os.path.isfile = pathlib.Path.is_file = lambda path: str(path).endswith(".env") or is_file(path)
sys.argv = ["service", *sys.argv[1:]]
from service.__main__ import main
main()
"""


def with_files_it_may_not_read(command: str, **given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _WITHOUT_SECRETS, *command.split()],
        env={"PATH": os.environ["PATH"], **given},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_engines_user_needs_no_file_with_secrets() -> None:
    """Its unit hides them; a setting that every part reads when it is imported must not look there."""
    done = with_files_it_may_not_read("engine --help")
    assert done.returncode == 0, done.stderr


def test_the_wrong_user_is_told_so() -> None:
    done = with_files_it_may_not_read("check")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "要用运行服务的那个用户" in done.stdout
