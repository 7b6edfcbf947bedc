"""A one-time code that comes when nothing waits for one any more, or the wish for a new one. Pure.

Who drops what they had begun is sent no second code; the first still arrives, and is read out to us.
"""

from __future__ import annotations

import re

from bot.actions.protocol import Outcome, Saying, Turn
from language.numbers.numerals import AS_DIGITS

_LATELY = 8
"""Of the transcript: how far back a code may have been spoken of."""
_CODE = re.compile(
    r"(?:(?:我|俺|短信|刚)?(?:收到|来)了?[，, ]*)?(?:那个)?(?:验证码)?(?:是|发来了|来了)?"
    r"[，,：: ]*(\d[\s\-]*){6}(?:了|啊|呢)?[。.！!]?"
)
_ANOTHER = re.compile(
    r"(?:验证码|短信)?.{0,4}(?:重新?发|再发|重发|(?:没|没有|还没)(?:收到|收着|来)|收不[到着]|过期).{0,8}"
)


def late_code(turn: Turn) -> Outcome | None:
    """What to say to it; None where it is something else, or a question for it is open."""
    lately = [text for who, text in turn.transcript[-_LATELY:] if who == "assistant"]
    if turn.form or not any("验证码" in text or "身份核对" in text for text in lately):
        return None
    said = turn.text.strip().translate(AS_DIGITS)
    if not (_CODE.fullmatch(said) or _ANOTHER.fullmatch(said)):
        return None
    return Outcome((Saying("utter_no_code_waits"),))
