"""The Rasa engine as the service sees it: how to train and run it, and how to talk to it.

The engine is another program on another Python (3.10), on loopback only, with a token in both directions.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from base.errors import EngineUnavailable
from base.messages import Command, Reply
from base.settings import ROOT, Settings
from bot.wire import from_rasa

MODEL = ROOT / "var" / "models" / "rasa" / "bot.tar.gz"
"""The trained model. Rebuilt when one of `training_inputs` changes."""

HOST, PORT = "127.0.0.1", 5005
MAX_AT_ONCE = 16
"""Messages in Rasa at the same time; more wait here, within their own timeout."""
CALLS_SHARE = 4
"""Of these, places that only callers get: whoever waits with a receiver at the ear hears silence meanwhile, and no
flood of typed messages may be before them. Two cores answer four turns in about a second."""
PHONE = "phone"

INTENTS = {
    Command.PERSON: "human_agent",
    Command.CANCEL: "cancel",
    Command.PUT_OFF: "cancel",
    Command.AGAIN: "repeat",
    Command.PROVE: "prove_identity",
}
"""What each command is to the engine."""
_TOLD = ("caller", "can_transfer", "typed", "spoken")
"""Of a message's metadata, what an action reads. The rest is the channel's own, or a stranger's: Rasa would keep it,
and trip over what is nested deeply."""
_TURN_WENT_WRONG = 500
"""What the engine answers when it knows what went wrong (bot/components/channel.py)."""


_ONLY_SERVES = ("shared_stores.py",)
"""Components that have no part in training."""


def training_inputs() -> list[Path]:
    """Files whose contents decide whether the model must be trained again."""
    bot = ROOT / "bot"
    return [
        ROOT / "config.yml",
        bot / "requirements.txt",
        *sorted((bot / "data").rglob("*.yml")),
        *sorted((bot / "domain").rglob("*.yml")),
        *sorted(path for path in (bot / "components").glob("*.py") if path.name not in _ONLY_SERVES),
    ]


def train_command(venv: Path, model: Path = MODEL) -> list[str]:
    """Trains into `model`: half a minute to a minute on two cores."""
    return [
        str(venv / "bin" / "rasa"),
        *("train", "--skip-validation", "--config", str(ROOT / "config.yml")),
        *("--domain", str(ROOT / "bot" / "domain"), "--data", str(ROOT / "bot" / "data")),
        *("--out", str(model.parent), "--fixed-model-name", model.name.removesuffix(".tar.gz")),
    ]


def run_command(venv: Path, model: Path = MODEL, port: int = PORT, *, shared: bool = False) -> list[str]:
    """Serves `model` on loopback. Without Rasa's own HTTP interface: our channel is the only way in. `shared`: with
    conversations and locks in Redis, for several engines."""
    endpoints = "endpoints-shared.yml" if shared else "endpoints.yml"
    return [
        str(venv / "bin" / "rasa"),
        *("run", "--model", str(model), "--interface", HOST, "--port", str(port)),
        *("--endpoints", str(ROOT / "bot" / endpoints), "--credentials", str(ROOT / "bot" / "credentials.yml")),
    ]


_COMMON = {
    "PYTHONPATH": str(ROOT),
    "RASA_TELEMETRY_ENABLED": "false",  # otherwise every command first waits for an unreachable host
    "RASA_CACHE_DIRECTORY": str(ROOT / "var" / "rasa-cache"),
    "LOG_LEVEL": "WARNING",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "OMP_NUM_THREADS": "1",  # calls need the other core
    "OPENBLAS_NUM_THREADS": "1",
}


def environment(settings: Settings | None = None) -> dict[str, str]:
    """Variables for both commands; `settings` are needed to run, not to train."""
    if settings is None:
        # endpoints.yml and credentials.yml name these; training reads neither value.
        return _COMMON | dict.fromkeys(("YIBAO_ACTIONS_URL", "YIBAO_ACTION_TOKEN", "YIBAO_RASA_TOKEN"), "unused")
    return variables(
        f"http://{settings.host}:{settings.port}/actions",
        settings.action_token.get_secret_value(),
        settings.rasa_token.get_secret_value(),
        settings.redis_url.get_secret_value(),
    )


_LOCKED_SECONDS = "8"
"""How long an engine that died keeps the others waiting in a conversation it was busy with. A turn has six seconds;
Rasa would let them wait for a minute."""


def variables(actions_url: str, action_token: str, rasa_token: str, redis_url: str = "") -> dict[str, str]:
    """Variables to run with: where the actions are, the tokens of both directions, and where several engines keep
    conversations."""
    given = {"YIBAO_ACTIONS_URL": actions_url, "YIBAO_ACTION_TOKEN": action_token, "YIBAO_RASA_TOKEN": rasa_token}
    shared = {"YIBAO_REDIS_URL": redis_url, "TICKET_LOCK_LIFETIME": _LOCKED_SECONDS} if redis_url else {}
    return _COMMON | given | shared


class RasaClient:
    """Messages to the engine. One for the whole service, on its event loop; close it with `aclose`."""

    def __init__(self, url: str, token: str, *, timeout_seconds: float = 6.0, at_once: int = MAX_AT_ONCE) -> None:
        if urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1") and not url.startswith("https://"):
            raise ValueError("Rasa is reached on loopback, or through https")
        self._webhook = f"{url.rstrip('/')}/webhooks/hotline"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout_seconds = timeout_seconds
        self._free = asyncio.Semaphore(at_once)
        self._typed = asyncio.Semaphore(max(1, at_once - CALLS_SHARE))
        self._session: aiohttp.ClientSession | None = None

    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        """What Rasa says to `text`; possibly nothing. Raises EngineUnavailable: not there, too slow, or nonsense."""
        body = _body(sender, text, channel, metadata)
        try:
            async with asyncio.timeout(self._timeout_seconds), self._place(channel):
                messages = await self._post(body, "webhook")
            if not isinstance(messages, list):
                raise TypeError("not a list of messages")
            return [from_rasa(message) for message in messages]
        except TimeoutError as error:
            raise EngineUnavailable(code="dialogue_timeout") from error
        except aiohttp.ClientError as error:
            raise EngineUnavailable(code="dialogue_unreachable") from error
        except (KeyError, TypeError, ValueError) as error:
            raise EngineUnavailable(code="dialogue_nonsense") from error

    async def peek(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        """What Rasa would say to `text`, with nothing done; nothing where that cannot be told. Raises
        EngineUnavailable."""
        answer = await self._about(_body(sender, text, channel, metadata), "peek")
        try:
            return [from_rasa(message) for message in answer["replies"] or ()]
        except (KeyError, TypeError, ValueError) as error:
            raise EngineUnavailable(code="dialogue_nonsense") from error

    async def begin_anew(self, sender: str, *, keep: bool) -> None:
        """The conversation from its beginning; with `keep`, what is open in it stays open. Raises EngineUnavailable."""
        await self._about({"sender": sender, "keep": keep}, "anew")

    async def take_back(self, sender: str) -> None:
        """The conversation as it was before the last message. Raises EngineUnavailable."""
        await self._about({"sender": sender}, "take_back")

    async def is_open(self, sender: str) -> bool:
        """Whether a form waits for an answer. Raises EngineUnavailable."""
        answer = await self._about({"sender": sender}, "open")
        return not isinstance(answer, dict) or answer.get("open") is not False

    async def _about(self, body: dict[str, Any], what: str) -> Any:
        """Something about a conversation that is no message. Raises EngineUnavailable."""
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await self._post(body, what)
        except TimeoutError as error:
            raise EngineUnavailable(code="dialogue_timeout") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise EngineUnavailable(code="dialogue_unreachable") from error

    @asynccontextmanager
    async def _place(self, channel: str) -> AsyncIterator[None]:
        """Who types waits for a place of theirs first, so that at most so many stand before a caller."""
        async with nullcontext() if channel == PHONE else self._typed, self._free:
            yield

    async def ready(self, within: float = 2.0) -> bool:
        """True once a model is loaded and messages are taken. `within`: seconds to wait for the answer."""
        try:
            async with asyncio.timeout(within), self._open().get(f"{self._webhook}/ready") as response:
                return response.status == 200
        except (TimeoutError, aiohttp.ClientError):
            return False

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _post(self, body: dict[str, Any], path: str) -> Any:
        async with self._open().post(f"{self._webhook}/{path}", json=body, headers=self._headers) as response:
            if response.status == _TURN_WENT_WRONG:
                raise EngineUnavailable(code=f"dialogue_{(await response.json()).get('error', 'turn_failed')}")
            response.raise_for_status()
            return await response.json()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:  # made on the running loop, not at construction
            self._session = aiohttp.ClientSession(trust_env=False)
        return self._session


def _body(sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> dict[str, Any]:
    told = {key: metadata[key] for key in _TOLD if isinstance(metadata.get(key), str | bool)}
    meant = {"intent": INTENTS[text]} if isinstance(text, Command) else {}
    return {"sender": sender, "message": str(text), "channel": channel, "metadata": told, **meant}
