"""Dates as people say them → a day or a month; or a sentence how to say it. Pure.

    parse_day("6月3号下午三点住的院，不对，是5号", today)  ->  2026-06-05

A day that is named exactly is kept, whatever stands around it; about then (半个月前, 月底, 两三天前) is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from language.calendar.lunar import LUNAR, is_about_feast, lunar_day, month_away, to_solar
from language.meant import versions
from language.numbers.numerals import arabic, fold

_JUST_NOW = re.compile(r"刚(?:才|刚)?(?=才?(?:住|送|进|转|生[的了下]|到的)|[。.]?$)")
"""刚住进来的 is today; of "刚才说的啥" no day is said."""
_SOLAR = re.compile(r"^.*(?:公历|阳历|新历)(?:的|是|就是)*(?=.{0,8}?[0-9一二三四五六七八九十].{0,2}[年月日号\-/.])")
"""After these words the day is given once more, so that we understand it."""
_BESIDES = re.compile(r"(?:公历|阳历|新历)(?:的|是)?(?:我|俺)?(?:不|忘|记不|说不).*$")
"""The other calendar is named only to say that it is not known."""
_N = "零一二三四五六七八九十"
_FEASTS = {
    "元旦": (1, 1), "国庆": (10, 1), "劳动节": (5, 1), "儿童节": (6, 1), "建军节": (8, 1), "建党节": (7, 1),
    "妇女节": (3, 8), "青年节": (5, 4), "教师节": (9, 10), "圣诞": (12, 25), "平安夜": (12, 24),
    "五一": (5, 1), "六一": (6, 1), "七一": (7, 1), "八一": (8, 1), "十一": (10, 1), "三八": (3, 8), "五四": (5, 4),
}  # fmt: skip
_FEAST_NAME = "|".join(_FEASTS)
_FEAST = re.compile(
    rf"(?<![\d{_N}月周期拜第])(?P<feast>{_FEAST_NAME})(?![\d{_N}月日号个点岁楼床块年路元院])(?:节)?"
    r"(?P<about>.{0,2}(?:[前后](?!晌)|期间|那几天|放假|假期|左右|假|第))?"
)
_WEEKDAY = re.compile(
    r"(?P<week>上上个?|大上个?|上个?|下下个?|大下个?|下个?|这个?|本)(?:周|星期|礼拜)的?(?:周|星期|礼拜)?(?P<day>[一二三四五六日天])"
)
_ONLY_WEEKDAY = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天]")
_WEEKS = {"上上": -2, "大上": -2, "大下": 2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_DAYS_AWAY = re.compile(
    r"(?<![\d几.])(?P<count>\d{1,3})\s*(?P<unit>天|日|周|个?星期|个?礼拜)(?:之|以)?(?P<way>前|后)(?!天)"
)
_RELATIVE = {
    "大前天": -3, "大前儿": -3, "大前日": -3,
    "前天": -2, "前儿": -2, "前日": -2, "前晚": -2, "前个": -2,
    "昨天": -1, "昨儿": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "昨个": -1, "昨们": -1,
    "夜来": -1, "夜儿": -1, "夜个": -1, "夜隔": -1,
    "今天": 0, "今儿": 0, "今日": 0, "今个": 0, "今们": 0, "今早": 0,
    "今晚": 0, "今晨": 0, "现在": 0,
    "大后天": 3, "大后儿": 3,
    "明天": 1, "明儿": 1, "明日": 1, "明个": 1, "赶明": 1,
    "后天": 2, "后儿": 2, "后日": 2,
}  # fmt: skip
"""夜来, 夜儿, 夜个: yesterday, 今们: today, in Shandong."""
_YESTERDAY_HEARD = re.compile(r"(?<![工操运动制])[作做](?=[天儿晚夜]|日(?!期))")
_REPUBLIC = re.compile(r"民国(\d{1,2}|[一二三四]?十[一二三四五六七八九]?|[一二三四五六七八九])年")
"""As old papers count: 民国三十八年 is 1949."""
_YEARS = {
    "大前年": -3, "前年": -2, "去年": -1, "上年": -1, "头年": -1, "年时": -1, "旧年": -1,
    "今年": 0, "本年": 0, "当年": 0, "明年": 1, "后年": 2,
}  # fmt: skip
"""年时, 头年: last year, in Shandong."""
_MONTHS = {r"[大上]上个?月": -2, r"上个?月": -1, r"(?:这个?|本|当)月": 0, r"下个?月": 1}
_WRITTEN = re.compile(r"(?<![\d.])(\d{4}|\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d|\s*月|\.\d)")
_WRITTEN_MONTH = re.compile(r"(?<![\d.])((?:19|20)\d{2})\s*[-/.]?\s*(0[1-9]|1[0-2]|(?<=\D)[1-9])(?![\d.])")
_SHORT = re.compile(
    r"(?<![\d/.\-])(1[0-2]|0?[1-9])\s*[-/.]\s*(3[01]|[12]\d|0?[1-9])(?![\d/\-]|\.\d"
    r"|\s*[度斤万千百元块米%])"
)
_KEYED = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_SPACED = re.compile(r"(?<!\d)((?:19|20)\d{2}) +(\d{1,2}) +(\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(\d{4}|\d{2})\s*年(?!前|多|级|以|半|内)")
_YEAR_CUT = re.compile(r"(?<!\d)\d\s*年(?!前|多|级|以|半|内)")
_MONTH = re.compile(r"(?<![\d个第.])(\d{1,2})\s*月(?!子|嫂|龄)")
_DAY = re.compile(
    r"月份?的?\s*(?P<month_day>\d{1,2})(?!\d)\s*(?:[日号]|(?![个天年次回趟块元万千百]))"
    r"|(?<![\d.第初])(?P<day>\d{1,2})\s*[日号](?![楼院床线门窗病厅科])"
)
_TIME_OF_DAY = re.compile(
    rf"[\d{_N}两]{{1,3}}点(?:钟|整|半|过|来|多|左右)*(?:[\d{_N}]{{1,3}}(?:分钟?|刻)?)?(?:左右)?"
    rf"|\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?|(?<=[日号])\s*\d{{1,2}}\.\d{{1,2}}|"
    rf"[\d{_N}]+(?:分钟?|刻)(?!之)|零点"
)
_MEASURE = re.compile(
    r"\d+(?:\.\d+)?\s*(?:度|公?斤|毫\w|厘米|公里|米|[cm]m|kg|%|小时|岁|块|元|万|楼|床|个(?!月|星期|礼拜))|体温\s*\d+(?:\.\d+)?"
)
_ABOUT = re.compile(
    rf"(?:[{_N}两]{{2,}}|半|[几多]|好几|[\d{_N}]+[来几多]|[\d{_N}两]+(?:个|天|周)半|\d+\.\d+"
    rf"|[\d{_N}两]+\s*个(?=半?月)|[\d{_N}两]+(?=[个天周年](?:星期|礼拜|月)?半))\s*个?半?(?:月|年|天|日|周"
    rf"|星期|礼拜)(?:多|来|半)?(?:之|以)?前|"
    rf"[\d{_N}两]+年(?:多|半)?(?:之|以)?前|[几多来]号|[几多来][日天](?!来)|"
    rf"(?<![{_N}\d])(?:一二|二三|两三|三四|四五|五六|六七|七八|八九|三五)(?:十)?[号日]|"
    r"月(?:份)?(?:初(?![一二三四五六七八九十])|底|末|中旬|中(?!心)|头上|上旬|下旬)|[上中下]旬"
    r"|年[初底末中](?![一二三四五六七八九十])|前后|左右|大概|大约|差不多|可能是|好像|也许|约摸|"
    r"那几天|那阵|[\d一]+个[来多]月|这几天|前几天|前些|前阵|前段|前两天|前三天|这两天|头几天|头两天|没几天|不久|刚不久|最近|早先"
    r"|[春夏秋冬]天|[春秋]里|[春夏秋冬]季|"
    r"记不(?:清|准|得)|[上下]半[年月]|前半[年月]|后半[年月]|半[年月](?:多)?(?:之|以)?前"
)
_YEAR_BY_NAME = re.compile(
    r"(?:那|这|千禧|奥运|疫情|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]|[鼠牛虎兔龙蛇马羊猴鸡狗猪])年(?!龄|纪)"
)
"""Of a year, and not by its number: 属马那年三月二号."""
_LEFT = re.compile(r"出院[^，,。；;、住入进]*|[^，,。；;、]*出(?:的|了)?院")
"""When somebody left the hospital; the question is when they came."""
_NIAN = re.compile(r"廿[一二三四五六七八九](?![日号])")
"""八月廿八: so only the lunar days are called."""
_TWO_DIGIT_YEAR = re.compile(rf"(?<![{_N}])([{_N[:-1]}]{{2,4}})(?=年(?!前|多|以|半))")

_SOON = timedelta(days=62)
_SAY_SOLAR = (
    "请说公历的日子，比如六月三日。只知道农历的，把年月日一起说，比如一九五零年三月十五，农历的；也可以说“转人工”。"
)
_TWO_HEARD = re.compile(r"(?<=[年月])[而儿尔耳](?=[十月])")
_TEN_HEARD = re.compile(r"(?<![\u4e00-\u9fa5])石(?=月)|(?<=年)石(?=月)")
"""What recognition makes of a number in a day: 十一月而十号, 石月十六."""
_PAID_TO = re.compile(r"[交缴扣][^，,。0-9一二三四五六七八九十]{0,3}[到至](?P<to>[^，,。]*?月)")
_WHICH_MONTH = "听到了不止一个月份。请只说交到的那一个月，比如二零二五年九月。"
_EXACTLY = "请说准是哪一天，比如六月三日。记不准的，看看单子上的日期，或者说“转人工”。"
_SOLAR = re.compile(r"(?:阳历|公历|新历)(?:的|是)?(?=[\d一二三四五六七八九十零元])")
_COUNTED = re.compile(r"(?:早|提前|往前推?|往后推?|晚)了?[一二两三四五六七八九十几\d]+(?:来|多)?天")
"""26号出的院，住院早十天: to be counted from another day."""
_SOME_DAY = re.compile(r"初?[一二三四五六七八九十廿]{1,3}(?![个次年岁回])")
_WEEK_SAID = re.compile(r"(?:上上?|大上|这|本)个?(?:周|星期|礼拜)(?=[一二三四五六日天])")
_BARE_WEEKDAY = re.compile(r"是?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])")
_WHICH = "听到了不止一个日子。请只说要写上去的那一天，比如六月三日。"
_NO_SUCH_DAY = "没有这一天。请再说一遍，比如二零二六年六月三日。"


class NotADate(ValueError):
    """`args[0]`: the sentence that says how to go on; None when the words are not about a date at all."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What was said of a date; None for what was not."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


