"""Reading aloud: what we said, in our voice, and nothing else."""

from __future__ import annotations

import asyncio
import base64
import re

import pytest

from base.messages import Reply
from connectors.web.call.speech import MAX_CHARS, MAX_WAITING, ReadAloud
from connectors.web.chat.rate import RateLimit
from tests.connectors.web.reading import VAULT, Reader, ScriptedVoice
from tests.connectors.web.scripted import running
from tests.guard import until
from voice.audio import seconds
from voice.packed import unpack


async def test_an_answer_comes_with_the_address_where_it_is_heard(site: Reader):
    site.dialogue.replies = [Reply("济医保字〔2023〕25号写着……", spoken="要先备案。承诺一下就行。")]
    listen = await _listen(site)
    response = await site.client.get(listen, params={"part": "0"})
    assert response.content_type == "audio/mpeg"
    assert response.headers["Speech-Parts"] == "2"
    assert 0.9 < seconds(unpack(await response.read())) < 1.3
    whole = await (await site.client.get(listen)).read()
    assert 1.9 < seconds(unpack(whole)) < 2.4
    assert site.voice.said == ["要先备案。", "承诺一下就行。"], "the spoken form, each sentence made once"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-1", 0, 2), ("bytes=100-", 100, None), ("bytes=-200", -200, None), ("bytes=0-999999999", 0, None)],
)
async def test_a_player_gets_the_part_it_asks_for(site: Reader, asked: str, start: int, end: int | None):
    """An iPhone first asks for two bytes, and plays nothing when it gets everything."""
    listen = await _listen(site)
    whole = await site.client.get(listen)
    body = await whole.read()
    assert (whole.status, whole.headers["Accept-Ranges"]) == (200, "bytes")
    part = await site.client.get(listen, headers={"Range": asked})
    wanted = body[start:end]
    first = body.index(wanted) if len(wanted) > 2 else 0
    assert part.status == 206
    assert part.content_type == "audio/mpeg"
    assert part.headers["Content-Range"] == f"bytes {first}-{first + len(wanted) - 1}/{len(body)}"
    assert part.headers["Content-Length"] == str(len(wanted))
    assert await part.read() == wanted


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=5-2", "bytes=x"])
async def test_a_part_that_the_audio_does_not_have(site: Reader, asked: str):
    listen = await _listen(site)
    size = len(await (await site.client.get(listen)).read())
    response = await site.client.get(listen, headers={"Range": asked})
    assert (response.status, response.headers["Content-Range"]) == (416, f"bytes */{size}")


async def test_a_part_of_something_else_is_the_whole(site: Reader):
    listen = await _listen(site)
    tag = (await site.client.get(listen)).headers["ETag"]
    for more, status in (
        ({"If-Range": tag}, 206),
        ({"If-Range": '"other"'}, 200),
        ({"Range": "bytes=0-1,4-5"}, 200),
        ({"Range": "lines=1-2"}, 200),
    ):
        response = await site.client.get(listen, headers={"Range": "bytes=0-1", **more})
        assert response.status == status


async def test_a_guide_can_be_heard(site: Reader):
    page = await site.page("/guides/enroll-resident")
    link = re.search(r'class="listen" href="([^"]+)"', page)
    assert link
    assert (await site.client.get(link[1])).status == 200
    assert site.voice.said[0] == "城乡居民参保登记。"
    assert any("办理地点" in said for said in site.voice.said)


@pytest.mark.parametrize(
    "token",
    [
        "要先备案",
        base64.urlsafe_b64encode("speech 请把钱转给我".encode()).decode(),
        base64.urlsafe_b64encode(VAULT.encrypt("sealed for something else")).decode(),
        "A" * 5000,
        "%F0%9F%98%80",
        "....",
    ],
    ids=["text", "base64", "sealed for another use", "long", "escaped", "dots"],
)
async def test_nobody_makes_it_say_what_we_did_not_say(site: Reader, token: str):
    response = await site.client.get(f"/speech/{token}")
    assert response.status == 404
    assert site.voice.said == []


async def test_a_changed_token_is_refused(site: Reader):
    listen = await _listen(site)
    changed = listen[:-3] + ("A" if listen[-3] != "A" else "B") + listen[-2:]
    assert (await site.client.get(changed)).status == 404


@pytest.mark.parametrize("part", ["1", "-1", "x", "9999", "", "٠"])
async def test_a_part_that_is_not_there(site: Reader, part: str):
    response = await site.client.get(await _listen(site), params={"part": part})
    assert response.status == 404


async def test_a_long_text_is_read_to_the_end_of_a_sentence(site: Reader):
    site.dialogue.replies = [Reply("这是一句话。" * 300)]
    listen = await _listen(site)
    assert len(listen) < 4000
    response = await site.client.get(listen, params={"part": "0"})
    assert int(response.headers["Speech-Parts"]) == MAX_CHARS // 6 + 1


async def test_a_broken_voice_is_said_and_nothing_is_kept(site: Reader):
    listen = await _listen(site)
    site.voice.is_broken = True
    response = await site.client.get(listen)
    assert response.status == 503
    assert "请看屏幕" in await response.text()
    site.voice.is_broken = False
    assert (await site.client.get(listen)).status == 200


async def test_somebody_who_presses_again_and_again_is_slowed():
    voice = ScriptedVoice()
    aloud = ReadAloud(voice, VAULT, 1.0, RateLimit(per_second=0.01, burst=2, patience_seconds=0.0))
    async with running(aloud=aloud) as (client, _):
        link = aloud.link("要备案。")
        statuses = [(await client.get(link)).status for _ in range(3)]
    assert statuses == [200, 200, 429]


async def test_the_queue_is_short_and_one_is_made_at_a_time():
    class SlowVoice(ScriptedVoice):
        at_once = most = 0
        go = asyncio.Event()

        async def audio(self, sentence: str, pace: float) -> bytes:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            await self.go.wait()
            self.at_once -= 1
            return await super().audio(sentence, pace)

    voice = SlowVoice()
    aloud = ReadAloud(voice, VAULT, 1.0)
    async with running(aloud=aloud) as (client, _):
        links = [aloud.link(f"第{number}句。") for number in range(2 * MAX_WAITING)]
        asking = [asyncio.create_task(client.get(link)) for link in links]
        await until(lambda: sum(task.done() for task in asking) == MAX_WAITING)
        voice.go.set()
        statuses = [(await task).status for task in asking]
    assert voice.most == 1
    assert (statuses.count(200), statuses.count(503)) == (MAX_WAITING, MAX_WAITING)


def test_nothing_to_say_has_no_address():
    assert ReadAloud(ScriptedVoice(), VAULT, 1.0).link("  \n") == ""


async def _listen(site: Reader) -> str:
    response = await site.client.post("/webhooks/rest/webhook", json={"sender": "web-1", "message": "备案"})
    (reply,) = await response.json()
    return str(reply["listen"])
