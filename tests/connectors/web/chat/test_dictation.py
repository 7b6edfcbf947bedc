"""Speaking into the question: PCM in, words out, nothing kept."""

from __future__ import annotations

import pytest

from connectors.web.chat.dictation import MAX_BYTES, Dictation
from connectors.web.chat.rate import RateLimit
from tests.connectors.web.reading import Reader, ScriptedRecogniser
from tests.connectors.web.scripted import running

SPOKEN = b"\x01\x00" * 16_000


async def test_what_was_said_comes_back_as_words(site: Reader):
    response = await site.client.post("/dictation", data=SPOKEN)
    assert (response.status, await response.json()) == (200, {"text": "俺在北京看病，用不用备案"})
    assert site.recogniser.fed == len(SPOKEN)
    assert site.recogniser.closed == 1


async def test_silence_is_said_to_be_silence(site: Reader):
    site.recogniser.text = " "
    for body in (SPOKEN, b"", b"\x00" * 100):
        response = await site.client.post("/dictation", data=body)
        assert response.status == 400
        assert "没听清" in (await response.json())["error"]["text"]


async def test_a_recording_without_end_is_refused(site: Reader):
    response = await site.client.post("/dictation", data=bytes(MAX_BYTES + 2))
    assert response.status == 400
    assert "分几次说" in (await response.json())["error"]["text"]
    assert site.recogniser.fed == 0


@pytest.mark.parametrize("origin", ["https://elsewhere.test", "null"])
async def test_other_sites_cannot_use_it(site: Reader, origin: str):
    assert (await site.client.post("/dictation", data=SPOKEN, headers={"Origin": origin})).status == 403


async def test_a_flood_is_slowed():
    limit = RateLimit(per_second=0.01, burst=2, patience_seconds=0.0)
    async with running(dictation=Dictation(ScriptedRecogniser(), str, limit)) as (client, _):
        statuses = [(await client.post("/dictation", data=SPOKEN)).status for _ in range(3)]
    assert statuses == [200, 200, 429]
