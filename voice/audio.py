"""The one audio format inside the service, and the few conversions at its edges.

Everywhere in `voice/` audio is PCM, signed 16-bit little-endian, mono, 16 kHz, as `bytes`. A frame is 20 ms.
Lines and engines that want something else convert once, at their own edge, with the functions below.
"""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

RATE_HZ = 16_000
FRAME_MS = 20
FRAME_BYTES = RATE_HZ * 2 * FRAME_MS // 1000
SILENT_FRAME = bytes(FRAME_BYTES)
_INT16_SCALE = 32768.0


def seconds(pcm: bytes) -> float:
    """Length of `pcm` in seconds."""
    return len(pcm) / (2 * RATE_HZ)


def to_float(pcm: bytes) -> NDArray[np.float32]:
    """PCM bytes → float32 in [-1, 1), shape [samples]."""
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / _INT16_SCALE


def from_float(samples: NDArray[np.float32]) -> bytes:
    """float32 in [-1, 1], shape [samples] → PCM bytes; values outside are clipped."""
    return (np.clip(samples, -1.0, 1.0 - 1 / _INT16_SCALE) * _INT16_SCALE).astype("<i2").tobytes()


def resample(samples: NDArray[np.float32], rate_hz: int, to_hz: int = RATE_HZ) -> NDArray[np.float32]:
    """Band-limited resampling of a whole utterance, shape [samples] in and out."""
    if rate_hz == to_hz:
        return samples
    return np.asarray(soxr.resample(samples, rate_hz, to_hz), dtype=np.float32)


def read_wav(path: Path) -> bytes:
    """A mono or stereo 16-bit WAV of any rate → PCM in our format (channels averaged)."""
    with wave.open(str(path), "rb") as wav:
        if wav.getsampwidth() != 2:
            raise ValueError("only 16-bit WAV files are read")
        samples = to_float(wav.readframes(wav.getnframes()))
        if wav.getnchannels() > 1:
            samples = samples.reshape(-1, wav.getnchannels()).mean(axis=1)
        return from_float(resample(samples, wav.getframerate()))


def write_wav(path: Path, pcm: bytes, rate_hz: int = RATE_HZ) -> None:
    """PCM in our format → a mono 16-bit WAV file of `rate_hz`."""
    if rate_hz != RATE_HZ:
        pcm = from_float(resample(to_float(pcm), RATE_HZ, rate_hz))
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate_hz)
        wav.writeframes(pcm)
