"""What the platform's interface can answer instead of "ok", by what we can do about it.

PlatformError                 anything else: given up, with the platform's number in `errcode`
├── PlatformBusy              try again later: no connection, a timeout, "system busy", a rate limit
├── TokenRefused              the access token is not, or no longer, valid
├── WindowClosed              nothing may be sent until the citizen writes again
├── Unreachable               this citizen cannot be written to at all: unsubscribed, unknown
└── MediaGone                 a file that cannot be fetched (expired after 3 days, unknown, empty)
"""

from __future__ import annotations

from base.errors import ServiceError
from base.tenant import TENANT


class PlatformError(ServiceError):
    """The platform refused. `errcode`: its number, 0 if there was none."""

    code = "wechat_refused"
    retryable = False
    citizen_text = f"对不起，微信这边暂时没有办成。请过一会儿再发一次，或者拨打{TENANT.hotline}。"

    def __init__(self, detail: str = "", *, errcode: int = 0, code: str = "") -> None:
        super().__init__(detail, code=code)
        self.errcode = errcode


class PlatformBusy(PlatformError):
    code = "wechat_busy"
    retryable = True


class TokenRefused(PlatformError):
    code = "wechat_token"
    retryable = True


class WindowClosed(PlatformError):
    code = "wechat_window"


class Unreachable(PlatformError):
    code = "wechat_unreachable"


class MediaGone(PlatformError):
    code = "wechat_media"
    citizen_text = "对不起，您发来的这个没有收到。请再发一次，或者直接打字告诉我。"


_KINDS: dict[int, type[PlatformError]] = {
    -1: PlatformBusy,
    40001: TokenRefused,
    40014: TokenRefused,
    42001: TokenRefused,
    41001: TokenRefused,
    45009: PlatformBusy,  # the day's calls are used up
    45011: PlatformBusy,  # too many calls this minute
    45015: WindowClosed,  # more than 48 h since they wrote
    45047: WindowClosed,  # the 5 messages are used up
    40003: Unreachable,
    43004: Unreachable,
    43101: Unreachable,  # they refuse this subscription message
    40007: MediaGone,
    40004: MediaGone,
}


def platform_error(errcode: int) -> PlatformError:
    """The error for the platform's number; its text may quote what was sent, so it stays out."""
    return _KINDS.get(errcode, PlatformError)(f"errcode {errcode}", errcode=errcode)
