"""What this system knows of the twelve measures of 济医保中心发〔2021〕1号 in one month, in words for the tables.

The office reports monthly how far the measures are (工作调度表, annex 2), with a table of who answers for them
(工作配档表, annex 1). Where this system has figures they are filled in; where it has none it says so, and the office
writes it by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from base.clock import as_aware
from base.database import Database
from casework.filings.items import load
from casework.tickets.month_figures import Figures, figures
from casework.tickets.months import Month
from casework.tickets.ratings import Score
from connectors.console.kit.labels import CHANNELS
from knowledge.insight.statistics import Period, Statistics
from knowledge.models import Clause

DOCUMENT = "jining-ybzx-2021-1"
NO_DATA = "本系统无此数据"
CHRONIC = ("chronic-recognition",)
REMOTE = ("remote-longterm", "remote-referral", "remote-emergency")
ENROL = ("enroll-resident",)
CHANGE = ("enroll-change",)
REIMBURSE = ("remote-online-reimb", "assist-reimb")
_NONE = Period("", 0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of an annex as issued: 序号, 工作措施, 具体内容, 完成时限."""

    number: str
    name: str
    content: str
    limit: str


@dataclass(frozen=True, slots=True)
class Monthly:
    """`asked`: questions by channel."""

    month: Month
    figures: Figures
    asked: Mapping[str, Period]

    def done(self, number: str) -> str:
        """落实情况 of the measure with this 序号."""
        words = _WORDS.get(number)
        return words(self) if words else NO_DATA

    def questions(self, *channels: str) -> Period:
        """Those of some channels together."""
        found = [self.asked.get(channel, _NONE) for channel in channels]
        return Period(
            key="",
            asked=sum(one.asked for one in found),
            answered=sum(one.answered for one in found),
            low_confidence=sum(one.low_confidence for one in found),
            unclear=sum(one.unclear for one in found),
            declined=sum(one.declined for one in found),
            handed_over=sum(one.handed_over for one in found),
            bad_rating=sum(one.bad_rating for one in found),
        )

    @property
    def rows(self) -> list[tuple[str, str, int | float | str]]:
        """All figures, for the second sheet: group, what is counted, how many."""
        figure, filed = self.figures, load().items
        kinds = [("工单", f"新增：{kind}", count) for kind, count in sorted(figure.opened.items())]
        asked = [
            row
            for channel, words in CHANNELS.items()
            for row in (
                ("咨询", f"{words}：提问", self.questions(channel).asked),
                ("咨询", f"{words}：已答复", self.questions(channel).answered),
                ("咨询", f"{words}：转人工", self.questions(channel).handed_over),
            )
        ]
        items = [("帮办", item.name, figure.filings.get(name, 0)) for name, item in filed.items()]
        scores = [("评价", score.label, figure.scores.get(score, 0)) for score in Score]
        average: float | str = NO_DATA if figure.average is None else figure.average
        return [
            *asked,
            *kinds,
            ("工单", "新增合计", sum(figure.opened.values())),
            ("工单", "办结", figure.closed),
            ("工单", "按期办结", figure.in_time),
            *items,
            ("帮办", "合计", sum(figure.filings.values())),
            ("帮办", "其中亲友代办", figure.by_agent),
            ("授权", "新增授权", figure.authorised),
            *scores,
            ("评价", "平均分（满分5分）", average),
        ]


async def monthly(database: Database, month: Month) -> Monthly:
    """Read everything of one month."""
    since, until = as_aware(month.since), as_aware(month.until)
    asked = await Statistics(database).by_channel(since, until)
    return Monthly(month, await figures(database, month), {period.key: period for period in asked})


async def measures(database: Database, annex: int) -> Sequence[Measure]:
    """The twelve rows of annex 1 or 2 as they stand in the knowledge base."""
    wanted = (
        select(Clause.text)
        .where(Clause.document_id == DOCUMENT, Clause.number.startswith(f"a{annex}-"), Clause.live)
        .order_by(Clause.number)
    )
    async with database.session() as session:
        return [_measure(text) for text in await session.scalars(wanted)]


def _measure(text: str) -> Measure:
    """A row is kept as lines: number, name, content, limit."""
    number, _, rest = text.partition("\n")
    name, _, rest = rest.partition("\n")
    content, _, limit = rest.rpartition("\n")
    return Measure(number.strip(), name.strip(), content.strip(), limit.strip())


def _guidance(month: Monthly) -> str:
    """2: 耐心回答, 首问负责, 帮办代办."""
    phone, figure = month.questions("phone"), month.figures
    rated = f"，平均{figure.average}分，差评{figure.bad}次" if figure.rated else ""
    return (
        f"热线答复情况：提问{phone.asked}次，直接答复{phone.answered}次，转人工{phone.handed_over}次。"
        f"首问负责工单：新增{sum(figure.opened.values())}件，办结{figure.closed}件，其中按期办结{figure.in_time}件。"
        f"帮办代办：受理{sum(figure.filings.values())}件，其中亲友代办{figure.by_agent}件。"
        f"群众评价：{figure.rated}次{rated}。"
    )


def _chronic(month: Monthly) -> str:
    """4: 门诊慢性病资格确认."""
    return f"经热线、微信、网页受理门诊慢特病资格认定{month.figures.filed(*CHRONIC)}件。办理频次：{NO_DATA}。"


def _online(month: Monthly) -> str:
    """5: 网上办事, 授权代理, 亲友代办."""
    online, figure = month.questions("wechat", "web"), month.figures
    return (
        f"微信和网页提问{online.asked}次，直接答复{online.answered}次。"
        f"授权代理、亲友代办：新增授权{figure.authorised}件，代办{figure.by_agent}件。"
    )


def _nearby(month: Monthly) -> str:
    """6: 就近办."""
    figure = month.figures
    return (
        f"不用到大厅、经热线和网上受理：参保登记{figure.filed(*ENROL)}件，医疗费手工报销{figure.filed(*REIMBURSE)}件，"
        f"异地就医备案{figure.filed(*REMOTE)}件。镇街、村居服务站办理数：{NO_DATA}。"
    )


def _everywhere(month: Monthly) -> str:
    """11: 跨省和省内通办."""
    figure = month.figures
    return (
        f"经热线和网上受理：参保信息变更{figure.filed(*CHANGE)}件，居民参保登记{figure.filed(*ENROL)}件，"
        f"异地就医备案{figure.filed(*REMOTE)}件。"
    )


_WORDS: Mapping[str, Callable[[Monthly], str]] = {
    "2": _guidance,
    "4": _chronic,
    "5": _online,
    "6": _nearby,
    "11": _everywhere,
}
"""By 序号; of the other measures (windows, facilities, settlement, delivery, first aid) this system knows nothing."""
