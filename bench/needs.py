"""What a person needs, from how they say it: rates per label on sentences of others, never a sentence.

    python -m bench.needs FILE [--model PATH]

FILE is YAML that nobody wrote who writes training data: [{text, label, speaker?}, ...]; labels are below. A sentence is
right if danger is heard where it is one, and else if the intent is one that leads to what the label means.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import yaml

from base.settings import ROOT
from bot import engine
from language.cleaning import clean
from language.danger import danger_in

LEADS_TO = {
    "file": {"file_item"},
    "query": {"query_mine"},
    "policy": {"ask_policy", "nlu_fallback"},  # the knowledge search hears both
    "authorise": {"authorise"},
    "revoke": {"revoke_authorisation"},
    "withdraw": {"withdraw_filing"},
    "outside": {"out_of_scope", "scam"},
    "cancel": {"cancel"},
    "person": {"human_agent"},
    "complaint": {"complaint"},
    "rate": {"thanks", "rate"},
    "repeat": {"repeat"},
    "affirm": {"affirm"},
    "deny": {"deny"},
    "greet": {"greet"},
    "bye": {"goodbye"},
    "emergency": {"emergency"},
    "doubt": {"doubt", "scam"},
    "place": {"state_place"},
    "slower": {"slower"},
    "thanks": {"thanks"},
}
"""`correct` is left out: inside an errand casework hears the words themselves, whatever the intent."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", type=Path, default=engine.MODEL)
    given = parser.parse_args()
    rows = [row for row in yaml.safe_load(given.file.read_text("utf-8")) if row["label"] in LEADS_TO]
    heard = [_heard(row["text"], intent) for row, intent in zip(rows, _intents(rows, given.model), strict=True)]
    right: Counter[str] = Counter()
    taken_for: dict[str, Counter[str]] = defaultdict(Counter)
    for row, intent in zip(rows, heard, strict=True):
        if intent in LEADS_TO[row["label"]]:
            right[row["label"]] += 1
        else:
            taken_for[row["label"]][intent] += 1
    of_label = Counter(row["label"] for row in rows)
    print(f"right  {right.total() / len(rows):6.1%} of {len(rows)}")
    for label, number in of_label.most_common():
        wrong = ", ".join(f"{intent} {times}" for intent, times in taken_for[label].most_common(6))
        print(f"  {label:<10} {right[label] / number:6.1%} of {number:<4} {wrong and 'taken for ' + wrong}")


def _heard(text: str, intent: str) -> str:
    return "emergency" if danger_in(text) else intent


def _intents(rows: list[dict[str, Any]], model: Path) -> list[str]:
    """What the engine understands, on its own Python."""
    parsing = [str(ROOT / ".venv-rasa" / "bin" / "python"), str(ROOT / "bench" / "nlu_parse.py"), str(model)]
    done = subprocess.run(
        parsing,
        input=json.dumps([clean(row["text"]) for row in rows]),
        env={**engine.environment(), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout.rpartition("REPORT ")[2])
    intents: list[str] = report["intents"]
    return intents


if __name__ == "__main__":
    main()
