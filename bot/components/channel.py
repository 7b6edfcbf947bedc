"""The one way into the Rasa engine: the service posts a citizen's message, and gets back whole replies.

POST /webhooks/hotline/webhook {"sender", "message", "channel", "metadata", "intent"?}, header `Authorization:
Bearer <token>`
→ [{"text", "buttons"?, "custom"?}, ...]. Rasa's own REST channel has no authentication and cuts a reply into several.
With "intent" the message is a command of the service: nothing is guessed.
A turn that ran away (more actions than Rasa allows) is ended and answered with 500 {"error": "runaway"}.
POST /webhooks/hotline/peek, as to webhook → {"replies": [...]}: what would be said, with nothing done; null where that
cannot be told.
POST /webhooks/hotline/anew {"sender", "keep"} → {}: the conversation begins anew, with `keep` as open as it was.
POST /webhooks/hotline/take_back {"sender"} → {}: as if the last message had not been said.
POST /webhooks/hotline/open {"sender"} → {"open": bool}: whether a form waits for an answer.
GET /webhooks/hotline/ready → 200 once a model is loaded, 503 before.

Runs in the Rasa engine (Python 3.10). Never logs what was said: Rasa's REST channel does, on failure.
"""

from __future__ import annotations

import hmac
import logging
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.components.action_answers import check_schema_once
from bot.components.conversation import begin_anew, end_turn, take_back
from bot.components.on_trial import Ahead
from bot.components.quiet import be_quiet

logger = logging.getLogger(__name__)

OnMessage = Callable[[UserMessage], Awaitable[Any]]


class WholeMessages(CollectingOutputChannel):
    """Collects replies uncut. Its name is the citizen's channel, so that `channel:` variations of responses work."""

    def __init__(self, channel: Text) -> None:
        super().__init__()
        self._channel = channel
        self.ran_away = False

    def name(self) -> Text:  # type: ignore[override]  # Rasa asks the instance, although it declares a class method
        return self._channel

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        self.messages.append({key: message[key] for key in ("text", "buttons", "custom") if message.get(key)})


class HotlineInput(RestInput):
    """Rasa's REST channel with a token in front and whole messages behind."""

    @classmethod
    def name(cls) -> Text:
        return "hotline"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> HotlineInput:
        token = (credentials or {}).get("token")
        if not token:
            raise RasaException("bot/credentials.yml: the hotline channel needs a token (YIBAO_RASA_TOKEN is empty)")
        check_schema_once()
        return cls(str(token))

    def __init__(self, token: Text) -> None:
        self._expected = f"Bearer {token}".encode()
        self._ahead = Ahead()

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        hotline = Blueprint("hotline_webhook")

        @hotline.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            return response.json({}, status=200 if _has_model(request) else 503)

        @hotline.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            return self._refused(request) or await self._receive(request, on_new_message)

        @hotline.post("/peek")
        async def peek(request: Request) -> HTTPResponse:
            return self._refused(request) or await self._peek(request)

        @hotline.post("/anew")
        async def anew(request: Request) -> HTTPResponse:
            return self._refused(request) or await _anew(request)

        @hotline.post("/take_back")
        async def take_it_back(request: Request) -> HTTPResponse:
            return self._refused(request) or await _take_back(request)

        @hotline.post("/open")
        async def is_open(request: Request) -> HTTPResponse:
            return self._refused(request) or await _is_open(request)

        return hotline

    def _refused(self, request: Request) -> Optional[HTTPResponse]:
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), self._expected):
            return response.json({"error": "token"}, status=401)
        if not _has_model(request):
            return response.json({"error": "no_model"}, status=503)
        return None

    async def _receive(self, request: Request, on_new_message: OnMessage) -> HTTPResponse:
        message = _message(request.json)
        if message is None:
            return response.json({"error": "bad_request"}, status=400)
        be_quiet()
        request.app.ctx.agent.processor.on_circuit_break = _ran_away
        message.parse_data = message.parse_data or self._ahead.understood(message)
        try:
            await on_new_message(message)
        except Exception as failure:  # the outer edge of a turn: say that it failed, never what was said
            logger.error("hotline.turn_failed %s", type(failure).__name__)
            return response.json({"error": "turn_failed"}, status=500)
        if message.output_channel.ran_away:
            logger.error("hotline.runaway")
            return response.json({"error": "runaway"}, status=500)
        return response.json(message.output_channel.messages)

    async def _peek(self, request: Request) -> HTTPResponse:
        message = _message(request.json)
        if message is None:
            return response.json({"error": "bad_request"}, status=400)
        be_quiet()
        processor = request.app.ctx.agent.processor
        processor.on_circuit_break = _ran_away
        try:
            foretold = await self._ahead.answer(processor, message)
        except Exception as failure:  # the turn itself is still to come, and will tell
            logger.error("hotline.peek_failed %s", type(failure).__name__)
            foretold = False
        return response.json({"replies": message.output_channel.messages if foretold else None})


