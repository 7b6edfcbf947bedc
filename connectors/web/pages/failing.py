"""What goes wrong where somebody looks is said on a calm page, with ways to go on: never a bare line of English.

Programs get the plain status; the console has its own pages.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from traceback import extract_tb

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from connectors.web.pages.view import calm

_SAID = {
    HTTPStatus.NOT_FOUND: ("没有这一页", "网址可能没有写全，或者这一页已经撤下了。"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("没有这一页", "网址可能没有写全，或者这一页已经撤下了。"),
    HTTPStatus.FORBIDDEN: ("这一页不能打开", "请从本网站的首页进来，再试一次。"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("发来的太大了", "请用一两句话说说，或者把文件分几次交。"),
    HTTPStatus.TOO_MANY_REQUESTS: ("请稍等几秒", "点得太快了。请过几秒，再按浏览器的返回键，重新点一次。"),
}
_BROKEN = ("现在打不开这一页", "对不起，请过一两分钟再试。着急的话，请打电话。")
_NOT_UNDERSTOOD = ("这一页没有打开", "发来的内容不完整，请回到上一页，再试一次。")
log = structlog.get_logger()


def wants_page(request: web.Request) -> bool:
    """Whether a browser shows the answer to somebody."""
    return "text/html" in request.headers.get("Accept", "")


@web.middleware
async def calm_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A middleware for the whole service."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST or not wants_page(request):
            raise
        return failure(request, error.status)
    except Exception as error:  # the outer edge of one request
        if not wants_page(request):
            raise
        _note(request, error)
        return failure(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _note(request: web.Request, error: Exception) -> None:
    """Without the error's text and the address: they may hold what somebody typed, or the right to do something."""
    resource = request.match_info.route.resource
    where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-4:]]
    log.error("page_failed", page=resource.canonical if resource else "", kind=type(error).__name__, where=where)


def failure(request: web.Request, status: int, words: str = "") -> web.Response:
    """The page for a status; `words` instead of the usual ones."""
    title, usual = _SAID.get(HTTPStatus(status), _BROKEN if status >= 500 else _NOT_UNDERSTOOD)
    response = calm(request, title, words or usual, status)
    response.headers["Cache-Control"] = "no-store"
    return response
