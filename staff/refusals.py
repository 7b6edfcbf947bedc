"""Why somebody does not get in, or an account is not made; `citizen_text` says it to staff."""

from __future__ import annotations

import math

from base.errors import ServiceError


class LoginRefused(ServiceError):
    """Wrong name or password (which of the two is not told), or too many tries: `locked`."""

    code = "login_refused"
    retryable = False
    citizen_text = "用户名或密码不对。"

    def __init__(self, wait_seconds: float = 0.0) -> None:
        self.locked = wait_seconds > 0
        wait = f"{math.ceil(wait_seconds / 60)}分钟" if wait_seconds > 59 else f"{math.ceil(wait_seconds)}秒"
        text = f"连续输错次数太多，请{wait}后再试，或请管理员重设密码。"
        super().__init__(code="login_locked" if self.locked else "", citizen_text=text if self.locked else "")


class CodeWrong(LoginRefused):
    """The password was right; the code of the second factor was missing, wrong, or used before."""

    def __init__(self) -> None:
        super().__init__()
        self.citizen_text = "请填手机动态码应用里现在的 6 位数；用过的要等下一个。"


class AccountRefused(ServiceError):
    """An account cannot be made or changed like this; `citizen_text` says why, to staff."""

    code = "account_refused"
    retryable = False
