"""Every failure of the service: a code for the log, and a plain sentence for the citizen.

    ServiceError
    ├── EngineUnavailable       dialogue, recogniser or synthesiser cannot be used now
    ├── BadInput                what came in cannot be understood as a message
    └── SetupError              the machine lacks something; shown to whoever starts the service

`code` and `retryable` go to logs and metrics; `citizen_text` is the only part a citizen ever sees or hears.
Messages are constant: never put what a citizen said, or who they are, into an error.
"""

from __future__ import annotations


class ServiceError(Exception):
    """Base of all our errors. Subclasses set the three fields; a raiser may narrow `code`."""

    code = "service"
    retryable = True
    citizen_text = "对不起，系统刚才出了点问题。请您再说一遍，或者说“转人工”。"

    def __init__(self, detail: str = "", *, code: str = "", citizen_text: str = "") -> None:
        super().__init__(detail or self.code)
        if code:
            self.code = code
        if citizen_text:
            self.citizen_text = citizen_text


class EngineUnavailable(ServiceError):
    """An engine (dialogue, recogniser, synthesiser) is not running or did not answer in time."""

    code = "engine_unavailable"
    citizen_text = "对不起，系统正在恢复，请您稍等一会儿再问，或者说“转人工”。"


class BadInput(ServiceError):
    """The message itself cannot be taken: empty, too long, wrong format."""

    code = "bad_input"
    retryable = False
    citizen_text = "对不起，我没看懂。请用一句话说说您想问的医保问题。"


class SetupError(ServiceError):
    """The machine lacks something the service needs. `detail` says what, and the command that mends it."""

    code = "setup"
    retryable = False
