"""What a telephone heard, packet by packet, with the time each came."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from voice.audio import from_float, resample, to_float

LINE_HZ = 8000
PACKET_SECONDS = 0.02
_JITTER_SECONDS = 0.12
"""What a phone's buffer bridges: packets later than this leave a gap that is heard."""

VOICED_RMS = 300.0
"""RMS of 20 ms, int16 scale, from which a packet counts as voice (about -41 dBFS)."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One RTP packet as it came: 20 ms of 8 kHz PCM, int16 bytes."""

    at: float
    sequence: int
    timestamp: int
    pcm: bytes

    @property
    def rms(self) -> float:
        samples = np.frombuffer(self.pcm, dtype="<i2").astype(np.float64)
        return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0


@dataclass(slots=True)
class Recording:
    """Everything heard, with arrival times."""

    started_at: float = 0.0
    packets: list[Packet] = field(default_factory=list)

    def since(self, at: float) -> Recording:
        """What arrived from `at` on, on a time line that starts there."""
        return Recording(at, [packet for packet in self.packets if packet.at >= at])

    def until(self, at: float) -> Recording:
        """What had arrived by `at`."""
        return Recording(self.started_at, [packet for packet in self.packets if packet.at <= at])

    def pcm_8k(self) -> bytes:
        """As a listener hears it from `started_at` on: packets in order, and silence where none came in time."""
        heard = bytearray()
        for packet in self.packets:
            due = 2 * int((packet.at - self.started_at) * LINE_HZ)
            if due - len(heard) > 2 * _JITTER_SECONDS * LINE_HZ:
                heard.extend(bytes(due - len(heard)))
            heard += packet.pcm
        return bytes(heard)

    def pcm(self) -> bytes:
        """The same in the format of `voice.audio`."""
        return _to_16k(self.pcm_8k())

    def without_gaps(self) -> bytes:
        """All packets one behind the other, in the format of `voice.audio`: is all there, even if it came late?"""
        return _to_16k(b"".join(packet.pcm for packet in self.packets))

    def voice_after(self, at: float, packets: int = 3) -> float | None:
        """When voice began after `at`: arrival of the first of `packets` loud packets in a row."""
        run: list[float] = []
        for packet in self.packets:
            if packet.at > at and packet.rms >= VOICED_RMS:
                run.append(packet.at)
                if len(run) == packets:
                    return run[0]
            else:
                run.clear()
        return None

    def voiced_seconds(self) -> float:
        """How much of it is voice."""
        return PACKET_SECONDS * sum(packet.rms >= VOICED_RMS for packet in self.packets)

    def last_voice(self) -> float | None:
        """Arrival of the last loud packet."""
        return next((packet.at for packet in reversed(self.packets) if packet.rms >= VOICED_RMS), None)

    def lost(self) -> int:
        """Packets missing from the sequence numbers."""
        numbers = [packet.sequence for packet in self.packets]
        steps = [(after - before) % 65536 for before, after in zip(numbers, numbers[1:], strict=False)]
        return sum(step - 1 for step in steps if step < 32768)

    def longest_gap(self) -> float:
        """Longest time between two packets, in seconds."""
        times = [packet.at for packet in self.packets]
        return max((after - before for before, after in zip(times, times[1:], strict=False)), default=0.0)


def _to_16k(pcm: bytes) -> bytes:
    return from_float(resample(to_float(pcm), LINE_HZ))
