""" "电话就用登记的那个": the number on record of whoever speaks, put in the place of these words. Pure."""

from __future__ import annotations

import re

_SAME_CALLED = r"(?:手机号?|电话号?|号码?)"
_REGISTERED = re.compile(
    rf"(?:(?:就|还|还是)?(?:用|打|是|留)?(?:我|俺)?(?:在?医保)?(?:上)?(?:原来|以前|之前)?(?:(?:登记|预留|注册|绑定)(?:过|着|下)?的?(?:那个|这个)?{_SAME_CALLED}?|留(?:过|着|下)?的?(?:那个|这个|{_SAME_CALLED}))"
    rf"|(?:就|还|还是)?(?:用|打|是|留)?(?:我|俺)?(?:这个|这|现在(?:这个|用的|打的)?|刚才(?:收|接).{{0,6}}的|(?:收|接)(?:短信|验证码)的)(?:那个)?{_SAME_CALLED}"
    rf"|(?:还是|就)?(?:用|打)?(?:原来|以前|之前)的?(?:那个)?{_SAME_CALLED}|还(?:是|用|打)那个{_SAME_CALLED}"
    r"|^(?:还是|就)?(?:用|打)?(?:原来|以前|之前)的?(?:那个)?[吧。]*$"
    r"|^(?:就|打|用|就打|就用)?这个(?:就?行|就?中|吧|就可以)*[。.！!]*$)"
)
_CHANGED = re.compile(r"不是|(?:登记|预留|这个|号|手机)[^，,]*(?:不对|不用|不能用|换了|停)|没有?登记|[吗？?]")


def with_registered(words: str, phone: str) -> str:
    """The words with the number in them; unchanged when they do not speak of it, or give one themselves."""
    if re.search(r"\d{5}|[零幺一二三四五六七八九]{5}", words) or _CHANGED.search(words):
        return words
    return _REGISTERED.sub(phone, words, count=1)


def means_registered(words: str) -> bool:
    return with_registered(words, "*") != words