def parse_day(text: str, today: date, before: date | None = None, *, may_lie_ahead: bool = False) -> date:
    """A day. What was left out is taken from `before`, the answer being corrected, or from this year.

    `may_lie_ahead`: of a day without its year, next year's counts as soon as it is two months away.
    Raises NotADate, and nothing else.
    """
    text = _JUST_NOW.sub("今天", text)
    if _COUNTED.search(text):
        raise NotADate(_EXACTLY)
    if solar := _SOLAR.search(text):  # "腊月前就得走，阳历十二月八号的火车"
        text = text[solar.end() :]
    said = list(versions(_plain(text)))
    problem: NotADate | None = None
    if named_by_moon(text):
        for version in said:
            if lunar_day(version) or version == said[-1]:
                return _lunar(version, _plain(text), today)
            if _SOME_DAY.match(version):  # "正月十五，不对，十六才来的": which month's is not said again
                raise NotADate(_WHICH)
    for version in said:
        try:
            version = _in_the_same_week(version, said[-1])
            before = before or (_first_day(said[-1], today) if version != said[-1] else None)
            return _day(version, today, before, _SOON if may_lie_ahead else timedelta(0))
        except NotADate as error:
            problem = problem or (error if error.args[0] else None)
    raise problem or NotADate(None)


