"""Templates: one environment for all staff pages, escaping everything, and what every page is given."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web

from base.caches import cache_dir
from base.clock import day_here, here, utc_now
from base.tenant import TENANT
from connectors.console.kit.labels import DONE
from connectors.console.kit.session import MEMBER, PATH, form_token
from connectors.console.knowledge.readable import clause_title
from staff.roles import Permission

_SLICE_SECONDS = 0.005
TEMPLATES: web.AppKey[jinja2.Environment] = web.AppKey("console_templates", jinja2.Environment)
_HERE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class NavItem:
    """A page in the menu, for whoever has the permission."""

    path: str
    title: str
    permission: Permission
    about: str
    group: str
    current: bool = False

    @property
    def name(self) -> str:
        """What its number is called by, see `counts.html`."""
        return self.path.rpartition("/")[2]


_NAV = (
    NavItem("/live", "在线对话", Permission.TICKETS, "正在说话的群众：谁在等人工，接管、答复、交还助手", "办件"),
    NavItem("/tickets", "工单", Permission.TICKETS, "群众没办完的事：接单、移交、记录、办结，按期限排队", "办件"),
    NavItem("/documents", "文件", Permission.READ, "政策文件的清单；上传新文件，核对识别结果", "知识"),
    NavItem("/clauses", "条款", Permission.READ, "文件里一条一条的原文", "知识"),
    NavItem("/faq", "问答", Permission.READ, "群众会问的事：各种问法、怎么答、依据是哪条", "知识"),
    NavItem("/guides", "办事指南", Permission.READ, "45 个事项的指南，缺什么一目了然", "知识"),
    NavItem("/facts", "外部资料", Permission.READ, "文件以外找到的资料，两位同事核对后才能用", "知识"),
    NavItem("/points", "服务点", Permission.EDIT, "网页和微信上给群众看的地址、电话、时间", "知识"),
    NavItem("/synonyms", "同义词", Permission.READ, "群众的各种说法，查找时归到哪个词", "知识"),
    NavItem("/review", "审核", Permission.REVIEW, "看别人改了什么，同意或者退回", "知识"),
    NavItem("/hit-test", "试答", Permission.HIT_TEST, "打一个问题，看现在会怎么答、为什么", "质量"),
    NavItem("/unanswered", "答不上来", Permission.QUESTIONS, "群众问了没答好的，归成一类一类", "质量"),
    NavItem("/health", "知识体检", Permission.QUESTIONS, "已有文件写到的“没有写”、快到期的文件", "质量"),
    NavItem("/statistics", "统计", Permission.STATISTICS, "问得最多的、答上和没答上的、各渠道每周多少", "质量"),
    NavItem("/load", "工作量", Permission.SUPERVISE, "每位同事手里有多少、哪些超期、群众评价怎样", "管理"),
    NavItem("/reports", "月报", Permission.SUPERVISE, "工作配档表和工作调度表，填好本月的数字", "管理"),
    NavItem("/settings", "热线设置", Permission.SETTINGS, "网页通知、服务时间、放假、问候语、短信的话", "管理"),
    NavItem("/exchange", "导出导入", Permission.EXPORT, "整个知识库存成文件，或者从文件恢复", "管理"),
    NavItem("/audit", "审计", Permission.AUDIT, "谁在什么时候做了什么", "管理"),
    NavItem("/staff", "人员", Permission.STAFF, "账号、岗位和密码", "管理"),
)


class Page(web.Response):
    """A page that is not written yet: the middleware `guard.plain_words` writes it, in slices, so that one with
    hundreds of clauses keeps no call waiting."""

    def __init__(self, written: Iterator[str], status: int) -> None:
        super().__init__(status=status, content_type="text/html", charset="utf-8")
        self.headers["Cache-Control"] = "no-store"
        self._written: Iterator[str] | None = written

    async def write_out(self) -> None:
        """Once; raises what the template raises."""
        if self._written is None:
            return
        pieces, began = [], time.perf_counter()
        for piece in self._written:
            pieces.append(piece)
            if time.perf_counter() - began > _SLICE_SECONDS:
                await asyncio.sleep(0)
                began = time.perf_counter()
        self.text, self._written = "".join(pieces), None


def setup_templates(app: web.Application) -> None:
    """They are compiled while the service starts: some take a call's whole patience at their first use."""
    app[TEMPLATES] = templates()
    app.on_startup.append(_begin_compiling)


@cache
def templates() -> jinja2.Environment:
    """One for the process. A name that a template misspells is an error, not an empty place."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=CompiledBefore(str(cache_dir("pages"))),
    )
    environment.globals["tenant"] = TENANT
    environment.filters.update(moment=moment, day=day, clause_title=clause_title)
    return environment


class CompiledBefore(jinja2.FileSystemBytecodeCache):
    """What was compiled at an earlier start. A full disk only means that it is compiled again."""

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)


@cache
def compile_all() -> None:
    """For a thread."""
    for name in templates().list_templates():
        templates().get_template(name)


async def _begin_compiling(app: web.Application) -> None:
    asyncio.get_running_loop().run_in_executor(None, compile_all)


def render(request: web.Request, template: str, context: Mapping[str, Any], status: int = 200) -> web.Response:
    """A page, never kept by the browser: it may show what only this person may see."""
    member = request.get(MEMBER)
    if status == HTTPStatus.UNPROCESSABLE_ENTITY and request.headers.get("HX-Request"):
        status = HTTPStatus.OK  # htmx takes a refused form for a failed request and does not show it
    everywhere = {
        "user": member,
        "may": {permission.value: bool(member and member.may(permission)) for permission in Permission},
        "csrf": form_token(request),
        "today": day_here(utc_now()),
        "nav": navigation(request),
        "done": DONE.get(request.query.get("done", ""), ""),
    }
    written = request.config_dict[TEMPLATES].get_template(template).generate({**everywhere, **context})
    return Page(written, status)


def navigation(request: web.Request) -> list[NavItem]:
    """The menu of whoever is logged in."""
    member = request.get(MEMBER)
    return [
        replace(item, path=PATH + item.path, current=_is_below(request.path, PATH + item.path))
        for item in _NAV
        if member is not None and member.may(item.permission)
    ]


def back_to(path: str, done: str = "") -> web.HTTPSeeOther:
    """After something was done: the page to see next, and the code of the sentence it shows (`words.DONE`)."""
    mark = "&" if "?" in path else "?"
    return web.HTTPSeeOther(f"{PATH}{path}{mark}done={done}" if done else PATH + path)


def moment(value: datetime | None) -> str:
    """A time of the database (UTC, naive or aware) as the office's clock shows it."""
    if value is None:
        return ""
    return f"{here(value):%Y-%m-%d %H:%M}"


def day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _is_below(path: str, start: str) -> bool:
    return path == start or path.startswith(start + "/")
