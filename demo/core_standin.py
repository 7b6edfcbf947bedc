"""`python -m demo.core_standin --port N`: a small core system, a process of its own, for tests and for trying out.

Speaks docs/core-api.yaml with the demo's people, in memory. `POST /_faults {"next": n, "kind": …}` lets the next n
questions go wrong (see `Kind`); `GET /_calls` counts what was asked. Prints the port it listens on (0: any free one).
Shares nothing with the service but the files of the demo and `effects`, what a decision brings.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from aiohttp import web

from base import yaml_files
from demo import effects
from demo.core_faults import Faults, Handler

DATA = Path(__file__).with_name("data")
PEOPLE = DATA / "demo_people.yaml"
TOKEN = "core-standin-token"
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)

Entry = dict[str, Any]


class Refused(Exception):
    """An answer with an error body."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


def _nothing(_case: Entry) -> Entry | None:
    """For what no case of ours brings about."""
    return None


class StandIn:
    """The questions, on people and cases in memory. `complete`: also the two things a core system may lack."""

    def __init__(self, people: list[Entry], token: str, *, complete: bool) -> None:
        self._people = {person["id_number"]: person for person in people}
        self._token, self._complete = token, complete
        self._catalogue = yaml_files.read(DATA / "demo_drugs.yaml")["drugs"]
        self._handed_over: dict[str, tuple[str, Entry]] = {}
        """By idempotency key: whose, and the case."""
        self.faults = Faults()

    def routes(self) -> list[web.RouteDef]:
        asked: dict[str, Callable[[Entry], Entry]] = {
            "/v1/person": self._person,
            "/v1/contributions": lambda body: self._items(body, "contributions", ("year", "fen", "months", "paid_on")),
            "/v1/balance": lambda body: _part(self._known(body), ("account_balance_fen",)),
            "/v1/remote-filings": lambda body: self._items(
                body, "remote_care", ("kind", "place", "filed_on", "valid_until"), effects.remote
            ),
            "/v1/chronic": lambda body: self._items(
                body, "chronic", ("disease", "approved_on", "valid_until"), effects.chronic
            ),
            "/v1/cases": self._cases,
            "/v1/settlements": self._settlements,
            "/v1/drugs": self._drugs,
        }
        routes = [web.post(path, self._served(_keyless(made))) for path, made in asked.items()]
        told = {"/v1/submissions": self._submit, "/v1/decisions": self._decide}
        return [*routes, *(web.post(path, self._served(take)) for path, take in told.items()), *self.faults.routes()]

    def _served(self, answer: Callable[[Entry, str], Entry]) -> Handler:
        """`answer` is given the body and the idempotency key."""

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                made = answer(await self._body(request), request.headers.get("Idempotency-Key", ""))
            except Refused as refused:
                error = {"error": {"code": refused.code, "message": refused.message}}
                return web.json_response(error, status=refused.status)
            return web.json_response(text=json.dumps(made, ensure_ascii=False, default=str))

        return self.faults.guarded(handle)

    async def _body(self, request: web.Request) -> Entry:
        said = request.headers.get("Authorization", "")
        if not hmac.compare_digest(said.encode(), f"Bearer {self._token}".encode()):
            raise Refused(401, "unauthorized", "令牌不对")
        try:
            body = json.loads(await request.read())
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused(400, "bad_request", "请求体不是 JSON 对象")
        return body

    def _known(self, body: Entry) -> Entry:
        id_number = body.get("id_number")
        if not isinstance(id_number, str) or not _ID_NUMBER.fullmatch(id_number):
            raise Refused(400, "bad_request", "缺少身份证号码，或格式不对")
        if id_number not in self._people:
            raise Refused(404, "unknown_person", "没有这个参保人")
        return self._people[id_number]

    def _person(self, body: Entry) -> Entry:
        return _part(self._known(body), ("id_number", "name", "phone", "scheme", "insured_place", "status"))

    def _items(
        self, body: Entry, name: str, fields: tuple[str, ...], brought: Callable[[Entry], Entry | None] = _nothing
    ) -> Entry:
        """As in the file, and what was granted since."""
        person = self._known(body)
        granted = filter(None, map(brought, self._ours(person)))
        return {"items": [_part(entry, fields) for entry in (*person[name], *granted)]}

    def _ours(self, person: Entry) -> list[Entry]:
        """This person's cases that the hotline handed over."""
        return [case for whose, case in self._handed_over.values() if whose == person["id_number"]]

    def _cases(self, body: Entry) -> Entry:
        person = self._known(body)
        fields = ("number", "item", "submitted_on", "state", "limit_working_days")
        return {"items": [_part(case, fields) for case in [*person["cases"], *self._ours(person)]]}

    def _settlements(self, body: Entry) -> Entry:
        self._must_be_complete()
        fields = ("on", "provider", "place", "total_fen", "paid_fen")
        return {"items": [_part(bill, fields) for bill in self._known(body).get("settlements") or ()]}

    def _drugs(self, body: Entry) -> Entry:
        self._must_be_complete()
        if not isinstance(wanted := body.get("name"), str) or not wanted:
            raise Refused(400, "bad_request", "缺少药品名称")
        return {"items": [drug for drug in self._catalogue if wanted in drug["name"]]}

    def _submit(self, body: Entry, key: str) -> Entry:
        person = self._known(body)
        if not key:
            raise Refused(400, "bad_request", "缺少 Idempotency-Key")
        case = {name: body.get(name) for name in ("number", "item", "submitted_on", "limit_working_days", "fields")}
        _, kept = self._handed_over.setdefault(key, (person["id_number"], {**case, "state": "办理中"}))
        if kept["number"] != case["number"]:
            raise Refused(409, "key_reused", "这个 Idempotency-Key 已经用于另一件")
        return {"number": kept["number"]}

    def _decide(self, body: Entry, key: str) -> Entry:
        person = self._known(body)
        outcome, decided_on = body.get("outcome"), body.get("decided_on")
        if not key or outcome not in effects.STATES or not isinstance(decided_on, str):
            raise Refused(400, "bad_request", "缺少 Idempotency-Key、结果或日期")
        for case in [*person["cases"], *self._ours(person)]:
            if case["number"] == body.get("number"):
                try:
                    case.update(effects.decided(case, key, outcome, decided_on, str(body.get("reason"))))
                except effects.KeyReused:
                    raise Refused(409, "key_reused", "这个 Idempotency-Key 已经用于另一个决定") from None
                return {"number": case["number"]}
        raise Refused(404, "unknown_case", "没有这个编号的办件")

    def _must_be_complete(self) -> None:
        if not self._complete:
            raise Refused(501, "not_offered", "本系统不提供这项查询")


def _keyless(answer: Callable[[Entry], Entry]) -> Callable[[Entry, str], Entry]:
    return lambda body, _key: answer(body)


def _part(entry: Mapping[str, Any], fields: tuple[str, ...]) -> Entry:
    return {name: entry.get(name) for name in fields}


async def serve(stand_in: StandIn, port: int) -> None:
    """On loopback until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for which in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(which, stop.set)
    app = web.Application(client_max_size=1_000_000)
    app.add_routes(stand_in.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        sys.stdout.write(f"{runner.addresses[0][1]}\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await runner.cleanup()


def main(
    port: Annotated[int, typer.Option(help="0: any free one")] = 8082,
    token: Annotated[str, typer.Option(envvar="CORE_STANDIN_TOKEN")] = TOKEN,
    complete: Annotated[bool, typer.Option(help="offer settlements and the drug catalogue as well")] = False,
) -> None:
    """Stand in for the bureau's core system."""
    people = yaml_files.read(PEOPLE)["people"]
    asyncio.run(serve(StandIn(people, token, complete=complete), port))


if __name__ == "__main__":
    typer.run(main)
