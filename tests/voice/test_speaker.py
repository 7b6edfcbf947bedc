"""Where a sentence's audio comes from, who goes first, and what a caller hears when engines fail."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from base.errors import EngineUnavailable
from tests.guard import GUARD_SECONDS, until
from voice.packed import pack
from voice.speaker import Speaker
from voice.speech_store import SpeechStore, key

SECOND = b"\x01\x00" * 16000


class FakeVoice:
    """Says a second of sound for any text, when `free` is set; keeps what it was asked."""

    def __init__(self, name: str = "voice", fails: bool = False) -> None:
        self.name, self._fails = name, fails
        self.asked: list[str] = []
        self.said: list[str] = []
        self.cancelled: list[str] = []
        self.free = asyncio.Event()
        self.free.set()

    async def speak(self, text: str, pace: float = 1.0) -> bytes:
        if self._fails:
            raise EngineUnavailable(code="broken")
        self.asked.append(text)
        try:
            await self.free.wait()
        except asyncio.CancelledError:
            self.cancelled.append(text)
            raise
        self.said.append(text)
        return SECOND

    async def aclose(self) -> None: ...


@pytest.fixture
async def voice() -> FakeVoice:
    return FakeVoice()


@pytest.fixture
async def speaker(voice: FakeVoice, tmp_path: Path) -> AsyncIterator[Speaker]:
    async for one in made(tmp_path, [voice]):
        yield one


async def made(folder: Path, voices: Sequence[FakeVoice]) -> AsyncIterator[Speaker]:
    speaker = Speaker(voices, SpeechStore(folder), {"您好。": b"recorded", "请稍等，我查一下。": b"wait"}, 0.95)
    yield speaker
    await speaker.aclose()


async def test_a_recorded_sentence_is_played_at_its_own_pace_only(speaker: Speaker, voice: FakeVoice) -> None:
    assert (await speaker.audio("您好。", 0.95)).startswith(b"recorded")
    assert voice.said == []
    assert (await speaker.audio("您好。", 0.75)).startswith(SECOND)
    assert voice.said == ["您好。"]


async def test_a_sentence_ends_with_a_pause(speaker: Speaker) -> None:
    full_stop, comma = await speaker.audio("不用备案。", 1.0), await speaker.audio("不用备案，", 1.0)
    assert len(SECOND) < len(comma) < len(full_stop)


async def test_a_reply_is_cut_into_spoken_sentences(speaker: Speaker) -> None:
    assert speaker.sentences("交380元。可打12393。") == ["交三百八十元。", "可打幺二三九三。"]


async def test_what_was_prepared_is_found_after_a_restart(speaker: Speaker, voice: FakeVoice, tmp_path: Path) -> None:
    assert await speaker.prepare(["不用备案。直接去就行。", "不用备案。"], 0.95) == 2
    assert await speaker.prepare(["不用备案。"], 0.95) == 0
    async for later in made(tmp_path, [voice]):
        assert len(await later.audio("不用备案。", 0.95)) > len(SECOND)
    assert voice.said == ["不用备案。", "直接去就行。"]


async def test_what_callers_wait_for_is_prepared_first(speaker: Speaker, voice: FakeVoice) -> None:
    await speaker.prepare(["一开头。一结尾。", "二开头。二结尾。"], 0.95)
    assert voice.said == ["一开头。", "二开头。", "一结尾。", "二结尾。"]


async def test_live_speech_is_not_kept_on_disk(speaker: Speaker, voice: FakeVoice, tmp_path: Path) -> None:
    for _ in range(2):
        await speaker.audio("王大爷，您的余额是一百元。", 0.95)
    assert len(voice.said) == 1, "but is kept in memory for a repetition"
    assert not list(tmp_path.iterdir())


async def test_a_waiting_caller_stops_preparation_which_then_goes_on(speaker: Speaker, voice: FakeVoice) -> None:
    voice.free.clear()
    preparing = asyncio.create_task(speaker.prepare(["公布的一句。"], 0.95))
    await until(lambda: voice.asked == ["公布的一句。"])
    live = asyncio.create_task(speaker.audio("现在要说的。", 0.95))
    await until(lambda: voice.asked[1:] == ["现在要说的。"])
    assert voice.cancelled == ["公布的一句。"]
    voice.free.set()
    await live
    assert await asyncio.wait_for(preparing, GUARD_SECONDS) == 1
    assert voice.said == ["现在要说的。", "公布的一句。"]


async def test_nothing_is_prepared_during_calls(speaker: Speaker, voice: FakeVoice) -> None:
    calls = [True]
    preparing = asyncio.create_task(speaker.prepare(["公布的一句。"], 0.95, busy=lambda: bool(calls)))
    await asyncio.sleep(0.3)
    assert voice.said == []
    calls.clear()
    assert await asyncio.wait_for(preparing, GUARD_SECONDS) == 1


async def test_the_other_engine_speaks_when_one_fails(tmp_path: Path) -> None:
    substitute = FakeVoice("substitute")
    async for speaker in made(tmp_path, [FakeVoice("broken", fails=True), substitute]):
        assert (await speaker.audio("不用备案。", 0.95)).startswith(SECOND)
        assert await speaker.prepare(["公布的一句。"], 0.95) == 0, "the substitute's voice is not stored"
    assert substitute.said == ["不用备案。"]


class BusyAtFirst(FakeVoice):
    """Fails as often as it is told to, then works."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self._failures = failures

    async def speak(self, text: str, pace: float = 1.0) -> bytes:
        if self._failures:
            self._failures -= 1
            raise EngineUnavailable(code="synthesiser_timeout")
        return await super().speak(text, pace)


