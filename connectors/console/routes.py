"""Everything the staff's pages need, mounted on the service's application in one call."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from base.clock import Clock, utc_now
from base.database import Database
from base.personal_data import Vault
from casework.filings.view import FilingDesk
from casework.livechat.citizen import Citizens
from casework.livechat.fixed import FixedReplies
from casework.tickets.board import TicketBoard
from casework.tickets.routing import Routing
from casework.tickets.tickets import Tickets
from casework.tickets.work import TicketWork
from casework.tickets.workload import Workload
from connectors.console.chat.buttons import LiveButtons
from connectors.console.chat.pages import Live, LivePages
from connectors.console.front import FrontPage
from connectors.console.kit.catalog import Catalog
from connectors.console.kit.counts import Counts
from connectors.console.kit.fragments import Fragments
from connectors.console.kit.guard import Handler, guarded, plain_words, safe_headers, written_out
from connectors.console.kit.session import PATH
from connectors.console.kit.view import setup_templates
from connectors.console.knowledge.exchange_pages import ExchangePages
from connectors.console.knowledge.faq_file_pages import FaqFilePages
from connectors.console.knowledge.health_pages import HealthPages
from connectors.console.knowledge.hit_test_pages import HitTestPages
from connectors.console.knowledge.items import SORTS, ItemPages, Sort
from connectors.console.knowledge.point_pages import ServicePointPages
from connectors.console.knowledge.reissue_pages import ReissuePages
from connectors.console.knowledge.review_pages import ReviewPages
from connectors.console.knowledge.unanswered_pages import UnansweredPages
from connectors.console.knowledge.upload_pages import UploadPages
from connectors.console.knowledge.workflow import WorkflowPages
from connectors.console.staff.audit_page import AuditPages
from connectors.console.staff.login import LoginPages
from connectors.console.staff.pages import StaffPages
from connectors.console.staff.roster_pages import RosterPages
from connectors.console.tickets.buttons import TicketSteps
from connectors.console.tickets.pages import TicketPages
from connectors.console.tickets.register_pages import RegisterPages
from connectors.console.tickets.report_pages import ReportPages
from connectors.console.tickets.statistics_pages import StatisticsPages
from knowledge.authoring.dependents import Together
from knowledge.authoring.editing import Editing
from knowledge.authoring.gaps import Gaps
from knowledge.authoring.reissue import Reissues
from knowledge.authoring.review import Review
from knowledge.authoring.review_queue import ReviewQueue
from knowledge.insight.health import Health
from knowledge.insight.hit_test import Explains, HitTests
from knowledge.insight.statistics import Statistics
from knowledge.insight.unanswered import Unanswered
from knowledge.public.points import ServicePoints
from staff.accounts import Permission, StaffAccounts

_STATIC = Path(__file__).resolve().parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}


class _Routes:
    """Routes of the console; each says who may use it."""

    def __init__(self, console: web.Application, accounts: StaffAccounts, log_book: Database) -> None:
        self._console, self._accounts, self._log_book = console, accounts, log_book

    def get(self, path: str, permission: Permission, handler: Handler) -> None:
        self._console.router.add_get(path, guarded(self._accounts, self._log_book, permission, handler))

    def asked(self, path: str, permission: Permission, handler: Handler) -> None:
        """What pages ask for by themselves."""
        handle = guarded(self._accounts, self._log_book, permission, handler, by_hand=False)
        self._console.router.add_get(path, handle)

    def post(self, path: str, permission: Permission, handler: Handler) -> None:
        self._console.router.add_post(path, guarded(self._accounts, self._log_book, permission, handler))


def setup(
    app: web.Application,
    database: Database,
    accounts: StaffAccounts,
    assistant: Explains,
    *,
    vault: Vault | None = None,
    work: TicketWork | None = None,
    filings: FilingDesk | None = None,
    live: Live | None = None,
    gaps: Gaps | None = None,
    now: Clock = utc_now,
) -> None:
    """Mount `/console` and what it loads. `assistant` answers test questions.

    Tickets need `vault`. `work` asks for ratings when it closes a ticket; without one nobody is asked. Without
    `filings` the pages of tickets show no filing, without `live` there are no live conversations, without `gaps` nobody
    is told which gaps a document fills.
    """
    console = web.Application(middlewares=[safe_headers, written_out, plain_words, written_out])
    setup_templates(console)
    login = LoginPages(accounts)
    console.router.add_get("/assets/{name}", _asset)
    console.router.add_get("/login", login.show)
    console.router.add_post("/login", login.log_in)
    routes = _Routes(console, accounts, database)
    routes.post("/logout", Permission.READ, login.log_out)
    workload = Workload(database, now, vault)
    _people(routes, database, accounts, workload)
    editing, review, catalog = Editing(database), Review(database), Catalog(database)
    _upload(routes, UploadPages(database, editing, review, catalog))
    _fragments(routes, Fragments(editing, catalog))
    together, queue = Together(database, review), ReviewQueue(database)
    _faq_file(routes, FaqFilePages(database, review, together, catalog))
    _reissue(routes, ReissuePages(database, Reissues(database), review, together, catalog))
    for sort in SORTS:
        pages = ItemPages(sort, editing, review, together, catalog)
        _items(routes, sort, pages, WorkflowPages(sort, review, pages))
    reviewing = ReviewPages(editing, review, queue, together, catalog, gaps)
    console.on_cleanup.append(lambda app: reviewing.aclose())
    _review(routes, reviewing)
    unanswered, health = Unanswered(database), Health(database, gaps)
    console.on_cleanup.append(lambda app: health.aclose())
    _health(routes, HealthPages(health, gaps))
    _hit_test(routes, HitTestPages(HitTests(database, assistant), catalog))
    _asked(routes, UnansweredPages(unanswered, accounts), StatisticsPages(Statistics(database), database))
    _exchange(routes, ExchangePages(database))
    _points(routes, ServicePointPages(ServicePoints(database)))
    board = TicketBoard(database, vault, now) if vault else None
    if vault and board:
        work = work or TicketWork(database, vault)
        pages_of_tickets = TicketPages(board, accounts, catalog, filings, database)
        _tickets(routes, pages_of_tickets, TicketSteps(pages_of_tickets, work, Routing(database, vault, now), filings))
        _register(
            routes,
            RegisterPages(Tickets(database, vault, now), board, work, pages_of_tickets, accounts, catalog, database),
        )
        _reports(routes, ReportPages(database, workload, catalog, now))
    if live:
        _live(
            routes,
            LivePages(live, catalog, FixedReplies(database, now), Citizens(database, vault, now) if vault else None),
        )
    routes.asked("/counts", Permission.READ, Counts(database, queue, board, live.presence if live else None).show)
    front = FrontPage(editing, queue, unanswered, health, accounts, board)
    routes.get("", Permission.READ, front.show)
    routes.get("/", Permission.READ, front.show)
    app.add_subapp(PATH, console)


def _people(routes: _Routes, database: Database, accounts: StaffAccounts, workload: Workload) -> None:
    roster = RosterPages(accounts)
    staff, audit = StaffPages(accounts, workload), AuditPages(database, Catalog(database))
    routes.get("/staff", Permission.STAFF, staff.show)
    routes.post("/staff", Permission.STAFF, staff.add)
    routes.get("/staff/import", Permission.STAFF, roster.show)
    routes.post("/staff/import", Permission.STAFF, roster.receive)
    routes.get("/staff/export.xlsx", Permission.STAFF, roster.export)
    routes.post("/staff/{username}", Permission.STAFF, staff.change)
    routes.post("/staff/{username}/password", Permission.STAFF, staff.reset)
    routes.get("/password", Permission.READ, staff.own_password)
    routes.post("/password", Permission.READ, staff.change_own_password)
    routes.get("/second-factor", Permission.READ, staff.second_factor)
    routes.post("/second-factor", Permission.READ, staff.change_second_factor)
    routes.get("/audit", Permission.AUDIT, audit.show)
    routes.get("/audit.csv", Permission.AUDIT, audit.export)


def _items(routes: _Routes, sort: Sort, pages: ItemPages, steps: WorkflowPages) -> None:
    path, one = sort.path, sort.path + "/{id}"
    routes.get(path, Permission.READ, pages.list)
    if sort.can_create:
        routes.get(path + "/new", sort.editors, pages.new)
        routes.post(path + "/new", sort.editors, pages.create)
    routes.get(one, Permission.READ, pages.show)
    routes.get(one + "/edit", sort.editors, pages.edit)
    routes.post(one + "/edit", sort.editors, pages.save)
    routes.get(one + "/history", Permission.READ, pages.history)
    routes.post(one + "/roll-back", sort.editors, pages.roll_back)
    routes.post(one + "/submit", sort.editors, steps.submit)
    routes.post(one + "/take-back", sort.editors, steps.take_back)
    routes.post(one + "/discard", sort.editors, steps.discard)
    routes.post(one + "/unpublish", Permission.REVIEW, steps.unpublish)


def _upload(routes: _Routes, pages: UploadPages) -> None:
    routes.get("/documents/upload", Permission.EDIT, pages.ask)
    routes.post("/documents/upload", Permission.EDIT, pages.receive)
    routes.post("/documents/upload/save", Permission.EDIT, pages.save)
    routes.asked("/documents/upload/scans/{key:[0-9a-f]+}/{page:[0-9]{1,2}}", Permission.EDIT, pages.scans.picture)


def _reissue(routes: _Routes, pages: ReissuePages) -> None:
    one = "/documents/{id}/new-version"
    routes.get(one, Permission.EDIT, pages.ask)
    routes.post(one, Permission.EDIT, pages.receive)
    routes.post(one + "/save", Permission.EDIT, pages.work)


def _faq_file(routes: _Routes, pages: FaqFilePages) -> None:
    one = "/faq/file/{key:faq-file-[0-9a-f]{10}}"
    routes.get("/faq/file", Permission.EXPORT, pages.show)
    routes.get("/faq/file.xlsx", Permission.EXPORT, pages.download)
    routes.post("/faq/file", Permission.EDIT, pages.receive)
    routes.get(one, Permission.EDIT, pages.taken)
    routes.post(one + "/submit", Permission.EDIT, pages.submit)
    routes.post(one + "/discard", Permission.EDIT, pages.discard)


def _fragments(routes: _Routes, pieces: Fragments) -> None:
    routes.get("/clauses/pick", Permission.EDIT, pieces.pick)
    routes.get("/clauses/find", Permission.EDIT, pieces.find)
    routes.get("/clauses/quote", Permission.EDIT, pieces.quote)
    routes.get("/faq/answer", Permission.EDIT, pieces.answer)
    routes.get("/guides/statement", Permission.EDIT, pieces.statement)


def _review(routes: _Routes, pages: ReviewPages) -> None:
    routes.get("/review", Permission.REVIEW, pages.queue)
    routes.get(r"/review/{revision:\d{1,12}}", Permission.REVIEW, pages.show)
    routes.get(r"/review/{revision:\d{1,12}}/gaps", Permission.REVIEW, pages.gaps)
    routes.post(r"/review/{revision:\d{1,12}}/approve", Permission.REVIEW, pages.approve)
    routes.post(r"/review/{revision:\d{1,12}}/publish", Permission.REVIEW, pages.publish)
    routes.post(r"/review/{revision:\d{1,12}}/reject", Permission.REVIEW, pages.reject)


def _health(routes: _Routes, pages: HealthPages) -> None:
    routes.get("/health", Permission.QUESTIONS, pages.show)
    routes.post("/health/take-back", Permission.REVIEW, pages.take_back)


def _hit_test(routes: _Routes, pages: HitTestPages) -> None:
    routes.get("/hit-test", Permission.HIT_TEST, pages.show)
    routes.post("/hit-test", Permission.HIT_TEST, pages.ask)
    routes.post("/hit-test/again", Permission.HIT_TEST, pages.rerun_all)
    routes.get(r"/hit-test/{test:\d{1,12}}", Permission.HIT_TEST, pages.history)
    routes.post(r"/hit-test/{test:\d{1,12}}/forget", Permission.HIT_TEST, pages.forget)


def _asked(routes: _Routes, unanswered: UnansweredPages, statistics: StatisticsPages) -> None:
    routes.get("/unanswered", Permission.QUESTIONS, unanswered.show)
    one = r"/unanswered/{group:\d{1,9}}"
    routes.post(one + "/draft", Permission.EDIT, unanswered.draft)
    routes.post(one + "/ignore", Permission.EDIT, unanswered.ignore)
    routes.post(one + "/assign", Permission.EDIT, unanswered.assign)
    routes.post(one + "/merge", Permission.EDIT, unanswered.merge)
    routes.get("/statistics", Permission.STATISTICS, statistics.show)
    routes.get("/statistics/export.xlsx", Permission.STATISTICS, statistics.export)
    routes.get("/statistics/{name}.svg", Permission.STATISTICS, statistics.plot)


def _exchange(routes: _Routes, pages: ExchangePages) -> None:
    routes.get("/exchange", Permission.EXPORT, pages.show)
    routes.post("/exchange/download", Permission.EXPORT, pages.download)
    routes.post("/exchange/restore", Permission.IMPORT, pages.restore)


def _points(routes: _Routes, pages: ServicePointPages) -> None:
    one = r"/points/{point:\d{1,9}}"
    routes.get("/points", Permission.EDIT, pages.index)
    routes.get("/points/new", Permission.EDIT, pages.new)
    routes.post("/points/new", Permission.EDIT, pages.add)
    routes.get(one + "/edit", Permission.EDIT, pages.edit)
    routes.post(one + "/edit", Permission.EDIT, pages.change)
    routes.post(one + "/delete", Permission.EDIT, pages.delete)


def _tickets(routes: _Routes, pages: TicketPages, steps: TicketSteps) -> None:
    one = r"/tickets/{number:GD\d{8}-\d{4,8}}"
    routes.get("/tickets", Permission.TICKETS, pages.queue)
    routes.post("/tickets/find", Permission.TICKETS, pages.find)
    routes.get(one, Permission.TICKETS, pages.show)
    routes.post(one + "/phone", Permission.TICKETS, pages.show_phone)
    routes.get(one + r"/materials/{material:\d{1,12}}", Permission.TICKETS, pages.material)
    for name, handler in steps.handlers.items():
        routes.post(f"{one}/{name}", Permission.TICKETS, handler)


def _register(routes: _Routes, pages: RegisterPages) -> None:
    routes.get("/tickets/new", Permission.TICKETS, pages.new)
    routes.post("/tickets/new", Permission.TICKETS, pages.create)
    routes.post("/tickets/bulk", Permission.TICKETS, pages.bulk)
    routes.get("/tickets/export.xlsx", Permission.SUPERVISE, pages.export)
    routes.get(r"/tickets/{number:GD\d{8}-\d{4,8}}/print", Permission.TICKETS, pages.printed)


def _live(routes: _Routes, pages: LivePages) -> None:
    one = r"/live/{id:\d{1,12}}"
    routes.get("/live", Permission.TICKETS, pages.list)
    routes.asked("/live/lines", Permission.TICKETS, pages.lines)
    routes.get("/live/replies", Permission.TICKETS, pages.fixed)
    routes.post("/live/replies", Permission.SUPERVISE, pages.change_fixed)
    routes.post("/live/presence", Permission.TICKETS, pages.switch)
    routes.get(one, Permission.TICKETS, pages.show)
    routes.get(one + "/news", Permission.TICKETS, pages.news)
    routes.get(one + "/suggestion", Permission.TICKETS, pages.suggestion)
    routes.get(one + r"/pictures/{turn:\d{1,12}}", Permission.TICKETS, pages.picture)
    for name, handler in LiveButtons(pages).handlers.items():
        routes.post(f"{one}/{name}", Permission.TICKETS, handler)


def _reports(routes: _Routes, pages: ReportPages) -> None:
    routes.get("/load", Permission.SUPERVISE, pages.load)
    routes.get("/reports", Permission.SUPERVISE, pages.reports)
    routes.get("/reports/{table}.xlsx", Permission.SUPERVISE, pages.download)
    routes.get("/reports/duties", Permission.SUPERVISE, pages.duties)
    routes.post("/reports/duties", Permission.SUPERVISE, pages.save_duties)


async def _asset(request: web.Request) -> web.StreamResponse:
    """One file of ours; browsers ask each time whether it changed, so an update is seen at once."""
    path = _ASSETS.get(request.match_info["name"])
    if path is None:
        raise web.HTTPNotFound
    headers = {"Content-Type": f"{_TYPES[path.suffix]}; charset=utf-8", "Cache-Control": "no-cache"}
    return web.FileResponse(path, headers=headers)


_ASSETS = {path.name: path for path in _STATIC.iterdir()}
"""By name: no path of a request ever reaches the disk."""
