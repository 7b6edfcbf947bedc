"""What understanding costs: Rasa's default pipeline (DIET + TED) against ours, same data, same machine, one run.

    nice .venv/bin/python -m bench.nlu_cost                 # both; half an hour or more on two cores
    .venv/bin/python -m bench.nlu_cost --only ours          # a minute or two

Accuracy is on bench/data/nlu_test.yaml, which nobody trained on: clean sentences, and as speech recognition hears them.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.table import Table

from base.settings import ROOT
from bot import engine
from language.cleaning import clean

VENV = ROOT / ".venv-rasa"
RECIPES = {"default": ROOT / "bench" / "nlu_default.yml", "ours": ROOT / "config.yml"}
FALLBACK = "nlu_fallback"


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    intent: str
    asr: bool


@dataclass(frozen=True, slots=True)
class Cost:
    recipe: str
    train_seconds: float
    model_mb: float
    load_seconds: float
    peak_mb: float
    milliseconds: Sequence[float]
    intents: Sequence[str]


def main(
    only: Annotated[str, typer.Option(help="default 或 ours；空则都测")] = "",
    details: Annotated[bool, typer.Option(help="按意图列出召回率")] = False,
) -> None:
    sentences = read_sentences(ROOT / "bench" / "data" / "nlu_test.yaml")
    console = Console(width=110)
    with tempfile.TemporaryDirectory() as scratch:
        costs = []
        for recipe in [only] if only else list(RECIPES):
            with console.status(f"{recipe}：训练、载入、理解 {len(sentences)} 句 …"):
                costs.append(measure(recipe, sentences, Path(scratch)))
    console.print(table(costs, sentences))
    if details:
        for cost in costs:
            console.print(recall_by_intent(cost, sentences))


def read_sentences(path: Path) -> list[Sentence]:
    """Cleaned as `bot.turn` cleans them, for either recipe."""
    items: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return [Sentence(clean(item["text"]), item["intent"], bool(item.get("asr"))) for item in items]


def measure(recipe: str, sentences: Sequence[Sentence], scratch: Path) -> Cost:
    model = scratch / recipe / "bot.tar.gz"
    environment = {**os.environ, **engine.environment(), "RASA_CACHE_DIRECTORY": str(scratch / recipe / "cache")}
    environment["PYTHONPATH"] = f"{ROOT}:{_jieba(scratch)}"
    command = engine.train_command(VENV, model)
    command[command.index("--config") + 1] = str(RECIPES[recipe])
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    train_seconds = time.perf_counter() - began
    done = subprocess.run(
        [VENV / "bin" / "python", ROOT / "bench" / "nlu_parse.py", model],
        input=json.dumps([sentence.text for sentence in sentences]),
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    report = json.loads(done.stdout.rpartition("REPORT ")[2])
    return Cost(recipe, train_seconds, model.stat().st_size / 1e6, **report)


def table(costs: Sequence[Cost], sentences: Sequence[Sentence]) -> Table:
    heard = sum(sentence.asr for sentence in sentences)
    shown = Table(
        title=f"理解一句话的代价（{os.cpu_count()} 核；{len(sentences) - heard} 句原话，{heard} 句带识别错误）"
    )
    for column in (
        "配方",
        "训练 s",
        "模型 MB",
        "载入 s",
        "内存 MB",
        "p50 ms",
        "p95 ms",
        "原话 %",
        "识别错 %",
        "转知识库 %",
    ):
        shown.add_column(column, justify="left" if column == "配方" else "right", no_wrap=True)
    for cost in costs:
        p50 = statistics.median(cost.milliseconds)
        p95 = statistics.quantiles(cost.milliseconds, n=20)[-1]
        shown.add_row(
            cost.recipe,
            *(f"{value:.0f}" for value in (cost.train_seconds, cost.model_mb, cost.load_seconds, cost.peak_mb)),
            *(f"{value:.1f}" for value in (p50, p95)),
            *(f"{accuracy(cost, sentences, asr):.1f}" for asr in (False, True)),
            f"{100 * list(cost.intents).count(FALLBACK) / len(sentences):.1f}",
        )
    return shown


def accuracy(cost: Cost, sentences: Sequence[Sentence], asr: bool) -> float:
    """Per cent understood. A fallback counts as wrong, although the knowledge search then answers policy questions."""
    judged = [
        sentence.intent == intent
        for sentence, intent in zip(sentences, cost.intents, strict=True)
        if sentence.asr is asr
    ]
    return 100 * sum(judged) / len(judged)


def recall_by_intent(cost: Cost, sentences: Sequence[Sentence]) -> Table:
    shown = Table("意图", "句数", "召回 %", title=cost.recipe)
    for intent in sorted({sentence.intent for sentence in sentences}):
        hits = [i == intent for s, i in zip(sentences, cost.intents, strict=True) if s.intent == intent]
        shown.add_row(intent, str(len(hits)), f"{100 * sum(hits) / len(hits):.0f}")
    return shown


def _jieba(scratch: Path) -> Path:
    """Rasa's Chinese tokenizer wants jieba, which our recipe does without: lend it this environment's (pure Python)."""
    lent = scratch / "jieba"
    if not lent.exists():
        lent.mkdir()
        for file in {file.parts[0] for file in metadata.files("jieba") or ()}:
            (lent / file).symlink_to(Path(str(metadata.distribution("jieba").locate_file(file))))
    return lent


if __name__ == "__main__":
    typer.run(main)
