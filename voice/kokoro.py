"""Kokoro-82M's Mandarin voices: the service's own voice. int8 weights in onnxruntime, phonemes from misaki.

The model takes up to 510 phoneme symbols at once; longer text is cut at its punctuation. Audio comes at 24 kHz with
up to half a second of silence on both sides, which is cut to EDGE_SECONDS so that an answer starts at once.
"""

from __future__ import annotations

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from base.errors import EngineUnavailable
from language.aloud import readings
from voice import audio

KOKORO_RATE_HZ = 24_000
MAX_SYMBOLS = 400
"""Below the model's 510: its speech hurries and slurs near the limit."""
EDGE_SECONDS = 0.04
SILENCE_LEVEL = 0.01
SPEAK_TIMEOUT_SECONDS = 30.0

_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_CLAUSE = re.compile(r"[^，。！？；：、,.!?;:]+[，。！？；：、,.!?;:]*")
_LETTERS = {
    "A": "ˈA", "B": "bˈi", "C": "sˈi", "D": "dˈi", "E": "ˈi", "F": "ˈɛf", "G": "ʤˈi", "H": "ˈAʧ", "I": "ˈI",
    "J": "ʤˈA", "K": "kˈA", "L": "ˈɛl", "M": "ˈɛm", "N": "ˈɛn", "O": "ˈO", "P": "pˈi", "Q": "kjˈu", "R": "ˈɑɹ",
    "S": "ˈɛs", "T": "tˈi", "U": "jˈu", "V": "vˈi", "W": "dˈʌbᵊlju", "X": "ˈɛks", "Y": "wˈI", "Z": "zˈi",
}  # fmt: skip


class Kokoro:
    """A `Synthesiser`. Build it in a thread: loading takes 1-2 s. One sentence at a time, on `threads` cores."""

    def __init__(self, model_dir: Path, voice: str, threads: int = 2) -> None:
        voice_file = model_dir / "voices" / f"{voice}.bin"
        if not voice_file.is_file():
            raise EngineUnavailable(f"no Kokoro voice named {voice}", code="unknown_voice")
        self.name = f"kokoro {voice}"
        self._style = np.fromfile(voice_file, dtype="<f4").reshape(-1, 1, 256)
        self._symbols: dict[str, int] = json.loads((model_dir / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that wait for each other by spinning take the very cores they wait for when several calls speak.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            model_dir / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        readings.prepare()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kokoro")

    async def speak(self, text: str, pace: float = 1.0) -> bytes:
        """See `Synthesiser.speak`. Cancelling stops the model within a few milliseconds."""
        run = onnxruntime.RunOptions()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(SPEAK_TIMEOUT_SECONDS):
                return await loop.run_in_executor(self._thread, self._speak, text, pace, run)
        except TimeoutError as error:
            raise EngineUnavailable("Kokoro took too long", code="synthesiser_timeout") from error
        finally:
            run.terminate = True

    async def aclose(self) -> None:
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    def _speak(self, text: str, pace: float, run: onnxruntime.RunOptions) -> bytes:
        pieces = [self._voiced(symbols, pace, run) for symbols in _pieces(text)]
        return audio.from_float(audio.resample(np.concatenate([np.zeros(0, np.float32), *pieces]), KOKORO_RATE_HZ))

    def _voiced(self, symbols: str, pace: float, run: onnxruntime.RunOptions) -> NDArray[np.float32]:
        """Phoneme symbols → samples at 24 kHz, silence at both ends cut; empty if nothing can be said."""
        tokens = [self._symbols[symbol] for symbol in symbols if symbol in self._symbols]
        if not tokens:
            return np.zeros(0, np.float32)
        feed = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": self._style[min(len(tokens), len(self._style)) - 1],
            "speed": np.array([pace], dtype=np.float32),
        }
        try:
            (samples,) = self._session.run(None, feed, run)
        except Exception as error:  # onnxruntime raises several private types
            raise EngineUnavailable("Kokoro failed", code="synthesiser_failed") from error
        return _trimmed(np.asarray(samples, dtype=np.float32).ravel())


def phonemes(text: str) -> str:
    """Chinese text, punctuation and single Latin letters → Kokoro's phoneme symbols."""
    from misaki.zh import ZHG2P  # slow to import; it uses the dictionaries of `language.aloud.readings`

    lettered = re.sub(r"[A-Za-z]", lambda letter: _LETTERS[letter[0].upper()] + " ", readings.respelled(text))
    parts = re.split(f"([{''.join(set(''.join(_LETTERS.values())))} ]+)", lettered.translate(_DIGITS))
    spoken = (part if number % 2 else ZHG2P.map_punctuation(part) for number, part in enumerate(parts))
    return "".join(ZHG2P.legacy_call(part) if part.strip() else part for part in spoken)


def _pieces(text: str) -> list[str]:
    """Phonemes of `text` in runs of at most MAX_SYMBOLS, cut at punctuation (or anywhere, if there is none)."""
    runs: list[str] = []
    for clause in _CLAUSE.findall(text) or [text]:
        symbols = phonemes(clause)
        for start in range(0, len(symbols), MAX_SYMBOLS):
            piece = symbols[start : start + MAX_SYMBOLS]
            if runs and len(runs[-1]) + len(piece) <= MAX_SYMBOLS:
                runs[-1] += " " + piece
            else:
                runs.append(piece)
    return runs


def _trimmed(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    loud = np.flatnonzero(np.abs(samples) > SILENCE_LEVEL)
    if not len(loud):
        return np.zeros(0, np.float32)
    edge = int(EDGE_SECONDS * KOKORO_RATE_HZ)
    return samples[max(0, loud[0] - edge) : loud[-1] + edge]