def _in_the_same_week(version: str, whole: str) -> str:
    """ "上礼拜五，不是，是礼拜四": what is put right is the day, not the week."""
    week = _WEEK_SAID.search(whole)
    bare = _BARE_WEEKDAY.match(version)
    return week[0] + version[bare.start("day") :] if week and bare and version != whole else version


def named_by_moon(text: str) -> bool:
    """By the lunar calendar, and not by the common one as well."""
    return bool(LUNAR.search(_plain(text)))


def parse_month(text: str, today: date, before: date | None = None) -> date:
    """A month, as its first day. Raises NotADate."""
    if paid := list(_PAID_TO.finditer(text)):  # "七月离的职，只给交到六月"
        text = text[paid[-1].start("to") :]
    problem: NotADate | None = None
    for version in versions(_plain(text)):
        try:
            return _month(version, today, before)
        except NotADate as error:
            problem = problem or (error if error.args[0] else None)
    raise problem or NotADate(None)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = fold("农历" + text if _NIAN.search(text) else text).replace("元月", "一月")
    text = _REPUBLIC.sub(lambda match: f"{1911 + int(arabic(match[1]))}年", text)
    text = _YESTERDAY_HEARD.sub("昨", text)
    text = _TWO_HEARD.sub("二", _TEN_HEARD.sub("十", text))
    return _BESIDES.sub("", _SOLAR.sub("", text))


