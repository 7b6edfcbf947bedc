"""Calls to the platform: patience, errors by their kind, and a token replaced within the same call."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from connectors.wechat.platform.api import MAX_MEDIA_BYTES, Backoff, PlatformApi
from connectors.wechat.platform.errors import (
    MediaGone,
    PlatformBusy,
    PlatformError,
    TokenRefused,
    Unreachable,
    WindowClosed,
)

QUICK = Backoff(tries=3, first_seconds=0.001)


class Tokens:
    """Gives "t1", and after it was refused "t2"."""

    def __init__(self):
        self.refusals = []

    async def get(self):
        return f"t{len(self.refusals) + 1}"

    async def refused(self, token):
        self.refusals.append(token)


@pytest.fixture
async def platform():
    """Answers with what `answers` holds, in order; `seen` are the tokens it was asked with."""

    class Platform:
        answers, seen = [], []

    platform = Platform()
    platform.answers, platform.seen = [], []

    async def handle(request):
        platform.seen.append(request.query.get("access_token"))
        answer = platform.answers.pop(0)
        if isinstance(answer, bytes):
            return web.Response(body=answer, content_type="audio/amr")
        if isinstance(answer, str):
            return web.Response(text=answer, content_type="text/html", status=502)
        return web.json_response(answer)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    async with TestServer(app) as server:
        platform.api = PlatformApi(str(server.make_url("/")), QUICK)
        yield platform
        await platform.api.aclose()


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_refused_token_is_replaced_within_the_call(platform, errcode):
    platform.answers = [{"errcode": errcode}, {"errcode": 0}]
    tokens = Tokens()
    await platform.api.post(tokens, "/x", {})
    assert platform.seen == ["t1", "t2"]
    assert tokens.refusals == ["t1"]


async def test_two_refusals_are_enough(platform):
    platform.answers = [{"errcode": 40001}, {"errcode": 40001}]
    with pytest.raises(TokenRefused):
        await platform.api.post(Tokens(), "/x", {})


async def test_busy_and_pages_of_a_proxy_are_tried_again(platform):
    platform.answers = [{"errcode": -1}, "<html>bad gateway</html>", {"errcode": 0}]
    await platform.api.post(Tokens(), "/x", {})
    assert len(platform.seen) == 3


async def test_patience_ends(platform):
    platform.answers = [{"errcode": -1}] * 3
    with pytest.raises(PlatformBusy):
        await platform.api.post(Tokens(), "/x", {})


@pytest.mark.parametrize("errcode", [45009, 45011])
async def test_a_limit_is_not_strained(platform, errcode):
    platform.answers = [{"errcode": errcode}]
    with pytest.raises(PlatformBusy):
        await platform.api.post(Tokens(), "/x", {})
    assert len(platform.seen) == 1


@pytest.mark.parametrize(
    ("errcode", "kind"), [(45015, WindowClosed), (45047, WindowClosed), (43004, Unreachable), (48001, PlatformError)]
)
async def test_refusals_are_told_apart(platform, errcode, kind):
    platform.answers = [{"errcode": errcode, "errmsg": "may quote a citizen"}]
    with pytest.raises(kind) as refused:
        await platform.api.post(Tokens(), "/x", {})
    assert refused.value.errcode == errcode
    assert "quote" not in str(refused.value)


async def test_media_comes_as_it_is_and_an_expired_one_is_gone(platform):
    platform.answers = [{"errcode": 42001}, b"#!AMR\n", {"errcode": 40007}, b""]
    assert await platform.api.media(Tokens(), "m") == b"#!AMR\n"
    for _ in range(2):
        with pytest.raises(MediaGone):
            await platform.api.media(Tokens(), "m")


async def test_a_large_picture_comes_whole_and_one_too_large_is_refused(platform):
    """Only what had arrived so far was read: a photo of 3 MB came as 128 kB."""
    photo = bytes(range(256)) * 12_000
    platform.answers = [photo, bytes(MAX_MEDIA_BYTES + 1)]
    assert await platform.api.media(Tokens(), "m") == photo
    with pytest.raises(MediaGone):
        await platform.api.media(Tokens(), "m")
