"""What can go wrong between us and the bureau's core system, by what we can do about it.

CoreUnavailable        cannot be asked, or answered nonsense          core_nonsense, core_open
├── CoreFault          may go better within the same call             core_timeout, core_unreachable, core_failed (5xx),
│                                                                     core_overloaded (429, 503, or all our slots taken)
└── CoreRefused        the same request is refused for ever           core_refused (401, 403), core_rejected (other 4xx)
                                                                      core_no_case (decided a case that it lacks)

Details are constant, or name a path or a field: never a value, which would be somebody's data.
"""

from __future__ import annotations

from casework.core.contract import CoreUnavailable


class CoreFault(CoreUnavailable):
    """`wait_seconds`: how long the system asked us to wait (Retry-After), 0 when it said nothing."""

    code = "core_failed"

    def __init__(self, detail: str = "", *, code: str = "", wait_seconds: float = 0.0) -> None:
        super().__init__(detail, code=code)
        self.wait_seconds = wait_seconds


class CoreRefused(CoreUnavailable):
    """Our token, or what was asked, is not accepted: waiting does not help, a person may."""

    code = "core_rejected"
    retryable = False
    citizen_text = "对不起，医保业务系统没有接受这次请求。请您说“转人工”，由工作人员帮您办。"


def nonsense(where: str) -> CoreUnavailable:
    """The core system answered what its interface does not allow; `where` names the path or the field."""
    return CoreUnavailable(f"nonsense in {where}", code="core_nonsense")
