"""What is kept of citizens only for a while, and how long: one table, which the clean-up does and `/privacy` shows.

    await Retention(database).clean()      # how many rows went; called once an hour

Personal data are kept no longer than their purpose needs (个人信息保护法 第十九条). What cleans up after itself by the
minute (the live desk, errands begun) is named in `ELSEWHERE`; questions are the knowledge's own. Tickets, filings and
materials are the bureau's files: nothing here deletes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from base.clock import Clock, as_stored, utc_now
from base.database import Base, Database
from casework.livechat import book as live
from casework.livechat.models import LiveWait
from casework.models import ERRAND_KEPT, UploadLink
from casework.people.consent_models import ConsentLink
from casework.people.models import IdChallenge, IdFailure, IdProof, OutboxMessage

_CODE = "code"


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of thing, and how long after which moment it goes. `also`: which rows only."""

    what: str
    table: type[Base]
    since: InstrumentedAttribute[datetime]
    lasts: timedelta
    also: ColumnElement[bool] | None = None

    @property
    def days(self) -> int:
        return self.lasts.days


CODE_SMS_KEPT = timedelta(days=1)
SMS_KEPT = timedelta(days=30)
CODE_KEPT = timedelta(days=1)
PROOF_KEPT = timedelta(days=1)
WRONG_CODES_KEPT = timedelta(days=30)
UPLOAD_LINK_KEPT = timedelta(days=30)
LIVE_WAIT_KEPT = timedelta(days=400)
CONSENT_LINK_KEPT = timedelta(days=30)

_DONE = OutboxMessage.state != "waiting"
RULES: Sequence[Kept] = (
    Kept("发出的验证码短信", OutboxMessage, OutboxMessage.at, CODE_SMS_KEPT, _DONE & (OutboxMessage.kind == _CODE)),
    Kept("发出的其他短信（号码、内容）", OutboxMessage, OutboxMessage.at, SMS_KEPT, _DONE),
    Kept("验证码", IdChallenge, IdChallenge.expires_at, CODE_KEPT),
    Kept("核对过身份的对话（微信绑定的除外，解绑即删）", IdProof, IdProof.seen_at, PROOF_KEPT, ~IdProof.bound),
    Kept("输错验证码的次数", IdFailure, IdFailure.at, WRONG_CODES_KEPT),
    Kept("过期的交材料网址", UploadLink, UploadLink.expires_at, UPLOAD_LINK_KEPT),
    Kept("等人工等了多久（不写是谁）", LiveWait, LiveWait.since, LIVE_WAIT_KEPT),
    Kept("过期的确认授权网址", ConsentLink, ConsentLink.expires_at, CONSENT_LINK_KEPT),
)


def _hours(lasts: timedelta) -> int:
    return int(lasts.total_seconds()) // 3600


# The first of these is LASTS_MS in connectors/web/static/kept.js.
ELSEWHERE: Sequence[tuple[str, str]] = (
    ("网页上的对话", "只在您这台手机或电脑的浏览器里，半小时；按“清除对话”马上没有"),
    ("正在进行的对话（给工作人员看的）", f"结束后{_hours(live.KEPT)}小时"),
    ("办到一半的对话", f"{_hours(ERRAND_KEPT)}小时"),
    ("您交的材料、工单、办过的事", "按医保档案的规定保存，加密；不自动删除"),
)


class Retention:
    """`now` is passed in so that a test can let time pass."""

    def __init__(self, database: Database, now: Clock = utc_now) -> None:
        self._database, self._now = database, now

    async def clean(self) -> int:
        """Delete what is older than it may be. Each kind by itself, so that no transaction is long."""
        now, gone = as_stored(self._now()), 0
        for rule in RULES:
            due = rule.since < now - rule.lasts
            async with self._database.session() as session:
                done = await session.execute(delete(rule.table).where(due if rule.also is None else due & rule.also))
                gone += done.rowcount if isinstance(done, CursorResult) else 0
        return gone
