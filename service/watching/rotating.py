"""A file that a program's output goes to: never longer than so much, with a few of its predecessors beside it."""

from __future__ import annotations

from pathlib import Path


class RotatingFile:
    """`file`, then `file.1` … `file.{kept}`, the newest first. Begun anew; readable by its owner only."""

    def __init__(self, file: Path, most_bytes: int = 20_000_000, kept: int = 3) -> None:
        self._file, self._most_bytes, self._kept = file, most_bytes, kept
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_bytes(b"")
        self._size = 0

    def write(self, output: bytes) -> None:
        """Blocks for a moment. Raises OSError."""
        if self._size and self._size + len(output) > self._most_bytes:
            self._rotate()
        with self._file.open("ab") as out:
            out.write(output)
        self._size += len(output)

    def _rotate(self) -> None:
        for number in range(self._kept, 0, -1):
            older = self._numbered(number - 1) if number > 1 else self._file
            if older.exists():
                older.replace(self._numbered(number))
        self._file.touch(mode=0o600)
        self._size = 0

    def _numbered(self, number: int) -> Path:
        return self._file.with_name(f"{self._file.name}.{number}")
