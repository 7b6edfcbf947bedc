"""The audit log: who did what, to which, when. Written in the same transaction as the deed; read by 主管 and 管理员."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from casework.staff_models import AuditEntry
from service.database import Database

_MAX_DETAIL = 500


class Action(StrEnum):
    """What can be done; the value is the constant code that is stored, `label` what staff read."""

    LOGIN = "login"
    LOGIN_FAILED = "login_failed"
    LOGIN_LOCKED = "login_locked"
    LOGOUT = "logout"
    STAFF_ADDED = "staff_added"
    STAFF_CHANGED = "staff_changed"
    PASSWORD_CHANGED = "password_changed"
    REFUSED = "refused"
    SAVED = "saved"
    ROLLED_BACK = "rolled_back"
    DISCARDED = "discarded"
    SUBMITTED = "submitted"
    TAKEN_BACK = "taken_back"
    APPROVED = "approved"
    REJECTED = "rejected"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    UPLOAD_REFUSED = "upload_refused"
    EXPORTED = "exported"
    IMPORTED = "imported"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Action.LOGIN: "登录",
    Action.LOGIN_FAILED: "登录失败",
    Action.LOGIN_LOCKED: "登录被锁定",
    Action.LOGOUT: "退出",
    Action.STAFF_ADDED: "新增人员",
    Action.STAFF_CHANGED: "修改人员",
    Action.PASSWORD_CHANGED: "修改密码",
    Action.REFUSED: "操作被拒绝",
    Action.SAVED: "保存新版本",
    Action.ROLLED_BACK: "恢复旧版本",
    Action.DISCARDED: "放弃草稿",
    Action.SUBMITTED: "提交审核",
    Action.TAKEN_BACK: "撤回提交",
    Action.APPROVED: "审核通过",
    Action.REJECTED: "审核退回",
    Action.PUBLISHED: "发布",
    Action.UNPUBLISHED: "撤下",
    Action.UPLOAD_REFUSED: "拒收文件",
    Action.EXPORTED: "导出",
    Action.IMPORTED: "导入",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. `at` is aware, UTC."""

    at: datetime
    who: str
    what: str
    which: str
    by: str
    detail: str


@dataclass(frozen=True, slots=True)
class Page:
    """`total` entries match; `entries` are those of the page, newest first."""

    total: int
    entries: Sequence[Entry]


def note(session: AsyncSession, who: str, what: Action, which: str, *, by: str = "", detail: str = "") -> None:
    """Add an entry to the caller's unit of work: it is kept exactly when the deed is. `detail`: no personal data."""
    now = datetime.now(UTC).replace(tzinfo=None)
    session.add(
        AuditEntry(at=now, who=who[:80], what=what.value, which=which[:160], by=by[:80], detail=detail[:_MAX_DETAIL])
    )


async def note_alone(database: Database, who: str, what: Action, which: str, *, by: str = "", detail: str = "") -> None:
    """Add an entry in a unit of work of its own: for what was refused, where nothing else is written."""
    async with database.session() as session:
        note(session, who, what, which, by=by, detail=detail)


async def entries(
    database: Database,
    *,
    who: str = "",
    what: Action | None = None,
    which: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    page: int = 1,
    page_size: int = 50,
) -> Page:
    """Look into the log. `since`/`until` are aware; the page counts from 1."""
    wanted = select(AuditEntry)
    if who:
        wanted = wanted.where(AuditEntry.who == who)
    if what:
        wanted = wanted.where(AuditEntry.what == what.value)
    if which:
        wanted = wanted.where(AuditEntry.which == which)
    if since:
        wanted = wanted.where(AuditEntry.at >= since.astimezone(UTC).replace(tzinfo=None))
    if until:
        wanted = wanted.where(AuditEntry.at < until.astimezone(UTC).replace(tzinfo=None))
    async with database.session() as session:
        total = await session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        rows = await session.scalars(
            wanted.order_by(AuditEntry.id.desc()).offset((max(page, 1) - 1) * page_size).limit(page_size)
        )
        found = [Entry(row.at.replace(tzinfo=UTC), row.who, row.what, row.which, row.by, row.detail) for row in rows]
    return Page(total, found)
