"""One use of every route of the console, in an order in which each finds what it needs."""

from __future__ import annotations

import asyncio
import io
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from aiohttp import FormData

from casework.tickets.tickets import Kind, Tickets
from connectors.console.kit.sheets import Sheet, workbook
from staff import totp
from tests.casework.filings.test_materials import picture
from tests.connectors.console.crowded import FIRST_TICKET
from tests.connectors.console.knowledge.test_items import fields_of
from tests.connectors.console.knowledge.test_upload import NOTICE, as_docx
from tests.connectors.console.office import PASSWORD, Browser, Office
from tests.knowledge.authoring.test_faq_import import table as faq_table
from tests.knowledge.documents import scans

LONG_NOTICE = (
    *NOTICE[:5],
    *(
        f"{number}、第{number}项规定。第{number}项办理时限压缩为{number % 20 + 1}个工作日，每人每年补助{number}元。"
        for number in range(1, 300)
    ),
    *NOTICE[7:],
)
"""As long as a whole year's catalogue."""

ROSTER = workbook(
    [Sheet("人员", (("账号", 9), ("姓名", 9), ("岗位", 9), ("县区", 9)), [("neuer", "新来的", "坐席", "")])]
)

Fields = Mapping[str, str] | list[tuple[str, str]]


@dataclass
class Walk:
    """`used`: every route that was used, as (method, canonical path); `about` is told before each."""

    desk: Office
    about: Callable[[str], None]
    used: set[tuple[str, str]] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    """Requests that did not lead where they should."""
    led_to: str = ""
    """Where the last form led, "" when it stayed."""

    async def get(self, browser: Browser, route: str, path: str = "", *, ok: bool = True) -> str:
        path = path or route
        self._on("GET", route)
        response = await browser.client.get("/console" + path)
        return await self._seen(browser, f"GET {path}", response.status, await response.read(), ok=ok)

    async def post(
        self, browser: Browser, route: str, path: str = "", fields: Fields | None = None, *, ok: bool = True
    ) -> str:
        """`ok` False: it may be refused, having looked up all that decides about it."""
        path = path or route
        pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields or ())
        self._on("POST", route)
        response = await browser.client.post(
            "/console" + path, data=[("csrf", browser.token), *pairs], allow_redirects=False
        )
        return await self._seen(browser, f"POST {path}", response.status, await response.read(), ok=ok)

    async def send(
        self,
        browser: Browser,
        route: str,
        path: str,
        fields: list[tuple[str, str]],
        file: tuple[str, bytes] | None = None,
        *,
        ok: bool = True,
    ) -> str:
        """A form with a file, or one that is too large for the other kind."""
        form = FormData()
        form.add_field("csrf", browser.token)
        for name, value in fields:
            form.add_field(name, value, content_type="text/plain")
        name, data = file or ("", b"")
        form.add_field("file", io.BytesIO(data), filename=name)
        body = form()
        sent = await body.as_bytes()
        await asyncio.sleep(0)
        self._on("POST", route)
        response = await browser.client.post(
            "/console" + path, data=io.BytesIO(sent), headers={"Content-Type": body.content_type}, allow_redirects=False
        )
        self.led_to = response.headers.get("Location", "")
        return await self._seen(browser, f"POST {path}", response.status, await response.read(), ok=ok)

    def _on(self, method: str, route: str) -> None:
        self.used.add((method, "/console" + route))
        self.about(f"{method} {route}")

    async def _seen(self, browser: Browser, what: str, status: int, body: bytes, *, ok: bool) -> str:
        if (status >= 400 and ok) or status >= 500:
            self.refused.append(f"{what}: {status}")
        self.about("")
        page = body[:3_000_000].decode("utf-8", "replace")
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
        browser.token = found.group(1) if found else browser.token
        browser.page = page
        return page


async def walk(desk: Office, about: Callable[[str], None]) -> Walk:
    """Use everything once."""
    tour = Walk(desk, about)
    async with AsyncExitStack() as stack:
        people = {
            name: await stack.enter_async_context(desk.logged_in(name))
            for name in ("bianji", "shenhe", "zuoxi", "zuoxi2", "zhuguan", "guanli")
        }
        for part in (
            _in_and_out,
            _lists,
            _items,
            _uploads,
            _faq_files,
            _reviews,
            _questions,
            _reports,
            _tickets,
            _live,
            _points,
            _moving,
        ):
            await part(tour, people)
    return tour


