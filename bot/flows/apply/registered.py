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


_AS_BEFORE = re.compile(
    r"(?:电话|手机|号码?|联系电话)?(?:就|还是|也|都)?(?:跟|和|同)(?:刚才|上面|前面|上一个|上回|上次|那个)[^，,。不]{0,6}?一(?:个)?样(?:就行|就中|的|吧)*"
    r"|同上|(?:还是|就|也是)?(?:用|留|打)?(?:刚才|上面|前面)(?:报|说|留|给)?的?(?:那个)(?:号码?|电话|手机)?(?:就行|吧|的)*"
)


def means_as_before(words: str) -> bool:
    """The number that was given for what was handed in before: "电话跟刚才一样"."""
    return bool(_AS_BEFORE.fullmatch(words.strip(" 。.，,！!")))


_JUST_GIVEN = re.compile(
    r"新的|新号|新(?:手机|电话|号码)|(?:刚才|刚刚|上面|前面|头里)[^，,。]{0,4}(?:那个|这个|的)?(?:号|电话|手机)?"
    r"|(?:跟|和|同)(?:那个|这个|它|刚才)[^，,。]{0,4}一个?样"
    r"|^(?:就|还|是|也|打|用|留)*(?:那个|这个|同一个|一个|它)(?:号码?|电话|手机)?(?:就?[行中]|吧|呗|的)*$|一样的?$|同上"
)


def means_just_given(words: str) -> bool:
    """The number they have just told for something else: "打新的", "就刚才那个号"; no number of its own is in it."""
    has_other = re.search(r"[0-9零幺一二三四五六七八九]{5}|老的|旧的|不是", words)
    return bool(_JUST_GIVEN.search(words.strip(" 。.，,！!"))) and not has_other


def means_registered(words: str) -> bool:
    return with_registered(words, "*") != words
