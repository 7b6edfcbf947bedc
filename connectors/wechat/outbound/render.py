"""Replies as WeChat shows them: one text, its sources below, its choices numbered, a long one served bit by bit.

    俺在外地长住……要先备案。……

    依据：济医保字〔2023〕25号 第七条        (a link, where the service can be reached)

    回复数字继续：
    1 怎么备案？
    2 转人工

Pure. A message costs quota, so the replies of a turn become one message, and the rest of a long answer waits until it
is asked for: then it travels in the reply to that question, which costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from base.messages import Button, Reply
from connectors.wechat.followers.followers import Choices
from connectors.wechat.outbound.cut import MAX_BYTES, cut, size
from connectors.wechat.outbound.sources import PLAIN, Links, with_sources

_MORE = "\n\n（没有说完，回复1看下文）"
_MORE_WORDS = frozenset({"1", "下文", "看下文", "继续", "接着说"})
_CHOICES = "\n\n回复数字继续：\n"
_FULL_WIDTH = str.maketrans("１２３４５６７８９０", "1234567890")
_MAX_CHOICES = 8
_MAX_REST_BYTES = 40_000
_OWN_DIGIT = re.compile(r"^\s*([0-9])(?![0-9年月日])")


def render(replies: Sequence[Reply], links: Links = PLAIN) -> tuple[str, Choices]:
    """What a turn's replies read like, and what the citizen's next digit means. "" for no replies.

    An answer is not cut in two for the length of its links: rather they open the clause without marking a sentence.
    """
    buttons = [button for reply in replies for button in reply.buttons][:_MAX_CHOICES]
    text, choices = page(_body(replies, links), buttons)
    if choices.rest and links.address and links.marks:
        shorter = page(_body(replies, replace(links, marks=False)), buttons)
        return (text, choices) if shorter[1].rest else shorter
    return text, choices


def page(body: str, buttons: Sequence[Button] = ()) -> tuple[str, Choices]:
    """As much of `body` as fits. The choices stand below its end; before that there is one only: to read on."""
    labels, meanings = _numbered(buttons)
    whole = body + (_CHOICES + "\n".join(labels) if labels else "")
    if size(whole) <= MAX_BYTES:
        return whole, Choices(tuple(meanings))
    shown, rest = cut(body, MAX_BYTES - size(_MORE))
    if not rest:  # only the choices did not fit
        shown, rest = cut(body, MAX_BYTES // 2)
    rest, _ = cut(rest, _MAX_REST_BYTES)
    return shown + _MORE, Choices((), rest, tuple((button.title, button.payload) for button in buttons))


def next_page(choices: Choices) -> tuple[str, Choices]:
    """The answer goes on where it was cut."""
    return page(choices.rest, [Button(title, payload) for title, payload in choices.later])


def asks_for_more(text: str, choices: Choices) -> bool:
    """Whether the citizen wants the rest of a long answer."""
    return bool(choices.rest) and _bare(text) in _MORE_WORDS


def meaning(text: str, choices: Choices) -> str:
    """What the citizen says: a digit stands for the choice it was shown with, anything else for itself."""
    return dict(choices.meanings).get(_bare(text), text)


def _bare(text: str) -> str:
    return text.translate(_FULL_WIDTH).strip().rstrip("。.")


def _numbered(buttons: Sequence[Button]) -> tuple[list[str], list[tuple[str, str]]]:
    """Lines to show and what each digit means. Choices that all bring their own digit (a rating) keep it."""
    own = [match[1] if (match := _OWN_DIGIT.match(button.title)) else "" for button in buttons]
    keys = own if all(own) and len(set(own)) == len(own) else [str(place) for place in range(1, len(buttons) + 1)]
    labels = [
        button.title if keys is own else f"{key} {button.title}" for key, button in zip(keys, buttons, strict=True)
    ]
    return labels, [(key, button.payload) for key, button in zip(keys, buttons, strict=True)]


def _body(replies: Sequence[Reply], links: Links) -> str:
    return "\n\n".join(with_sources(reply, links) for reply in replies if reply.text.strip())
