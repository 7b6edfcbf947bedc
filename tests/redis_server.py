"""A Redis of the tests' own: on a free port of loopback, with a password, keeping nothing on disk, gone afterwards."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.whole import free_port

PASSWORD = "redis-of-the-tests"
_STARTS_WITHIN_SECONDS = 30


@contextmanager
def server() -> Iterator[str]:
    """Yields its address, redis://…"""
    program = shutil.which("redis-server")
    assert program, "redis-server is not installed: make test installs it"
    folder, port = Path(tempfile.mkdtemp(prefix="yibao-redis-")), free_port()
    running = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--requirepass", PASSWORD, "--save", "", "--dir", folder],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _until_it_listens(running)
        yield f"redis://:{PASSWORD}@127.0.0.1:{port}/0"
    finally:
        running.kill()
        running.communicate()
        shutil.rmtree(folder, ignore_errors=True)


def _until_it_listens(running: subprocess.Popen[str]) -> None:
    assert running.stdout is not None
    until = time.monotonic() + _STARTS_WITHIN_SECONDS
    said = ""
    while time.monotonic() < until:
        line = running.stdout.readline()
        said += line
        if "Ready to accept connections" in line:
            return
        if not line:
            break
    raise AssertionError(f"redis-server did not start: {said}")
