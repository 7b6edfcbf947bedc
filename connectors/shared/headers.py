"""Headers of every answer, whoever gives it: pages, JSON, refusals."""

from __future__ import annotations

from aiohttp import web

from connectors.shared.addresses import is_tls

_YEAR_SECONDS = 365 * 24 * 3600


async def on_every_answer(request: web.Request, response: web.StreamResponse) -> None:
    """For `app.on_response_prepare`. Who came by https stays there (RFC 6797); versions of programs are nobody's."""
    response.headers["Server"] = "yibao"
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if is_tls(request):
        response.headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"
