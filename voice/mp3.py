"""Speech as MP3: what every browser plays, old phones included, at an eighth of the room of PCM."""

from __future__ import annotations

import io

import numpy as np

from voice.audio import RATE_HZ

BITS_PER_SECOND = 32_000


def to_mp3(pcm: bytes) -> bytes:
    """PCM in the format of `voice.audio` → MP3; several can be joined end to end. Blocking, some ms per second."""
    import av  # slow, and needed by none who types

    out = io.BytesIO()
    with av.open(out, "w", format="mp3", options={"write_xing": "0", "id3v2_version": "0"}) as container:
        stream = container.add_stream("libmp3lame", rate=RATE_HZ, layout="mono", bit_rate=BITS_PER_SECOND)
        samples = np.frombuffer(pcm, "<i2")[np.newaxis]
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="s16p", layout="mono")
        frame.sample_rate = RATE_HZ
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return out.getvalue()
