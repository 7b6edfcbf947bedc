"""A PostgreSQL server of the tests' own: made in a temporary folder, listening on loopback, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")
_USER = "postgres"


@contextmanager
def server() -> Iterator[str]:
    """Yields "127.0.0.1:<port>"; the superuser is "postgres", without a password."""
    folder = Path(tempfile.mkdtemp(prefix="yibao-postgres-"))
    if os.getuid() == 0:  # it refuses to run as root
        shutil.chown(folder, _USER)
    port = _free_port()
    try:
        _run("initdb", "-D", folder / "data", "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        _run("pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
        yield f"127.0.0.1:{port}"
    finally:
        _run("pg_ctl", "-D", folder / "data", "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def create(address: str, name: str, template: str = "template0") -> str:
    """A new database, a copy of `template` (nobody may be connected to that); returns its URL for SQLAlchemy."""
    host, port = address.split(":")
    _run("createdb", "-h", host, "-p", port, "-U", _USER, "-T", template, name)
    return f"postgresql+asyncpg://{_USER}@{address}/{name}"


def _run(program: str, *arguments: object, check: bool = True) -> None:
    command = [str(_found(program)), *map(str, arguments)]
    user = pwd.getpwnam(_USER).pw_uid if os.getuid() == 0 else None
    done = subprocess.run(
        command, check=False, user=user, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0 or not check, f"{program}: {done.stderr}"


def _found(program: str) -> Path:
    if on_path := shutil.which(program):
        return Path(on_path)
    versions = sorted(_DEBIAN.glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    assert versions, f"{program} is not installed: make test installs it"
    return versions[-1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
