"""Recognition with faster-whisper (whisper-base in CTranslate2, int8, greedy), fast enough for a call.

Whisper's encoder is built for 30 s and costs the same for a short question; it is given only as long a window as the
utterance needs. Decoding runs in the engine's own thread. An utterance decoded once is not decoded again until more
audio was fed, so asking early, while the end-of-turn silence still runs, costs nothing.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from base.errors import EngineUnavailable
from voice import audio
from voice.closed_answers import is_doubtful_number
from voice.correction import simplified
from voice.hints import hint
from voice.made_up import CHARACTERS_PER_SECOND, Hearing
from voice.recogniser import Transcript
from voice.whisper_vocabulary import Kept

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

WINDOWS_SECONDS = (8, 12, 16)
"""Lengths the encoder is run with. Under 6 s it fails; in more than 16 s it
makes things up, or stops after the first sentences."""
TAIL_SECONDS = 0.5
"""Silence left in the window after the speech: without it the last word is lost."""
ROOM_TONE = 0.0005
"""Loudness of the faint noise laid under the window. Whisper never met digital silence: a fifth fewer errors."""
DECODE_TIMEOUT_SECONDS = 15.0
_PROMPT_TOKENS = 160
_POSITIONS = 448
"""What the decoder has room for, prompt and answer together."""
QUIETEST_SPEECH = 0.003
"""Root mean square of the loudest 0.2 s under which nothing was said (-50 dBFS)."""
MIN_CONFIDENCE_ALONE = 0.6
"""Under this the decoder is asked for `HYPOTHESES` texts: danger, numbers and names are looked for in all of them."""
HYPOTHESES = 5


class WhisperRecogniser:
    """A `Recogniser`. Build it in a thread: loading takes about 1 s. Decodes one utterance at a time on `threads`."""

    name = "faster-whisper base"

    def __init__(self, model_dir: Path, threads: int = 2) -> None:
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer

        self._model = WhisperModel(
            str(model_dir), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )
        tokenizer = Tokenizer(self._model.hf_tokenizer, multilingual=True, task="transcribe", language="zh")
        self._tokenizer, self._kept = tokenizer, Kept.of(model_dir)
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="whisper")

    def utterance(self, asked: str = "") -> WhisperUtterance:
        return WhisperUtterance(self, asked)

    async def aclose(self) -> None:
        await asyncio.to_thread(self.thread.shutdown, cancel_futures=True)

    def recognise(self, pcm: bytes, cancelled: threading.Event, asked: str = "") -> Transcript:
        """Blocking. Raises EngineUnavailable; answers with an empty transcript as soon as `cancelled` is set."""
        samples = audio.to_float(pcm)
        if not _loud_enough(samples):
            return Transcript("")
        prompt = self._prompt(asked)
        parts: list[Transcript] = []
        for piece in _pieces(samples):
            if cancelled.is_set():
                return Transcript("")
            parts.append(self._recognise_piece(piece, prompt, asked, cancelled))
        text = "".join(part.text for part in parts)
        others = parts[0].others if len(parts) == 1 else ()
        return Transcript(text, min((part.confidence or 0.0 for part in parts), default=None), others)

    def _prompt(self, asked: str) -> list[int]:
        """What the decoder is told to have come before: words of the trade, and the question that is being answered."""
        tokenizer = self._tokenizer
        tokens = tokenizer.encode(" " + hint(asked))[-_PROMPT_TOKENS:]
        return self._kept.shrunk([tokenizer.sot_prev, *tokens, *tokenizer.sot_sequence, tokenizer.no_timestamps])

    def _recognise_piece(
        self, samples: NDArray[np.float32], prompt: list[int], asked: str, cancelled: threading.Event
    ) -> Transcript:
        try:
            encoded = self._model.encode(_features(self._model, samples))
            if cancelled.is_set():
                return Transcript("")
            result = self._decode(encoded, prompt, samples)
            confidence = float(np.exp(result.scores[0]))
            heard, *_ = texts = self._texts(result)
            others: list[str] = []
            is_doubtful = confidence < MIN_CONFIDENCE_ALONE or is_doubtful_number(heard, asked)
            if is_doubtful and not cancelled.is_set():
                others = self._texts(self._decode(encoded, prompt, samples, HYPOTHESES))
        except (RuntimeError, ValueError) as error:
            raise EngineUnavailable("Whisper failed", code="recogniser_failed") from error
        length = len(samples) / audio.RATE_HZ
        if Hearing(heard, confidence, result.no_speech_prob, length, asked).is_made_up:
            return Transcript("", confidence)
        return Transcript(heard, confidence, tuple(dict.fromkeys(text for text in others if text not in texts)))

    def _decode(self, encoded: Any, prompt: list[int], samples: NDArray[np.float32], hypotheses: int = 1) -> Any:
        (result,) = self._model.model.generate(
            encoded,
            [prompt],
            beam_size=hypotheses,
            num_hypotheses=hypotheses,
            max_length=min(_POSITIONS, len(prompt) + _most_tokens(samples)),
            return_scores=True,
            return_no_speech_prob=True,
        )
        return result

    def _texts(self, result: Any) -> list[str]:
        """What each hypothesis says, best first."""
        texts = (self._tokenizer.decode(self._kept.full(ids)) for ids in result.sequences_ids)
        return [simplified(text.replace("\ufffd", "").strip()) for text in texts]


class WhisperUtterance:
    """One `Utterance`: audio collected, decoded when asked."""

    def __init__(self, engine: WhisperRecogniser, asked: str) -> None:
        self._engine, self._asked = engine, asked
        self._pcm = bytearray()
        self._decoded_bytes = -1
        self._last = Transcript("")

    def feed(self, pcm: bytes) -> None:
        self._pcm += pcm

    async def transcript(self) -> Transcript:
        pcm = bytes(self._pcm)
        if len(pcm) == self._decoded_bytes:
            return self._last
        cancelled = threading.Event()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(DECODE_TIMEOUT_SECONDS):
                heard = await loop.run_in_executor(
                    self._engine.thread, self._engine.recognise, pcm, cancelled, self._asked
                )
        except TimeoutError as error:
            raise EngineUnavailable("Whisper took too long", code="recogniser_timeout") from error
        finally:
            cancelled.set()
        self._decoded_bytes, self._last = len(pcm), heard
        return heard

    def close(self) -> None:
        self._pcm.clear()


def _features(model: WhisperModel, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-mel features of `samples` in the shortest window that holds them; shape [80, 100 per second]."""
    needed = len(samples) / audio.RATE_HZ + TAIL_SECONDS
    seconds = next((window for window in WINDOWS_SECONDS if window >= needed), WINDOWS_SECONDS[-1])
    window = ROOM_TONE * np.random.default_rng(0).standard_normal(seconds * audio.RATE_HZ, np.float32)
    window[: len(samples)] += samples
    features: NDArray[np.float32] = model.feature_extractor(window, padding=0)
    return features


def _most_tokens(samples: NDArray[np.float32]) -> int:
    """A bound on the decoder, so that a loop ends soon: about two tokens a character."""
    return min(440, 16 + int(2 * CHARACTERS_PER_SECOND * len(samples) / audio.RATE_HZ))


def _loud_enough(samples: NDArray[np.float32]) -> bool:
    block = audio.RATE_HZ // 5
    blocks = samples[: len(samples) // block * block].reshape(-1, block)
    return bool(len(blocks)) and float(np.sqrt((blocks**2).mean(axis=1)).max()) >= QUIETEST_SPEECH


def _pieces(samples: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Long speech in pieces that fit the largest window, cut where it is quietest."""
    longest = int((WINDOWS_SECONDS[-1] - TAIL_SECONDS) * audio.RATE_HZ)
    pieces = []
    while len(samples) > longest:
        block = audio.RATE_HZ // 10
        late = samples[longest // 2 : longest // 2 + (longest // 2) // block * block].reshape(-1, block)
        cut = longest // 2 + int((late**2).mean(axis=1).argmin()) * block + block // 2
        pieces.append(samples[:cut])
        samples = samples[cut:]
    return [*pieces, samples]
