#!/usr/bin/env bash
# silero-vad 6.2.3 (ONNX): given the windows of 512 samples that its documents name, the model hears no speech in anything, and says so with
# confidence instead of failing. It wants 576: the window behind the last 64 samples of the one before (288 at 8 kHz: 32 + 256). The
# package's Python wrapper adds them; other programs load the .onnx alone, and its declared input is [None, None], so any length from 256 to
# 576 is taken. Seen on people's voices of Debian's alsa-utils: speech in 60-80 % of the windows with the 64 samples, in 0 % without
# (at most 0.03). 8 kHz sound declared as 16 kHz is mostly no speech, either. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q onnxruntime==1.31.1 numpy==2.4.6 soxr==1.1.0
"$folder/env/bin/pip" install -q --no-deps silero-vad==6.2.3
cd "$folder" && apt-get download -q alsa-utils=1.2.8-1 >/dev/null 2>&1 && dpkg -x alsa-utils_*.deb .
"$folder/env/bin/python" - "$folder/usr/share/sounds/alsa" <<'PY'
import sys
import wave
from importlib.metadata import distribution, version
from pathlib import Path

import numpy as np
import onnxruntime
import soxr

model = next(path.locate() for path in distribution("silero-vad").files if path.name == "silero_vad.onnx")
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


def read(path: Path, rate: int) -> np.ndarray:
    with wave.open(str(path)) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
        return soxr.resample(sound, file.getframerate(), rate)


def probabilities(sound: np.ndarray, context: int) -> np.ndarray:
    state, before, found = np.zeros((2, 1, 128), np.float32), np.zeros(context, np.float32), []
    for at in range(0, len(sound) - 511, 512):
        window = np.concatenate([before, sound[at : at + 512]])
        speech, state = session.run(None, {"input": window[np.newaxis], "state": state, "sr": np.array(16000)})
        before = window[len(window) - context :]
        found.append(float(speech[0, 0]))
    return np.array(found)


print("silero-vad", version("silero-vad"), "input", session.get_inputs()[0].shape)
assert session.get_inputs()[0].shape == [None, None]
voices = sorted(path for path in Path(sys.argv[1]).glob("*.wav") if path.stem != "Noise")
assert len(voices) == 8
for path in voices:
    right, bare, slow = (probabilities(read(path, rate), context) for rate, context in ((16000, 64), (16000, 0), (8000, 64)))
    print(f"{path.stem}: speech in {(right > 0.5).mean():.0%}; without context {(bare > 0.5).mean():.0%}, at most {bare.max():.2f}; 8 kHz as 16 {(slow > 0.5).mean():.0%}")
    assert (right > 0.5).mean() > 0.5
    assert bare.max() < 0.1, "it hears speech in bare windows now"
    assert (slow > 0.5).mean() < 0.35
PY
