"""What a phone sends → the frames that are heard: at once, whole, and in good sound."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
from aiortp import RtpPacket
from aiortp.codecs import get_codec
from numpy.typing import NDArray

from connectors.phone.rtp import LINE_HZ, Rtp, open_rtp
from tests.guard import until
from voice.audio import FRAME_BYTES, RATE_HZ

FAR_END = ("127.0.0.1", 9)
PACKET = LINE_HZ // 50


class Phone:
    """It sends; `frames` is what came out on our side."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.rtp: Rtp | None = None
        self._sent = 0

    def sends(self, samples: NDArray[np.float64]) -> None:
        assert self.rtp is not None
        packed = get_codec(8).encode((samples * 32767).astype("<i2").tobytes())
        self._sent += 1
        self.rtp.datagram_received(RtpPacket(8, 0, self._sent, self._sent * PACKET, 1, packed).serialize(), FAR_END)

    def heard(self) -> NDArray[np.float64]:
        return np.frombuffer(b"".join(self.frames), "<i2") / 32768


@pytest.fixture
async def phone() -> AsyncIterator[Phone]:
    phone = Phone()
    phone.rtp = await open_rtp("127.0.0.1", phone.frames.append, lambda _key: None)
    phone.rtp.agreed(8, -1, FAR_END)
    yield phone
    phone.rtp.close()


def tone(hz: float, packets: int) -> NDArray[np.float64]:
    """Shape [packets, samples of one]."""
    return 0.4 * np.sin(2 * np.pi * hz * np.arange(packets * PACKET) / LINE_HZ).reshape(packets, PACKET)


async def test_a_frame_is_heard_for_every_packet(phone: Phone) -> None:
    counts = []
    for samples in tone(500, 50):
        phone.sends(samples)
        counts.append(len(phone.frames))
    assert counts == [0, 0, *range(1, 49)]
    assert {len(frame) for frame in phone.frames} == {FRAME_BYTES}


@pytest.mark.parametrize("hz", [350, 1000, 3000, 3400])
async def test_what_a_telephone_carries_is_heard_as_loud_and_nothing_beside_it(phone: Phone, hz: int) -> None:
    for samples in tone(hz, 60):
        phone.sends(samples)
    heard = phone.heard()[RATE_HZ // 10 : RATE_HZ // 10 + RATE_HZ]
    power = np.abs(np.fft.rfft(heard * np.hanning(len(heard)))) ** 2
    wanted = power[hz - 5 : hz + 6].sum()
    assert np.sqrt((heard**2).mean()) == pytest.approx(0.4 / np.sqrt(2), rel=0.05)
    assert (power.sum() - wanted) / wanted < 1e-3, "30 dB below, as G.711 leaves it"


async def test_the_last_syllable_is_heard_when_the_phone_stops_sending(phone: Phone) -> None:
    assert phone.rtp is not None
    for samples in tone(500, 10):
        phone.sends(samples)
    sending = asyncio.create_task(phone.rtp.run())
    try:
        await until(lambda: len(phone.frames) > 10)
        loud = np.flatnonzero(np.abs(phone.heard()) > 0.1)
        assert (loud[-1] - loud[0]) / RATE_HZ == pytest.approx(0.2, abs=0.003)
        assert np.abs(phone.heard()[-RATE_HZ // 50 :]).max() < 0.01, "and then it is still"
        left_over = len(phone.frames)
        phone.sends(np.zeros(PACKET))
        phone.sends(np.zeros(PACKET))
        assert np.abs(phone.heard()[left_over * FRAME_BYTES // 2 :]).max() < 0.01, "nothing comes before the next word"
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
