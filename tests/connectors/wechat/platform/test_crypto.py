"""The vectors are the platform's own: from its pages on message encryption and on receiving callbacks."""

from __future__ import annotations

import base64

import pytest

from base.errors import SetupError
from connectors.wechat.platform.crypto import Forged, MessageCipher, check_signature, signature

TOKEN, KEY, APPID = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
SEALED = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvu"
    "JTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwG"
    "c2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9"
    "EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0"
    "lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
REPLY = """<xml>
<MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[test]]></Content>
<FromUserName><![CDATA[wx49f0ab532d5d035a]]></FromUserName>
<ToUserName><![CDATA[messense]]></ToUserName>
<AgentID>1</AgentID>
<CreateTime>1411525903</CreateTime>
</xml>"""
REPLY_SEALED = (
    "9s4gMv99m88kKTh/H8IdkOiMg6bisoy3ypwy9H4hvSPe9nsGaqyw5hhSjdYbcrKk+j3nba4HMOTzHrluLBYqxgNcBqGsL8GqxlhZgURnAtObve"
    "sEl5nZ+uBE8bviY0LWke8Zy9V/QYKxNV2FqllNXcfmstttyIkMKCCmVbCFM2JTF5wY0nFhHZSjPUL2Q1qvSUCUld+/WIXrx0oyKQmpB6o8NRrr"
    "NrsDf03oxI1p9FxUgMnwKKZeOA/uu+2IEvEBtb7muXsVbwbgX05UPPJvFurDXafG0RQyPR+mf1nDnAtQmmNOuiR5MIkdQ39xn1vWwi1O5oazPo"
    "QJz0nTYjxxEE8kv3kFxtAGVRe3ypD3WeK2XeFYFMNMpatF9XiKzHo3"
)


def test_plain_signatures_are_those_of_the_platforms_examples():
    assert signature("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"
    assert signature("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


def test_sealed_signatures_are_those_of_the_platforms_examples():
    assert signature(TOKEN, "1409659813", "1372623149", SEALED) == "477715d11cdb4164915debcba66cb864d751f3e6"
    assert signature(TOKEN, "1409659589", "263014780", ECHO) == "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"


def test_the_platforms_example_is_opened():
    message = MessageCipher(KEY, APPID).open(SEALED).decode()
    assert "<Content><![CDATA[hello]]></Content>" in message
    assert "<MsgId>4561255354251345929</MsgId>" in message
    assert MessageCipher(KEY, APPID).open(ECHO) == b"1616140317555161061"


def test_what_is_sealed_is_what_the_published_library_seals():
    cipher = MessageCipher("kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "wx49f0ab532d5d035a")
    assert cipher.seal(REPLY, random=b"1234567890123456") == REPLY_SEALED
    claimed = "407518b7649e86ef23978113f92d27afa9296533"
    assert signature("123456", "1411525903", "461056294", REPLY_SEALED) == claimed


@pytest.mark.parametrize("text", ["", "您好，异地就医要备案。", "𠮷野家😀", "x" * 26, "长" * 50_000])
def test_chinese_text_of_any_length_travels_both_ways(text):
    cipher = MessageCipher(KEY, APPID)
    sealed = cipher.seal(text)
    assert cipher.open(sealed).decode() == text
    assert len(base64.b64decode(sealed)) % 32 == 0
    assert cipher.seal(text) != sealed, "sealed anew with other random bytes each time"


@pytest.mark.parametrize("claimed", ["", "0" * 40, signature("other", "1", "2"), "签名"])
def test_a_wrong_signature_is_forged(claimed):
    with pytest.raises(Forged) as refused:
        check_signature(claimed, TOKEN, "1", "2")
    assert refused.value.code == "wechat_signature"


@pytest.mark.parametrize(
    "sealed", ["", "x", "你好", SEALED[:-8], SEALED[:-4] + "AAAA", base64.b64encode(b"0" * 64).decode()]
)
def test_what_was_not_sealed_with_our_key_is_forged(sealed):
    with pytest.raises(Forged):
        MessageCipher(KEY, APPID).open(sealed)


def test_a_message_for_another_account_is_forged():
    with pytest.raises(Forged) as refused:
        MessageCipher(KEY, "wx0000000000000000").open(SEALED)
    assert refused.value.code == "wechat_other_account"


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "A", KEY[:-1] + "!"])
def test_a_key_that_cannot_be_one_is_told_at_start(key):
    with pytest.raises(SetupError, match="WECHAT_AES_KEY"):
        MessageCipher(key, APPID)
