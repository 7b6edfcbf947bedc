"""What every form of a session carries, so that no other site can send one in its name."""

from __future__ import annotations

import hmac
from hashlib import sha256


def csrf_token(token: str) -> str:
    """Derived from the session's token, which pages never show."""
    return hmac.new(token.encode(), b"csrf", sha256).hexdigest()


def csrf_matches(token: str, given: str) -> bool:
    return hmac.compare_digest(csrf_token(token).encode(), given.encode())
