"""What a message costs when a conversation grows long: seconds at turn 5, 50, 100, 200 of one conversation.

    python -m bench.long_conversation [--url http://127.0.0.1:8080] [--turns 200]

Against a running service (`make demo`). Five questions in turn; the median of eleven messages around each mark, and how
that compares with turn 5. The goal is 1.5 at turn 200. Between a message's answer and the next message passes the time
after which a conversation may ask again (`connectors.web.chat.rate`), so that no message waits for its place: what is
measured is the answer alone. Takes two minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
import uuid

import aiohttp

from connectors.web.chat.rate import CONVERSATION

QUESTIONS = ("异地就医怎么备案", "门诊慢特病怎么认定", "新生儿怎么参保", "医保关系怎么转移", "老年人有什么照顾")
MARKS = (5, 50, 100, 200)
AROUND = 5
PAUSE_SECONDS = 1 / CONVERSATION.per_second


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--turns", type=int, default=MARKS[-1])
    given = parser.parse_args()
    marks = [mark for mark in MARKS if mark <= given.turns]
    sender, seconds = f"bench-{uuid.uuid4().hex}", []
    async with aiohttp.ClientSession() as session:
        for turn in range(given.turns + AROUND):
            body = {"sender": sender, "message": QUESTIONS[turn % len(QUESTIONS)]}
            began = time.perf_counter()
            async with session.post(f"{given.url}/webhooks/rest/webhook", json=body) as response:
                response.raise_for_status()
                await response.json()
            seconds.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE_SECONDS)
    around = {mark: statistics.median(seconds[max(1, mark - AROUND) : mark + AROUND + 1]) for mark in marks}
    for mark, median in around.items():
        print(f"turn {mark:>4}  {median * 1000:7.0f} ms   {median / around[marks[0]]:5.2f} x")


if __name__ == "__main__":
    asyncio.run(main())
