"""`GET /speech/{token}`: what the service said or published, read aloud in its own voice.

    aloud = ReadAloud(voices.speaker, vault, pace)
    aloud.link("要先备案。")                 # "/speech/AbC…", sent with the reply or put on the page
    GET /speech/AbC…?part=0                 # MP3 of the first sentence; header Speech-Parts tells how many there are
    GET /speech/AbC…                        # all of it in one file, for a browser without JavaScript; also by ranges

The token is the text itself, sealed: only what we gave out can be spoken, any process can speak it, nothing is
remembered, and an address in some log tells nothing. Pressing again and again is slowed and then refused, the queue is
short, and one sentence is made at a time, so that callers on the telephone find the voice free.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from hashlib import sha256

import structlog
from aiohttp import web
from cachetools import LRUCache

from base.errors import ServiceError
from connectors.shared.addresses import throttled_as
from connectors.web.call.ranges import ranged
from connectors.web.chat.carried import Seal
from connectors.web.chat.rate import SPEECH, SPEECH_OF_TEXT, RateLimit, RateLimiter, TooFast
from connectors.web.pages.failing import wants_page
from connectors.web.pages.view import calm
from voice.mouth import Voice
from voice.mp3 import to_mp3

MAX_CHARS = 600
"""About two and a half minutes of speech; what is longer is read up to the end of a sentence."""
MAX_WAITING = 8
_MAX_TOKEN_CHARS = 4096
_PURPOSE = b"speech "
_KEPT_BYTES = 8_000_000
_WAIT_SECONDS = 60.0
_REST = "后面的，请看屏幕。"
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
_log = structlog.get_logger()


class NotSpoken(Exception):
    """Nothing can be heard now: the status says why."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class ReadAloud:
    """The endpoint, and the links to it. Used from the event loop."""

    def __init__(self, voice: Voice, seal: Seal, pace: float, limit: RateLimit = SPEECH_OF_TEXT) -> None:
        self._voice, self._seal, self._pace = voice, seal, pace
        self._clients, self._texts = RateLimiter(SPEECH), RateLimiter(limit)
        self._making = asyncio.Lock()
        self._waiting = 0
        self._kept: LRUCache[str, bytes] = LRUCache(_KEPT_BYTES, getsizeof=len)

    def link(self, text: str) -> str:
        """The address at which `text` can be heard; "" for nothing to say."""
        said = _shortened(text.strip())
        if not said:
            return ""
        sealed = self._seal.encrypt_bytes(_PURPOSE + said.encode())
        return f"/speech/{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}"

    async def handle(self, request: web.Request) -> web.Response:
        """One sentence, or everything."""
        try:
            token = request.match_info["token"]
            text = self._text(token)
            await self._clients.enter(throttled_as(request))
            await self._texts.enter(token)
            sentences = self._voice.sentences(text)
            wanted = _wanted(request.query.get("part"), len(sentences))
            spoken = b"".join([await self._speech(sentences[number]) for number in wanted])
        except TooFast:
            return _refused(request, 429, "您点得太快了，请稍等几秒再听。")
        except NotSpoken as error:
            return _refused(request, error.status, error.words)
        headers = {
            **_HEADERS,
            "Speech-Parts": str(len(sentences)),
            "Cache-Control": "private, max-age=86400, immutable",
        }
        return ranged(request, spoken, "audio/mpeg", headers)

    def _text(self, token: str) -> str:
        if len(token) > _MAX_TOKEN_CHARS:
            raise NotSpoken(404, "没有这段声音。")
        try:
            sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            plain = self._seal.decrypt_bytes(sealed)
        except (ValueError, binascii.Error) as error:
            raise NotSpoken(404, "没有这段声音。") from error
        if not plain.startswith(_PURPOSE):
            raise NotSpoken(404, "没有这段声音。")
        return plain[len(_PURPOSE) :].decode()

    async def _speech(self, sentence: str) -> bytes:
        key = sha256(sentence.encode()).hexdigest()
        if (kept := self._kept.get(key)) is not None:
            return kept
        if self._waiting >= MAX_WAITING:
            raise NotSpoken(503, "现在听的人多，请过一会儿再点。")
        self._waiting += 1
        try:
            async with asyncio.timeout(_WAIT_SECONDS), self._making:
                pcm = await self._voice.audio(sentence, self._pace)
        except (ServiceError, TimeoutError) as error:
            _log.warning("speech_failed", code=getattr(error, "code", "too_slow"))
            raise NotSpoken(503, "现在念不出声，请看屏幕，或者过一会儿再点。") from error
        finally:
            self._waiting -= 1
        made = await asyncio.to_thread(to_mp3, pcm)
        self._kept[key] = made
        return made


def _wanted(part: str | None, count: int) -> range:
    """The numbers of the sentences that were asked for. Raises NotSpoken."""
    if part is None and count:
        return range(count)
    if part is None or not (part.isascii() and part.isdigit() and len(part) < 4 and int(part) < count):
        raise NotSpoken(404, "没有这段声音。")
    return range(int(part), int(part) + 1)


def _shortened(text: str) -> str:
    if len(text) <= MAX_CHARS:
        return text
    cut = text[:MAX_CHARS]
    end = max(cut.rfind(mark) for mark in "。！？；\n") + 1
    return (cut[:end] or cut) + _REST


def _refused(request: web.Request, status: int, words: str) -> web.Response:
    """A sentence for our script, a page for somebody whose browser opened the link itself."""
    if wants_page(request):
        return calm(request, "没有念出来", words, status)
    return web.Response(status=status, text=words, headers={**_HEADERS, "Cache-Control": "no-store"})
