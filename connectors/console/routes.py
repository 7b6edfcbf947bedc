"""Everything the staff's pages need, mounted on the service's application in one call."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from casework.staff import Permission, StaffAccounts
from connectors.console.audit_page import AuditPages
from connectors.console.catalog import Catalog
from connectors.console.exchange_pages import ExchangePages
from connectors.console.fragments import Fragments
from connectors.console.front import FrontPage
from connectors.console.guard import Handler, guarded, plain_words, safe_headers
from connectors.console.hit_test_pages import HitTestPages
from connectors.console.items import SORTS, ItemPages, Sort
from connectors.console.login import LoginPages
from connectors.console.review_pages import ReviewPages
from connectors.console.session import PATH
from connectors.console.staff_pages import StaffPages
from connectors.console.statistics_pages import StatisticsPages
from connectors.console.unanswered_pages import UnansweredPages
from connectors.console.upload_pages import UploadPages
from connectors.console.view import setup_templates
from connectors.console.workflow import WorkflowPages
from knowledge.editing import Editing
from knowledge.hit_test import Explains, HitTests
from knowledge.index import Encoder
from knowledge.review import Review
from knowledge.statistics import Statistics
from knowledge.unanswered import Unanswered
from service.database import Database

_STATIC = Path(__file__).resolve().parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}


class _Routes:
    """Routes of the console; each says who may use it."""

    def __init__(self, console: web.Application, accounts: StaffAccounts) -> None:
        self._console, self._accounts = console, accounts

    def get(self, path: str, permission: Permission, handler: Handler) -> None:
        self._console.router.add_get(path, guarded(self._accounts, permission, handler))

    def post(self, path: str, permission: Permission, handler: Handler) -> None:
        self._console.router.add_post(path, guarded(self._accounts, permission, handler))


def setup(
    app: web.Application, database: Database, accounts: StaffAccounts, assistant: Explains, encoder: Encoder
) -> None:
    """Mount `/console` and what it loads. `assistant` answers test questions, `encoder` groups what was unanswered."""
    console = web.Application(middlewares=[safe_headers, plain_words])
    setup_templates(console)
    login = LoginPages(accounts)
    console.router.add_get("/assets/{name}", _asset)
    console.router.add_get("/login", login.show)
    console.router.add_post("/login", login.log_in)
    routes = _Routes(console, accounts)
    routes.post("/logout", Permission.READ, login.log_out)
    _people(routes, database, accounts)
    editing, review, catalog = Editing(database), Review(database), Catalog(database)
    _upload(routes, UploadPages(database, editing, review, catalog))
    _fragments(routes, Fragments(editing, catalog))
    for sort in SORTS:
        _items(routes, sort, ItemPages(sort, editing, review, catalog), WorkflowPages(sort, review))
    _review(routes, ReviewPages(editing, review, catalog))
    _hit_test(routes, HitTestPages(HitTests(database, assistant), catalog))
    _asked(routes, UnansweredPages(Unanswered(database, encoder)), StatisticsPages(Statistics(database)))
    _exchange(routes, ExchangePages(database))
    front = FrontPage(editing, review)
    routes.get("", Permission.READ, front.show)
    routes.get("/", Permission.READ, front.show)
    app.add_subapp(PATH, console)


def _people(routes: _Routes, database: Database, accounts: StaffAccounts) -> None:
    staff, audit = StaffPages(accounts), AuditPages(database)
    routes.get("/staff", Permission.STAFF, staff.show)
    routes.post("/staff", Permission.STAFF, staff.add)
    routes.post("/staff/{username}", Permission.STAFF, staff.change)
    routes.post("/staff/{username}/password", Permission.STAFF, staff.reset)
    routes.get("/password", Permission.READ, staff.own_password)
    routes.post("/password", Permission.READ, staff.change_own_password)
    routes.get("/audit", Permission.AUDIT, audit.show)


def _items(routes: _Routes, sort: Sort, pages: ItemPages, steps: WorkflowPages) -> None:
    path, one = sort.path, sort.path + "/{id}"
    routes.get(path, Permission.READ, pages.list)
    routes.get(path + "/new", Permission.EDIT, pages.new)
    routes.post(path + "/new", Permission.EDIT, pages.create)
    routes.get(one, Permission.READ, pages.show)
    routes.get(one + "/edit", Permission.EDIT, pages.edit)
    routes.post(one + "/edit", Permission.EDIT, pages.save)
    routes.get(one + "/history", Permission.READ, pages.history)
    routes.post(one + "/roll-back", Permission.EDIT, pages.roll_back)
    routes.post(one + "/submit", Permission.EDIT, steps.submit)
    routes.post(one + "/take-back", Permission.EDIT, steps.take_back)
    routes.post(one + "/discard", Permission.EDIT, steps.discard)
    routes.post(one + "/unpublish", Permission.REVIEW, steps.unpublish)


def _upload(routes: _Routes, pages: UploadPages) -> None:
    routes.get("/documents/upload", Permission.EDIT, pages.ask)
    routes.post("/documents/upload", Permission.EDIT, pages.receive)
    routes.post("/documents/upload/save", Permission.EDIT, pages.save)


def _fragments(routes: _Routes, pieces: Fragments) -> None:
    routes.get("/clauses/pick", Permission.EDIT, pieces.pick)
    routes.get("/clauses/quote", Permission.EDIT, pieces.quote)
    routes.get("/faq/answer", Permission.EDIT, pieces.answer)
    routes.get("/guides/statement", Permission.EDIT, pieces.statement)


def _review(routes: _Routes, pages: ReviewPages) -> None:
    routes.get("/review", Permission.REVIEW, pages.queue)
    routes.get(r"/review/{revision:\d{1,12}}", Permission.REVIEW, pages.show)
    routes.post(r"/review/{revision:\d{1,12}}/approve", Permission.REVIEW, pages.approve)
    routes.post(r"/review/{revision:\d{1,12}}/publish", Permission.REVIEW, pages.publish)
    routes.post(r"/review/{revision:\d{1,12}}/reject", Permission.REVIEW, pages.reject)


def _hit_test(routes: _Routes, pages: HitTestPages) -> None:
    routes.get("/hit-test", Permission.HIT_TEST, pages.show)
    routes.post("/hit-test", Permission.HIT_TEST, pages.ask)
    routes.post("/hit-test/again", Permission.HIT_TEST, pages.rerun_all)
    routes.get(r"/hit-test/{test:\d{1,12}}", Permission.HIT_TEST, pages.history)
    routes.post(r"/hit-test/{test:\d{1,12}}/forget", Permission.HIT_TEST, pages.forget)


def _asked(routes: _Routes, unanswered: UnansweredPages, statistics: StatisticsPages) -> None:
    routes.get("/unanswered", Permission.QUESTIONS, unanswered.show)
    routes.post("/unanswered/draft", Permission.EDIT, unanswered.draft)
    routes.get("/statistics", Permission.STATISTICS, statistics.show)
    routes.get("/statistics/{name}.svg", Permission.STATISTICS, statistics.plot)


def _exchange(routes: _Routes, pages: ExchangePages) -> None:
    routes.get("/exchange", Permission.EXPORT, pages.show)
    routes.post("/exchange/download", Permission.EXPORT, pages.download)
    routes.post("/exchange/restore", Permission.IMPORT, pages.restore)


async def _asset(request: web.Request) -> web.StreamResponse:
    """One file of ours; browsers ask each time whether it changed, so an update is seen at once."""
    path = _ASSETS.get(request.match_info["name"])
    if path is None:
        raise web.HTTPNotFound
    headers = {"Content-Type": f"{_TYPES[path.suffix]}; charset=utf-8", "Cache-Control": "no-cache"}
    return web.FileResponse(path, headers=headers)


_ASSETS = {path.name: path for path in _STATIC.iterdir()}
"""By name: no path of a request ever reaches the disk."""
