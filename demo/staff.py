"""Staff accounts for the demo: one file, readable by its owner only, with a random password for each.

Made only in demo mode. There is no password that works on two machines.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from staff.accounts import StaffAccounts
from staff.roles import Role

_PEOPLE = (
    ("bianji", "编辑甲", Role.EDITOR),
    ("bianji2", "编辑乙", Role.EDITOR),
    ("shenhe", "审核甲", Role.REVIEWER),
    ("shenhe2", "审核乙", Role.REVIEWER),
    ("zuoxi", "坐席甲", Role.AGENT),
    ("zuoxi2", "坐席乙", Role.AGENT),
    ("zhuguan", "主管甲", Role.SUPERVISOR),
    ("guanli", "管理员甲", Role.ADMINISTRATOR),
)
BY = "demo"
USERNAMES = tuple(username for username, _, _ in _PEOPLE)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account and the password in clear, to be shown to whoever runs the demo."""

    username: str
    name: str
    role: Role
    password: str


async def ensure_demo_staff(accounts: StaffAccounts, file: Path) -> list[DemoAccount]:
    """The demo's accounts, made when they are not there; `file` keeps their passwords from start to start.

    Without the file (deleted, or another database) every demo account gets a new password.
    """
    known = await asyncio.to_thread(_read, file)
    present = {member.username for member in await accounts.everybody()}
    people = [DemoAccount(*person, known.get(person[0]) or secrets.token_urlsafe(9)) for person in _PEOPLE]
    for person in people:
        if person.username not in present:
            await accounts.add(person.username, person.name, person.role, person.password, by=BY)
        elif person.username not in known:
            await accounts.set_password(person.username, person.password, by=BY)
    if any(person.username not in known for person in people):
        await asyncio.to_thread(_write, file, people)
    return people


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    lines = (line.split() for line in file.read_text(encoding="utf-8").splitlines())
    return {parts[0]: parts[1] for parts in lines if len(parts) >= 2 and parts[0] != "#"}


def _write(file: Path, people: list[DemoAccount]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{person.username} {person.password} {person.role.value} {person.name}\n" for person in people]
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.writelines(["# 演示账号：用户名 密码 岗位 姓名\n", *lines])
