from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from casework.outbox import MOST_TRIES, Outbox
from casework.sms import HttpGateway, SmsRefused, SmsUnavailable
from tests.casework.office import Office

PHONE = "19900000001"


class Gateway:
    """Fails as often as told, then takes."""

    def __init__(self, *failures: Exception) -> None:
        self.failures, self.sent = list(failures), list[tuple[str, str, str]]()

    async def send(self, phone: str, text: str, key: str) -> None:
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((phone, text, key))


def outbox(office: Office, gateway: Gateway) -> Outbox:
    return Outbox(office.database, office.vault, gateway, office.clock)


async def put(office: Office, box: Outbox) -> None:
    async with office.database.session() as session:
        box.put(session, PHONE, "您的事办好了。", "filing")


async def test_a_message_of_a_deed_that_failed_is_not_sent(office: Office) -> None:
    gateway = Gateway()
    box = outbox(office, gateway)
    with suppress(RuntimeError):
        async with office.database.session() as session:
            box.put(session, PHONE, "x", "filing")
            raise RuntimeError
    assert await box.deliver() == 0
    assert gateway.sent == []


async def test_two_processes_send_once(office: Office) -> None:
    gateway = Gateway()
    boxes = outbox(office, gateway), outbox(office, gateway)
    await put(office, boxes[0])
    await asyncio.gather(*(box.deliver() for box in boxes))
    assert len(gateway.sent) == 1


async def test_a_gateway_that_is_down_is_tried_again_later_and_the_same_key_named(office: Office) -> None:
    gateway = Gateway(SmsUnavailable(), SmsUnavailable())
    box = outbox(office, gateway)
    await put(office, box)
    assert await box.deliver() == 0
    assert await box.deliver() == 0, "not at once"
    for _ in range(2):
        office.clock.passes(minutes=10)
        await box.deliver()
    assert [key for _, _, key in gateway.sent] == ["outbox-1"]


async def test_what_will_never_go_is_given_up(office: Office) -> None:
    for failures in ([SmsRefused()], [SmsUnavailable()] * (MOST_TRIES + 1)):
        box = outbox(office, Gateway(*failures))
        await put(office, box)
        for _ in range(MOST_TRIES + 2):
            await box.deliver()
            office.clock.passes(hours=2)
        assert (await box.to(PHONE))[0].state == "failed"


async def test_a_gateway_that_is_not_there_is_unavailable() -> None:
    gateway = HttpGateway("http://127.0.0.1:9/", "t")
    with pytest.raises(SmsUnavailable):
        await gateway.send(PHONE, "x", "k")
    await gateway.aclose()
