"""Many new accounts at once, each with a first password that its owner must change: all of them, or none.

made = await enrol(accounts, [Newcomer(2, "wangfang", "王芳", "坐席", "邹城市")], counties, by="guanli")
made[0].password                                        # told once, kept nowhere
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from base.errors import ServiceError
from staff.accounts import AccountRefused, NewAccount, StaffAccounts, checked_username
from staff.roles import Role

MOST = 100
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look like another on paper."""
_GROUPS, _GROUP_CHARS = 3, 4


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A row of a list, as it was written; `number` is the row's."""

    number: int
    username: str
    name: str
    role: str
    county: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """An account that was made."""

    username: str
    name: str
    role: str
    county: str
    password: str


class RosterRefused(ServiceError):
    """No account was made. `rows`: (number, name, what is wrong)."""

    code = "roster_refused"
    retryable = False
    citizen_text = "有的行还不对，一个账号也没有新增。请照下面改好，再传一次。"

    def __init__(self, rows: Sequence[tuple[int, str, str]]) -> None:
        super().__init__(f"{len(rows)} rows")
        self.rows = tuple(rows)


async def enrol(
    accounts: StaffAccounts, newcomers: Sequence[Newcomer], counties: Collection[str], *, by: str
) -> list[Made]:
    """Raises RosterRefused; AccountRefused when a name was taken meanwhile. Slow, see `StaffAccounts.add_all`."""
    known = {member.username for member in await accounts.everybody()}
    twice = Counter(one.username.strip().lower() for one in newcomers)
    wrong = [(one.number, one.name, words) for one in newcomers if (words := _wrong(one, known, twice, counties))]
    if len(newcomers) > MOST:
        wrong.append((0, "", f"一次最多 {MOST} 人，请分成几个文件"))
    if wrong:
        raise RosterRefused(wrong)
    people = [
        NewAccount(one.username, one.name, Role(one.role), first_password(), one.county, is_first=True)
        for one in newcomers
    ]
    members = await accounts.add_all(people, by=by)
    return [
        Made(member.username, member.name, member.role.value, member.county, one.password)
        for member, one in zip(members, people, strict=True)
    ]


def first_password() -> str:
    """Easy to read out and to type: abcd-efgh-jkmn."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_CHARS)) for _ in range(_GROUPS))
    return "-".join(groups)


def _wrong(one: Newcomer, known: Collection[str], twice: Counter[str], counties: Collection[str]) -> str:
    try:
        username = checked_username(one.username)
    except AccountRefused as refusal:
        return refusal.citizen_text
    if username in known:
        return "这个账号已经有了"
    if twice[username] > 1:
        return "表里这个账号写了两次"
    if not one.name.strip() or len(one.name) > 40:
        return "请填写姓名（不超过40字）"
    if one.role not in set(Role):
        return f"岗位“{one.role[:10]}”不认识，可以写：{'、'.join(Role)}"
    if one.county and one.county not in counties:
        return f"县区“{one.county[:10]}”不认识；市本级的空着"
    return ""
