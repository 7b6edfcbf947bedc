"""Which core system the service works with: the bureau's where `core_url` names it, else a demo's own."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from base.errors import SetupError
from base.personal_data import Vault
from base.settings import Settings
from casework.core.calls import Calls, Patience
from casework.core.contract import CoreSystem
from casework.core.http import HttpCore


def connect(settings: Settings, vault: Vault, stack: AsyncExitStack, demo: Callable[[], CoreSystem]) -> CoreSystem:
    """`demo` makes one for a demo that names none. Call it where an event loop runs; what it opens is closed with
    `stack`. Asks the core system nothing yet.

    Raises SetupError, naming all that is wrong, and for a service that is neither a demo nor connected.
    """
    if not settings.core_url and settings.demo:
        return demo()
    token = settings.core_token.get_secret_value()
    if wrong := _wrong(settings.core_url, token):
        raise SetupError("core system (docs/connect-core.md): " + "; ".join(wrong))
    calls = Calls(settings.core_url, token, Patience.within(settings.core_timeout_seconds))
    core = HttpCore(calls, vault)
    stack.push_async_callback(core.aclose)
    return core


def _wrong(url: str, token: str) -> list[str]:
    if not url:
        return ["YIBAO_CORE_URL is empty, and this is not a demo (YIBAO_DEMO)"]
    wrong = []
    if (host := _host(url)) is None:
        wrong.append("YIBAO_CORE_URL must be https://host[:port][/path], without name, password or query")
    elif url.lower().startswith("http:") and not _is_loopback(host):
        wrong.append("YIBAO_CORE_URL must begin with https:// (ID numbers cross the network)")
    if not token or not token.isascii() or not token.isprintable():
        wrong.append("YIBAO_CORE_TOKEN must be the token the core system gave, without line ends")
    return wrong


def _host(url: str) -> str | None:
    """None for what is no base address."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # out of range: ValueError
    except ValueError:
        return None
    good = parts.scheme in ("http", "https") and not (parts.query or parts.fragment or "@" in url)
    return parts.hostname if good else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
