"""Twenty calls as old people make them: `python -m bench.old_callers [--port 5080] [--only 打断,急]`.

They pause in mid-sentence, take words back, talk over us, say yes in dialect, call from a noisy street
(`data/old_callers.yaml`). Kokoro's voices call a real line by SIP; what is answered is recognised from the sound that
comes back. For each turn: what was said, what came back, the seconds from the last word to our first sound, and
whether what must come back did. With `--port`, a line that runs already (5080: Asterisk, 5090: without a PBX).
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bench.speech import with_noise
from bench.turn_latency import until_quiet
from language.aloud.sounds import toneless
from language.aloud.spoken import spoken
from tests.phone.caller import SipCaller
from tests.whole import whole_service
from voice import models
from voice.audio import RATE_HZ
from voice.correction import correct
from voice.kokoro import Kokoro
from voice.whisper import WhisperRecogniser

CALLS = Path(__file__).parent / "data" / "old_callers.yaml"
_PAUSE = re.compile(r"\[([\d.]+)\]")
_HEARD_SECONDS = 14.0
"""So much of an answer is listened to and recognised."""
_ANSWER_SECONDS = 15.0
_NUMBER = "19900000009"
_ONE_MOMENT, _ONE_MOMENT_CHARACTERS = "deng wo", 12
"""请稍等，我查一下: the answer is still to come."""
_PIECE_BYTES = 2 * RATE_HZ * 15 // 2
"""Of a long answer the recogniser hears the last sentence only, where it hears it in one piece."""
_TOPIC = "医保"
"""What the ear that listens to the answers is told of them."""


@dataclass(slots=True)
class Callers:
    """Their voices and one ear."""

    folder: Path
    ear: WhisperRecogniser

    async def sentence(self, voice: str, text: str, noise: float | None) -> bytes:
        """What is said, with its pauses, over the noise of where they call from."""
        speaker, parts = Kokoro(self.folder, voice), _PAUSE.split(text)
        said = b""
        for number, part in enumerate(parts):
            said += bytes(2 * int(float(part) * RATE_HZ)) if number % 2 else await speaker.speak(part.strip(), 0.9)
        await speaker.aclose()
        return said if noise is None else with_noise(said, noise)

    async def understood(self, pcm: bytes) -> str:
        pieces = [pcm[at : at + _PIECE_BYTES] for at in range(0, len(pcm), _PIECE_BYTES)]
        heard = [await asyncio.to_thread(self.ear.recognise, piece, threading.Event(), _TOPIC) for piece in pieces]
        return correct("".join(one.text for one in heard))


async def main(port: int, only: str) -> None:
    paths = models.ensure(models.default_cache_dir(), print)
    if paths.kokoro is None or paths.whisper is None:
        raise SystemExit("the callers need the speech models: make demo fetches them")
    callers = Callers(paths.kokoro, WhisperRecogniser(paths.whisper))
    calls = [one for one in yaml.safe_load(CALLS.read_text("utf-8")) if not only or one["call"] in only.split(",")]
    if port:
        await _all(callers, calls, port)
    else:
        with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
            async with whole_service(Path(folder), phone=True) as whole:
                await _all(callers, calls, whole.sip_port)
    await callers.ear.aclose()


async def _all(callers: Callers, calls: list[dict[str, Any]], port: int) -> None:
    waits: list[float] = []
    right = turns = 0
    for one in calls:
        sentences = [
            await callers.sentence(one["voice"], turn["says"], one.get("noise")) if "says" in turn else b""
            for turn in one["turns"]
        ]
        noise = f", {one['noise']} dB" if "noise" in one else ""
        print(f"== {one['call']} ({one['voice']}{noise})", flush=True)
        async with SipCaller(port, number=_NUMBER) as phone:
            await phone.dial()
            await until_quiet(phone, phone.answered_at)
            for number, (turn, pcm) in enumerate(zip(one["turns"], sentences, strict=True)):
                after = one["turns"][number + 1 : number + 2]
                wait, heard = await _turn(callers, phone, turn, pcm, after[0].get("over") if after else None)
                is_right = mentions(heard, turn["hears"])
                turns, right = turns + 1, right + is_right
                waits += [wait] if "says" in turn and wait >= 0 else []
                told = turn.get("says") or turn.get("keys") or f"({turn['silent']} s)"
                print(f"  {'✓' if is_right else '✗'} {wait:5.2f} s  {told}\n             → {heard}", flush=True)
    waits.sort()
    if waits:
        p95 = waits[min(len(waits) - 1, round(0.95 * (len(waits) - 1)))]
        print(f"{right} of {turns} answered; first sound p50 {waits[len(waits) // 2]:.2f} s, p95 {p95:.2f} s")


async def _turn(
    callers: Callers, phone: SipCaller, turn: dict[str, Any], pcm: bytes, interrupted_after: float | None
) -> tuple[float, str]:
    """The seconds to our first sound (negative: none came) and what was understood of it."""
    if "silent" in turn:
        since = time.monotonic()
        await phone.listen(turn["silent"])
    elif "keys" in turn:
        since = (await phone.press(turn["keys"]))[-1]
    else:
        since = (await phone.say(pcm)).last_voiced_at
    told, first = "", 0.0
    while (began := await _until_voice(phone, since)) is not None:
        first = first or began - since
        if interrupted_after is None:
            await _listened(phone, began)
        else:
            await phone.listen(max(0.0, began + interrupted_after - time.monotonic()))
        heard = await callers.understood(phone.heard.since(began - 0.3).pcm()[: int(2 * RATE_HZ * 15)])
        told += heard
        if not (_ONE_MOMENT in toneless(heard) and len(heard) < _ONE_MOMENT_CHARACTERS):
            return first, told
        since = phone.heard.last_voice() or began
    return first or -1.0, told


async def _until_voice(phone: SipCaller, since: float) -> float | None:
    async with asyncio.timeout(_ANSWER_SECONDS * 2):
        while (began := phone.heard.voice_after(since)) is None:
            if time.monotonic() - since > _ANSWER_SECONDS or phone.far_end_left.is_set():
                return None
            await phone.listen(0.05)
    return began


async def _listened(phone: SipCaller, began: float) -> None:
    """To the end of the answer, or as long as an answer is listened to; # stops the voice and is no message."""
    while time.monotonic() - max(phone.heard.last_voice() or began, began) < 1.6:
        if time.monotonic() - began > _HEARD_SECONDS:
            await phone.press("#")
            await until_quiet(phone, began)
        await phone.listen(0.1)


def mentions(heard: str, wanted: list[str | list[str]]) -> bool:
    """Whether each of `wanted` (any of a list) is in what was understood, by its sound, numbers in either form."""
    both = f"{heard}。{spoken(heard)}"
    sounds = toneless(both)
    return all(
        any(form in both or (toneless(form) or "?") in sounds for form in ([one] if isinstance(one, str) else one))
        for one in wanted
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    asyncio.run(main(given.port, given.only))
