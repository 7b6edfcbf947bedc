"""Fetching the official models, against a small local publisher."""

import functools
import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from voice.models import installed
from voice.vosk_models import ensure_vosk_chinese

NAME = "vosk-model-small-cn-0.22"


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Its list's address, and the folder it publishes."""
    folder = tmp_path / "publisher"
    folder.mkdir()
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(f"{NAME}/am/final.mdl", "acoustics")
    (folder / "model.zip").write_bytes(archive.getvalue())
    entry = {
        "name": NAME,
        "url": f"{base}/model.zip",
        "size": len(archive.getvalue()),
        "md5": hashlib.md5(archive.getvalue()).hexdigest(),
    }
    (folder / "list.json").write_text(json.dumps([entry]))
    yield f"{base}/list.json", folder
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_model_is_fetched_and_found(publisher: tuple[str, Path], tmp_path: Path) -> None:
    said: list[str] = []
    ensure_vosk_chinese(said.append, tmp_path / "cache", (NAME,), publisher[0])
    assert installed(tmp_path / "cache").vosk == tmp_path / "cache" / NAME
    assert said[-1] == f"{NAME}: ready"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [NAME]


def test_a_damaged_download_is_refused_and_not_kept(publisher: tuple[str, Path], tmp_path: Path) -> None:
    archive = publisher[1] / "model.zip"
    archive.write_bytes(archive.read_bytes()[:-1] + b"!")
    said: list[str] = []
    ensure_vosk_chinese(said.append, tmp_path / "cache", (NAME,), publisher[0])
    assert "damaged" in said[-1]
    assert not list((tmp_path / "cache").iterdir())


def test_without_the_internet_it_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    ensure_vosk_chinese(said.append, tmp_path, (NAME,), "http://127.0.0.1:9/list.json")
    assert said[-1].startswith(f"{NAME}: missing")