People = Mapping[str, Browser]


async def _in_and_out(tour: Walk, people: People) -> None:
    async with tour.desk.browser() as stranger:
        await tour.get(stranger, "/login")
        await tour.get(stranger, "/assets/{name}", "/assets/console.css")
        login = {"name": "bianji2", "password": PASSWORD, "next": "/console"}
        await tour.post(stranger, "/login", fields=login)
        await tour.get(stranger, "")
        await tour.get(stranger, "/")
        await tour.get(stranger, "/password")
        new = {"old": PASSWORD, "password": "another-horse-9", "again": "another-horse-9"}
        await tour.post(stranger, "/password", fields=new)
        await tour.get(stranger, "/login")
        await tour.post(stranger, "/login", fields={**login, "password": "another-horse-9"})
        await tour.get(stranger, "/password")
        page = await tour.get(stranger, "/second-factor")
        secret = page.split('name="secret" value="')[1].split('"')[0]
        code = totp.code_at(secret, int(time.time() // 30))
        await tour.post(stranger, "/second-factor", fields={"secret": secret, "code": code})
        await tour.post(stranger, "/second-factor", fields={"off": "yes", "old": "another-horse-9"})
        await tour.post(stranger, "/logout")
    boss = people["guanli"]
    await tour.get(boss, "/staff")
    await tour.post(
        boss,
        "/staff",
        fields={"username": "neu", "name": "新人", "role": "编辑", "password": "a-long-one-1", "again": "a-long-one-1"},
    )
    await tour.post(boss, "/staff/{username}", "/staff/neu", {"role": "编辑", "active": "no"})
    await tour.post(boss, "/staff/{username}/password", "/staff/neu/password", {"password": "a-longer-one-2"})
    await tour.get(boss, "/staff/import")
    await tour.send(boss, "/staff/import", "/staff/import", [], ("人员.xlsx", ROSTER))
    await tour.get(boss, "/staff/export.xlsx")
    await tour.get(boss, "/audit")
    await tour.get(boss, "/audit.csv")
    await tour.get(boss, "/audit", "/audit?what=ticket_viewed&page=900")
    for name in ("zhuguan", "zuoxi", "bianji", "shenhe"):
        await tour.get(people[name], "")


async def _lists(tour: Walk, people: People) -> None:
    editor = people["bianji"]
    for path in ("/documents", "/clauses", "/faq", "/guides", "/facts", "/synonyms", "/settings"):
        await tour.get(editor, path)
        await tour.get(editor, path, path + "?q=备案 材料")
    await tour.get(editor, "/faq", "/faq?page=150")
    await tour.get(editor, "/clauses/pick", "/clauses/pick?row=0&q=备案")
    await tour.get(editor, "/clauses/find", "/clauses/find?row=0&q=备案")
    await tour.get(editor, "/clauses/quote", "/clauses/quote?row=0&clause=jining-yb-2023-25.m07")
    await tour.get(editor, "/faq/answer", "/faq/answer?row=1")
    await tour.get(editor, "/guides/statement", "/guides/statement?element=materials&row=1")


_SOME = {
    "/documents": "jining-yb-2023-25",
    "/clauses": "jining-yb-2023-25.m07",
    "/faq": "many-00042",
}


async def _items(tour: Walk, people: People) -> None:
    boss = people["zhuguan"]
    for path in ("/documents", "/clauses", "/faq", "/guides", "/facts", "/synonyms", "/settings"):
        one = path + "/{id}"
        editor = people["guanli" if path == "/settings" else "bianji"]
        if path != "/settings":
            await tour.get(editor, path + "/new")
            fields = fields_of(editor.page)
            await tour.post(editor, path + "/new", fields=[*fields, ("then", "save")], ok=False)
        listed = await tour.get(editor, path)
        item = _SOME.get(path) or re.findall(rf'href="/console{path}/([^"/?]+)"', listed)[-1]
        at = f"{path}/{item}"
        await tour.get(editor, one, at)
        await tour.get(editor, one + "/history", at + "/history")
        for then in ("/submit", "/discard"):
            await tour.get(editor, one + "/edit", at + "/edit")
            fields = fields_of(editor.page)
            await tour.post(editor, one + "/edit", at + "/edit", [*fields, ("then", "save"), ("why", "试")])
            revision = await _revision(tour, editor, one, at)
            await tour.post(editor, one + then, at + then, revision)
            if then == "/submit":
                await tour.post(editor, one + "/take-back", at + "/take-back", await _revision(tour, editor, one, at))
                await tour.post(editor, one + "/discard", at + "/discard", await _revision(tour, editor, one, at))
        page = await tour.get(editor, one + "/history", at + "/history")
        base = re.search(r'name="base" value="(\d+)"', page)
        await tour.post(
            editor, one + "/roll-back", at + "/roll-back", {"to": "1", "base": base.group(1) if base else "1"}
        )
        await tour.post(boss, one + "/unpublish", at + "/unpublish", {"reason": "试"}, ok=False)


async def _revision(tour: Walk, editor: Browser, route: str, at: str) -> Mapping[str, str]:
    page = await tour.get(editor, route, at)
    found = re.search(r'name="revision" value="(\d+)"', page)
    return {"revision": found.group(1)} if found else {}


async def _uploads(tour: Walk, people: People) -> None:
    editor, reviewer = people["bianji"], people["shenhe"]
    await tour.get(editor, "/documents/upload")
    photo = scans.as_file(scans.photographed(NOTICE[:5])[0])
    await tour.send(editor, "/documents/upload", "/documents/upload", [], ("照片.jpg", photo))
    picture = re.findall(r'href="/console(/documents/upload/scans/[0-9a-f]+/0)"', editor.page)[0]
    await tour.get(editor, "/documents/upload/scans/{key}/{page}", picture)
    await tour.send(editor, "/documents/upload", "/documents/upload", [], ("通知.docx", as_docx(LONG_NOTICE)))
    await tour.send(
        editor, "/documents/upload/save", "/documents/upload/save", [*fields_of(editor.page), ("then", "submit")]
    )
    queue = await tour.get(reviewer, "/review")
    link = re.findall(r'href="/console(/review/\d+)">济宁市医疗保障局关于优化门诊慢特病', queue)[0]
    await tour.get(reviewer, "/review/{revision}", link)
    await tour.post(reviewer, "/review/{revision}/approve", link + "/approve")
    page = await tour.get(editor, "/documents", "/documents?q=优化门诊慢特病")
    document = re.findall(r"/console/documents/(document-\w+)", page)[0]
    route = "/documents/{id}/new-version"
    at = f"/documents/{document}/new-version"
    await tour.get(editor, route, at)
    changed = tuple(line.replace("压缩为3个", "压缩为9个") for line in LONG_NOTICE[:-20])
    await tour.send(editor, route, at, [], ("新.docx", as_docx(changed)))
    await tour.send(editor, route + "/save", at + "/save", [*fields_of(editor.page), ("then", "again")])


async def _faq_files(tour: Walk, people: People) -> None:
    editor = people["bianji"]
    await tour.get(editor, "/faq/file")
    await tour.get(editor, "/faq/file.xlsx")
    await tour.get(editor, "/faq/file")
    for then in ("submit", "discard"):
        row = {"问题": f"没人问过的{then}", "群众的问法": "没有", "怎么答": "文件没有写全，如实说明"}
        await tour.send(editor, "/faq/file", "/faq/file", [], ("问答.xlsx", faq_table(row)))
        route = "/faq/file/{key}"
        path = tour.led_to.removeprefix("/console").partition("?")[0]
        await tour.get(editor, route, path)
        await tour.post(editor, f"{route}/{then}", f"{path}/{then}")


async def _reviews(tour: Walk, people: People) -> None:
    reviewer = people["shenhe"]
    queue = await tour.get(reviewer, "/review")
    first, second, third = re.findall(r'href="/console(/review/\d+)"', queue)[5:8]
    await tour.get(reviewer, "/review/{revision}", first)
    await tour.get(reviewer, "/review/{revision}/gaps", first + "/gaps")
    await tour.post(reviewer, "/review/{revision}/reject", first + "/reject", {"reason": "试"})
    await tour.post(reviewer, "/review/{revision}/approve", second + "/approve")
    await tour.post(reviewer, "/review/{revision}/publish", third + "/publish", ok=False)


async def _questions(tour: Walk, people: People) -> None:
    editor = people["bianji"]
    await tour.get(editor, "/hit-test")
    asked = {"question": "手机上怎么备案", "place": "sd-jining", "channel": "phone", "on": ""}
    page = await tour.post(editor, "/hit-test", fields=asked)
    test = re.findall(r"/console/hit-test/(\d+)", page)[0]
    await tour.post(editor, "/hit-test/again")
    await tour.get(editor, "/hit-test/{test}", f"/hit-test/{test}")
    await tour.post(editor, "/hit-test/{test}/forget", f"/hit-test/{test}/forget")
    await tour.get(editor, "/health")
    await asyncio.sleep(0.1)
    await tour.get(editor, "/health")
    await tour.post(people["shenhe"], "/health/take-back", fields={"gap": "gap-card-loss"})
    page = await tour.get(editor, "/unanswered", "/unanswered?weeks=26")
    one, two, *_ = re.findall(r'id="asked-(\d+)"', page)
    group = "/unanswered/{group}"
    await tour.post(editor, group + "/draft", f"/unanswered/{one}/draft")
    await tour.post(editor, group + "/assign", f"/unanswered/{one}/assign", {"to": "bianji"})
    await tour.post(editor, group + "/ignore", f"/unanswered/{one}/ignore")
    await tour.post(editor, group + "/merge", f"/unanswered/{two}/merge", {"into": one})


async def _reports(tour: Walk, people: People) -> None:
    boss = people["zhuguan"]
    await tour.get(boss, "/statistics", "/statistics?weeks=52")
    await tour.get(boss, "/statistics/export.xlsx", "/statistics/export.xlsx?weeks=52")
    for name in ("weeks", "channels", "topics", "clauses", "hours"):
        await tour.get(boss, "/statistics/{name}.svg", f"/statistics/{name}.svg?weeks=52")
    await tour.get(boss, "/load")
    await tour.get(boss, "/reports")
    await tour.get(boss, "/reports/duties")
    await tour.post(boss, "/reports/duties", fields={"1.person": "张三"})
    for table in ("assignment", "dispatch"):
        await tour.get(boss, "/reports/{table}.xlsx", f"/reports/{table}.xlsx?month=2026-03")


async def _tickets(tour: Walk, people: People) -> None:
    sun, zheng, boss = people["zuoxi"], people["zuoxi2"], people["zhuguan"]
    await tour.get(boss, "/tickets")
    await tour.get(boss, "/tickets", "/tickets?state=all&page=1000")
    await tour.get(boss, "/tickets", "/tickets?whose=overdue")
    for sought in (FIRST_TICKET, "19900000003", "备案"):
        await tour.post(boss, "/tickets/find", fields={"q": sought})
    tickets = Tickets(tour.desk.database, tour.desk.vault)
    await tour.get(boss, "/tickets/new")
    new = {"kind": "咨询", "channel": "counter", "title": "报销咋还没到账", "name": "李德山", "mine": "yes"}
    await tour.post(boss, "/tickets/new", fields=new, ok=False)
    await tour.get(boss, "/tickets/export.xlsx")
    for_many = (await tickets.open(Kind.CALLBACK, channel="phone")).number
    await tour.post(boss, "/tickets/bulk", fields={"number": for_many, "do": "take"}, ok=False)
    number = (await tickets.open(Kind.CALLBACK, channel="phone", phone="19900000003")).number
    one, at = "/tickets/{number}", f"/tickets/{number}"
    await tour.get(sun, one, at)
    await tour.post(sun, one + "/phone", at + "/phone")
    for who, step, fields in (
        (sun, "take", {}),
        (sun, "offer", {"to": "zuoxi2"}),
        (sun, "withdraw", {}),
        (sun, "offer", {"to": "zuoxi2"}),
        (zheng, "decline", {"reason": "忙"}),
        (sun, "offer", {"to": "zuoxi2"}),
        (zheng, "accept", {}),
        (boss, "assign", {"to": "zuoxi"}),
        (sun, "note", {"note": "试"}),
        (sun, "close", {"outcome": "办了"}),
        (sun, "reopen", {"reason": "没办"}),
    ):
        await tour.post(who, f"{one}/{step}", f"{at}/{step}", fields)
    for step in ("called-back", "approve", "refuse", "end-withdrawn", "entered", "supplement"):
        fields = {"called": "好", "decision": "好", "what": "病历"}
        await tour.post(sun, f"{one}/{step}", f"{at}/{step}", fields, ok=False)  # it is no filing, and follows none
    await tour.get(sun, one + "/print", at + "/print")
    for who, step, fields in (
        (sun, "label", {"labels": "异地 急"}),
        (sun, "ask-extension", {"days": "3", "extension": "等材料"}),
        (boss, "answer-extension", {"agreed": "yes"}),
        (boss, "supervise", {"demand": "三天内办好"}),
        (sun, "dispatch", {"county": "邹城市", "dispatched": "归参保地"}),
        (boss, "hand-back", {"returned": "不归他"}),
        (boss, "merge", {"into": for_many}),
    ):
        await tour.post(who, f"{one}/{step}", f"{at}/{step}", fields)
    tour.desk.filings.ticket, tour.desk.filings.files = number, {7: ("image/jpeg", b"\xff\xd8\xff\xe0 a photograph")}
    await tour.get(sun, one + "/materials/{material}", at + "/materials/7")


async def _live(tour: Walk, people: People) -> None:
    sun, floor = people["zuoxi"], tour.desk.floor
    await tour.get(sun, "/live")
    await tour.post(sun, "/live/presence", fields={"on": "yes"})
    for number in range(200):
        await floor.ask(f"web-{number:032x}", "医保怎么交")
    name = "web-" + "0a" * 16
    number, _ = await floor.ask(name, "转人工")
    floor.accepted = None
    await tour.get(sun, "/live")
    await tour.get(sun, "/live/lines")
    await tour.get(sun, "/live/replies")
    reply = {"name": "问好", "text": "您好"}
    await tour.post(people["zhuguan"], "/live/replies", fields=reply)
    await tour.get(sun, "/counts")
    one, at = "/live/{id}", f"/live/{number}"
    await tour.get(sun, one, at)
    await tour.post(sun, one + "/take", at + "/take")
    await floor.pictures.take(name, picture())
    page = await tour.get(sun, one, at)
    turn = (re.findall(r"/pictures/(\d+)", page) or ["1"])[0]
    await tour.get(sun, one + "/news", at + "/news?after=0&mark=person-zuoxi")
    await tour.get(sun, one + "/suggestion", at + "/suggestion")
    await tour.post(sun, one + "/say", at + "/say", {"text": "您好"})
    await tour.get(sun, one + "/pictures/{turn}", f"{at}/pictures/{turn}")
    await tour.post(sun, one + "/pictures/{turn}/attach", f"{at}/pictures/{turn}/attach", ok=False)
    await tour.post(sun, one + "/give-back", at + "/give-back")
    await tour.post(sun, one + "/take", at + "/take")
    await tour.post(sun, one + "/end", at + "/end", {"kind": "咨询", "outcome": "说清楚了", "closed": "yes"})


async def _points(tour: Walk, people: People) -> None:
    editor, one = people["bianji"], "/points/{point}"
    await tour.get(editor, "/points")
    await tour.get(editor, "/points/new")
    fields = {"revision": "0", "name": "任城区医保服务站", "county": "任城区", "address": "某路1号"}
    more = {"phone": "0537-0000000", "hours": "", "latitude": "35.4", "longitude": "116.6"}
    await tour.post(editor, "/points/new", fields={**fields, **more})
    page = await tour.get(editor, "/points")
    number = re.findall(r"/points/(\d+)/edit", page)[0]
    await tour.get(editor, one + "/edit", f"/points/{number}/edit")
    await tour.post(editor, one + "/edit", f"/points/{number}/edit", fields_of(editor.page))
    await tour.post(editor, one + "/delete", f"/points/{number}/delete", {"revision": "2"})


async def _moving(tour: Walk, people: People) -> None:
    boss = people["guanli"]
    await tour.get(boss, "/exchange")
    tour._on("POST", "/exchange/download")
    response = await boss.client.post("/console/exchange/download", data={"csrf": boss.token})
    packed = await response.read()
    tour.about("")
    assert response.status == 200
    # Not into a full house, which is found out when the file was read.
    await tour.send(boss, "/exchange/restore", "/exchange/restore", [], ("knowledge.zip", packed), ok=False)


_PARTS = (
    *(_in_and_out, _lists, _items, _uploads, _faq_files, _reviews, _questions, _reports, _tickets, _live, _points),
    _moving,
)