def _first_day(text: str, today: date) -> date | None:
    """The day that a correction corrects: "6月3日，不对，是5号" leaves the month."""
    found = next(iter(_days(_without_times(text))), None)
    if found is None or found.month is None:  # "27号住的，不对，26号" names no month
        return None
    month, day = found.month, found.day or 1
    try:
        return date(found.year or _likely_year(month, day, today), month, day)
    except ValueError:
        return None


def _day(text: str, today: date, before: date | None, ahead: timedelta) -> date:
    plain = _without_times(text)
    if _ABOUT.search(text) and not _has_whole_day(text, plain):
        raise NotADate(_EXACTLY)
    parts = _parts(text, plain, today)
    if parts.month is None or parts.day is None:
        if (away := _away(text, plain, today)) is not None:
            when = _in_its_year(today + timedelta(days=away), parts.year)
            if parts.day is not None and parts.day != when.day:  # "上个星期三，哦不，26号那天"
                raise NotADate(_WHICH)
            return when
        if _ONLY_WEEKDAY.search(text):
            raise NotADate("请说清是哪个星期，比如上个星期三，或者说几月几日。")
    if parts.month is None and not (parts.day is not None and before):
        raise NotADate("没说是几月。请连月份和日子一起说，比如六月三日。" if parts.year or parts.day else None)
    day = parts.day if parts.day is not None else before.day if before else None
    if day is None:
        raise NotADate("只听到了月份。请把几号也说上，比如六月三日。")
    month = parts.month if parts.month is not None else before.month if before else today.month
    if before is None and parts.year is None:
        return _make(_likely_year(month, day, today, ahead), month, day)
    return _make(parts.year or (before.year if before else today.year), month, day)


def _month(text: str, today: date, before: date | None) -> date:
    plain = _without_times(text)
    if _ABOUT.search(text) and not re.search(r"月(?:份)?(?:[初底末中]|[上中下]旬)", text):
        raise NotADate("请说准是哪年哪月，比如二零二五年九月。")
    if written := _WRITTEN_MONTH.search(plain):
        return _make(int(written[1]), int(written[2]), 1)
    parts = _parts(text, plain, today)
    if len({match[1] for match in _MONTH.finditer(plain)}) > 1:
        raise NotADate(_WHICH_MONTH)
    if parts.month is None:
        raise NotADate("请把哪年哪月都说上，比如二零二五年九月。" if parts.year else None)
    year = parts.year or (before.year if before else _likely_year(parts.month, 1, today))
    return _make(year, parts.month, 1)


def _has_whole_day(text: str, plain: str) -> bool:
    """6月3号前后 is about then; 6月3号，住了半年多 is not."""
    around = re.search(r"前后|左右|大概|大约|差不多|可能是|好像|也许|约摸|记不", text)
    return not around and len(_days(plain)) == 1 and _days(plain)[0].month is not None


def _without_times(text: str) -> str:
    """With numbers in 0-9, and without times of day and measures."""
    years = _TWO_DIGIT_YEAR.sub(lambda match: match[1].translate(str.maketrans(_N[:-1], "0123456789")), text)
    return _MEASURE.sub("，", arabic(_TIME_OF_DAY.sub("，", years)))


def _lunar(text: str, whole: str, today: date) -> date:
    """What `text`, the last word of the `whole` sentence, says. Only with its year, or counted from this month: nothing
    says of 三月十五 whether this year's or last year's is meant."""
    if away := month_away(text, today):
        return away
    when, year = lunar_day(text), _said_year(_without_times(text), today) or _said_year(_without_times(whole), today)
    if is_about_feast(text):
        raise NotADate(_EXACTLY)
    if when is None:
        raise NotADate(_SAY_SOLAR)
    if year is None:
        raise NotADate("农历的也行，请把哪年一起说上，比如一九五零年三月十五，农历的。说不准，可以说“转人工”。")
    if (day := to_solar(year, when)) is None:
        raise NotADate("那一年的农历没有这一天。请把年月日再说一遍，或者说“转人工”。")
    return day


