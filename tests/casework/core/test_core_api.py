"""docs/core-api.yaml, what the adapter sends and needs, and what the stand-in answers: three times the same."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import date
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from base.personal_data import Vault
from casework.core.calls import AT_ONCE, IDEMPOTENCY_HEADER, MAX_ANSWER_BYTES, Answer, Patience
from casework.core.contract import CoreUnavailable, Decision, Outcome, Submission
from casework.core.http import MAY_LACK, HttpCore
from demo.core_standin import StandIn as Served
from tests.casework.core.conftest import NOBODY, PEOPLE, TOKEN, Connect, StandIn
from tests.casework.core.openapi import Page

PAGE = Page()
FILING = Submission("key-9", "BA20261120-0009", "异地就医备案", date(2026, 11, 20), {"place": "北京市"}, 5)
DECISION = Decision(FILING.key, PEOPLE["mover"]["cases"][0]["number"], Outcome.GRANTED, date(2026, 11, 26), "齐全")
ELDER, MOTHER = PEOPLE["elder"]["id_number"], PEOPLE["mother"]["id_number"]
GRANDPA, MOVER = PEOPLE["grandpa"]["id_number"], PEOPLE["mover"]["id_number"]
ASKED: dict[str, Callable[[HttpCore], Awaitable[object]]] = {
    "/v1/person": lambda core: core.person(ELDER),
    "/v1/contributions": lambda core: core.contributions(MOTHER),
    "/v1/balance": lambda core: core.balance(ELDER),
    "/v1/remote-filings": lambda core: core.remote_filings(GRANDPA),
    "/v1/chronic": lambda core: core.chronic(ELDER),
    "/v1/cases": lambda core: core.cases(MOVER),
    "/v1/settlements": lambda core: core.settlements(ELDER),
    "/v1/drugs": lambda core: core.drugs("阿莫西林"),
    "/v1/submissions": lambda core: core.submit(ELDER, FILING),
    "/v1/decisions": lambda core: core.decide(MOVER, DECISION),
}
"""Each with somebody who has something to tell, so that no list is empty."""


class Recorder:
    """Passes everything on to the stand-in and keeps it; `change` alters an answer on its way."""

    def __init__(self, target: str) -> None:
        self._target = target
        self.seen: list[tuple[str, str, dict[str, str], Any, int, Any]] = []
        self.change: Callable[[Any], Any] = lambda answer: answer

    async def handle(self, request: web.Request) -> web.Response:
        asked = await request.json()
        async with (
            ClientSession() as http,
            http.request(request.method, self._target + request.path, json=asked, headers=_passed(request)) as came,
        ):
            answer = await came.json()
            self.seen.append((request.method, request.path, dict(request.headers), asked, came.status, answer))
            assert not request.query_string
            return web.json_response(self.change(answer), status=came.status)


def _passed(request: web.Request) -> dict[str, str]:
    return {name: request.headers[name] for name in ("Authorization", IDEMPOTENCY_HEADER) if name in request.headers}


@pytest.fixture
async def recorder(stand_in: StandIn) -> AsyncIterator[Recorder]:
    recorder = Recorder(stand_in.url)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", recorder.handle)
    async with TestServer(app) as server:
        recorder.url = str(server.make_url("/"))
        yield recorder


def test_three_times_the_same_paths() -> None:
    served = {route.path: route.method for route in Served([], TOKEN, complete=True).routes()}
    ours = {path: method for path, method in served.items() if path.startswith("/v1/")}
    assert set(ours) == set(PAGE.paths) == set(ASKED)
    assert set(ours.values()) == {"POST"}
    assert all(list(methods) == ["post"] for methods in PAGE.whole["paths"].values())


def test_the_page_says_what_may_be_lacking_and_who_may_be_unknown() -> None:
    assert {path for path, asked in PAGE.paths.items() if "501" in asked["responses"]} == MAY_LACK
    assert {path for path, asked in PAGE.paths.items() if "404" in asked["responses"]} == set(ASKED) - {"/v1/drugs"}


def test_the_page_names_our_limits() -> None:
    said = PAGE.whole["info"]["description"]
    usual = Patience()
    for limit in (
        f"{MAX_ANSWER_BYTES} 字节",
        f"{usual.try_seconds} 秒",
        f"{usual.call_seconds:g} 秒",
        f"{AT_ONCE} 个请求",
        f"{usual.tries} 次",
    ):
        assert limit in said


def test_every_field_of_an_answer_is_required_and_described() -> None:
    for path in PAGE.paths:
        for schema in _objects(PAGE.answer(path, 200)):
            assert set(schema["required"]) == set(schema["properties"])
            assert all(name == "items" or "description" in field for name, field in schema["properties"].items())


def _objects(schema: Any) -> Iterator[Any]:
    schema = PAGE.resolved(schema)
    if schema["type"] == "object":
        yield schema
        for field in schema["properties"].values():
            yield from _objects(field)
    elif schema["type"] == "array":
        yield from _objects(schema["items"])


@pytest.mark.parametrize("path", ASKED)
async def test_what_we_ask_and_what_is_answered_is_as_in_the_page(
    recorder: Recorder, connect: Connect, path: str
) -> None:
    await ASKED[path](connect(recorder.url))
    ((method, asked_path, headers, asked, status, answer),) = recorder.seen
    assert (method, asked_path, status) == ("POST", path, 200)
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert (headers.get(IDEMPOTENCY_HEADER) == FILING.key) == ("parameters" in PAGE.paths[path])
    assert not list(PAGE.faults(asked, PAGE.request(path)))
    assert not list(PAGE.faults(answer, PAGE.answer(path, 200)))
    assert answer.get("items", True), "an empty list proves nothing"


@pytest.mark.parametrize("path", ASKED)
async def test_the_adapter_needs_every_required_field(recorder: Recorder, connect: Connect, path: str) -> None:
    core = connect(recorder.url)
    await ASKED[path](core)
    answer = recorder.seen[0][-1]
    for spoilt in _with_one_missing(answer):
        recorder.change = lambda _answer, spoilt=spoilt: spoilt
        with pytest.raises(CoreUnavailable) as raised:
            await ASKED[path](core)
        assert raised.value.code == "core_nonsense"
        assert list(PAGE.faults(spoilt, PAGE.answer(path, 200)))


@pytest.mark.parametrize("path", ASKED)
async def test_the_adapter_leaves_unknown_fields_alone(recorder: Recorder, connect: Connect, path: str) -> None:
    recorder.change = lambda answer: {**answer, "later": {"version": 2}}
    await ASKED[path](connect(recorder.url))


HOSTILE = [
    *(None, True, False, 0, 1, -1, 12, 13, 1000, 1001, 1949, 2200, 2201, 10**12, 10**12 + 1, -(10**12), -(10**12) - 1),
    *(12.0, 0.5, float("nan"), float("inf"), 10**400, [], {}, ["x"], {"x": 1}),
    *("", " ", "x", "12", "x" * 200, "x" * 201, "\x00", "两行\n字", "\ud800", "\x7f", "名", "居民", "职工", "甲", "丙"),
    *("2026-11-01", "2026-02-30", "20261101", "2026-W01-1", "2026-11-01T00:00:00", "２０２６-11-01", "2026-11-01 "),
    *("19900000001", "1990000000", "05372900000", "2900000", "+8619900000001", "199０００００００１", MOTHER),
]
"""Values that some field takes and others must not."""


class Canned:
    """In the place of `Calls`: always this answer."""

    def __init__(self, answer: Any) -> None:
        self._body = json.dumps(answer).encode()

    async def ask(self, path: str, body: Any, key: str = "") -> Answer:
        return Answer(200, self._body)


@pytest.mark.parametrize("path", ASKED)
async def test_the_adapter_takes_what_the_page_allows_and_nothing_else(
    recorder: Recorder, connect: Connect, path: str
) -> None:
    await ASKED[path](connect(recorder.url))
    told = recorder.seen[0][-1]
    with structlog.testing.capture_logs():
        wrong = [
            (name, changed) for name, changed in _with_one_changed(told) if await _differ(path, name, changed, told)
        ]
    assert not wrong


async def _differ(path: str, name: str, changed: Any, told: Any) -> bool:
    """Whether the adapter and the page judge this answer differently."""
    allowed = not list(PAGE.faults(changed, PAGE.answer(path, 200)))
    if (path, name) in {("/v1/person", "id_number"), ("/v1/submissions", "number"), ("/v1/decisions", "number")}:
        allowed = changed == told  # the page says in words: the same as was asked
    return await _takes(path, changed) != allowed


async def _takes(path: str, answer: Any) -> bool:
    try:
        await ASKED[path](HttpCore(Canned(answer), Vault("ab" * 32)))
    except CoreUnavailable as error:
        return error.code != "core_nonsense"
    return True


def _with_one_changed(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """The value, each time with one hostile value in the place of one part of it, and that part's name."""
    for hostile in HOSTILE:
        yield name, hostile
    if isinstance(value, dict):
        for field, entry in value.items():
            for changed_name, changed in _with_one_changed(entry, field):
                yield changed_name, {**value, field: changed}
    elif isinstance(value, list) and value:
        for changed_name, changed in _with_one_changed(value[0], name):
            yield changed_name, [changed, *value[1:]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'{"items": [}',
        b'{"items": NaN}',
        b"[" * 200_000,
        b"\xef\xbb\xbf{}",
        b"1" * 5000,
    ],
)
async def test_what_is_no_json_object_is_nonsense(body: bytes) -> None:
    canned = Canned(None)
    canned._body = body
    with pytest.raises(CoreUnavailable) as raised:
        await HttpCore(canned, Vault("ab" * 32)).cases(MOVER)
    assert raised.value.code == "core_nonsense"