def _ran_away(tracker: DialogueStateTracker, channel: WholeMessages, *_: Any) -> None:
    channel.ran_away = True
    end_turn(tracker)


async def _anew(request: Request) -> HTTPResponse:
    """Between two messages of the conversation, never during one."""
    body = request.json
    if not isinstance(body, dict) or not isinstance(body.get("sender"), str):
        return response.json({"error": "bad_request"}, status=400)
    agent = request.app.ctx.agent
    async with agent.lock_store.lock(body["sender"]):
        tracker = await agent.tracker_store.get_or_create_tracker(body["sender"], append_action_listen=False)
        begin_anew(tracker, agent.domain, body.get("keep") is True)
        await agent.tracker_store.save(tracker)
    return response.json({})


async def _take_back(request: Request) -> HTTPResponse:
    """Between two messages of the conversation, never during one."""
    sender, agent = _sender(request), request.app.ctx.agent
    if sender is None:
        return response.json({"error": "bad_request"}, status=400)
    async with agent.lock_store.lock(sender):
        tracker = await agent.tracker_store.retrieve(sender)
        if tracker is not None:
            take_back(tracker, agent.domain)
            await agent.tracker_store.save(tracker)
    return response.json({})


async def _is_open(request: Request) -> HTTPResponse:
    sender = _sender(request)
    if sender is None:
        return response.json({"error": "bad_request"}, status=400)
    tracker = await request.app.ctx.agent.tracker_store.retrieve(sender)
    return response.json({"open": tracker is not None and tracker.active_loop_name is not None})


def _sender(request: Request) -> Optional[Text]:
    sender = request.json.get("sender") if isinstance(request.json, dict) else None
    return sender if isinstance(sender, str) else None


def _has_model(request: Request) -> bool:
    agent = getattr(request.app.ctx, "agent", None)
    return agent is not None and agent.is_ready()


def _message(body: Any) -> Optional[UserMessage]:
    """The posted JSON as Rasa's message; None if it is not what we agreed on."""
    if not isinstance(body, dict):
        return None
    sender, text, channel = (body.get(key) for key in ("sender", "message", "channel"))
    if not all(isinstance(value, str) and value for value in (sender, text, channel)):
        return None
    metadata = body.get("metadata") or {}
    meant = _meant(text, body["intent"]) if isinstance(body.get("intent"), str) else None
    return UserMessage(text, WholeMessages(channel), sender, meant, input_channel=channel, metadata=metadata)


def _meant(text: Text, intent: Text) -> Dict[Text, Any]:
    """What the classifiers would make of it, were they sure."""
    sure = {"name": intent, "confidence": 1.0}
    return {"text": text, "intent": sure, "intent_ranking": [sure], "entities": []}


__all__: List[Text] = ["HotlineInput", "WholeMessages"]
