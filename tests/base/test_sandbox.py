"""A process that dies, loops or talks without end costs its file and nothing else."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from base import sandbox
from base.sandbox import Failure, Sandbox, SandboxFailed
from tests.guard import GUARD_SECONDS, until

PROGRAM = """
import sys
from base.confined import answer, confine, given
confine(400 * 2**20, 2)
what = given().decode()
if what == "loop":
    while True: pass
if what == "grow":
    x = [bytes(10**7) for _ in range(1000)]
if what == "talk":
    while True: answer("x" * 10**5)
if what == "die":
    sys.exit(3)
import os, socket
tried = []
for name, attempt in (
    ("network", lambda: socket.socket()),
    ("file", lambda: os.write(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT), b"x")),
    ("secret", lambda: os.environ["YIBAO_DATA_KEY"]),
):
    try:
        attempt()
    except (OSError, KeyError):
        tried.append(name)
import json
answer(json.dumps(tried))
"""


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    (tmp_path / "hostile.py").write_text(PROGRAM)
    (tmp_path / "base").symlink_to(Path(sandbox.__file__).parent)
    monkeypatch.setattr(sandbox, "_ROOT", tmp_path)
    monkeypatch.setenv("YIBAO_DATA_KEY", "ab" * 32)
    return Sandbox("hostile", timeout_seconds=4 * GUARD_SECONDS, most_answer_bytes=1000, most_waiting=1)


@pytest.mark.parametrize(
    ("what", "why"),
    [("loop", Failure.DIED), ("grow", Failure.DIED), ("talk", Failure.ANSWER), ("die", Failure.DIED)],
)
async def test_what_runs_away_is_ended(box: Sandbox, what: str, why: Failure) -> None:
    with pytest.raises(SandboxFailed) as failed:
        await box.run(what.encode())
    assert failed.value.why is why


async def test_who_talks_faster_than_we_listen_is_ended_too(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    read = asyncio.StreamReader.read

    async def late(reader: asyncio.StreamReader, most: int) -> bytes:
        monkeypatch.setattr(asyncio.StreamReader, "read", read)  # the first time only
        await until(lambda: bool(reader._paused))  # type: ignore[attr-defined]
        return await read(reader, most)

    monkeypatch.setattr(asyncio.StreamReader, "read", late)
    with pytest.raises(SandboxFailed) as failed:
        await box.run(b"talk")
    assert failed.value.why is Failure.ANSWER


async def test_who_takes_too_long_is_stopped(box: Sandbox) -> None:
    box.timeout_seconds = 0.1
    with pytest.raises(SandboxFailed) as failed:
        await box.run(b"loop")
    assert failed.value.why is Failure.TIME


async def test_it_has_no_network_no_files_and_none_of_our_secrets(box: Sandbox, tmp_path: Path) -> None:
    assert json.loads(await box.run(b"try", str(tmp_path / "written"))) == ["network", "file", "secret"]


async def test_few_wait_and_the_rest_come_again(box: Sandbox) -> None:
    answers = await asyncio.gather(*(box.run(b"die") for _ in range(4)), return_exceptions=True)
    assert [one.why for one in answers if isinstance(one, SandboxFailed)].count(Failure.BUSY) == 2
