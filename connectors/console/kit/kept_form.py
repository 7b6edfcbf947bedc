"""What was typed in a form that came after its session ended: it goes through the login, and is shown once more.

It travels as a hidden field of the login form, so nothing of somebody who is not logged in is stored here. It may be
`MOST_BYTES` long; passwords never travel with it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from aiohttp import web

from connectors.console.kit.multipart import MULTIPART, typed_fields

MOST_BYTES = 4 * 2**20
"""A long policy document twice over, as the page for its correction sends it."""
URLENCODED = "application/x-www-form-urlencoded"
_CODE = re.compile(r"[a-z][a-z0-9_.-]*|[0-9a-f]{10}|[0-9]")
_LEFT_OUT = ("csrf", "password", "old", "again")


@dataclass(frozen=True, slots=True)
class Kept:
    """`enctype`: how the form must be sent once more."""

    enctype: str
    fields: list[tuple[str, str]]

    @property
    def shown(self) -> list[str]:
        """What a person wrote: without choices, which are codes, and without the original of an uploaded file."""
        return [
            value
            for name, value in self.fields
            if value and not name.endswith((".original", ".what")) and not _CODE.fullmatch(value)
        ]

    def packed(self) -> str:
        """For the hidden field; "" when nobody typed anything: a button alone is pressed again."""
        return json.dumps([self.enctype, self.fields], ensure_ascii=False) if self.shown else ""


async def keep(request: web.Request) -> Kept:
    """The form of a request whose first part, if it has parts, was read already. Without fields when it is no form, or
    too large."""
    if request.content_type not in (URLENCODED, MULTIPART):
        return Kept(URLENCODED, [])
    try:
        typed = await typed_fields(request, MOST_BYTES)
    except web.HTTPRequestEntityTooLarge:
        return Kept(request.content_type, [])
    fields = [(name, value) for name, value in typed.items() if isinstance(value, str) and name not in _LEFT_OUT]
    return Kept(request.content_type, fields)


def unpack(packed: str) -> Kept:
    """Without fields when it cannot be read."""
    try:
        enctype, fields = json.loads(packed)
        pairs = [(str(name), str(value)) for name, value in fields]
    except (ValueError, TypeError):
        return Kept(URLENCODED, [])
    return Kept(MULTIPART if enctype == MULTIPART else URLENCODED, pairs)
