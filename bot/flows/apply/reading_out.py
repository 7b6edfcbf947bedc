"""What was noted of a filing, asked back in the middle of it: "城市填的啥", "都记了些啥". Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from base.messages import Reply
from bot.flows.apply.correcting import called
from bot.flows.wording import say
from casework.filings.fields import said, shown
from casework.filings.items import Field

_WHO = r"(?:你们?|您|恁|给|帮|替|我|俺|咱|刚才|刚刚|上面|前面|那个|那|这|到底|究竟|都|一共|[，, ])*"
_BOX = r"(?:那|这)?(?:个|一?[栏项样格])?(?:里|上|那儿)?(?:头|面)?"
_PUT = r"(?:填|写|记|登记|登|报|留|选|说|输|弄|备|定)"
_IS_PUT = rf"{_PUT}(?:的|了|成了?|到了?|下了?|上了?|过)+(?:那个|这个)?"
_WHICH = r"(?:哪|啥|什么|多少|几|谁)"
_END = r"(?:个|里|儿|天|家|月|号|些|样|地方|市|位)*(?:来着|啊|呀|呢|了|哩|嘞|的)*"
_WHETHER = r"(?:没有?|了没有?|了吗|吗|没呀)"
_ALL = re.compile(rf"{_WHO}{_IS_PUT}(?:些|是)*{_WHICH}{_END}")


def asked_back(fields: Mapping[str, tuple[Field, str]], askable: list[Field], text: str) -> Reply | None:
    """What stands there of the thing asked about, or of all; None when no such thing is asked.

    `fields`: field id → field and value of what is noted; `askable`: every field there may be.
    """
    for field in askable:
        if _of(field).fullmatch(text):
            return _told([fields[field.id]]) if field.id in fields else say("not_noted_yet", label=field.label)
    if not _ALL.fullmatch(text):
        return None
    return _told(list(fields.values())) if fields else say("nothing_noted")


def _of(field: Field) -> re.Pattern[str]:
    name = called(field)
    return re.compile(
        rf"{_WHO}{name}{_BOX}{_WHO}(?:是)?(?:{_IS_PUT}(?:是|就是)?{_WHICH}(?:{name})?{_END}|{_PUT}(?:上|下|好)?{_WHETHER}|是?{_WHICH}{_END}来着)"
        rf"|{_WHO}{_IS_PUT}(?:是)?{_WHICH}(?:个|一?家|一?天)?{name}{_END}"
        rf"|{_WHO}{_IS_PUT}{name}(?:是|就是)?{_WHICH}{_END}"
    )


def _told(values: list[tuple[Field, str]]) -> Reply:
    written = "；".join(f"{field.label}：{shown(field, value)}" for field, value in values)
    heard = "，".join(f"{field.label}，{said(field, value)}" for field, value in values)
    return Reply(say("stands_noted", answers=written).text, say("stands_noted", answers=heard).to_say)
