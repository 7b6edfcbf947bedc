"""The texts of the hotline that staff write in the console and may change at any time: announcement, hours, days off,
greetings, the words of short messages. What only a new city changes is in `base.tenant`; what operators set, in
`base.settings`.

    STAFF_TEXTS.use({StaffText.HOURS: Dated("周一至周五 8:30-17:00")})  # by the service, when something was published
    STAFF_TEXTS.text(StaffText.HOURS)                # what counts today; "" where nobody wrote it
    message(StaffText.SMS_CODE, 验证码="123456")      # the words of a short message, filled in

A text names what is filled in by {…}. Whoever writes one is told by `wrong` what is not right about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from base.clock import day_here, utc_now
from base.tenant import TENANT

_PLACE = re.compile(r"\{([^{}]*)\}")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:至|到|—|~|～)\s*(\d{4}-\d{2}-\d{2}))?\s*(放假|上班)\s*(.*)")
_HOURS = re.compile(r"\d{1,2}[:：]\d{2}")
_MOST_SMS_CHARS = 300
_MOST_DAYS_OFF = 31


class StaffText(StrEnum):
    """The value is the id of its item in the console."""

    ANNOUNCEMENT = "announcement"
    HOURS = "hours"
    HOLIDAYS = "holidays"
    PHONE_GREETING = "phone-greeting"
    WECHAT_GREETING = "wechat-greeting"
    SMS_CODE = "sms-code"
    SMS_FILED = "sms-filed"
    SMS_MISSING = "sms-missing"
    SMS_DECIDED = "sms-decided"
    SMS_CLOSED = "sms-closed"

    @property
    def about(self) -> About:
        return _ABOUT[self]


@dataclass(frozen=True, slots=True)
class About:
    """`label` and `hint` are for whoever writes it. `needs`: what its text must name, `knows`: what it may. `most`:
    characters. Without `built_in` words nothing is said where nobody wrote anything."""

    label: str
    hint: str
    most: int
    built_in: str = ""
    empty: str = "没有写，照自带的"
    """What it means that nobody wrote anything."""
    needs: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()


_SMS = "短信开头的签名会自动加上。{}里的会换成真的内容，不要改。空着就用自带的："
_CODE = "您的验证码是{验证码}，10分钟内有效。工作人员不会向您索要验证码，请不要告诉别人。"
_FILED = "您的“{事项}”已提交，编号{编号}，查询码{查询码}，{期限}。{材料}查进度请拨{热线}或在微信里说“查进度”。"
_MISSING = "您的“{事项}”（{编号}）还缺：{缺什么}。请在这里补交：{网址}"
_DECIDED = "您的“{事项}”（{编号}）{结果}。有疑问请拨打{热线}。"
_CLOSED = "您的工单{编号}已办结{结果}。请您评价这次服务：{网址} （{天数}天内有效）"
_ABOUT = {
    StaffText.ANNOUNCEMENT: About(
        "网页通知",
        "显示在群众每个网页的最上面，如“12月20日系统维护，8点到10点不能办事”。写上起止日期，到期自动没有；空着就不显示。",
        200,
        empty="没有通知",
    ),
    StaffText.HOURS: About(
        "人工服务时间",
        "每行一段，如“周一至周五 8:30-12:00，13:30-17:00”。写在网页上；没有人接的时候、有人问“几点上班”的时候照着说。",
        300,
        empty="没有写，不说",
    ),
    StaffText.HOLIDAYS: About(
        "放假和调休",
        "每行一段，如“2027-02-05 至 2027-02-11 放假 春节”“2027-02-13 上班”。办理期限照它算；没写的日子按国家的日历。",
        3_000,
        empty="没有写，照国家的日历",
    ),
    StaffText.PHONE_GREETING: About(
        "电话问候语", "电话接通先说的话，一句两句就好。空着就用自带的。改了以后的头一个电话会慢一点。", 80
    ),
    StaffText.WECHAT_GREETING: About("微信问候语", "关注公众号后收到的第一条。空着就用自带的。", 500),
    StaffText.SMS_CODE: About("短信：验证码", _SMS + _CODE, _MOST_SMS_CHARS, _CODE, needs=("验证码",), knows=("热线",)),
    StaffText.SMS_FILED: About(
        "短信：办事已提交",
        _SMS + _FILED,
        _MOST_SMS_CHARS,
        _FILED,
        needs=("编号", "查询码", "期限", "材料"),
        knows=("事项", "热线"),
    ),
    StaffText.SMS_MISSING: About(
        "短信：要补材料",
        _SMS + _MISSING,
        _MOST_SMS_CHARS,
        _MISSING,
        needs=("编号", "缺什么", "网址"),
        knows=("事项", "热线"),
    ),
    StaffText.SMS_DECIDED: About(
        "短信：办事有结果", _SMS + _DECIDED, _MOST_SMS_CHARS, _DECIDED, needs=("编号", "结果"), knows=("事项", "热线")
    ),
    StaffText.SMS_CLOSED: About(
        "短信：工单办结",
        _SMS + _CLOSED,
        _MOST_SMS_CHARS,
        _CLOSED,
        needs=("编号", "结果", "网址"),
        knows=("天数", "热线"),
    ),
}


class SmsPart(StrEnum):
    """What is filled in for {期限}, {材料} and {结果}: words that depend on the case, so nobody edits them."""

    LIMIT = "办理时限{天数}个工作日，到{日子}"
    CONTACT = "工作人员{日子}前联系您"
    MATERIALS = "还要{材料}，两周内在这里交：{网址} 。"
    WITHDRAWN = "已按您的要求撤回，不再办理{原因}。还要办，随时可以重新提交；不是您本人要撤的，请打电话告诉我们"
    APPROVED = "已办好{原因}"
    REFUSED = "没有办成{原因}"


@dataclass(frozen=True, slots=True)
class Dated:
    """A text that counts from the first to the last day, both inclusive; None is open."""

    text: str
    first: date | None = None
    last: date | None = None

    def counts(self, on: date) -> bool:
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


class StaffTexts:
    """What counts now. Written by the service only."""

    def __init__(self) -> None:
        self._texts: Mapping[StaffText, Dated] = {}

    def use(self, texts: Mapping[StaffText, Dated]) -> None:
        """All that is published; what is missing is as if nobody had ever written it."""
        self._texts = dict(texts)

    def text(self, which: StaffText, on: date | None = None) -> str:
        """Of today, if no day is given."""
        found = self._texts.get(which)
        return found.text if found and found.counts(on or day_here(utc_now())) else ""


STAFF_TEXTS = StaffTexts()


def worded(which: StaffText, **values: str) -> str:
    """Those that staff wrote, or those that are built in, filled in."""
    text = STAFF_TEXTS.text(which) or which.about.built_in
    known = {"热线": TENANT.hotline, **values}
    return _PLACE.sub(lambda found: known.get(found[1], found[0]), text)


def message(which: StaffText, **values: str) -> str:
    """As a short message: signed."""
    return TENANT.signed + worded(which, **values)


def wrong(which: StaffText, text: str) -> str:
    """What keeps a text from being used, in words for whoever wrote it; "" when nothing does."""
    about = which.about
    if len(text) > about.most:
        return f"最多 {about.most} 个字，现在有 {len(text)} 个"
    if not text:
        return ""
    named = set(_PLACE.findall(text))
    if missing := [name for name in about.needs if name not in named]:
        return "少了" + "、".join(f"{{{name}}}" for name in missing) + "，群众会收不到这一项"
    if strange := sorted(named - set(about.needs) - set(about.knows)):
        return "不认识" + "、".join(f"{{{name}}}" for name in strange)
    if which is StaffText.HOURS and not all(_HOURS.search(line) for line in text.splitlines() if line.strip()):
        return "每行都要写几点到几点，如“周一至周五 8:30-17:00”"
    if which is StaffText.HOLIDAYS:
        return _wrong_days(text)
    return ""


def days_off(text: str) -> dict[date, bool]:
    """What the text of `HOLIDAYS` arranges: day → whether people work on it. Raises ValueError naming the line."""
    found: dict[date, bool] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _DAYS.fullmatch(line)
        try:
            first = date.fromisoformat(match[1]) if match else None
            last = date.fromisoformat(match[2]) if match and match[2] else first
        except ValueError:
            first = last = None
        if match is None or first is None or last is None or not 0 <= (last - first).days < _MOST_DAYS_OFF:
            raise ValueError(line)
        found |= {first + timedelta(days=count): match[3] == "上班" for count in range((last - first).days + 1)}
    return found


def _wrong_days(text: str) -> str:
    try:
        days_off(text)
    except ValueError as error:
        return f"看不懂这一行：“{str(error)[:40]}”。请照“2027-02-05 至 2027-02-11 放假”的样子写"
    return ""
