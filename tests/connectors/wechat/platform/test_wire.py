from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from connectors.wechat.platform.wire import BadMessage, Incoming, Place, incoming, read_xml, text_reply

HEAD = "<ToUserName>gh_1</ToUserName><FromUserName>oA</FromUserName><CreateTime>1764000000</CreateTime>"


def read(rest: str) -> Incoming:
    return incoming(read_xml(f"<xml>{HEAD}{rest}</xml>".encode()))


def test_a_text_is_read():
    message = read("<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[俺<b>看病]]></Content><MsgId>77</MsgId>")
    assert message == Incoming("oA", "gh_1", 1764000000, "text", msg_id="77", text="俺<b>看病")
    assert message.key == "77"


def test_voice_picture_place_and_link_are_read():
    voice = read("<MsgType>voice</MsgType><MediaId>m1</MediaId><Format>amr</Format><MsgId>1</MsgId>")
    assert (voice.kind, voice.media_id) == ("voice", "m1")
    assert read("<MsgType>image</MsgType><MediaId>m2</MediaId><MsgId>2</MsgId>").media_id == "m2"
    place = read(
        "<MsgType>location</MsgType><Location_X>35.4</Location_X><Location_Y>116.5</Location_Y><MsgId>3</MsgId>"
    )
    assert place.place == Place(35.4, 116.5)
    assert read("<MsgType>link</MsgType><Url>http://x</Url><MsgId>4</MsgId>").kind == "link"


def test_events_are_told_apart_by_whom_when_and_what():
    click = read("<MsgType>event</MsgType><Event>CLICK</Event><EventKey>bind</EventKey>")
    assert (click.event, click.event_key) == ("click", "bind")
    assert click.key == "oA 1764000000 click bind"
    assert read("<MsgType>event</MsgType><Event>unsubscribe</Event>").key != click.key


def test_consent_is_read_from_the_window_and_not_from_a_sent_notice():
    entry = "<List><TemplateId>t1</TemplateId><SubscribeStatusString>{}</SubscribeStatusString></List>"
    both = entry.format("accept") + entry.format("reject")
    popup = read(f"<MsgType>event</MsgType><SubscribeMsgPopupEvent>{both}</SubscribeMsgPopupEvent>")
    assert popup.accepted == (("t1", True), ("t1", False))
    sent = "<List><TemplateId>t1</TemplateId><ErrorCode>0</ErrorCode></List>"
    assert read(f"<MsgType>event</MsgType><SubscribeMsgSentEvent>{sent}</SubscribeMsgSentEvent>").accepted == ()


def test_an_unknown_type_is_a_message_all_the_same():
    assert read("<MsgType>hologram</MsgType><MsgId>5</MsgId>").kind == "other"


@pytest.mark.parametrize("where", ["nan", "91", "x", ""])
def test_a_place_that_is_none_is_no_place(where):
    fields = f"<Location_X>{where}</Location_X><Location_Y>116</Location_Y>"
    assert read(f"<MsgType>location</MsgType>{fields}<MsgId>6</MsgId>").place is None


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"\xff\xfe",
        b"<xml><a></xml>",
        b"<other/>",
        f"{BOMB}<xml>{HEAD}<Content>&b;</Content></xml>".encode(),
        f"{BOMB}<xml>{HEAD}</xml>".encode("utf-16"),
        f'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml>{HEAD}</xml>'.encode(),
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml>&f;</xml>',
        b"<xml>" * 100_000,
    ],
)
def test_bombs_and_rubbish_are_refused(body):
    with pytest.raises(BadMessage):
        read_xml(body)


@pytest.mark.parametrize(
    "fields",
    [
        "<FromUserName>oA</FromUserName>",
        "<CreateTime>1</CreateTime>",
        "<FromUserName>oA</FromUserName><CreateTime>soon</CreateTime>",
        f"<FromUserName>{'o' * 200}</FromUserName><CreateTime>1</CreateTime>",
    ],
)
def test_a_message_from_nobody_is_refused(fields):
    with pytest.raises(BadMessage):
        incoming(read_xml(f"<xml>{fields}<MsgType>text</MsgType></xml>".encode()))


def test_a_megabyte_of_text_is_cut_before_it_goes_anywhere():
    assert len(read(f"<MsgType>text</MsgType><Content>{'医' * 350_000}</Content><MsgId>8</MsgId>").text) < 2100


@pytest.mark.parametrize("text", ["要备案。\n第二行", "结尾]]>中间", "<xml>&amp;", "😀\x00\x0b"])
def test_a_reply_is_xml_whatever_it_says(text):
    root = fromstring(text_reply(Incoming("oA", "gh_1", 1, "text"), text, 1764000001))
    assert root.findtext("ToUserName") == "oA"
    assert root.findtext("FromUserName") == "gh_1"
    assert root.findtext("Content") == text.replace("\x00", "").replace("\x0b", "")
