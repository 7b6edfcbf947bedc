"""Whose request it is, whatever stands in its headers."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from connectors.shared.addresses import (
    PROXIES,
    Proxies,
    asks_this_machine,
    client_address,
    is_direct_loopback,
    throttled_as,
)


def request(peer: str, forwarded: str = "", proxies: str | None = None, **headers: str) -> web.Request:
    class Transport:
        def get_extra_info(self, name: str, default: object = None) -> object:
            return (peer, 40000) if name == "peername" else default

    app = web.Application()
    if proxies is not None:
        app[PROXIES] = Proxies(proxies)
    if forwarded:
        headers["X-Forwarded-For"] = forwarded
    asked: web.Request = make_mocked_request("GET", "/", headers=headers, app=app, transport=Transport())  # type: ignore[arg-type]
    return asked


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("::1", "203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "", "127.0.0.1"),
        # what a client wrote itself stands left of what our proxy added
        ("127.0.0.1", "10.0.0.1, 203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "127.0.0.1, 203.0.113.5", "203.0.113.5"),
        # a stranger who comes without the proxy claims in vain
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.5, ", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.5:50311", "203.0.113.5"),
        ("127.0.0.1", "[2001:db8::7]:443", "2001:db8::7"),
        ("127.0.0.1", "::ffff:203.0.113.5", "203.0.113.5"),
        ("", "203.0.113.5", ""),
    ],
)
def test_the_nearest_address_that_is_no_proxy_of_ours(peer: str, forwarded: str, client: str) -> None:
    assert client_address(request(peer, forwarded)) == client


def test_several_proxies_of_ours_are_passed_over() -> None:
    asked = request("10.1.0.2", "198.51.100.1, 203.0.113.5, 10.1.0.9", proxies="10.1.0.0/16")
    assert client_address(asked) == "203.0.113.5"
    assert client_address(request("127.0.0.1", "203.0.113.5", proxies="10.1.0.0/16")) == "127.0.0.1"
    assert client_address(request("127.0.0.1", "203.0.113.5", proxies="")) == "127.0.0.1"


def test_an_endless_list_of_hops_ends() -> None:
    assert client_address(request("127.0.0.1", ", ".join(["127.0.0.1"] * 500 + ["127.0.0.1"]))) == "127.0.0.1"


def test_one_home_is_one_client_however_many_addresses_it_has() -> None:
    first, second = (throttled_as(request("127.0.0.1", f"2001:db8:1:2::{n}")) for n in ("1", "ffff:1"))
    assert first == second
    assert first != throttled_as(request("127.0.0.1", "2001:db8:1:3::1"))


def test_only_a_program_on_this_machine_comes_directly() -> None:
    assert is_direct_loopback(request("127.0.0.1"))
    assert is_direct_loopback(request("::1"))
    assert not is_direct_loopback(request("192.0.2.1"))
    assert not is_direct_loopback(request("127.0.0.1", "127.0.0.1"))
    for name in ("X-Real-IP", "Forwarded", "Via", "X-Forwarded-Proto", "X-Forwarded-Host"):
        assert not is_direct_loopback(request("127.0.0.1", **{name: "x"})), name


def test_what_is_no_address_is_refused_as_a_setting() -> None:
    with pytest.raises(ValueError, match="nginx"):
        Proxies("127.0.0.1, nginx")


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1:8080", True),
        ("localhost:8080", True),
        ("localhost", True),
        ("[::1]:8080", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example:8080", False),
        ("localhost.evil.example", False),
    ],
)
def test_a_name_that_only_points_here_is_not_this_machine(host: str, is_ours: bool) -> None:
    assert asks_this_machine(request("127.0.0.1", Host=host)) == is_ours
