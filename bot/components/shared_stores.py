"""Conversations and their locks in Redis, for several engines: any of them goes on where another one stopped.

What citizens said is personal: it is sealed before it leaves the engine, with a key that only the engines have (made
from YIBAO_RASA_TOKEN; another token opens nothing, and those conversations begin anew), and Redis forgets it two hours
after the last message. The name of a conversation is a secret, too (who knows it reads it), or a WeChat id: Redis
sees a keyed hash of it. Locks and the way they are kept are Rasa's own.

Runs in the Rasa engine (Python 3.10).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from contextlib import asynccontextmanager
from typing import Any, AsyncIterator, Optional, Text

import redis
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from rasa.core.brokers.broker import EventBroker
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, RedisLockStore
from rasa.core.tracker_store import RedisTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.components.conversation import without_the_past

logger = logging.getLogger(__name__)

WAITS_SECONDS = 2.0
"""For Redis. It answers in a fraction of a millisecond; a turn has six seconds, and meanwhile the engine stands."""


class SealedTrackerStore(RedisTrackerStore):
    """Keeps of each conversation the last turns, until `forget_after_seconds` after its last message."""

    def __init__(
        self,
        domain: Domain,
        host: Text,
        event_broker: Optional[EventBroker] = None,
        secret: Text = "",
        forget_after_seconds: float = 7200,
        **kwargs: Any,
    ) -> None:
        """`host`: redis://… or rediss://…, the `url` of endpoints.yml. A `token` Rasa keeps to itself."""
        super().__init__(domain, event_broker=event_broker, record_exp=float(forget_after_seconds))
        self.red = connected(host)
        self._seal = Fernet(base64.urlsafe_b64encode(_key(secret, b"seal")))
        self._names = _Names(secret)

    async def save(self, tracker: DialogueStateTracker, timeout: Optional[float] = None) -> None:
        whole = self.serialise_tracker(without_the_past(tracker, self.domain)).encode()
        lasts = int(timeout or self.record_exp)
        self.red.set(self.key_prefix + self._names.of(tracker.sender_id), self._seal.encrypt(whole), ex=lasts)

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        return self._kept(sender_id)

    async def retrieve_full_tracker(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        return self._kept(sender_id)

    def _kept(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        sealed = self.red.get(self.key_prefix + self._names.of(sender_id))
        if sealed is None:
            return None
        try:
            return self.deserialise_tracker(sender_id, self._seal.decrypt(sealed))
        except InvalidToken:
            logger.error("shared_stores.sealed_with_another_token")
            return None


class SharedLockStore(RedisLockStore):
    """Rasa's, at an address of one piece."""

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        super().__init__()  # connects to nothing yet
        self.red = connected(endpoint_config.url)
        self._names = _Names(endpoint_config.kwargs.get("secret", ""))

    @asynccontextmanager
    async def lock(
        self, conversation_id: Text, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 0.05
    ) -> AsyncIterator[TicketLock]:
        """Rasa looks once a second whether it is its turn; a citizen waits for that."""
        async with super().lock(self._names.of(conversation_id), lock_lifetime, wait_time_in_seconds) as lock:
            yield lock


class _Names:
    """What conversations are called outside the engine."""

    def __init__(self, secret: Text) -> None:
        self._key = _key(secret, b"names")

    def of(self, sender_id: Text) -> Text:
        return hmac.new(self._key, sender_id.encode(), hashlib.sha256).hexdigest()


def connected(url: Text) -> "redis.Redis[bytes]":
    """At `url`, which names a password and TLS (rediss://) where there are."""
    return redis.Redis.from_url(url, socket_timeout=WAITS_SECONDS, socket_connect_timeout=WAITS_SECONDS)


def _key(secret: Text, what_for: bytes) -> bytes:
    """32 bytes from the engines' common secret. Raises ValueError without one."""
    if not secret:
        raise ValueError("bot/endpoints-shared.yml: the stores need a secret (YIBAO_RASA_TOKEN is empty)")
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"yibao " + what_for).derive(secret.encode())
