"""Recognition with faster-whisper (whisper-base in CTranslate2, int8, greedy), fast enough for a call.

Whisper's encoder is built for 30 s and costs the same for a short question; it is given only as long a window as the
utterance needs. Decoding runs in the engine's own thread. An utterance decoded once is not decoded again until more
audio was fed, so asking early, while the end-of-turn silence still runs, costs nothing.
"""

from __future__ import annotations

import asyncio
import re
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from service.errors import EngineUnavailable
from voice import audio
from voice.correction import simplified
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
EXPECTED_WORDS = (
    "医保热线、异地就医、备案、居民医保、职工医保、门诊慢特病、报销、缴费、参保、账户余额、电子凭证、生育津贴。"
)
"""Given to the decoder as what went before: halves the character errors. Full-width commas here
would come back as broken characters."""
_NOT_IN_PROMPT = re.compile(r"[^\w。？、]+")
_PROMPT_TOKENS = 160
_POSITIONS = 448
"""What the decoder has room for, prompt and answer together."""
QUIETEST_SPEECH = 0.003
"""Root mean square of the loudest 0.2 s under which nothing was said (-50 dBFS)."""
CHARACTERS_PER_SECOND = 9
MIN_CONFIDENCE = 0.32
MIN_CONFIDENCE_EXPECTED = 0.15
"""For a word of the question itself ("对吗？" "对。") when it is certain that somebody spoke: a single syllable is
rarely recognised with more. Noise came with a no-speech probability from 0.59 up, short words with 0.26 at most."""
MAX_NO_SPEECH = 0.6
MAX_NO_SPEECH_EXPECTED = 0.3
MAX_COMPRESSION = 2.4

_STOCK_PHRASES = (
    "字幕", "订阅", "点赞", "打赏", "谢谢观看", "感谢观看", "感谢收看", "谢谢收看", "下期再见", "下次再见", "明镜",
    "点点栏目", "优优独播", "索兰娅", "请不吝", "作曲", "作词", "编曲", "字母by", "Amara",
)  # fmt: skip
"""What Whisper writes under noise and music: lines from its training videos. No caller says them."""


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
        return Transcript(text, min((part.confidence or 0.0 for part in parts), default=None))

    def _prompt(self, asked: str) -> list[int]:
        """What the decoder is told to have come before: our words, and the question that is being answered."""
        before = EXPECTED_WORDS + _NOT_IN_PROMPT.sub("、", asked)
        tokenizer = self._tokenizer
        tokens = tokenizer.encode(" " + before)[-_PROMPT_TOKENS:]
        return self._kept.shrunk([tokenizer.sot_prev, *tokens, *tokenizer.sot_sequence, tokenizer.no_timestamps])

    def _recognise_piece(
        self, samples: NDArray[np.float32], prompt: list[int], asked: str, cancelled: threading.Event
    ) -> Transcript:
        try:
            encoded = self._model.encode(_features(self._model, samples))
            if cancelled.is_set():
                return Transcript("")
            (result,) = self._model.model.generate(
                encoded,
                [prompt],
                beam_size=1,
                max_length=min(_POSITIONS, len(prompt) + _most_tokens(samples)),
                return_scores=True,
                return_no_speech_prob=True,
            )
        except (RuntimeError, ValueError) as error:
            raise EngineUnavailable("Whisper failed", code="recogniser_failed") from error
        text = self._tokenizer.decode(self._kept.full(result.sequences_ids[0]))
        text = simplified(text.replace("\ufffd", "").strip())
        confidence = float(np.exp(result.scores[0]))
        heard = _Hearing(text, confidence, result.no_speech_prob, len(samples) / audio.RATE_HZ, asked)
        return Transcript("" if heard.is_made_up else text, confidence)


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


@dataclass(frozen=True, slots=True)
class _Hearing:
    """What Whisper wrote, and how sure it was."""

    text: str
    confidence: float
    no_speech: float
    seconds: float
    asked: str

    @property
    def is_expected(self) -> bool:
        """Somebody spoke, and it is a word of the question."""
        words = [character for character in self.text if character.isalnum()]
        return self.no_speech < MAX_NO_SPEECH_EXPECTED and all(word in self.asked for word in words)

    @property
    def is_made_up(self) -> bool:
        """Noise and music make Whisper write fluent sentences nobody said; each test catches one kind."""
        raw = self.text.encode()
        return (
            not any(character.isalnum() for character in self.text)
            or any(phrase in self.text for phrase in _STOCK_PHRASES)
            or (self.no_speech > MAX_NO_SPEECH and self.confidence < 2 * MIN_CONFIDENCE)
            or self.confidence < (MIN_CONFIDENCE_EXPECTED if self.is_expected else MIN_CONFIDENCE)
            or len(set(self.text)) * 4 < len(self.text)
            or len(self.text) > CHARACTERS_PER_SECOND * (self.seconds + 1)
            or (len(raw) > 60 and len(raw) / len(zlib.compress(raw)) > MAX_COMPRESSION)
        )


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