def _parts(text: str, plain: str, today: date) -> Parts:
    if LUNAR.search(text):
        raise NotADate(_SAY_SOLAR)
    if _YEAR_CUT.search(plain):
        raise NotADate("没听清是哪年。请把年月日再说一遍，比如二零二六年六月三日。")
    found = _days(plain)
    if len(found) > 1 and (came := _days(_LEFT.sub("，", plain))):
        found = came
    if len(found) > 1:
        raise NotADate(_WHICH)
    one = found[0] if found else Parts()
    year = _full(one.year, today) if one.year is not None else _said_year(plain, today)
    if year is None and _YEAR_BY_NAME.search(text):
        raise NotADate("请说是哪一年，比如二零二六年六月三日。")
    month = one.month
    if month is None and one.day is not None:  # 上月三号 is the day, whatever holiday is spoken of beside it
        year, month = _relative_month(text, year, today)
    if month is None and (feast := _FEAST.search(text)):
        if feast["about"]:
            raise NotADate(_EXACTLY)
        return Parts(year, *_FEASTS[feast["feast"]])
    if month is None:
        month = next((int(match[1]) for match in _MONTH.finditer(plain)), None)
    if month is None:
        year, month = _relative_month(text, year, today)
    return Parts(year, month, one.day)


def _relative_month(text: str, year: int | None, today: date) -> tuple[int | None, int | None]:
    """Year and month of 上月, 这个月, 下个月; what was known of the year and None where no such word stands."""
    for words, shift in _MONTHS.items():
        if re.search(words, text):
            ahead = today.month - 1 + shift
            return today.year + ahead // 12, ahead % 12 + 1
    return year, None


def _days(plain: str) -> list[Parts]:
    """Each different day that is named, with its month if it has one."""
    found = list(dict.fromkeys(_named_days(plain)))
    return [one for one in found if not any(_is_part_of(one, other) for other in found)]


def _is_part_of(one: Parts, other: Parts) -> bool:
    return one != other and one.year in (None, other.year) and one.month in (None, other.month) and one.day == other.day


def _named_days(plain: str) -> Iterator[Parts]:
    left = plain
    for pattern in (_WRITTEN, _KEYED, _SPACED):
        for match in pattern.finditer(left):
            yield Parts(*(int(group) for group in match.groups()))
        left = pattern.sub("，", left)
    month: int | None = None
    for match in _DAY.finditer(left):
        if match["month_day"]:
            said = re.search(r"(\d{1,2})\s*$", left[: match.start()])
            month = int(said[1]) if said else month
            yield Parts(None, month, int(match["month_day"]))
        else:
            yield Parts(None, month, int(match["day"]))
    if not re.search(r"\d\s*月", left):
        yield from (Parts(None, int(match[1]), int(match[2])) for match in _SHORT.finditer(left))


def _in_its_year(day: date, year: int | None) -> date:
    """去年今天."""
    return day if year is None or year == day.year else _make(year, day.month, day.day)


def _away(text: str, plain: str, today: date) -> int | None:
    """Days from today: "昨天", "上周五", "三天前"."""
    if weekday := _WEEKDAY.search(text):
        monday = 7 * _WEEKS[weekday["week"].removesuffix("个")] - today.weekday()
        return monday + min("一二三四五六日天".index(weekday["day"]), 6)
    if away := _DAYS_AWAY.search(plain.replace("两", "2")):
        days = int(away["count"]) * (1 if away["unit"] in "天日" else 7)
        return -days if away["way"] == "前" else days
    return next((days for word, days in _RELATIVE.items() if word in text), None)


def _said_year(plain: str, today: date) -> int | None:
    if match := _YEAR.search(plain):
        return _full(int(match[1]), today)
    return next((today.year + shift for word, shift in _YEARS.items() if word in plain), None)


def _full(year: int, today: date) -> int:
    """26 is 2026, 50 is 1950."""
    return year if year > 99 else 2000 + year if year <= today.year - 2000 + 1 else 1900 + year


def _likely_year(month: int, day: int, today: date, ahead: timedelta = timedelta(0)) -> int:
    """Of a month without a year: this year's, or last year's when this year's lies more than half a year ahead; next
    year's when that is not further than `ahead`."""
    if (month, day) < (today.month, today.day) and (month, day) <= ((today + ahead).month, (today + ahead).day):
        return (today + ahead).year
    return today.year - 1 if (month, day) > (today.month, today.day) and month - today.month > 6 else today.year


def _make(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NotADate(_NO_SUCH_DAY) from error
