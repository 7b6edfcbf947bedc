"""The second factor: a six-digit code of an app on the member's phone, new every half minute (RFC 6238, SHA-1, as all
authenticator apps have it).

    secret = new_secret()                     # "JBSWY3DPEHPK3PXP…", typed into the app
    step = matching_step(secret, "492039", time.time(), after=account.totp_step)
    # None: wrong, too old, or used before
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from hashlib import sha1

STEP_SECONDS = 30
_DIGITS = 6
_SECRET_BYTES = 20
"""RFC 4226, section 4: 160 bits are recommended."""
_DRIFT_STEPS = 1
"""RFC 6238, section 5.2: one step for a phone whose clock is off, or a slow hand."""


def new_secret() -> str:
    """Base32, 32 characters."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    try:
        return len(base64.b32decode(text)) == _SECRET_BYTES
    except (binascii.Error, ValueError):
        return False


def code_at(secret: str, step: int) -> str:
    """The code of one half minute."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), sha1).digest()
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def matching_step(secret: str, typed: str, seconds: float, after: int | None = None) -> int | None:
    """The step whose code was typed; none at or before `after`: what was seen over a shoulder is worth nothing."""
    typed, now, found = "".join(typed.split()), int(seconds // STEP_SECONDS), None
    for step in range(now - _DRIFT_STEPS, now + _DRIFT_STEPS + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), typed.encode()) and (after is None or step > after):
            found = step
    return found


def address(secret: str, username: str) -> str:
    """What an app takes as a link (otpauth://)."""
    return f"otpauth://totp/yibao:{username}?secret={secret}&issuer=yibao"
