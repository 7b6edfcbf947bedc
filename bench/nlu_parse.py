"""Runs on the Rasa engine's Python, started by bench/nlu_cost.py: load a model, understand sentences, report as JSON.

python nlu_parse.py MODEL < sentences.json > report.json
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time

STARTED = time.perf_counter()


async def main(model: str) -> None:
    from rasa.core.agent import Agent

    sentences = json.load(sys.stdin)
    agent = Agent.load(model)
    await agent.parse_message(sentences[0])  # whatever is loaded on first use belongs to loading
    load_seconds = time.perf_counter() - STARTED
    intents, matters, replies, milliseconds = [], [], [], []
    for sentence in sentences:
        began = time.perf_counter()
        understood = await agent.parse_message(sentence)
        milliseconds.append((time.perf_counter() - began) * 1000)
        intents.append(understood["intent"]["name"])
        matters.append(understood.get("matters", {}))
        replies.append(understood.get("reply"))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report = {"load_seconds": load_seconds, "peak_mb": peak_mb, "milliseconds": milliseconds}
    report |= {"intents": intents, "matters": matters, "replies": replies}
    sys.__stdout__.write("\nREPORT " + json.dumps(report))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
