"""Background work with an owner: it ends with the service, and its failure is never silent."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

import structlog

log = structlog.get_logger()

Result = TypeVar("Result")


def own(stack: AsyncExitStack, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
    """Run `work` until it ends or `stack` closes; then it is cancelled and awaited. A failure is logged by its type."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_tell)
    stack.push_async_callback(_end, task)
    return task


async def finished(work: Coroutine[Any, Any, Result], seconds: float) -> Result:
    """The result of a step that must not be broken off half-way: what the far side has taken would be forgotten here.

    A caller that is cancelled waits at most `seconds` for the step to end; then the step is cancelled, too.
    """
    step = asyncio.create_task(work)
    try:
        return await asyncio.shield(step)
    except asyncio.CancelledError:
        await asyncio.wait({step}, timeout=seconds)
        step.cancel()
        await asyncio.gather(step, return_exceptions=True)
        raise


async def _end(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _tell(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("task_failed", task=task.get_name(), exc_info=error)
