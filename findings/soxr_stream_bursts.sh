#!/usr/bin/env bash
# soxr 1.1.0: a telephone's packets of 20 ms put through `ResampleStream` (8 to 16 kHz) come out in bursts, not packet by packet: it
# works in blocks whose length it chooses itself and has no say over. Seen, for the default "HQ": nothing for the first five packets, then
# 104 ms at once, nothing for four, 104 ms again. "MQ" holds more back than "HQ" (108 ms), "LQ" 59 ms; "QQ" (no filter) nothing.
# A caller who stops sending leaves the last syllable in there, and whoever forwards what comes out bunches the sound.
# No quality with a filter cures it, but `vr=True` does: the machine for changing ratios, used at a fixed one, gives each packet back with
# 20 ms delay from the second on, and a tone stays as clean as by "HQ" (84 dB here, where 16 bits end; "QQ" 47).
# Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q soxr==1.1.0 numpy==2.4.6
"$folder/env/bin/python" - <<'PY'
import numpy as np
import soxr

PACKET = 160
tone = (12000 * np.sin(2 * np.pi * 1000 * np.arange(PACKET * 100) / 8000)).astype("int16")


def through(**how) -> list[np.ndarray]:
    stream = soxr.ResampleStream(8000, 16000, 1, dtype="int16", **how)
    return [stream.resample_chunk(tone[at : at + PACKET]) for at in range(0, len(tone), PACKET)]


def clean_db(pieces: list[np.ndarray]) -> float:
    """How far the tone stands above everything else."""
    sound = np.concatenate(pieces).astype(float)[8000:24000]
    spectrum = np.abs(np.fft.rfft(sound * np.blackman(len(sound)))) ** 2
    near = slice(990, 1011)
    return 10 * np.log10(spectrum[near].sum() / (spectrum.sum() - spectrum[near].sum()))


print("soxr", soxr.__version__)
empty, burst = {}, {}
for name in ("QQ", "LQ", "MQ", "HQ", "VHQ", "vr"):
    pieces = through(vr=True) if name == "vr" else through(quality=name)
    lengths = [len(piece) for piece in pieces]
    empty[name], burst[name] = lengths.count(0), max(lengths) / 16
    print(f"{name}: {lengths[:12]} {empty[name]} of 100 packets give nothing, at most {burst[name]:.0f} ms at once, {clean_db(pieces):.0f} dB")
assert burst["MQ"] > burst["HQ"] > 100 and 50 < burst["LQ"] < 70, "the bursts have changed"
assert empty["HQ"] > 70 and empty["LQ"] > 60 and empty["QQ"] == 0
assert empty["vr"] == 1 and burst["vr"] == 20, "the variable stream holds back as well now"
PY
