#!/usr/bin/env bash
# PyAV 18.1.0 (FFmpeg 8): a voice message in AMR whose recorder saves packets in pauses (DTX, as GSM phones and Android's recorder may
# do) breaks off at the speaker's first pause: `container.decode()` picks FFmpeg's own decoder "amrnb", which raises PatchWelcomeError
# at the first comfort-noise frame, and every word after the pause is lost. The same wheel carries another decoder of that format,
# libopencore_amrnb, which reads all of it; but nothing chooses it, and it is the only AMR encoder there, so a test that makes
# its own AMR file (DTX is off unless asked for) never meets the difference. Asked for by name it takes the very same packets.
# Seen: 1.00 s of 4.02 s by the usual way, then the error; 4.02 s by libopencore_amrnb. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q av==18.1.0 numpy==2.4.6
"$folder/env/bin/python" - <<'PY'
import io

import av
import numpy as np

RATE = 8000
seconds = np.arange(RATE) / RATE
words = (8000 * np.sin(2 * np.pi * 200 * seconds) * (np.sin(2 * np.pi * 3 * seconds) > 0)).astype("int16")
spoken = np.concatenate([words, np.zeros(2 * RATE, "int16"), words])  # a second, a pause of two, a second


def message(dtx: str) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="amr") as file:
        stream = file.add_stream("libopencore_amrnb", rate=RATE, layout="mono", options={"dtx": dtx})
        frame = av.AudioFrame.from_ndarray(spoken[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = RATE
        file.mux([*stream.encode(frame), *stream.encode(None)])
    return out.getvalue()


def heard(data: bytes, decoder: str | None = None) -> tuple[str, float, str]:
    """Which decoder, the seconds it gave, and how it ended."""
    samples, end = 0, "to its end"
    with av.open(io.BytesIO(data)) as file:
        stream = file.streams.audio[0]
        codec = stream.codec_context
        if decoder:
            codec = av.CodecContext.create(decoder, "r")
            codec.sample_rate, codec.layout = RATE, "mono"
        try:
            for packet in file.demux(stream):
                samples += sum(frame.samples for frame in (codec.decode(packet) if decoder else packet.decode()))
        except av.FFmpegError as error:
            end = type(error).__name__
        return codec.name, round(samples / RATE, 2), end


print("av", av.__version__, "libavcodec", av.library_versions["libavcodec"])
got = {name: heard(message(dtx), decoder) for name, dtx, decoder in (
    ("all frames", "0", None), ("pauses saved", "1", None), ("pauses saved, decoder named", "1", "libopencore_amrnb"))}
for name, what in got.items():
    print(f"{name}: {what}")
assert got["all frames"] == ("amrnb", 4.02, "to its end")
assert got["pauses saved, decoder named"] == ("libopencore_amrnb", 4.02, "to its end")
assert got["pauses saved"] == ("amrnb", 1.0, "PatchWelcomeError"), "FFmpeg's own decoder takes pauses now"
PY
