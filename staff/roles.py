"""What staff are and what each may do: one table, read by every page and every action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from base.errors import ServiceError


class Role(StrEnum):
    """What a member of staff is. The value is what is stored and shown."""

    EDITOR = "编辑"
    REVIEWER = "审核"
    AGENT = "坐席"
    SUPERVISOR = "主管"
    ADMINISTRATOR = "管理员"


class Permission(StrEnum):
    """What can be allowed."""

    READ = "read"
    EDIT = "edit"
    REVIEW = "review"
    HIT_TEST = "hit_test"
    QUESTIONS = "questions"
    STATISTICS = "statistics"
    EXPORT = "export"
    IMPORT = "import"
    TICKETS = "tickets"
    SUPERVISE = "supervise"
    AUDIT = "audit"
    STAFF = "staff"
    SETTINGS = "settings"


_KNOWLEDGE_WORK = {
    Permission.READ,
    Permission.HIT_TEST,
    Permission.QUESTIONS,
    Permission.STATISTICS,
    Permission.EXPORT,
}
ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.EDITOR: frozenset(_KNOWLEDGE_WORK | {Permission.EDIT}),
    Role.REVIEWER: frozenset(_KNOWLEDGE_WORK | {Permission.REVIEW}),
    Role.AGENT: frozenset({Permission.READ, Permission.HIT_TEST, Permission.TICKETS}),
    Role.SUPERVISOR: frozenset(
        _KNOWLEDGE_WORK
        | {Permission.EDIT, Permission.REVIEW, Permission.TICKETS, Permission.SUPERVISE, Permission.AUDIT}
        | {Permission.SETTINGS}
    ),
    Role.ADMINISTRATOR: frozenset(
        {Permission.READ, Permission.EXPORT, Permission.IMPORT, Permission.AUDIT, Permission.STAFF, Permission.SETTINGS}
    ),
}
"""Who may do what. An administrator looks after accounts, backups and the hotline's settings, which somebody else
reviews, and changes no policy."""


class NotAllowed(ServiceError):
    """The member's role does not include the permission."""

    code = "not_allowed"
    retryable = False
    citizen_text = "您的岗位没有这项权限。"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who is logged in, or an account in the list."""

    username: str
    name: str
    role: Role
    active: bool = True
    county: str = ""
    """Whose tickets they see; "" sees all."""
    must_change: bool = False
    """Their password was chosen by somebody else."""
    has_second_factor: bool = False
    last_login_at: datetime | None = None
    """UTC, naive."""

    def may(self, permission: Permission) -> bool:
        return self.active and permission in ALLOWED[self.role]

    def require(self, permission: Permission) -> None:
        """Raises NotAllowed."""
        if not self.may(permission):
            raise NotAllowed(permission.value)
