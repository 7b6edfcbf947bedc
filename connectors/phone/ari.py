"""Asterisk's REST interface (ARI), as much of it as a hotline needs, typed. One `Ari` per Asterisk and application.

Requests raise AriError (AriGone when the channel or bridge is no longer there, which is what a caller's hang-up
looks like). `events` reconnects for ever; it says `Connected` first after every connection, since whatever happened
in between was missed.

Asterisk gives an application to whoever asked for it last, and leaves the other socket open and silent. Who lost it
does not take it back at once (two services would take it from each other for ever), but looks until nobody has it, or
until a caller shows that whoever has it takes no calls: a service gives each a media channel of its own, a listener who
only looks at events leaves them ringing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from prometheus_client import Counter

from base.errors import EngineUnavailable

log = structlog.get_logger()

_HEARTBEAT_SECONDS = 10.0
_RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0)
_LOOK_SECONDS = 1.0
"""Between two looks whether the application that somebody took is free again."""
_UNTAKEN_SECONDS = 4.0
"""A caller for whom nobody set up anything for so long proves that who has the application takes no calls."""
_OURS_SECONDS = 10.0
"""Calls of ours that are left alone for so long prove that no second service took over: it would have ended them."""
_WATCH_SECONDS = 15.0
"""Between two looks whether Asterisk still sends callers to us, while all seems well."""

LOST = Counter("yibao_phone_lost_total", "Times somebody else began to listen to the calls that are ours")
TAKEN_BACK = Counter(
    "yibao_phone_taken_back_total", "Times we took the calls back from somebody who listened and left a caller ringing"
)


class AriError(EngineUnavailable):
    """Asterisk refused, failed, or did not answer in time. `status` is HTTP's, 0 without an answer."""

    code = "ari"

    def __init__(self, detail: str, status: int = 0) -> None:
        super().__init__(detail)
        self.status = status


class AriGone(AriError):
    """The channel or bridge is not there, or no longer under our control."""

    code = "ari_gone"


@dataclass(frozen=True, slots=True)
class Channel:
    """One leg of a call."""

    id: str
    caller: str
    """What the network gave as the calling number, possibly empty or not a number. Personal data."""

    application: str
    """Name of the ARI application the channel is in; empty if the dialplan has it."""

    is_ringing: bool = False
    """Nobody has answered it."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The event stream was (re)established; callers are taken from now on."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The event stream broke; no caller reaches us until the next Connected."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A channel came under our application's control."""

    channel: Channel
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A channel left our application: hung up, or sent on to the dialplan."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class PutOnHold:
    """The channel's phone put us on hold, or (`on` false) took us back: nobody listens while it lasts."""

    channel: Channel
    on: bool


@dataclass(frozen=True, slots=True)
class Replaced:
    """Somebody else listens to our application now; this socket will be silent for ever."""


AriEvent = Connected | Disconnected | Entered | Left | PutOnHold


