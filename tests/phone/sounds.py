"""Sounds for telephone tests, and how much of one is found in a recording."""

from __future__ import annotations

import numpy as np

from tests.phone.recording import VOICED_RMS
from voice.audio import FRAME_BYTES, RATE_HZ, from_float, to_float


def babble(seconds: float, seed: int = 1) -> bytes:
    """Noise of the telephone band in syllables, in the format of `voice.audio`: unlike itself at any other moment."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.standard_normal(int(seconds * RATE_HZ)))
    hertz = np.fft.rfftfreq(int(seconds * RATE_HZ), 1 / RATE_HZ)
    spectrum[(hertz < 400) | (hertz > 3000)] = 0
    noise = np.fft.irfft(spectrum, int(seconds * RATE_HZ))
    syllables = 0.35 + 0.65 * np.abs(np.sin(np.pi * 4.0 * np.arange(len(noise)) / RATE_HZ))
    return from_float((0.3 * noise / np.abs(noise).max() * syllables).astype(np.float32))


def voiced_seconds(pcm: bytes) -> float:
    """How much of `pcm`, in the format of `voice.audio`, is voice; `babble` is nothing else."""
    samples = np.frombuffer(pcm[: len(pcm) // FRAME_BYTES * FRAME_BYTES], dtype="<i2").astype(np.float64)
    frames = samples.reshape(-1, FRAME_BYTES // 2)
    return 0.02 * int(np.count_nonzero(np.sqrt(np.mean(frames**2, axis=1)) >= VOICED_RMS))


def likeness(heard: bytes, sent: bytes) -> float:
    """Correlation of `sent` with the stretch of `heard` that is most like it: 1.0 = there, whole and unbroken.

    Silence around `heard` counts as heard; what is missing of `sent` lowers the figure.
    """
    short = to_float(sent)
    long = np.pad(to_float(heard), len(short))
    size = 1 << (len(long) + len(short)).bit_length()
    products = np.fft.irfft(np.fft.rfft(long, size) * np.conj(np.fft.rfft(short, size)), size)[
        : len(long) - len(short) + 1
    ]
    at = int(np.argmax(products))
    stretch = long[at : at + len(short)]
    norm = float(np.linalg.norm(stretch) * np.linalg.norm(short))
    return round(float(products[at]) / norm, 4) if norm else 0.0