async def test_an_engine_that_was_too_busy_is_left_in_peace_and_then_says_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests: list[float] = []
    real = asyncio.sleep

    async def rest(seconds: float) -> None:
        rests.append(seconds)
        await real(0)

    texts = [f"第{number}句。" for number in "一二三四五"]
    async for speaker in made(tmp_path, [BusyAtFirst(4)]):
        monkeypatch.setattr("voice.speaker.asyncio.sleep", rest)
        assert await speaker.prepare(texts, 0.95) == len(texts)
        monkeypatch.undo()
    assert rests == [60.0]


async def test_a_voice_that_keeps_a_caller_waiting_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.speaker.LIVE_SECONDS", 0.02)
    slow, substitute = FakeVoice("slow"), FakeVoice("substitute")
    slow.free.clear()
    async for speaker in made(tmp_path, [slow, substitute]):
        assert (await speaker.audio("不用备案。", 0.95)).startswith(SECOND)
    assert slow.cancelled == substitute.said == ["不用备案。"]


async def test_when_all_fail_the_caller_hears_a_recording(tmp_path: Path) -> None:
    async for speaker in made(tmp_path, [FakeVoice(fails=True), FakeVoice(fails=True)]):
        assert await speaker.audio("不用备案。", 0.95) == b"recorded"


async def test_without_even_a_recording_it_says_so(tmp_path: Path) -> None:
    speaker = Speaker([FakeVoice(fails=True)], SpeechStore(tmp_path), {}, 0.95)
    with pytest.raises(EngineUnavailable):
        await speaker.audio("不用备案。", 0.95)
    await speaker.aclose()


def test_the_store_gives_up_what_was_used_least(tmp_path: Path) -> None:
    store = SpeechStore(tmp_path, max_bytes=int(3.5 * len(pack(SECOND))))
    for name in ("a", "b", "c", "d"):
        store.put(name, SECOND)
        store.get("a")
    assert "a" in store
    assert "d" in store
    assert "b" not in store


def test_a_damaged_file_in_the_store_is_forgotten(tmp_path: Path) -> None:
    store = SpeechStore(tmp_path)
    store.put("a", SECOND)
    (tmp_path / "a.ogg").write_bytes(b"rubbish")
    assert store.get("a") is None
    assert "a" not in store


def test_text_voice_and_pace_name_a_sentence() -> None:
    assert len({key("a", "v", 1.0), key("b", "v", 1.0), key("a", "w", 1.0), key("a", "v", 0.8)}) == 4


async def test_what_comes_ready_made_with_the_code_is_not_made_again(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    made = SpeechStore(ready, ready_made=tmp_path / "none")
    made.put(key("备案长期有效。", "kokoro zf_xiaoxiao", 0.95), bytes(32000))
    store = SpeechStore(tmp_path / "own", ready_made=ready)
    name = key("备案长期有效。", "kokoro zf_xiaoxiao", 0.95)
    assert name in store
    assert store.get(name)
    assert list((tmp_path / "own").iterdir()) == []
