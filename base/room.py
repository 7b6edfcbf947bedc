"""Room on the disk that holds the database, the materials and the logs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from base.errors import BadInput

LEAST_FREE_BYTES = 500_000_000
"""Below this no files are taken: what is left is for tickets, answers and logs. Ten uploads of the largest size."""


class NoRoom(BadInput):
    """Staff sent a file that cannot be read in now; for citizens there is `casework.filings.pictures.NoRoomLeft`."""

    code = "disk_full"
    citizen_text = (
        "服务器的磁盘快满了，暂时不收文件，这份文件没有收下。请告诉系统管理员清理磁盘，再传一次；别的照常能用。"
    )


class Room:
    """Whether there is room for what citizens and staff send. Asking the kernel takes microseconds."""

    def __init__(self, directory: Path, free: Callable[[], int] | None = None) -> None:
        self._free = free or (lambda: shutil.disk_usage(directory).free)

    def free(self) -> int:
        """Bytes. Raises OSError for a disk that cannot be asked."""
        return self._free()

    @property
    def is_left(self) -> bool:
        """A disk that cannot be asked is not full: the write will tell."""
        try:
            return self._free() >= LEAST_FREE_BYTES
        except OSError:
            return True
