"""The one way into the Rasa engine: the service posts a citizen's message, and gets back whole replies.

POST /webhooks/hotline/webhook {"sender", "message", "channel", "metadata"}, header `Authorization: Bearer <token>`
→ [{"text", "buttons"?, "custom"?}, ...]. Rasa's own REST channel has no authentication and cuts a reply into several.
GET /webhooks/hotline/ready → 200 once a model is loaded, 503 before.

Runs in the Rasa engine (Python 3.10). Never logs what was said: Rasa's REST channel does, on failure.
"""

from __future__ import annotations

import hmac
import logging
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.components.action_answers import check_schema_once

logger = logging.getLogger(__name__)

OnMessage = Callable[[UserMessage], Awaitable[Any]]


class WholeMessages(CollectingOutputChannel):
    """Collects replies uncut. Its name is the citizen's channel, so that `channel:` variations of responses work."""

    def __init__(self, channel: Text) -> None:
        super().__init__()
        self._channel = channel

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

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        hotline = Blueprint("hotline_webhook")

        @hotline.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            return response.json({}, status=200 if _has_model(request) else 503)

        @hotline.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            return await self._receive(request, on_new_message)

        return hotline

    async def _receive(self, request: Request, on_new_message: OnMessage) -> HTTPResponse:
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), self._expected):
            return response.json({"error": "token"}, status=401)
        if not _has_model(request):
            return response.json({"error": "no_model"}, status=503)
        message = _message(request.json)
        if message is None:
            return response.json({"error": "bad_request"}, status=400)
        try:
            await on_new_message(message)
        except Exception as failure:  # the outer edge of a turn: say that it failed, never what was said
            logger.error("hotline.turn_failed %s", type(failure).__name__)
            return response.json({"error": "turn_failed"}, status=500)
        return response.json(message.output_channel.messages)


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
    return UserMessage(text, WholeMessages(channel), sender, input_channel=channel, metadata=metadata)


__all__: List[Text] = ["HotlineInput", "WholeMessages"]
