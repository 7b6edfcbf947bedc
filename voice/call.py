"""One call, from the first hello to the last: this file is the main flow, top to bottom.

    audio in → turn-taking → recogniser → term correction        voice.ears
             → dialogue (Rasa → actions → knowledge, casework)   the `Dialogue` handed in
             → spoken form → synthesiser → audio out             voice.mouth

A message typed on the web or in WeChat is the same turn, entered after the recogniser and left before the
synthesiser: it calls the same `Dialogue`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import structlog

from base.clock import utc_now
from base.messages import Command, Reply
from language.calendar import service_hours
from voice.ahead import Ahead, Prepared
from voice.barge_in import is_backchannel
from voice.dialogue import Dialogue
from voice.ears import Ears, Said, SpeechDetector, Turn, TurnModel
from voice.end_of_turn import Waits
from voice.fruitless import Fruitless, Way
from voice.halves import Halves
from voice.line import Line
from voice.mouth import Mouth, Voice
from voice.recogniser import Recogniser
from voice.silent_caller import Silence, SilentCaller
from voice.turn_log import Stages, log_turn

log = structlog.get_logger()

THINKING_SECONDS = 1.5
"""An answer that takes longer is announced ("请稍等"): silence on a line is the worst error."""
LONGEST_HOLD_SECONDS = 300.0
"""Whoever put us on hold and has not come back by then is let go."""
GOODBYE_SECONDS = 12.0
"""What the longest goodbye takes, with time for synthesis on a busy machine."""
_MOST_RESTARTS = 2
_KEY_MEANINGS = {"0": Command.PERSON, "*": Command.AGAIN}
_SLOWEST, _FASTEST = 0.7, 1.25
_SILENCE_PROMPTS = {Silence.ASK: "still_there", Silence.OFFER: "silence_offer", Silence.LEAVE: "goodbye"}


class Prompts(Protocol):
    """The fixed sentences of a call, by key (voice/prompts/prompts.yaml)."""

    def text(self, key: str, **values: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Engines:
    """What every call of the service shares, and how to make what each needs for itself."""

    recogniser: Recogniser
    correct: Callable[[str], str]
    detector: Callable[[], SpeechDetector]
    turn_model: TurnModel | None
    voice: Voice
    prompts: Prompts
    pace: float
    waits: Waits = Waits()
    longest_seconds: float = 7200.0
    """The PBX cuts a call after this; we say goodbye before."""


class Call:
    """One call on one line. Make it, `run` it once; when `run` returns nothing of the call is left."""

    def __init__(
        self, line: Line, dialogue: Dialogue, engines: Engines, on_turn: Callable[[Stages], None] = lambda _stages: None
    ) -> None:
        """`on_turn` is told of each answered turn, and returns at once."""
        self._line, self._dialogue, self._prompts, self._on_turn = line, dialogue, engines.prompts, on_turn
        self._normal_pace = self._pace = engines.pace
        self._mouth = Mouth(line, engines.voice)
        self._ahead = Ahead(self._peek, engines.voice, lambda: self._pace)
        self._ears = Ears(
            line,
            engines.detector(),
            engines.recogniser,
            engines.correct,
            engines.turn_model,
            engines.waits,
            we_speak=lambda: self._mouth.is_speaking,
            asked=lambda: self._mouth.asked,
            on_interrupt=self._mouth.interrupt,
            on_hold=self._mouth.put_on_hold,
            on_pause=self._ahead.begin,
            on_going_on=self._ahead.drop,
        )
        self._silent, self._fruitless = SilentCaller(), Fruitless()
        self._longest_seconds = engines.longest_seconds
        self._was_understood, self._was_announced = True, False
        self._restarts = 0
        self._halves, self._waits = Halves(), engines.waits
        self._opened: asyncio.Task[bool] | None = None

    async def run(self) -> None:
        """Talk until either side hangs up."""
        log.info("call_started", call=self._line.id, channel=self._line.channel)
        began = time.monotonic()
        listening = asyncio.create_task(self._ears.run(), name=f"listen {self._line.id}")
        talking = asyncio.create_task(self._talk(), name=f"talk {self._line.id}")
        waiting = asyncio.create_task(self._mouth.forgotten(LONGEST_HOLD_SECONDS), name=f"hold {self._line.id}")
        tasks, is_stopped = (talking, listening, waiting), False
        try:
            left = max(self._longest_seconds - GOODBYE_SECONDS, 0.0)
            done, _ = await asyncio.wait(tasks, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            await self._apologise_if_broken(listening, talking)
            if not done:
                talking.cancel()
                await self._say_goodbye("time_up")
        except asyncio.CancelledError:
            is_stopped = True  # the service stops: whoever gave us the line tells the caller why
            raise
        finally:
            ending = [*tasks, *([self._opened] if self._opened else [])]
            for task in ending:
                task.cancel()
            await asyncio.gather(*ending, return_exceptions=True)
            await self._ahead.aclose()
            await self._mouth.stop()
            if not is_stopped:
                await self._line.hang_up()
            log.info("call_ended", call=self._line.id, seconds=round(time.monotonic() - began, 1))

    # --- the conversation ---------------------------------------------------------------------------------------

    async def _talk(self) -> None:
        if self._line.returned:
            await self._give(await self._nobody_free())
        else:
            await self._say("greeting")
        going_on = True
        while going_on:
            turn = await self._next_turn()
            going_on = await (self._keep_waiting() if turn is None else self._answer(turn))

    async def _next_turn(self) -> Turn | None:
        """What the caller said or pressed; None when they were silent for as long as our patience lasts."""
        while True:
            turn = await self._wait_for_turn()
            if turn is None or not await self._was_no_turn(turn):
                return turn

    async def _wait_for_turn(self) -> Turn | None:
        self._was_announced = False
        getting = asyncio.create_task(self._ears.turns.get())
        speaking = asyncio.create_task(self._mouth.wait())
        announcing = asyncio.create_task(self._announce_slow_hearing(), name=f"announce {self._line.id}")
        try:
            await asyncio.wait({getting, speaking}, return_when=asyncio.FIRST_COMPLETED)
            waits = 0
            while waits < 4:  # a caller in mid-sentence is waited for, a line gone dead is not
                holds = self._mouth.holds
                await asyncio.wait({getting}, timeout=self._silent.seconds)
                if not getting.done() and holds != self._mouth.holds:
                    await self._mouth.until_listened_to()  # nobody was there who could be silent
                    continue
                if getting.done() or not (self._ears.caller_is_speaking or self._ears.understanding.is_set()):
                    break
                waits += 1
            return getting.result() if getting.done() else None
        finally:
            for task in (getting, speaking, announcing):
                task.cancel()

    async def _announce_slow_hearing(self) -> None:
        """Where many callers wait for the recogniser, who has finished is told so, once; nothing of ours is lost."""
        while True:
            await self._ears.understanding.wait()
            await asyncio.sleep(THINKING_SECONDS)
            if self._ears.understanding.is_set() and not (self._ears.caller_is_speaking or self._mouth.unsaid):
                self._was_announced = True
                await self._say("one_moment")
                return

    async def _answer(self, turn: Turn) -> bool:
        """Answer one turn; False when the call is over."""
        self._silent.heard()
        if way := await self._led_nowhere(turn):
            return way is not Way.LEAVE
        if isinstance(turn, Said) and not turn.text and not self._halves.waiting:
            await self._say("trouble" if turn.failed else "not_heard")
            return True
        text, was_cut = self._halves.join(_meaning(turn), turn.began_at if isinstance(turn, Said) else None)
        is_open = not was_cut and await self._is_open()
        if was_cut:
            await self._dialogue.take_back(self._line.id)
        elif is_open and isinstance(turn, Said) and not turn.is_settled and await self._goes_on(turn):
            self._halves.keep(text)  # nothing is done that cannot be taken back before they have finished
            return True
        self._line.caption("caller", text)
        began = time.monotonic()
        prepared = None if was_cut else await self._say_prepared(text)
        known = time.monotonic()
        replies = await self._ask(text, turn.others if isinstance(turn, Said) else ())
        dialogue_seconds = (known if prepared else time.monotonic()) - began
        if not is_open and self._ears.caller_is_speaking and not self._mouth.is_speaking:
            await self._dialogue.take_back(self._line.id)
            self._halves.keep(text)  # they go on speaking: hear them out first
            return True
        self._was_understood = not all(reply.not_understood for reply in replies)
        if prepared is None or prepared.replies != replies:
            await self._give(replies)
        if not is_open:
            self._halves.answered(text, self._mouth.first_audio_at)
        self._opened = asyncio.create_task(self._dialogue.is_open(self._line.id), name=f"open {self._line.id}")
        self._log(turn, dialogue_seconds, is_foretold=prepared is not None, is_joined=was_cut)
        return not await self._is_over(replies)

    async def _say_prepared(self, text: str) -> Prepared | None:
        """Begin to say what was foretold of the answer to `text`; the turn itself comes while it is heard."""
        prepared = await self._ahead.take(text)
        if prepared is None:
            return None
        if self._ears.caller_is_speaking:
            prepared.first.cancel()
            return None
        await self._give(prepared.replies, prepared.first)
        return prepared

    async def _is_open(self) -> bool:
        """Whether the next message may do what cannot be taken back; looked up while the last answer was said."""
        if self._opened is None and self._line.returned:
            return True
        return self._opened is not None and await self._opened

    async def _goes_on(self, turn: Said) -> bool:
        """Whether the caller speaks on within what is waited before anything is done for good."""
        try:
            async with asyncio.timeout(turn.ended_at + self._waits.open - time.monotonic()):
                await self._ears.in_turn.wait()
        except TimeoutError:
            return False
        return True

    async def _led_nowhere(self, turn: Turn) -> Way | None:
        """Whoever is not listening, or is nobody, is offered a person, at last let go: which it was, if any."""
        said_nothing = isinstance(turn, Said) and not turn.text and not turn.failed
        led_somewhere = not (said_nothing or self._mouth.was_unheard or not self._was_understood)
        way = self._fruitless.turn(led_somewhere=led_somewhere or not isinstance(turn, Said))
        self._was_understood = True
        if way is Way.GO_ON:
            return None
        self._halves.forget()
        if way is Way.LEAVE:
            await self._say_goodbye("noisy_goodbye")
        else:
            await self._say("too_noisy")
        return way

    async def _say_goodbye(self, key: str) -> None:
        """Said to the end, whatever comes from the line."""
        text = self._prompts.text(key)
        self._line.caption("assistant", text)
        await self._mouth.say([text], self._pace, to_the_end=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._mouth.wait()

    async def _nobody_free(self) -> list[Reply]:
        """Everybody is busy, or nobody works at this hour: said so, and a call back offered."""
        why = self._prompts.text("nobody_works" if service_hours.nobody_works(utc_now()) else "no_agent")
        hours = service_hours.shown()
        told = [Reply(self._prompts.text("hours", hours=hours))] if hours else []
        return [Reply(why), *told, *await self._ask(Command.PERSON, can_transfer=False)]

    async def _ask(self, text: str, others: Sequence[str] = (), *, can_transfer: bool = True) -> list[Reply]:
        """The dialogue's replies; meanwhile the caller is not left in silence. `others`: what may have been said."""
        metadata = self._metadata(others, can_transfer=can_transfer)
        asking = asyncio.create_task(self._dialogue.reply(self._line.id, text, self._line.channel, metadata))
        try:
            done, _ = await asyncio.wait({asking}, timeout=THINKING_SECONDS)
            if not done:
                if not (self._mouth.is_speaking or self._was_announced):
                    self._was_announced = True
                    await self._say("one_moment")
                await asyncio.wait({asking})
                await self._mouth.wait()
            replies = asking.result()
        finally:
            asking.cancel()
        if any(reply.transfer for reply in replies) and not await self._line.person_is_free():
            return await self._nobody_free()
        return replies

    async def _peek(self, text: str, others: Sequence[str]) -> list[Reply]:
        return await self._dialogue.peek(self._line.id, text, self._line.channel, self._metadata(others))

    def _metadata(self, others: Sequence[str], *, can_transfer: bool = True) -> dict[str, object]:
        metadata: dict[str, object] = {"caller": self._line.caller} if self._line.caller else {}
        if others:
            metadata["hypotheses"] = list(others)
        if can_transfer and self._line.channel == "phone":
            metadata["can_transfer"] = True
        return metadata

    async def _give(self, replies: Sequence[Reply], first: Awaitable[bytes] | None = None) -> None:
        """`first`: the audio of the first piece, if it is being made already."""
        for reply in replies:
            if reply.pace is not None:
                self._pace = min(max(self._normal_pace * reply.pace, _SLOWEST), _FASTEST)
            self._line.caption("assistant", reply.text, dial=reply.to_dial)
        if any(reply.takes_time for reply in replies):
            self._silent.give_time()
        is_recorded = self._pace == self._normal_pace
        can_wait = is_recorded and not (self._was_announced or any(reply.to_dial or reply.end for reply in replies))
        meanwhile = self._prompts.text("one_moment") if can_wait else ""
        await self._mouth.say([reply.to_say for reply in replies], self._pace, made=first, meanwhile=meanwhile)
        await self._mouth.wait_first_audio()

    async def _is_over(self, replies: list[Reply]) -> bool:
        if any(reply.transfer for reply in replies):
            await self._mouth.wait()
            await self._line.hand_over()
            return True
        if not any(reply.end for reply in replies):
            return False
        await self._mouth.wait()
        return not self._mouth.unsaid  # interrupted in the goodbye: they want something more

    async def _was_no_turn(self, turn: Turn) -> bool:
        """A cough or an "嗯" over our voice is none: the voice goes on, or goes on where it stopped."""
        if not isinstance(turn, Said) or turn.failed or self._was_announced:
            return False
        unsaid = self._mouth.unsaid
        if not unsaid or not is_backchannel(turn.text):
            return False
        if turn.text and len(unsaid) == 1:
            return False  # "好" in the last sentence may well answer it
        if self._mouth.is_speaking:
            return True
        self._restarts = self._restarts + 1 if self._mouth.was_unheard else 0
        if self._restarts > _MOST_RESTARTS and not turn.text:
            return False  # noise that never ends, no cough
        await self._mouth.say(unsaid, self._pace)
        return True

    async def _keep_waiting(self) -> bool:
        """The caller is silent: ask, offer a way on, at last say goodbye. False when the call is over."""
        step = self._silent.run_out()
        await self._say(_SILENCE_PROMPTS[step])
        if step is not Silence.LEAVE:
            return True
        await self._mouth.wait()
        return bool(self._mouth.unsaid)

    async def _say(self, key: str) -> None:
        text = self._prompts.text(key)
        self._line.caption("assistant", text)
        await self._mouth.say([text], self._pace)

    # --- around it ----------------------------------------------------------------------------------------------

    async def _apologise_if_broken(self, *tasks: asyncio.Task[None]) -> None:
        """Something of ours broke: the caller hears so before the line closes."""
        for task in tasks:
            if task.done() and not task.cancelled() and (error := task.exception()):
                log.error("call_failed", call=self._line.id, code=type(error).__name__)
                await self._say("broken")
                await asyncio.wait_for(self._mouth.wait(), timeout=12)

    def _log(self, turn: Turn, dialogue_seconds: float, *, is_foretold: bool, is_joined: bool) -> None:
        if isinstance(turn, Said) and self._mouth.first_audio_at:
            stages = Stages(
                turn.wait_seconds,
                turn.recognition_seconds,
                dialogue_seconds,
                self._mouth.synthesis_seconds,
                self._mouth.first_audio_at - turn.ended_at,
                turn.others,
                is_foretold,
                is_joined,
            )
            log_turn(self._line.id, self._line.channel, stages)
            self._on_turn(stages)


def _meaning(turn: Turn) -> str:
    """A turn as the text the dialogue gets: keys have meanings, or are digits somebody asked for."""
    return turn.text if isinstance(turn, Said) else _KEY_MEANINGS.get(turn.keys, turn.keys)