class Ari:
    """A client of one Asterisk, for one application. Owns its HTTP session: `aclose` it. Make it on the event loop."""

    def __init__(self, url: str, user: str, password: str, app: str = "yibao", timeout_seconds: float = 5.0) -> None:
        self.app = app
        self._url = url.rstrip("/")
        self._timeout_seconds = timeout_seconds
        # The media sockets go to the same server; they get no credentials they do not need.
        self._headers = {"Authorization": aiohttp.encode_basic_auth(user, password)}
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=timeout_seconds)
        )
        self._inside: set[str] = set()
        self._media_prefix = f"{app}-media-"

    async def aclose(self) -> None:
        await self._http.close()

    def media_of(self, caller: str) -> str:
        """Id of the channel that carries the sound between `caller`'s channel and us."""
        return self._media_prefix + caller

    def caller_of(self, channel: str) -> str:
        """Whose channel it is, or whose sound it carries."""
        return channel.removeprefix(self._media_prefix)

    async def events(self) -> AsyncGenerator[AriEvent, None]:
        """Everything that happens to our application, for ever. While iterated, Asterisk sends callers to us."""
        failures = 0
        while True:
            replaced = False
            try:
                async with await self._open_events() as socket, self._watched(socket):
                    failures = 0
                    yield Connected()
                    async for message in socket:
                        event = parse_event(message.data) if message.type is aiohttp.WSMsgType.TEXT else None
                        if replaced := isinstance(event, Replaced):
                            break
                        if event:
                            self._note(event)
                            yield event
                yield Disconnected()
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                if failures == 0:
                    log.warning("ari_unreachable", error=type(error).__name__, status=getattr(error, "status", 0))
            if replaced:
                await self._until_free()
            await asyncio.sleep(_RETRY_SECONDS[min(failures, len(_RETRY_SECONDS) - 1)])
            failures += 1

    async def application_channels(self) -> set[str]:
        """Ids of the channels in our application. Raises AriGone when nobody listens to it and nothing is in it."""
        return set((await self._request("GET", f"/applications/{self.app}"))["channel_ids"])

    async def answer(self, channel: str) -> None:
        await self._request("POST", f"/channels/{channel}/answer")

    async def limit(self, channel: str, seconds: int) -> None:
        """The channel's call may last so long from now on, whatever the dialplan said."""
        await self._request("POST", f"/channels/{channel}/variable", variable="TIMEOUT(absolute)", value=str(seconds))

    async def hang_up(self, channel: str) -> None:
        await self._request("DELETE", f"/channels/{channel}", reason="normal")

    async def continue_in_dialplan(self, channel: str, context: str) -> None:
        """Send the channel out of our application to extension `s` of `context`."""
        await self._request("POST", f"/channels/{channel}/continue", context=context, extension="s", priority="1")

    async def channels(self) -> list[Channel]:
        """Every channel there is, ours and others'."""
        return [_channel(item) for item in await self._request("GET", "/channels")]

    async def value(self, channel: str, expression: str) -> str:
        """A channel variable or dialplan function ("QUEUE_MEMBER(agents,ready)") as that channel sees it."""
        answer = await self._request("GET", f"/channels/{channel}/variable", variable=expression)
        return str((answer or {}).get("value", ""))

    async def create_bridge(self, bridge: str) -> None:
        await self._request("POST", "/bridges", type="mixing", bridgeId=bridge)

    async def add_to_bridge(self, bridge: str, *channels: str) -> None:
        await self._request("POST", f"/bridges/{bridge}/addChannel", channel=",".join(channels))

    async def destroy_bridge(self, bridge: str) -> None:
        await self._request("DELETE", f"/bridges/{bridge}")

    async def bridges(self) -> list[str]:
        """Ids of every bridge there is, ours and others'."""
        return [str(item["id"]) for item in await self._request("GET", "/bridges")]

    async def create_media_channel(self, channel: str) -> str:
        """Make a chan_websocket channel that waits for us; returns what `open_media` needs.

        It enters our application only after the socket was opened.
        """
        created = await self._request(
            "POST",
            "/channels/externalMedia",
            app=self.app,
            channelId=channel,
            external_host="INCOMING",
            connection_type="server",
            transport="websocket",
            encapsulation="none",
            format="slin16",
            transport_data="f(json)",
        )
        return str(created["channelvars"]["MEDIA_WEBSOCKET_CONNECTION_ID"])

    async def open_media(self, connection: str) -> aiohttp.ClientWebSocketResponse:
        """Connect to a media channel: 16 kHz 16-bit PCM as binary messages, commands and events as JSON text."""
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await self._http.ws_connect(
                    f"{self._url}/media/{connection}",
                    protocols=("media",),
                    compress=0,
                    timeout=aiohttp.ClientWSTimeout(ws_close=1.0),
                )
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AriError(f"media socket: {type(error).__name__}") from error

    def _note(self, event: Entered | Left | PutOnHold) -> None:
        if isinstance(event, Entered):
            self._inside.add(event.channel.id)
        elif isinstance(event, Left):
            self._inside.discard(event.channel.id)

    async def _until_free(self) -> None:
        """Return when the application can be had without taking it from a service that answers callers.

        An application stays known while calls are in it, even if nobody listens any more.
        """
        untaken: dict[str, int] = {}  # caller → looks that found them alone
        for look in range(1, 1_000_000):
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                inside = await self.application_channels()
                alone = await self._alone()
            except AriError:
                return  # free; or Asterisk is away, and reconnecting will wait for it
            if inside and inside <= self._inside and look * _LOOK_SECONDS >= _OURS_SECONDS:
                return
            untaken = {caller: untaken.get(caller, 0) + 1 for caller in alone}
            if any(looks * _LOOK_SECONDS >= _UNTAKEN_SECONDS for looks in untaken.values()):
                log.error("ari_application_taken_back", untaken=len(untaken))
                TAKEN_BACK.inc()
                return

    async def _alone(self) -> list[str]:
        """Callers in our application without a channel for their sound."""
        channels = await self.channels()
        ids = {channel.id for channel in channels}
        callers = [one.id for one in channels if one.application == self.app and self.caller_of(one.id) == one.id]
        return [caller for caller in callers if self.media_of(caller) not in ids]

    @asynccontextmanager
    async def _watched(self, socket: aiohttp.ClientWebSocketResponse) -> AsyncIterator[None]:
        """Whatever else may have taken the application from an open socket: the socket is then closed."""

        async def watch() -> None:
            while True:
                await asyncio.sleep(_WATCH_SECONDS)
                try:
                    await self.application_channels()
                except AriGone:
                    log.error("ari_application_lost")
                    await socket.close()
                except AriError:
                    pass  # Asterisk is slow or away: the heartbeat tells

        watching = asyncio.create_task(watch(), name="ari watch")
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.wait([watching])

    async def _open_events(self) -> aiohttp.ClientWebSocketResponse:
        async with asyncio.timeout(self._timeout_seconds):
            return await self._http.ws_connect(
                f"{self._url}/ari/events",
                params={"app": self.app, "subscribeAll": "false"},
                headers=self._headers,
                heartbeat=_HEARTBEAT_SECONDS,
                timeout=aiohttp.ClientWSTimeout(ws_close=1.0),
            )

    async def _request(self, method: str, path: str, **query: str) -> Any:
        try:
            async with self._http.request(
                method, f"{self._url}/ari{path}", params=query, headers=self._headers
            ) as response:
                if response.status in (404, 409, 412, 422):
                    raise AriGone(f"{method}: {response.status}", response.status)
                if response.status >= 400:
                    raise AriError(f"{method}: {response.status}", response.status)
                return await response.json() if response.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise AriError(f"{method}: {type(error).__name__}") from error


def parse_event(text: str) -> Entered | Left | PutOnHold | Replaced | None:
    """One JSON message of the event stream → the event, None for the many kinds we do not use."""
    try:
        message = json.loads(text)
        match message["type"]:
            case "StasisStart":
                return Entered(_channel(message["channel"]), tuple(message.get("args", ())))
            case "StasisEnd":
                return Left(_channel(message["channel"]))
            case "ChannelHold" | "ChannelUnhold" as kind:
                return PutOnHold(_channel(message["channel"]), kind == "ChannelHold")
            case "ApplicationReplaced":
                log.error("ari_application_taken_over")
                LOST.inc()
                return Replaced()
    except (ValueError, KeyError, TypeError):
        log.warning("ari_event_not_understood")
    return None


def _channel(item: dict[str, Any]) -> Channel:
    dialplan = item.get("dialplan", {})
    in_application = dialplan.get("app_name") == "Stasis"
    return Channel(
        id=str(item["id"]),
        caller=str(item.get("caller", {}).get("number", "")),
        application=str(dialplan.get("app_data", "")).partition(",")[0] if in_application else "",
        is_ringing=item.get("state") == "Ring",
    )
