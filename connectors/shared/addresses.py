"""Where a request really comes from, when a reverse proxy may stand in front.

    app[PROXIES] = Proxies("127.0.0.1, ::1")    # once, from the settings (YIBAO_TRUSTED_PROXIES)
    client_address(request)                      # "203.0.113.5"
    throttled_as(request)                        # that, or the /64 of an IPv6 address

`X-Forwarded-For` is believed only from a peer that is one of ours, and read from the right: what stands left of the
first stranger was written by that stranger (RFC 7239, section 8.1, says why).
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from aiohttp import web

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LOOPBACK = "127.0.0.1, ::1"
_MOST_HOPS = 20
_ONE_CLIENT_IPV6_BITS = 64
"""A home gets at least so much: whoever changes the rest of the address is the same client."""
_OF_A_PROXY = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Via")


class Proxies:
    """The reverse proxies that are ours: addresses or networks, separated by commas. Raises ValueError."""

    def __init__(self, listed: str = LOOPBACK) -> None:
        named = [part.strip() for part in listed.split(",") if part.strip()]
        self._networks: list[Network] = [ipaddress.ip_network(part) for part in named]

    def __contains__(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


PROXIES: web.AppKey[Proxies] = web.AppKey("trusted_proxies", Proxies)


PUBLIC_IS_TLS: web.AppKey[bool] = web.AppKey("public_is_tls", bool)
"""Citizens and staff reach the service by https only."""


def client_address(request: web.Request) -> str:
    """The nearest address that is no proxy of ours; "" where there is none (a socket without one)."""
    address = _address(request.remote or "")
    if address is None:
        return ""
    proxies = _proxies(request)
    named = ",".join(request.headers.getall("X-Forwarded-For", ())).split(",")
    for hop in reversed(named[-_MOST_HOPS:]):
        if address not in proxies or (before := _address(hop)) is None:
            break
        address = before
    return str(address)


def throttled_as(request: web.Request) -> str:
    """The name under which one client is counted."""
    given = client_address(request)
    address = _address(given)
    if isinstance(address, IPv6Address):
        return str(ipaddress.ip_network((address, _ONE_CLIENT_IPV6_BITS), strict=False))
    return given


def is_tls(request: web.Request) -> bool:
    """Whether the browser came by https: to us, or to a proxy of ours that says so, or because it cannot come otherwise
    (`YIBAO_PUBLIC_URL` is https and this is no program on this machine)."""
    if request.secure:
        return True
    peer = _address(request.remote or "")
    if peer is not None and peer in _proxies(request) and "X-Forwarded-Proto" in request.headers:
        return request.headers["X-Forwarded-Proto"].split(",")[-1].strip().lower() == "https"
    return (
        PUBLIC_IS_TLS in request.config_dict and request.config_dict[PUBLIC_IS_TLS] and not is_direct_loopback(request)
    )


def is_direct_loopback(request: web.Request) -> bool:
    """A program on this machine that no proxy stands before: what must never be shown further may be shown to it."""
    address = _address(request.remote or "")
    return address is not None and address.is_loopback and not any(name in request.headers for name in _OF_A_PROXY)


def asks_this_machine(request: web.Request) -> bool:
    """The name asked for is this machine's own. A page of a stranger, open in a browser here, may give its own name the
    address 127.0.0.1: it then asks from loopback, but for a name that is not ours."""
    host = _address(request.host)
    return request.host.partition(":")[0] == "localhost" or (host is not None and host.is_loopback)


def _proxies(request: web.Request) -> Proxies:
    return request.config_dict.get(PROXIES) or Proxies()


def _address(written: str) -> Address | None:
    """An address as proxies write it: also `[::1]:80`, `192.0.2.1:80`, and IPv4 within IPv6. None for anything else."""
    written = written.strip().strip('"')
    if written.startswith("["):
        written = written[1:].partition("]")[0]
    elif written.count(":") == 1:
        written = written.partition(":")[0]
    try:
        address = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
