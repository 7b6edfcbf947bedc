"""Voice messages: the file a citizen recorded → what they said. The platform's own recognition is being withdrawn.

AMR in (whatever else ffmpeg's libraries read works, too) → PCM of `voice.audio` → the parts with speech → the service's
recogniser → term correction. A minute of silence costs a second and is answered with a sentence.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

from base.errors import BadInput
from voice.audio import RATE_HZ
from voice.ears import WINDOW_BYTES, SpeechDetector
from voice.recogniser import Recogniser

if TYPE_CHECKING:
    import av
    from av.audio.stream import AudioStream
    from av.container import InputContainer

MAX_SECONDS = 65
"""WeChat records 60 s at most."""
_MAX_BYTES = MAX_SECONDS * RATE_HZ * 2
_SPEECH = 0.5
_WINDOW_SECONDS = WINDOW_BYTES / 2 / RATE_HZ
_MARGIN_WINDOWS = 10
"""0.3 s kept on both sides of speech, so that no syllable is lost."""
_LEAST_SPEECH_SECONDS = 0.25
_CHINESE_MARKS = str.maketrans(",?!;:", "，？！；：")
"""A recogniser writes those of English; the citizen reads what was understood."""
_PART_BYTES = 14 * RATE_HZ * 2
_AMR = {"amrnb": ("libopencore_amrnb", 8_000), "amrwb": ("libopencore_amrwb", 16_000)}
"""What ffmpeg calls its own decoder → (the other one, its rate)."""


class NotHeard(BadInput):
    """The recording holds no words: silence, noise, or a format nobody reads."""

    code = "wechat_voice_silent"
    citizen_text = "这条语音里我没听到您说话。请靠近手机再说一遍，或者直接打字告诉我。"


class VoiceMessages:
    """`words` for one recording. Shares the recogniser with the calls."""

    def __init__(
        self, recogniser: Recogniser, correct: Callable[[str], str], detector: Callable[[], SpeechDetector]
    ) -> None:
        self._recogniser, self._correct, self._detector = recogniser, correct, detector

    async def words(self, recording: bytes) -> str:
        """What was said. Raises NotHeard, or EngineUnavailable when there is no recogniser."""
        parts = await asyncio.to_thread(lambda: list(spoken_parts(decode(recording), self._detector())))
        if not parts:
            raise NotHeard
        texts = [await self._recognise(part) for part in parts]
        said = self._correct("，".join(text for text in texts if text)).translate(_CHINESE_MARKS)
        if not said:
            raise NotHeard(code="wechat_voice_unclear")
        return said

    async def _recognise(self, pcm: bytes) -> str:
        utterance = self._recogniser.utterance()
        try:
            utterance.feed(pcm)
            return (await utterance.transcript()).text.strip("，。 ")
        finally:
            utterance.close()


def decode(recording: bytes) -> bytes:
    """A recording in any format → PCM, at most 65 s, without what cannot be read in it. Raises NotHeard for what is no
    recording."""
    import av  # slow, and needed by none who types

    pcm = bytearray()
    try:
        with av.open(io.BytesIO(recording), mode="r") as file:
            for piece in _pieces(file):
                pcm += bytes(piece.planes[0])[: piece.samples * 2]
                if len(pcm) > _MAX_BYTES:
                    break
    except (av.FFmpegError, ValueError) as error:
        if not pcm:
            raise NotHeard(code="wechat_voice_format") from error
    return bytes(pcm[:_MAX_BYTES])


def _pieces(file: InputContainer) -> Iterator[av.AudioFrame]:
    """The recording's sound in the service's format, to its last sample."""
    import av

    if not file.streams.audio:
        raise NotHeard(code="wechat_voice_format")
    stream = file.streams.audio[0]
    decoder = _decoder(stream)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    broken: av.FFmpegError | None = None
    is_heard = False
    for packet in file.demux(stream):
        try:
            frames = decoder.decode(packet)
        except av.FFmpegError as error:
            broken = error  # a few milliseconds of it: the words after them count
            continue
        for frame in frames:
            is_heard = True
            yield from resampler.resample(frame)
    if is_heard:
        yield from resampler.resample(None)
    elif broken is not None:
        raise broken


def _decoder(stream: AudioStream) -> av.AudioCodecContext:
    """For AMR the library that knows the pauses a telephone saves; ffmpeg's own decoder, which is taken by itself,
    fails at each."""
    import av

    name, rate_hz = _AMR.get(stream.codec_context.name, ("", 0))
    if name not in av.codecs_available:
        return stream.codec_context
    decoder = cast(av.AudioCodecContext, av.CodecContext.create(name, "r"))
    decoder.sample_rate, decoder.layout = rate_hz, "mono"
    return decoder


def spoken_parts(pcm: bytes, detector: SpeechDetector) -> Iterator[bytes]:
    """The stretches with speech, joined to parts of at most 14 s: what a recogniser takes at once."""
    windows = [pcm[start : start + WINDOW_BYTES] for start in range(0, len(pcm) - WINDOW_BYTES + 1, WINDOW_BYTES)]
    speech = [detector.hear(window) >= _SPEECH for window in windows]
    if sum(speech) * _WINDOW_SECONDS < _LEAST_SPEECH_SECONDS:
        return
    part = bytearray()
    for place, window in enumerate(windows):
        if any(speech[max(0, place - _MARGIN_WINDOWS) : place + _MARGIN_WINDOWS + 1]):
            part += window
        elif len(part) > _PART_BYTES // 2:
            yield bytes(part)
            part.clear()
        if len(part) >= _PART_BYTES:
            yield bytes(part)
            part.clear()
    if part:
        yield bytes(part)
