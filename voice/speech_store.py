"""Sentences synthesised ahead, kept on disk by (text, voice, pace). Only text meant for everybody belongs here:
what is made live may name a person, and is not kept.

What most callers of a new machine hear first comes ready-made with the code (`voice/ready/`, made by
`service.ready_made`): synthesis on two cores takes longer than the first caller.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from base.caches import cache_dir, place
from voice.packed import pack, unpack

MAX_BYTES = 200_000_000
"""About 13 hours of speech."""


READY_MADE = Path(__file__).with_name("ready")


def default_store_dir() -> Path:
    """$XDG_CACHE_HOME/yibao/speech, or ~/.cache/yibao/speech."""
    return cache_dir("speech")


class SpeechStore:
    """A folder of Ogg Opus files, the least recently used given up first. `get` and `put` block for milliseconds:
    call them in a thread. One thread at a time; several processes may share the folder. `ready_made`: a folder of the
    same kind that is only read."""

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES, ready_made: Path = READY_MADE) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._max_bytes = folder, max_bytes
        files = sorted((path.stat().st_mtime, path) for path in folder.glob("*.ogg"))
        self._sizes = OrderedDict((path.stem, path.stat().st_size) for _, path in files)
        self._ready = {path.stem: path for path in ready_made.glob("*.ogg")}

    def __contains__(self, key: str) -> bool:
        return key in self._sizes or key in self._ready

    def get(self, key: str) -> bytes | None:
        """The PCM kept under `key`; None if there is none, or it cannot be read any more."""
        if key not in self._sizes:
            return unpack(self._ready[key].read_bytes()) if key in self._ready else None
        try:
            pcm = unpack(self._path(key).read_bytes())
        except (OSError, ValueError):
            self._drop(key)
            return None
        self._sizes.move_to_end(key)
        with suppress(OSError):
            self._path(key).touch()
        return pcm

    def put(self, key: str, pcm: bytes) -> None:
        """Keep `pcm`; a full disk or a folder that went away only means that it is not kept."""
        packed = pack(pcm)
        try:
            place(self._path(key), packed)
        except OSError:
            return
        self._sizes[key] = len(packed)
        while sum(self._sizes.values()) > self._max_bytes:
            self._drop(next(iter(self._sizes)))

    def _drop(self, key: str) -> None:
        self._sizes.pop(key, None)
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.ogg"


def key(text: str, voice: str, pace: float) -> str:
    """Names the audio of `text` in `voice` at `pace`."""
    return hashlib.sha256(f"{voice}\n{pace:.2f}\n{text}".encode()).hexdigest()[:32]
