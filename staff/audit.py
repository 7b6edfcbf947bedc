"""The audit log: who did what, to which, when. Written in the same transaction as the deed; read by 主管 and 管理员."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import as_aware, as_stored, stored_now
from base.database import Database
from staff.models import AuditEntry

_MAX_DETAIL = 500


class Action(StrEnum):
    """What can be done; the value is the constant code that is stored, `label` what staff read."""

    DEMO_STARTED = "demo_started"
    PERSON_EXPORTED = "person_exported"
    PERSON_DELETED = "person_deleted"
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
    ASKED_IGNORED = "asked_ignored"
    ASKED_SHOWN = "asked_shown"
    ASKED_ASSIGNED = "asked_assigned"
    ASKED_MERGED = "asked_merged"
    EXPORTED = "exported"
    IMPORTED = "imported"
    TICKET_VIEWED = "ticket_viewed"
    PHONE_SHOWN = "phone_shown"
    MATERIAL_VIEWED = "material_viewed"
    TICKET_TAKEN = "ticket_taken"
    TICKET_OFFERED = "ticket_offered"
    TICKET_ACCEPTED = "ticket_accepted"
    TICKET_DECLINED = "ticket_declined"
    TICKET_WITHDRAWN = "ticket_withdrawn"
    TICKET_ASSIGNED = "ticket_assigned"
    TICKET_NOTED = "ticket_noted"
    TICKET_ASKED = "ticket_asked"
    TICKET_SUPPLIED = "ticket_supplied"
    TICKET_CLOSED = "ticket_closed"
    TICKET_REOPENED = "ticket_reopened"
    TICKET_REMINDED = "ticket_reminded"
    TICKET_ESCALATED = "ticket_escalated"
    TICKET_RATED = "ticket_rated"
    TICKET_COMMENTED = "ticket_commented"
    TICKET_CALLED_BACK = "ticket_called_back"
    TICKET_DISPATCHED = "ticket_dispatched"
    TICKET_RETURNED = "ticket_returned"
    TICKET_EXTENSION_ASKED = "ticket_extension_asked"
    TICKET_EXTENDED = "ticket_extended"
    TICKET_EXTENSION_REFUSED = "ticket_extension_refused"
    TICKET_MERGED = "ticket_merged"
    TICKET_SUPERVISED = "ticket_supervised"
    TICKET_LABELLED = "ticket_labelled"
    TICKET_PRINTED = "ticket_printed"
    TICKET_REGISTERED = "ticket_registered"
    TICKET_FOLLOWED = "ticket_followed"
    TICKET_CODE_LOCKED = "ticket_code_locked"
    REPORTED = "reported"
    DUTIES_CHANGED = "duties_changed"
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    FIXED_REPLY_CHANGED = "fixed_reply_changed"
    PROVED = "proved"
    PROOF_FAILED = "proof_failed"
    PROOF_LOCKED = "proof_locked"
    BOUND = "bound"
    UNBOUND = "unbound"
    QUERIED = "queried"
    AUTHORISED = "authorised"
    AUTHORISATION_REVOKED = "authorisation_revoked"
    AUTHORISATION_REFUSED = "authorisation_refused"
    FILED = "filed"
    FILING_CANCELLED = "filing_cancelled"
    MATERIAL_ADDED = "material_added"
    POINT_ADDED = "point_added"
    POINT_CHANGED = "point_changed"
    POINT_DELETED = "point_deleted"
    LIVE_VIEWED = "live_viewed"
    LIVE_TAKEN = "live_taken"
    LIVE_ANSWERED = "live_answered"
    LIVE_GIVEN_BACK = "live_given_back"
    LIVE_ENDED = "live_ended"
    LIVE_ON = "live_on"
    LIVE_OFF = "live_off"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Action.DEMO_STARTED: "作为演示运行过",
    Action.PERSON_EXPORTED: "调出一个人的全部记录",
    Action.PERSON_DELETED: "删除一个人不再需要的记录",
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
    Action.ASKED_IGNORED: "不再列出一类没答上的问题",
    Action.ASKED_SHOWN: "重新列出一类没答上的问题",
    Action.ASKED_ASSIGNED: "把一类没答上的问题交给同事",
    Action.ASKED_MERGED: "合并两类没答上的问题",
    Action.EXPORTED: "导出",
    Action.IMPORTED: "导入",
    Action.TICKET_VIEWED: "查看工单",
    Action.PHONE_SHOWN: "显示电话号码",
    Action.MATERIAL_VIEWED: "查看材料",
    Action.TICKET_TAKEN: "接单",
    Action.TICKET_OFFERED: "请求移交工单",
    Action.TICKET_ACCEPTED: "接受移交",
    Action.TICKET_DECLINED: "退回移交",
    Action.TICKET_WITHDRAWN: "撤回移交",
    Action.TICKET_ASSIGNED: "指派工单",
    Action.TICKET_NOTED: "记录工单",
    Action.TICKET_ASKED: "要求补材料",
    Action.TICKET_SUPPLIED: "群众已补材料",
    Action.TICKET_CLOSED: "办结工单",
    Action.TICKET_REOPENED: "重新办理工单",
    Action.TICKET_REMINDED: "催办",
    Action.TICKET_ESCALATED: "超期报主管",
    Action.TICKET_RATED: "群众评价",
    Action.TICKET_COMMENTED: "群众写评价意见",
    Action.TICKET_CALLED_BACK: "差评回访",
    Action.TICKET_DISPATCHED: "转办工单",
    Action.TICKET_RETURNED: "退单",
    Action.TICKET_EXTENSION_ASKED: "申请延期",
    Action.TICKET_EXTENDED: "同意延期",
    Action.TICKET_EXTENSION_REFUSED: "不同意延期",
    Action.TICKET_MERGED: "并单",
    Action.TICKET_SUPERVISED: "督办工单",
    Action.TICKET_LABELLED: "改工单标签",
    Action.TICKET_PRINTED: "打印工单",
    Action.TICKET_REGISTERED: "登记工单",
    Action.TICKET_FOLLOWED: "群众凭查询码查看工单",
    Action.TICKET_CODE_LOCKED: "查询码错误被锁定",
    Action.REPORTED: "导出月报",
    Action.DUTIES_CHANGED: "改月报的责任人",
    Action.SECOND_FACTOR_CHANGED: "开通或取消动态码",
    Action.FIXED_REPLY_CHANGED: "改常用语",
    Action.PROVED: "身份核对通过",
    Action.PROOF_FAILED: "验证码错误",
    Action.PROOF_LOCKED: "身份核对被锁定",
    Action.BOUND: "绑定微信",
    Action.UNBOUND: "解除绑定",
    Action.QUERIED: "查询个人信息",
    Action.AUTHORISED: "授权生效",
    Action.AUTHORISATION_REVOKED: "收回授权",
    Action.AUTHORISATION_REFUSED: "没有授权，拒绝",
    Action.FILED: "提交帮办事项",
    Action.FILING_CANCELLED: "取消帮办事项",
    Action.MATERIAL_ADDED: "收到材料",
    Action.POINT_ADDED: "新增服务点",
    Action.POINT_CHANGED: "修改服务点",
    Action.POINT_DELETED: "删除服务点",
    Action.LIVE_VIEWED: "查看在线对话",
    Action.LIVE_TAKEN: "接管对话",
    Action.LIVE_ANSWERED: "在对话里答复",
    Action.LIVE_GIVEN_BACK: "把对话交还助手",
    Action.LIVE_ENDED: "结束对话",
    Action.LIVE_ON: "上线接人工",
    Action.LIVE_OFF: "下线",
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
    now = stored_now()
    session.add(
        AuditEntry(at=now, who=who[:80], what=what.value, which=which[:160], by=by[:80], detail=detail[:_MAX_DETAIL])
    )


async def note_alone(database: Database, who: str, what: Action, which: str, *, by: str = "", detail: str = "") -> None:
    """Add an entry in a unit of work of its own: for what was refused, where nothing else is written."""
    async with database.session() as session:
        note(session, who, what, which, by=by, detail=detail)


async def counted_by(session: AsyncSession, who: Sequence[str], what: Action) -> Mapping[str, int]:
    """How often these people did this, by what allowed them to ("authorisation 7")."""
    wanted = select(AuditEntry.by, func.count()).where(AuditEntry.who.in_(who), AuditEntry.what == what.value)
    return {row.by: row[1] for row in await session.execute(wanted.group_by(AuditEntry.by))}


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
        wanted = wanted.where(AuditEntry.at >= as_stored(since))
    if until:
        wanted = wanted.where(AuditEntry.at < as_stored(until))
    async with database.session() as session:
        total = await session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        rows = await session.scalars(
            wanted.order_by(AuditEntry.id.desc()).offset((max(page, 1) - 1) * page_size).limit(page_size)
        )
        found = [Entry(as_aware(row.at), row.who, row.what, row.which, row.by, row.detail) for row in rows]
    return Page(total, found)
