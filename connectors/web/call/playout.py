"""What a browser still has to play: audio waiting here, and audio sent but not yet heard. No sockets, no clock.

Audio leaves in chunks, each followed by a numbered mark; the browser answers a mark when its loudspeaker has
reached it. So we know what was really heard, and never send more than `ahead_seconds` beyond that:

    queue(pcm) ──> waiting ──chunk + mark──> unplayed ──played(mark)──> heard
                      └───────── flush() drops both ─────────┘
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from voice.audio import RATE_HZ

CHUNK_BYTES = RATE_HZ * 2 // 5  # 200 ms


@dataclass(frozen=True, slots=True)
class Chunk:
    """Audio to send now (at most 200 ms), then the mark that will tell when it was heard."""

    pcm: bytes
    mark: int


class Playout:
    """`ahead_seconds`: enough to ride out a shaky network, little enough for an interruption to be felt at once."""

    def __init__(self, ahead_seconds: float = 1.0) -> None:
        self._ahead_bytes = int(ahead_seconds * RATE_HZ) * 2
        self._waiting = bytearray()
        self._unplayed: deque[Chunk] = deque()
        self._last_mark = 0
        self.queued_bytes = 0
        """Everything ever queued: a position that `heard_bytes` will reach."""

    @property
    def waiting_seconds(self) -> float:
        """Audio not yet sent."""
        return len(self._waiting) / (2 * RATE_HZ)

    @property
    def awaits_client(self) -> bool:
        """A mark was sent and is not answered yet."""
        return bool(self._unplayed)

    @property
    def heard_bytes(self) -> int:
        """How much of `queued_bytes` was heard or dropped."""
        return self.queued_bytes - len(self._waiting) - self._unplayed_bytes

    def queue(self, pcm: bytes) -> None:
        """Add audio behind what is already there."""
        self._waiting += pcm
        self.queued_bytes += len(pcm)

    def next_chunk(self) -> Chunk | None:
        """What to send now; None when there is nothing, or the browser has enough for the moment."""
        if not self._waiting or self._unplayed_bytes >= self._ahead_bytes:
            return None
        pcm = bytes(self._waiting[:CHUNK_BYTES])
        del self._waiting[:CHUNK_BYTES]
        return self._marked(pcm)

    def flush(self) -> int:
        """Drop everything. Returns the mark that the browser will answer once it is silent."""
        self._waiting.clear()
        self._unplayed.clear()
        return self._marked(b"").mark

    def played(self, mark: int) -> None:
        """The browser has reached `mark`, and so every mark before it. Marks from before a flush change nothing."""
        while self._unplayed and self._unplayed[0].mark <= mark:
            self._unplayed.popleft()

    def is_played(self, mark: int) -> bool:
        """Whether `mark` was answered, or dropped by a later flush."""
        return not self._unplayed or self._unplayed[0].mark > mark

    @property
    def _unplayed_bytes(self) -> int:
        return sum(len(chunk.pcm) for chunk in self._unplayed)

    def _marked(self, pcm: bytes) -> Chunk:
        self._last_mark += 1
        chunk = Chunk(pcm, self._last_mark)
        self._unplayed.append(chunk)
        return chunk
