"""`POST /dictation`: what was said into the page's microphone, as text for the question box. Nothing is kept.

body    PCM in the format of `voice.audio`, at most 15 s
200     {"text": "俺在北京看病用不用备案"}
4xx/5xx {"error": {"code", "text"}}      `text` is a sentence for the citizen
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from aiohttp import web

from base import bounded
from base.errors import BadInput, ServiceError
from connectors.shared.addresses import throttled_as
from connectors.shared.json_body import as_written
from connectors.web.call.calls import is_same_origin
from connectors.web.chat.rate import DICTATION, RateLimit, RateLimiter, TooFast
from voice.audio import FRAME_BYTES, RATE_HZ
from voice.recogniser import Recogniser

MAX_BYTES = 15 * RATE_HZ * 2
MAX_AT_ONCE = 2
_LEAST_BYTES = RATE_HZ // 2
_BODY_SECONDS = 30.0
_HEAR_SECONDS = 20.0
_MARKS = str.maketrans(",?!;:", "，？！；：")
_log = structlog.get_logger()


class NotHeard(BadInput):
    """No words in it."""

    code = "not_heard"
    citizen_text = "没听清您说的话。请靠近手机再说一遍，或者直接打字。"


class Busy(ServiceError):
    """Others are being heard."""

    code = "busy"
    citizen_text = "现在说话的人多，请过一会儿再说，或者直接打字。"


class Dictation:
    """The handler. Shares the recogniser with the calls; few at once, so that calls find it free."""

    def __init__(self, recogniser: Recogniser, correct: Callable[[str], str], limit: RateLimit = DICTATION) -> None:
        self._recogniser, self._correct = recogniser, correct
        self._limiter = RateLimiter(limit)
        self._going_on = 0

    async def handle(self, request: web.Request) -> web.Response:
        """One recording → its words."""
        if not is_same_origin(request):
            raise web.HTTPForbidden(text="只能从本网站的页面说话。")
        try:
            await self._limiter.enter(throttled_as(request))
            text = await self._heard(await _read(request))  # who sends slowly keeps nobody from being heard
        except Busy as busy:
            return _failure(503, busy.code, busy.citizen_text)
        except TooFast:
            return _failure(429, "too_fast", "您说得太快了，请稍等几秒再说。")
        except BadInput as error:
            return _failure(400, error.code, error.citizen_text)
        except (ServiceError, TimeoutError) as error:
            code = getattr(error, "code", "too_slow")
            _log.warning("dictation_failed", code=code)
            return _failure(503, code, "现在听不了您说话，请直接打字，或者打电话。")
        return web.json_response({"text": text}, dumps=as_written)

    async def _heard(self, pcm: bytes) -> str:
        if self._going_on >= MAX_AT_ONCE:
            raise Busy
        self._going_on += 1
        try:
            return await self._words(pcm)
        finally:
            self._going_on -= 1

    async def _words(self, pcm: bytes) -> str:
        utterance = self._recogniser.utterance()
        try:
            utterance.feed(pcm)
            async with asyncio.timeout(_HEAR_SECONDS):
                heard = (await utterance.transcript()).text.strip("，。 ")
        finally:
            utterance.close()
        if not heard:
            raise NotHeard
        return self._correct(heard).translate(_MARKS)


async def _read(request: web.Request) -> bytes:
    """Whole frames of a recording that is neither empty nor too long. Raises BadInput."""
    try:
        body = await bounded.read(request.content, MAX_BYTES, _BODY_SECONDS)
    except bounded.TooLong as error:
        raise BadInput(code="too_long", citizen_text="说得太长了，请分几次说，每次十几秒。") from error
    except TimeoutError as error:
        raise BadInput(code="too_slow", citizen_text="网络太慢，没有收完整，请再说一次。") from error
    if len(body) < _LEAST_BYTES:
        raise NotHeard
    return body[: len(body) // FRAME_BYTES * FRAME_BYTES]


def _failure(status: int, code: str, words: str) -> web.Response:
    body = {"error": {"code": code, "text": words}}
    return web.json_response(body, status=status, dumps=as_written)
