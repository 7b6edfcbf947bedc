"""Two small ONNX models that listen for turns: is this speech (Silero), and was that the end of a turn (smart-turn).

Only the models; what follows from their answers is decided by the call. Both run on one thread: Silero in well
under a millisecond per window, so it may run on the event loop; smart-turn in 15-70 ms, so it may not.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from voice import audio

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WINDOW_SAMPLES = 512
_WINDOW_BYTES = WINDOW_SAMPLES * 2
_CONTEXT_SAMPLES = 64
TURN_SECONDS = 8
_TURN_SAMPLES = TURN_SECONDS * audio.RATE_HZ
_QUIET_BEFORE_RESET = 5
_SECONDS_BETWEEN_RESETS = 2.0


def _session(path: Path) -> InferenceSession:
    import onnxruntime  # with the first call, not with the first chat

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


class SileroModel:
    """The loaded weights, shared by all calls (running a session is thread-safe)."""

    def __init__(self, turns_dir: Path) -> None:
        self.session = _session(turns_dir / "silero_vad.onnx")


class SileroVad:
    """How probably one call's audio is speech, window by window (32 ms).

    Music and long silence leave the model's memory in a state that hears later speech too late, so it is cleared
    every SECONDS_BETWEEN_RESETS, but only while nobody speaks.
    """

    _state: NDArray[np.float32]
    _context: NDArray[np.float32]
    _windows: int
    _quiet: int

    def __init__(self, model: SileroModel) -> None:
        self._session = model.session
        self.reset()

    def reset(self) -> None:
        """Forget everything heard so far."""
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT_SAMPLES, np.float32)
        self._windows = 0
        self._quiet = 0

    def hear(self, window: bytes) -> float:
        """The next WINDOW_SAMPLES samples (format of `voice.audio`) → the probability that they are speech.

        Raises ValueError for a window of any other length.
        """
        if len(window) != _WINDOW_BYTES:
            raise ValueError(f"a window is {_WINDOW_BYTES} bytes")
        samples = np.concatenate([self._context, audio.to_float(window)])
        feed = {"input": samples[np.newaxis], "state": self._state, "sr": _RATE}
        probability, self._state = self._session.run(None, feed)
        self._context = samples[-_CONTEXT_SAMPLES:]
        speech = float(probability[0, 0])
        self._forget_when_due(speech)
        return speech

    def _forget_when_due(self, speech: float) -> None:
        self._windows += 1
        self._quiet = self._quiet + 1 if speech < 0.1 else 0
        due = self._windows * WINDOW_SAMPLES >= _SECONDS_BETWEEN_RESETS * audio.RATE_HZ
        if due and self._quiet >= _QUIET_BEFORE_RESET:
            self.reset()


_RATE = np.array(audio.RATE_HZ, dtype=np.int64)


class SmartTurn:
    """How probably what was said so far is a finished turn, judged from its melody and rhythm. One for all calls."""

    def __init__(self, turns_dir: Path) -> None:
        self._session = _session(turns_dir / "smart-turn.onnx")
        self._mel = _mel_filters()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="smart-turn")
        self.probability(bytes(_TURN_SAMPLES * 2))

    async def complete(self, pcm: bytes) -> float:
        """`probability` in the model's own thread; does not block the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.probability, pcm)

    def probability(self, pcm: bytes) -> float:
        """The turn so far, with the silence after it (format of `voice.audio`; the last 8 s count) → 0..1."""
        (answer,) = self._session.run(None, {"input_features": self.features(pcm)[np.newaxis]})
        return float(answer[0].item())

    def features(self, pcm: bytes) -> NDArray[np.float32]:
        """Log-mel features as Whisper's, of 8 s ending with `pcm`, its loudness evened out; shape [80, 800]."""
        samples = audio.to_float(pcm[-_TURN_SAMPLES * 2 :])
        samples = np.pad(samples, (_TURN_SAMPLES - len(samples), 0))
        samples = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
        padded = np.pad(samples, 200, mode="reflect")
        frames = np.lib.stride_tricks.sliding_window_view(padded, 400)[:_TURN_SAMPLES:160][:800]
        power = np.abs(np.fft.rfft(frames * _HANN)) ** 2
        log = np.log10(np.maximum(self._mel @ power.T, 1e-10))
        features: NDArray[np.float32] = ((np.maximum(log, log.max() - 8.0) + 4.0) / 4.0).astype(np.float32)
        return features

    async def aclose(self) -> None:
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)


_HANN = np.hanning(401)[:-1]


def _mel_filters() -> NDArray[np.float64]:
    """Whisper's 80 mel filters for 400-sample frames at 16 kHz, shape [80, 201]."""
    from faster_whisper.feature_extractor import FeatureExtractor

    filters: NDArray[np.float64] = FeatureExtractor.get_mel_filters(audio.RATE_HZ, 400, n_mels=80)
    return filters
