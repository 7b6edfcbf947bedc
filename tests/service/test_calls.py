"""What is told of a call when it begins and when it is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from base.messages import Reply
from service.wiring import calls
from service.wiring.calls import Calls
from voice.turn_log import Stages


class Dialogue:
    """Gives to a person who asks for one."""

    async def reply(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        return [Reply("好的。", transfer=text == "转人工")]

    async def peek(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        return []

    async def is_open(self, conversation_id: str) -> bool:
        return False

    async def take_back(self, conversation_id: str) -> None: ...


class Errands:
    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.fails = False

    def picked_up(self, conversation: str, caller: str | None) -> None:
        self.told.append(("picked up", conversation, caller))

    async def hung_up(self, conversation: str, *, handed_over: bool = False) -> None:
        self.told.append(("hung up", conversation, handed_over))
        if self.fails:
            raise RuntimeError

    async def take_back(self, conversation: str) -> None:
        self.told.append(("taken back", conversation))


LINE: Any = SimpleNamespace(id="call-1", caller="19900000001", channel="phone")


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`says("查余额", …)`: the next call is these messages."""

    def script(*messages: str) -> None:
        class Scripted:
            def __init__(self, line: Any, dialogue: Any, engines: Any, on_turn: Any) -> None:
                self._line, self._dialogue = line, dialogue

            async def run(self) -> None:
                for message in messages:
                    await self._dialogue.reply(self._line.id, message, self._line.channel)

        monkeypatch.setattr(calls, "Call", Scripted)

    return script


@pytest.mark.parametrize(
    ("messages", "handed_over"),
    [(("查余额",), False), (("查余额", "转人工"), True), (("转人工", "那算了，查余额"), False), ((), False)],
)
async def test_who_called_and_whether_a_person_has_them_now(
    says: Callable[..., None], messages: tuple[str, ...], handed_over: bool
) -> None:
    errands, over = Errands(), []
    says(*messages)

    async def ended(line_id: str) -> None:
        over.append(line_id)

    engines: Any = None
    await Calls(Dialogue(), engines, errands, ended).take(LINE)
    assert errands.told == [("picked up", "call-1", "19900000001"), ("hung up", "call-1", handed_over)]
    assert over == ["call-1"]


async def test_how_a_turn_went_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    class OneTurn:
        def __init__(self, line: Any, dialogue: Any, engines: Any, on_turn: Callable[[Stages], None]) -> None:
            self._on_turn = on_turn

        async def run(self) -> None:
            self._on_turn(Stages(0.38, 0.12, 0.07, 0.02, 0.8))

    monkeypatch.setattr(calls, "Call", OneTurn)
    noted: list[tuple[str, str, str]] = []
    engines: Any = None
    await Calls(Dialogue(), engines, Errands(), note=lambda *note: noted.append(note)).take(LINE)
    assert noted == [("call-1", "phone", "说完0.8秒后开口；等0.38，识别0.12，答0.07，合成0.02")]


async def test_one_who_fails_keeps_nobody_else_from_knowing(says: Callable[..., None]) -> None:
    errands, over = Errands(), []
    errands.fails = True
    says("查余额")

    async def ended(line_id: str) -> None:
        over.append(line_id)

    engines: Any = None
    calls_ = Calls(Dialogue(), engines, errands, ended)
    await calls_.take(LINE)
    assert over == ["call-1"]
    assert calls_.active == 0
