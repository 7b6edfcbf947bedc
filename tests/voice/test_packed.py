"""Packed speech comes back as it was: same length, same sound."""

import numpy as np
import pytest

from voice import audio
from voice.packed import pack, unpack


def test_there_and_back() -> None:
    time = np.arange(audio.RATE_HZ) / audio.RATE_HZ
    tone = (0.3 * np.sin(2 * np.pi * 300 * time)).astype(np.float32)
    packed = pack(audio.from_float(tone))
    back = audio.to_float(unpack(packed))
    assert len(packed) < 8_000
    assert abs(len(back) - len(tone)) < 0.02 * audio.RATE_HZ
    assert np.corrcoef(back[1000:15000], tone[1000:15000])[0, 1] > 0.98


def test_silence_of_no_length() -> None:
    assert audio.seconds(unpack(pack(b"\x00\x00" * 160))) < 0.1


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"OggS" + bytes(100)])
def test_what_is_no_audio_is_refused(rubbish: bytes) -> None:
    with pytest.raises(ValueError, match="not a readable"):
        unpack(rubbish)