def _with_one_missing(value: Any) -> Iterator[Any]:
    """The value, each time without another of its fields, at any depth (in lists: in the first entry)."""
    if isinstance(value, dict):
        for name in value:
            yield {other: entry for other, entry in value.items() if other != name}
            for spoilt in _with_one_missing(value[name]):
                yield {**copy.deepcopy(value), name: spoilt}
    elif isinstance(value, list) and value:
        for spoilt in _with_one_missing(value[0]):
            yield [spoilt, *value[1:]]


@pytest.mark.parametrize("path", sorted(set(ASKED) - {"/v1/drugs"}))
async def test_an_error_of_the_stand_in_is_as_in_the_page(stand_in: StandIn, path: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", IDEMPOTENCY_HEADER: "key"}
    async with ClientSession(headers=headers) as http:
        for body, status in (({"id_number": NOBODY}, 404), ({}, 400)):
            async with http.post(stand_in.url + path, data=json.dumps(body)) as answer:
                assert answer.status == status
                assert not list(PAGE.faults(await answer.json(), PAGE.answer(path, status)))


@pytest.mark.parametrize("path", sorted(MAY_LACK))
async def test_what_is_not_offered_is_none(connect: Connect, path: str) -> None:
    app = web.Application()
    app.add_routes(Served(list(PEOPLE.values()), TOKEN, complete=False).routes())
    async with TestServer(app) as server:
        assert await ASKED[path](connect(str(server.make_url("/")))) is None
