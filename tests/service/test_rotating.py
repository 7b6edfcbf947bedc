"""A program that writes without end fills no disk."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

import service.watching.processes
from service.watching.processes import Child
from service.watching.rotating import RotatingFile
from tests.guard import until


def test_the_file_and_its_predecessors_stay_small(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("of an earlier run")
    file = RotatingFile(tmp_path / "log", most_bytes=100, kept=2)
    for number in range(100):
        file.write(f"{number:09d}\n".encode())
    found = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert set(found) == {"log", "log.1", "log.2"}
    assert all(len(text) <= 100 for text in found.values())
    assert (found["log.2"] + found["log.1"] + found["log"]).splitlines()[-1] == f"{99:09d}"
    assert "earlier" not in "".join(found.values())
    assert (tmp_path / "log").stat().st_mode & 0o077 == 0


async def test_what_a_child_writes_is_kept_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = RotatingFile(tmp_path / "log", most_bytes=10_000, kept=1)
    monkeypatch.setattr(service.watching.processes, "RotatingFile", lambda _file: small)
    script = "import sys, time; sys.stderr.write('x' * 1_000_000); print('end', flush=True); time.sleep(600)"
    child = Child("talker", [sys.executable, "-c", script], {}, tmp_path / "log")
    await child.start()
    await until(lambda: _newest(tmp_path / "log").endswith(b"end\n"))
    await child.stop()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 2 * (10_000 + 2**16)


async def test_a_full_disk_stops_no_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = RotatingFile(tmp_path / "log")

    def full(_output: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file, "write", full)
    monkeypatch.setattr(service.watching.processes, "RotatingFile", lambda _file: file)
    script = f"print('x' * 1_000_000, flush=True); open({str(tmp_path / 'done')!r}, 'w').close()"
    child = Child("talker", [sys.executable, "-c", script], {}, tmp_path / "log")
    await child.start()
    await until((tmp_path / "done").exists)
    await child.stop()
    await asyncio.sleep(0)


def _newest(log: Path) -> bytes:
    """b"" in the moment between the old file's new name and the new file."""
    try:
        return log.read_bytes()
    except FileNotFoundError:
        return b""
