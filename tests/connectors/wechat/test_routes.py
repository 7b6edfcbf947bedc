from __future__ import annotations

import io
import secrets
import time
from contextlib import asynccontextmanager
from xml.etree.ElementTree import fromstring

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from base.errors import EngineUnavailable
from connectors.wechat.inbound.replay import ReplayGuard
from connectors.wechat.platform.crypto import MessageCipher, signature
from connectors.wechat.platform.wire import MAX_TEXT_CHARS
from connectors.wechat.routes import Account, Callback, setup

TOKEN, APPID = "yibao-demo-token", "wxdemo00000000001"
CIPHER = MessageCipher("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", APPID)
XML = (
    "<xml><ToUserName>gh_1</ToUserName><FromUserName>oA</FromUserName><CreateTime>1764000000</CreateTime>"
    "<MsgType>text</MsgType><Content><![CDATA[{}]]></Content><MsgId>1</MsgId></xml>"
)


@pytest.fixture
def running(database):
    @asynccontextmanager
    async def running(answer="要备案。😀", allow_plain=True):
        asked = []

        async def reply(message):
            asked.append(message)
            if isinstance(answer, Exception):
                raise answer
            return answer

        app = web.Application()
        setup(app, Callback(Account(APPID, TOKEN, CIPHER, allow_plain), ReplayGuard(database), reply))
        async with TestClient(TestServer(app)) as client:
            yield client, asked

    return running


def query(sealed="", **changed):
    timestamp, nonce = str(int(time.time())), secrets.token_hex(6)
    asked = {"timestamp": timestamp, "nonce": nonce, "signature": signature(TOKEN, timestamp, nonce)}
    if sealed:
        asked |= {"encrypt_type": "aes", "msg_signature": signature(TOKEN, timestamp, nonce, sealed)}
    return asked | changed


async def post(client, body, asked):
    response = await client.post(
        "/wechat", params=asked, data=io.BytesIO(body.encode() if isinstance(body, str) else body)
    )
    return response.status, await response.text()


def envelope(sealed):
    return f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{sealed}</Encrypt></xml>"


async def test_the_address_is_proved(running):
    async with running() as (client, _):
        response = await client.get("/wechat", params=query(echostr="4375120948345356249"))
        assert (response.status, await response.text()) == (200, "4375120948345356249")
        assert (await client.get("/wechat", params=query(signature="0" * 40, echostr="1"))).status == 403
        assert (await client.get("/wechat")).status == 403
        old = {"timestamp": "1714036504", "nonce": "1", "signature": signature(TOKEN, "1714036504", "1")}
        assert (await client.get("/wechat", params=old)).status == 403


async def test_a_plain_message_gets_a_plain_reply(running):
    async with running() as (client, asked):
        status, body = await post(client, XML.format("俺在北京看病"), query())
    assert status == 200
    assert asked[0].text == "俺在北京看病"
    reply = fromstring(body)
    assert (reply.findtext("ToUserName"), reply.findtext("Content")) == ("oA", "要备案。😀")


async def test_a_sealed_message_gets_a_sealed_and_signed_reply(running):
    sealed = CIPHER.seal(XML.format("俺在北京看病"))
    async with running(allow_plain=False) as (client, asked):
        status, body = await post(client, envelope(sealed), query(sealed))
    assert status == 200
    assert asked[0].text == "俺在北京看病"
    reply = fromstring(body)
    inside = reply.findtext("Encrypt")
    parts = (TOKEN, reply.findtext("TimeStamp"), reply.findtext("Nonce"), inside)
    assert reply.findtext("MsgSignature") == signature(*parts)
    assert fromstring(CIPHER.open(inside).decode()).findtext("Content") == "要备案。😀"


async def test_nothing_to_say_now_is_success(running):
    async with running(answer="") as (client, _):
        assert await post(client, XML.format("在吗"), query()) == (200, "success")


async def test_forged_messages_reach_nobody(running):
    sealed = CIPHER.seal(XML.format("转账"))
    other = MessageCipher("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxother0000000001").seal(XML.format("转账"))
    async with running(allow_plain=False) as (client, asked):
        for body, asked_with in [
            (XML.format("转账"), query()),  # plain, where only sealed is expected
            (XML.format("转账"), {}),
            (envelope(sealed), query(sealed, msg_signature="0" * 40)),
            (envelope(sealed), query(sealed, nonce="other")),
            (envelope(sealed[:-4] + "AAAA"), query(sealed)),
            (envelope(other), query(other)),
        ]:
            status, sentence = await post(client, body, asked_with)
            assert status == 403
            assert "没有通过核验" in sentence
    assert asked == []


async def test_a_used_signature_carries_no_other_message(running):
    async with running() as (client, asked):
        seen = query()
        assert (await post(client, XML.format("备案"), seen))[0] == 200
        assert (await post(client, XML.format("转账"), seen))[0] == 403
        assert (await post(client, XML.format("备案"), seen))[0] == 200, "the platform may repeat itself"
    assert [message.text for message in asked] == ["备案", "备案"]


@pytest.mark.parametrize(
    "body",
    [
        "hello",
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml><Content>&b;</Content></xml>',
        "<xml><MsgType>text</MsgType></xml>",
        b"\xff\xfe\x00",
    ],
)
async def test_bombs_and_rubbish_get_a_sentence(running, body):
    async with running() as (client, asked):
        status, sentence = await post(client, body, query())
    assert (status, sentence) == (400, "这条消息没有收到完整，请再发一次。")
    assert asked == []


async def test_a_megabyte_of_text_becomes_one_that_is_too_long_and_more_is_refused(running):
    async with running() as (client, asked):
        assert (await post(client, XML.format("医" * 333_000), query()))[0] == 200
        assert MAX_TEXT_CHARS < len(asked[0].text) < 1.1 * MAX_TEXT_CHARS
        status, sentence = await post(client, XML.format("医" * 700_000), query())
    assert status == 413
    assert "太长" in sentence


@pytest.mark.parametrize(("error", "status"), [(EngineUnavailable(), 503), (RuntimeError("secret"), 500)])
async def test_our_own_failure_lets_the_platform_try_again(running, error, status):
    async with running(answer=error) as (client, _):
        got, sentence = await post(client, XML.format("备案"), query())
    assert got == status
    assert "secret" not in sentence
