"""What was made once is there at the next start, and nothing depends on it."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from base import caches


def test_it_is_made_once_and_again_when_it_is_spoilt(tmp_path: Path) -> None:
    file, made = tmp_path / "folder" / "words", []

    def make() -> dict[str, int]:
        made.append(1)
        return {"医保": 3}

    assert [caches.kept(file, make) for _ in range(3)] == [{"医保": 3}] * 3
    assert len(made) == 1
    for spoilt in (b"", b"\x80\x05garbage", file.read_bytes()[:-4]):
        file.write_bytes(spoilt)
        assert caches.kept(file, make) == {"医保": 3}
    assert len(made) == 4


def test_where_nothing_can_be_kept_it_is_made_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in_the_way").touch()
    assert caches.kept(tmp_path / "in_the_way" / "words", lambda: 5) == 5

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert caches.kept(tmp_path / "words", lambda: 5) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["in_the_way"]


def test_an_archive_is_unpacked_once_and_again_when_that_was_spoilt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, file = tmp_path / "weights.npz", tmp_path / "kept" / "weights"
    with ZipFile(archive, "w", ZIP_DEFLATED) as packed:
        packed.writestr("table.npy", bytes(10_000))
    for spoilt in (None, b"", b"PK\x03\x04garbage", b"in the middle"):
        if spoilt is not None:
            whole = file.read_bytes()
            file.write_bytes(whole[:5000] + spoilt + whole[5000 + len(spoilt) :] if spoilt[:1] == b"i" else spoilt)
        assert caches.unpacked(archive, file) == file
        with ZipFile(file) as loose:
            assert loose.read("table.npy") == bytes(10_000)
            assert loose.getinfo("table.npy").compress_size == 10_000
    written = file.stat().st_mtime_ns
    assert caches.unpacked(archive, file).stat().st_mtime_ns == written

    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    assert caches.unpacked(archive, tmp_path / "elsewhere") == archive
    assert not (tmp_path / "elsewhere").exists()
