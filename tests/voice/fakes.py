"""A scripted caller and scripted engines: a call of half a minute runs in milliseconds, always in the same order.

Audio is made of frames whose samples are all 0 (silence) or all 1000 + n (speech of utterance n); the fake detector
and recogniser read that back, so a test says what the caller says, not what it sounds like.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence

import numpy as np

from base.errors import EngineUnavailable
from base.messages import Reply
from tests.guard import GUARD_SECONDS, until
from voice.audio import FRAME_BYTES, SILENT_FRAME
from voice.call import Engines
from voice.line import Digit, Heard, Hold, LineEvent
from voice.recogniser import Recogniser, Transcript


class FakeLine:
    """A line whose caller does what the test tells: `say`, `press`, `leave`. Records what was played to them."""

    channel = "phone"

    def __init__(self, caller: str | None = None) -> None:
        self.id = "test-call"
        self.caller = caller
        self.played: list[str] = []
        self.flushes = 0
        self.hung_up = self.handed_over = self.returned = self.agents = False
        self.captions: list[tuple[str, str]] = []
        self.hold_playout = asyncio.Event()
        self.hold_playout.set()
        self._events: asyncio.Queue[LineEvent | None] = asyncio.Queue()
        self._heard = asyncio.Condition()
        self._utterances = 0

    # --- what the test does -------------------------------------------------------------------------------------

    async def say(self, seconds: float = 1.0, silence: float = 2.0) -> None:
        self._utterances += 1
        await self._frames(np.full(FRAME_BYTES // 2, 1000 + self._utterances, dtype="<i2").tobytes(), seconds)
        await self._frames(SILENT_FRAME, silence)

    async def silence(self, seconds: float) -> None:
        await self._frames(SILENT_FRAME, seconds)

    async def press(self, keys: str) -> None:
        for key in keys:
            await self._events.put(Digit(key))

    async def hold(self, *, on: bool = True) -> None:
        await self._events.put(Hold(on))

    async def leave(self) -> None:
        await self._events.put(None)

    async def hears(self, words: str) -> None:
        """Wait until the caller was played something with these words."""
        async with asyncio.timeout(GUARD_SECONDS), self._heard:
            await self._heard.wait_for(lambda: any(words in sentence for sentence in self.played))

    async def is_heard(self) -> None:
        """Wait until the call has taken in all that was said."""
        await until(self._events.empty)

    async def _frames(self, frame: bytes, seconds: float) -> None:
        for number in range(round(seconds / 0.02)):
            await self._events.put(Heard(frame))
            if number % 5 == 4:
                await asyncio.sleep(0)

    # --- Line ---------------------------------------------------------------------------------------------------

    async def events(self) -> AsyncIterator[LineEvent]:
        while (event := await self._events.get()) is not None:
            yield event
            await asyncio.sleep(0)

    async def play(self, pcm: bytes) -> None:
        async with self._heard:
            self.played.append(pcm.decode())
            self._heard.notify_all()

    async def wait_played(self) -> None:
        await self.hold_playout.wait()

    async def flush(self) -> None:
        self.flushes += 1

    def caption(self, who: str, text: str, *, dial: Sequence[str] = ()) -> None:
        self.captions.append((who, text))

    async def person_is_free(self) -> bool:
        return self.agents

    async def hand_over(self) -> None:
        self.handed_over = True
        await self._events.put(None)

    async def hang_up(self) -> None:
        self.hung_up = True
        await self._events.put(None)


class FakeDetector:
    def hear(self, window: bytes) -> float:
        return 1.0 if np.frombuffer(window, dtype="<i2").mean() > 500 else 0.0


class FakeRecogniser:
    """Understands utterance n as the nth scripted text; "!" fails, as an engine that broke."""

    name = "fake"

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.open = 0
        self.told: list[str] = []
        self.free = asyncio.Event()
        self.free.set()
        """Clear it, and decoding takes until it is set again."""

    def utterance(self, asked: str = "") -> FakeUtterance:
        self.open += 1
        self.told.append(asked)
        return FakeUtterance(self)

    async def aclose(self) -> None:
        pass


class FakeUtterance:
    def __init__(self, recogniser: FakeRecogniser) -> None:
        self._recogniser = recogniser
        self._number = 0
        self._closed = False

    def feed(self, pcm: bytes) -> None:
        self._number = max(self._number, int(np.frombuffer(pcm, dtype="<i2").max()) - 1000)

    async def transcript(self) -> Transcript:
        await asyncio.sleep(0)
        await self._recogniser.free.wait()
        text = self._recogniser.texts[self._number - 1]
        if text == "!":
            raise EngineUnavailable(code="recogniser_failed")
        return Transcript(text)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._recogniser.open -= 1


class FakeVoice:
    """ "Audio" is the sentence itself, in UTF-8. `slow`: pieces that take until `free` is set."""

    def __init__(self, slow: Sequence[str] = ()) -> None:
        self.slow, self.free = slow, asyncio.Event()

    def sentences(self, text: str) -> list[str]:
        return [piece + "。" for piece in text.split("。") if piece]

    async def audio(self, sentence: str, pace: float) -> bytes:
        await asyncio.sleep(0)
        if sentence in self.slow:
            await self.free.wait()
        return sentence.encode()


class FakePrompts:
    def text(self, key: str, **values: str) -> str:
        return f"〈{key}{''.join(values.values())}〉。"


class FakeDialogue:
    """Answers from a table, when `free` is set; records what it was asked."""

    def __init__(self, answers: Mapping[str, list[Reply]]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.taken_back: list[str] = []
        self.foretold: dict[str, list[Reply]] = {}
        self.peeked: list[str] = []
        self.open = False
        self.free = asyncio.Event()
        self.free.set()

    async def reply(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        self.asked.append(text)
        await asyncio.sleep(0)
        await self.free.wait()
        return self.answers.get(text, [Reply("不知道。")])

    async def peek(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        self.peeked.append(text)
        await asyncio.sleep(0)
        return self.foretold.get(text, [])

    async def is_open(self, conversation_id: str) -> bool:
        return self.open

    async def take_back(self, conversation_id: str) -> None:
        self.taken_back.append(self.asked[-1])


def engines(recogniser: Recogniser) -> Engines:
    return Engines(recogniser, str, FakeDetector, None, FakeVoice(), FakePrompts(), 1.0)
