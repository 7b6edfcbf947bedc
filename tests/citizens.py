"""Citizens at the two ends where more is needed than a question and an answer: a call, a follower's phone."""

from __future__ import annotations

import asyncio
import json

import aiohttp

from demo.wechat.delivery import BROKEN
from tests.guard import GUARD_SECONDS
from voice.audio import FRAME_BYTES, FRAME_MS


class Follower:
    """Of the account whose platform stands in at `platform`."""

    def __init__(self, platform: str, openid: str) -> None:
        self._phone = f"{platform}/phone/{openid}"
        self._shown = 0

    async def follow(self, answered: str) -> None:
        """The account, which welcomes with a sentence that has these words."""
        await self._do("event", {"event": "subscribe"}, answered)

    async def ask(self, text: str, answered: str) -> str:
        """What the account has said since, once it has these words."""
        return await self._do("text", {"text": text}, answered)

    async def _do(self, what: str, fields: dict[str, str], answered: str) -> str:
        told = ""
        async with asyncio.timeout(GUARD_SECONDS), aiohttp.ClientSession() as http:
            async with http.post(f"{self._phone}/{what}", json=fields) as done:
                assert done.status == 200, await done.text()
            while answered not in told:
                async with http.get(f"{self._phone}/messages", params={"after": str(self._shown)}) as came:
                    for bubble in await came.json():
                        self._shown = bubble["number"]
                        assert bubble["text"] != BROKEN, told
                        told += bubble["text"] + "\n" if bubble["who"] == "account" else ""
        return told


class Caller:
    """Somebody at a page's softphone who speaks, and reads what is said."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._to_say = bytearray()
        self.told: list[str] = []

    async def ask(self, speech: bytes, answered: str) -> str:
        """Say it; what we have said since, once it has these words."""
        since = len(self.told)
        self._to_say += speech
        return await self.until_told(answered, since)

    async def until_told(self, words: str, since: int = 0) -> str:
        """What we have said from the sentence `since` on, once it has `words`."""
        async with asyncio.timeout(2 * GUARD_SECONDS):
            while words not in (said := "\n".join(self.told[since:])):
                assert not self._socket.closed, said
                await asyncio.sleep(0.05)
        return said

    async def listen(self) -> None:
        """Until cancelled: what the page does with what it gets."""
        async for message in self._socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            told = json.loads(message.data)
            if told["type"] == "mark":
                await self._socket.send_str(json.dumps({"type": "played", "id": told["id"]}))
            elif told["type"] == "caption" and told["who"] == "assistant":
                self.told.append(told["text"])

    async def speak(self) -> None:
        """Until cancelled: a frame in its time, silent where nothing is to be said."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not self._socket.closed:
            frame = bytes(self._to_say[:FRAME_BYTES])
            del self._to_say[:FRAME_BYTES]
            await self._socket.send_bytes(frame.ljust(FRAME_BYTES, b"\0"))
            due += FRAME_MS / 1000
            await asyncio.sleep(max(0.0, due - loop.time()))
