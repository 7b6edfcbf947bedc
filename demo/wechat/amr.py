"""What a microphone or a file gives → AMR-NB, as WeChat stores voice messages."""

from __future__ import annotations

import io

import av

RATE_HZ = 8000
_MAX_SECONDS = 60


def to_amr(recording: bytes) -> bytes:
    """Any audio file → mono AMR-NB of at most 60 s. Raises ValueError for what is none."""
    made = io.BytesIO()
    try:
        with av.open(io.BytesIO(recording), mode="r") as source, av.open(made, mode="w", format="amr") as target:
            stream = target.add_stream("libopencore_amrnb", rate=RATE_HZ, layout="mono", bit_rate=12200)
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ, frame_size=160)
            samples = 0
            for frame in source.decode(source.streams.audio[0]):
                for piece in resampler.resample(frame):
                    samples += piece.samples
                    target.mux(stream.encode(piece))
                if samples >= _MAX_SECONDS * RATE_HZ:
                    break
            for piece in resampler.resample(None):
                target.mux(stream.encode(piece))
            target.mux(stream.encode(None))
    except (av.FFmpegError, IndexError) as error:
        raise ValueError("no audio") from error
    return made.getvalue()
