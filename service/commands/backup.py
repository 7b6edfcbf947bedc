"""Everything that cannot be made again, in one file, and back: the database and what citizens handed in.

    python -m service backup  /backup/yibao-2026-11-28.tar      # while the service runs
    python -m service restore /backup/yibao-2026-11-28.tar      # into an empty place, while it does not

The file holds `manifest.json` (digests, kind of database, a fingerprint of the data key), `database` (a SQLite file, or
pg_dump's custom format) and `materials/…`, as sealed as they lie on the disk. The data key is not in it: kept
elsewhere, it makes the backup worth nothing to a thief, and without it the backup is worth nothing to anybody. The
model and the voices are made again by `python -m service setup`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy.engine import make_url

from base.errors import SetupError
from base.personal_data import Vault
from base.settings import Settings

_MANIFEST, _DATABASE, _MATERIALS = "manifest.json", "database", "materials"
_NAME = re.compile(r"materials/[0-9a-f]{32}")
_FORMAT = 1
_BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class Manifest:
    """`kind` of database, `key`: the data key's fingerprint, `files`: name → SHA-256."""

    kind: str
    key: str
    files: dict[str, str]


def back_up(settings: Settings, to: Path) -> int:
    """Bytes written. Raises SetupError; then there is no new file, and an older one of the name is as it was."""
    url = make_url(settings.database)
    with tempfile.TemporaryDirectory(dir=_made(to.parent)) as folder:
        copy, whole = Path(folder) / _DATABASE, Path(folder) / "whole"
        # The database first: a file handed in meanwhile is one too many, never one too few.
        _copy_sqlite(Path(url.database or ""), copy) if url.get_backend_name() == "sqlite" else _dump(settings, copy)
        materials = settings.var_dir / _MATERIALS
        files = {_DATABASE: copy} | {
            f"{_MATERIALS}/{path.name}": path
            for path in (sorted(materials.iterdir()) if materials.is_dir() else ())
            if _NAME.fullmatch(f"{_MATERIALS}/{path.name}")
        }
        _pack(whole, files, {"format": _FORMAT, "kind": url.get_backend_name(), "key": _fingerprint(settings)})
        with whole.open("rb") as written:
            os.fsync(written.fileno())
        whole.replace(to)
    return to.stat().st_size


def restore(settings: Settings, source: Path) -> int:
    """How many files of citizens came back. Raises SetupError before anything is written: not a whole backup, another
    data key, another kind of database, or a place that is not empty."""
    url = make_url(settings.database)
    is_sqlite = url.get_backend_name() == "sqlite"
    target, materials = Path(url.database or ""), settings.var_dir / _MATERIALS
    try:
        with tarfile.open(source) as packed:
            manifest = _checked(packed)
            if manifest.kind != url.get_backend_name():
                raise SetupError(f"备份的数据库是 {manifest.kind}，现在的设置是 {url.get_backend_name()}，不能互换。")
            if manifest.key != _fingerprint(settings):
                raise SetupError("数据密钥（YIBAO_DATA_KEY）不是做备份时的那一个，恢复了也解不开。请换回原来的密钥。")
            if (is_sqlite and target.exists()) or (materials.is_dir() and any(materials.iterdir())):
                raise SetupError(f"{settings.var_dir} 里已经有数据，不覆盖。请换一个空目录（YIBAO_VAR_DIR）再恢复。")
            if not is_sqlite:
                _load(settings, packed)
            names = [name for name in manifest.files if name != _DATABASE]
            for name in names:
                _put(packed, name, settings.var_dir / name)
            if is_sqlite:
                _put(packed, _DATABASE, target)
            return len(names)
    except (tarfile.TarError, OSError, KeyError, TypeError, ValueError) as error:
        raise SetupError(f"这不是一份完整的备份，没有恢复（{type(error).__name__}）。") from error


def _copy_sqlite(database: Path, to: Path) -> None:
    """With what still lies in the log beside it; readers and writers go on."""
    if not database.exists():
        raise SetupError(f"没有数据库 {database}，没有可备份的。")
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as running:
        running.execute("VACUUM INTO ?", (str(to),))


def _dump(settings: Settings, to: Path) -> None:
    _run(["pg_dump", "--format=custom", f"--file={to}", _plain(settings)])


def _load(settings: Settings, packed: tarfile.TarFile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / _DATABASE
        _put(packed, _DATABASE, dump)
        _run(["pg_restore", "--exit-on-error", "--no-owner", f"--dbname={_plain(settings)}", str(dump)])


def _plain(settings: Settings) -> str:
    """As PostgreSQL's own programs take it."""
    url = make_url(settings.database).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _run(argv: list[str]) -> None:
    try:
        done = subprocess.run(argv, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise SetupError(f"没有 {argv[0]}：请装 postgresql-client。") from error
    if done.returncode != 0:
        told = done.stderr.decode("utf-8", "replace")[-300:]
        raise SetupError(f"{argv[0]} 没有成功（数据库不空，或者连不上）：{told}")


def _pack(to: Path, files: Mapping[str, Path], about: Mapping[str, object]) -> None:
    digests = {name: _digest(path.open("rb")) for name, path in files.items()}
    manifest = json.dumps({**about, "files": digests}, ensure_ascii=False).encode()
    with (
        open(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out,
        tarfile.open(fileobj=out, mode="w") as packed,
    ):
        first = tarfile.TarInfo(_MANIFEST)
        first.size = len(manifest)
        packed.addfile(first, io.BytesIO(manifest))
        for name, path in files.items():
            packed.add(path, arcname=name, recursive=False)


def _checked(packed: tarfile.TarFile) -> Manifest:
    """The manifest, after every file in it was compared with its digest. Raises ValueError, KeyError."""
    stored = packed.extractfile(_MANIFEST)
    told = json.loads(stored.read()) if stored else {}
    manifest = Manifest(str(told["kind"]), str(told["key"]), dict(told["files"]))
    if told["format"] != _FORMAT or _DATABASE not in manifest.files:
        raise ValueError("format")
    for name, digest in manifest.files.items():
        content = packed.extractfile(name)
        if (name != _DATABASE and not _NAME.fullmatch(name)) or content is None or _digest(content) != digest:
            raise ValueError(name)
    return manifest


def _put(packed: tarfile.TarFile, name: str, to: Path) -> None:
    _made(to.parent)
    content = packed.extractfile(name)
    assert content is not None, "checked before"
    with content, open(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while block := content.read(_BLOCK):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())


def _digest(content: IO[bytes]) -> str:
    with content:
        return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]  # IO is what it reads


def _fingerprint(settings: Settings) -> str:
    """Says whether two data keys are the same, and nothing of them."""
    return Vault(settings.data_key.get_secret_value()).lookup("backup")


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
