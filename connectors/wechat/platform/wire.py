"""The platform's XML: what a citizen did, read safely; the reply to it, written.

No document type, no entities, nothing fetched: `defusedxml` refuses them, and so each "bomb" costs nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from base.errors import BadInput

MAX_TEXT_CHARS = 2000
"""More than WeChat lets anybody type. What is longer is cut here; the dialogue says that it is too long."""
_MAX_ID_CHARS = 128

Kind = Literal["text", "voice", "image", "location", "link", "event", "other"]
_KINDS: dict[str, Kind] = {
    "text": "text",
    "voice": "voice",
    "image": "image",
    "location": "location",
    "link": "link",
    "event": "event",
}


class BadMessage(BadInput):
    """The XML is no message of the platform's."""

    code = "wechat_xml"
    citizen_text = "这条消息没有收到完整，请再发一次。"


@dataclass(frozen=True, slots=True)
class Place:
    """A point the citizen sent: degrees north and east, as maps in China count them (GCJ-02)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or event. `account`: our own name at the platform, which signs the reply."""

    openid: str
    account: str
    sent_at: int
    kind: Kind
    msg_id: str = ""
    text: str = ""
    media_id: str = ""
    place: Place | None = None
    event: str = ""
    """Lower case: "click", "subscribe", "unsubscribe", "scan", "view", "location" …"""
    event_key: str = ""
    accepted: tuple[tuple[str, bool], ...] = ()
    """Of a subscription window: each template's id, and whether the citizen agreed."""

    @property
    def key(self) -> str:
        """The same for every delivery of the same message, and for no other."""
        return self.msg_id or f"{self.openid} {self.sent_at} {self.event} {self.event_key}"


def read_xml(body: bytes) -> Element:
    """Raises BadMessage for what is not well-formed, not UTF-8, or asks a parser for more than to read."""
    try:
        text = body.decode("utf-8")
        root: Element = fromstring(text, forbid_dtd=True)
    except (UnicodeDecodeError, ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise BadMessage from error
    if root.tag != "xml":
        raise BadMessage
    return root


def incoming(root: Element) -> Incoming:
    """A message. Raises BadMessage when it does not say from whom or when."""
    openid, account = _id(root, "FromUserName"), _id(root, "ToUserName")
    sent_at = _field(root, "CreateTime")
    if not openid or not sent_at.isdecimal() or len(sent_at) > 12:
        raise BadMessage(code="wechat_fields")
    kind = _KINDS.get(_field(root, "MsgType").lower(), "other")
    return Incoming(
        openid,
        account,
        int(sent_at),
        kind,
        msg_id=_id(root, "MsgId"),
        text=_field(root, "Content")[: MAX_TEXT_CHARS + 1],
        media_id=_id(root, "MediaId"),
        place=_place(root, kind),
        event=_field(root, "Event").lower()[:_MAX_ID_CHARS],
        event_key=_field(root, "EventKey")[:_MAX_ID_CHARS],
        accepted=tuple(_accepted(root)),
    )


def text_reply(message: Incoming, text: str, now: int) -> str:
    """The passive reply: XML that the platform shows to whom it was asked by."""
    return (
        f"<xml><ToUserName>{_cdata(message.openid)}</ToUserName><FromUserName>{_cdata(message.account)}</FromUserName>"
        f"<CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>{_cdata(text)}</Content></xml>"
    )


def sealed_reply(sealed: str, signature: str, timestamp: str, nonce: str) -> str:
    """The envelope around an encrypted reply."""
    return (
        f"<xml><Encrypt>{_cdata(sealed)}</Encrypt><MsgSignature>{_cdata(signature)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
    )


def _cdata(text: str) -> str:
    legal = "".join(char for char in text if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff"))
    return f"<![CDATA[{legal.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _field(root: Element, name: str) -> str:
    return (root.findtext(name) or "").strip()


def _id(root: Element, name: str) -> str:
    value = _field(root, name)
    if len(value) > _MAX_ID_CHARS or not value.isprintable():
        raise BadMessage(code="wechat_fields")
    return value


def _place(root: Element, kind: Kind) -> Place | None:
    names = ("Location_X", "Location_Y") if kind == "location" else ("Latitude", "Longitude")
    try:
        latitude, longitude = (float(_field(root, name)) for name in names)
    except ValueError:
        return None
    inside = math.isfinite(latitude) and abs(latitude) <= 90 and math.isfinite(longitude) and abs(longitude) <= 180
    return Place(latitude, longitude) if inside else None


def _accepted(root: Element) -> list[tuple[str, bool]]:
    """Of the events of the subscription window; that of a sent notice has no status."""
    return [
        (_field(entry, "TemplateId")[:_MAX_ID_CHARS], _field(entry, "SubscribeStatusString").lower() == "accept")
        for holder in root
        if holder.tag.startswith("SubscribeMsg")
        for entry in holder.findall("List")
        if _field(entry, "SubscribeStatusString")
    ]
