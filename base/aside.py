"""Runs slow work where it cannot delay a phone call: in threads or a process of its own, not in the event loop.

    found = await aside.think(compare, before, after)         # up to a second or two: one of two threads kept for this
    packed = await aside.apart(exchange.packed, url)          # longer: a new process with low priority, one at a time

Answers to citizens use asyncio's default threads, so these two threads are others. When too much work waits already,
the caller gets Busy. What `apart` runs must be a module's function whose arguments and result can be pickled; it opens
its own database connections, and the process ends with it.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from base.errors import ServiceError
from base.settings import ROOT

P = ParamSpec("P")
Result = TypeVar("Result")

THREADS = 2
_MOST_THINKING = 40
"""At work and waiting; a page may have a few."""
_MOST_APART = 4
APART_SECONDS = 600.0
"""Wall clock, on a machine busy with calls."""

_threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="aside")
_thinking = 0
_present = 0
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class Busy(ServiceError):
    """Too many things of this kind are waiting."""

    code = "busy"
    citizen_text = "现在有好几件费时的事正在做（导出、导入、对比文件），请过一两分钟再试。"


class NotDone(ServiceError):
    """The process apart died or took too long; nothing of its work was kept."""

    code = "not_done"
    citizen_text = "这件事没有做完，什么都没有改。请过一会儿再试；还是不行，请告诉管理员。"


async def think(work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """In one of our threads. Raises Busy, and what the work raises."""
    global _thinking
    if _thinking >= _MOST_THINKING:
        raise Busy
    _thinking += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, lambda: work(*args, **kwargs))
    finally:
        _thinking -= 1


async def apart(work: Callable[..., Result], *args: Any) -> Result:
    """In a process of its own, one at a time. Raises Busy, NotDone, and what the work raises."""
    global _present
    if _present >= _MOST_APART:
        raise Busy
    _present += 1
    try:
        async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(1)):
            answer = await _run(pickle.dumps((work.__module__, work.__qualname__, args)))
    finally:
        _present -= 1
    is_good, result = await think(pickle.loads, answer)  # written by our own process
    if not is_good:
        raise result
    return result  # type: ignore[no-any-return]


async def _run(asked: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *("nice", sys.executable, "-m", "base.aside"), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=ROOT
    )
    try:
        async with asyncio.timeout(APART_SECONDS):
            answer, _ = await process.communicate(asked)
    except TimeoutError as error:
        raise NotDone("time") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise NotDone(f"the process ended with {process.returncode}")
    return answer


def main() -> None:
    """The process apart: what to do comes in, what came of it goes out."""
    module, name, args = pickle.load(sys.stdin.buffer)
    out, sys.stdout = os.fdopen(os.dup(1), "wb"), sys.stderr  # whatever prints does not print among the answer
    try:
        answer = (True, getattr(importlib.import_module(module), name)(*args))
    except ServiceError as refusal:
        answer = (False, refusal)
    with out:
        pickle.dump(answer, out)


if __name__ == "__main__":
    main()
