"""A body from outside, read piece by piece up to a limit: what is longer, or slower, is not held."""

from __future__ import annotations

import asyncio

from aiohttp import StreamReader


class TooLong(Exception):
    """There is more of it than may be."""


async def read(content: StreamReader, most_bytes: int, within_seconds: float | None = None) -> bytes:
    """All of a request's or an answer's content, unpacked. Raises TooLong, TimeoutError.

    `content.read(n)` would give only what has arrived so far.
    """
    body = bytearray()
    async with asyncio.timeout(within_seconds):
        async for part in content.iter_any():
            body += part
            if len(body) > most_bytes:
                raise TooLong
    return bytes(body)
