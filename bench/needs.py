"""What a person needs, from how they say it: rates per label on sentences of others, never a sentence.

    python -m bench.needs [FILE] [--model PATH]

FILE is YAML that nobody wrote who writes training data: [{text, label, item?, asr?}, ...]; labels are below. Without
one, `data/needs_test.yaml`. A sentence is right if danger is heard where it is one, and else if the intent is one that
leads to what the label means. Of wishes (`file`, `query`) understood as such it is also told whether the errand
or the kind of data is the one that `item` names: as the dialogue finds it, and by the item's own words alone.
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
from bot.flows.goals import goal, query_kind
from bot.understood import NO_GUESS, Guess
from casework.filings import items
from language.cleaning import clean
from language.danger import danger_in

BLIND = Path(__file__).parent / "data" / "needs_test.yaml"
LEADS_TO = {
    "file": {"file_item"},
    "by_staff": {"other_errand", "human_agent"},  # `file` with `item: none`
    "query": {"query_mine"},
    "policy": {"ask_policy", "nlu_fallback"},  # the knowledge search hears both
    "authorise": {"authorise"},
    "revoke": {"revoke_authorisation"},
    "withdraw": {"withdraw_filing"},
    "change_filed": {"change_filed"},
    "urge": {"urge_case"},
    "add_material": {"add_to_case"},
    "resume": {"resume_errand"},
    "outside": {"out_of_scope", "scam"},
    "cancel": {"cancel"},
    "person": {"human_agent"},
    "callback": {"human_agent"},
    "complaint": {"complaint"},
    "rate": {"thanks", "rate"},
    "repeat": {"repeat"},
    "affirm": {"affirm"},
    "deny": {"deny"},
    "greet": {"greet"},
    "bye": {"goodbye"},
    "emergency": {"emergency"},
    "medical": {"medical_advice"},
    "grief": {"grief"},
    "abuse": {"abuse"},
    "scam": {"scam", "doubt"},
    "doubt": {"doubt", "scam"},
    "place": {"state_place"},
    "slower": {"slower"},
    "faster": {"faster"},
    "thanks": {"thanks"},
}
"""`correct` is left out: inside an errand casework hears the words themselves, whatever the intent. So is `two`."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", default=BLIND)
    parser.add_argument("--model", type=Path, default=engine.MODEL)
    given = parser.parse_args()
    rows = [{**row, "label": _label(row)} for row in yaml.safe_load(given.file.read_text("utf-8"))]
    rows = [row for row in rows if row["label"] in LEADS_TO]
    understood = parsed([row["text"] for row in rows], given.model)
    right: Counter[str] = Counter()
    taken_for: dict[str, Counter[str]] = defaultdict(Counter)
    misheard = [row for row in rows if row.get("asr")]
    misheard_right = 0
    for row, (intent, *_) in zip(rows, understood, strict=True):
        heard = "emergency" if danger_in(row["text"]) else intent
        if heard in LEADS_TO[row["label"]]:
            right[row["label"]] += 1
            misheard_right += bool(row.get("asr"))
        else:
            taken_for[row["label"]][heard] += 1
    of_label = Counter(row["label"] for row in rows)
    print(f"right  {right.total() / len(rows):6.1%} of {len(rows)}")
    if misheard:
        clean_right, clean_all = right.total() - misheard_right, len(rows) - len(misheard)
        print(f"  clean {clean_right / clean_all:6.1%} of {clean_all}, misheard {misheard_right / len(misheard):6.1%}")
    for label, number in of_label.most_common():
        wrong = ", ".join(f"{intent} {times}" for intent, times in taken_for[label].most_common(6))
        print(f"  {label:<12} {right[label] / number:6.1%} of {number:<4} {wrong and 'taken for ' + wrong}")
    _matters([(row, one[:2]) for row, one in zip(rows, understood, strict=True) if row.get("item")])


def _label(row: dict[str, Any]) -> str:
    return "by_staff" if row["label"] == "file" and row.get("item") == "none" else str(row["label"])


def _matters(rows: list[tuple[dict[str, Any], tuple[str, dict[str, Any]]]]) -> None:
    """The errand or kind of data, where the wish was understood as one."""
    known = items.load()
    for label, intent in (("file", "file_item"), ("query", "query_mine")):
        wished = [(row, matters) for row, (heard, matters) in rows if row["label"] == label and heard == intent]
        if not wished:
            continue
        found = by_words = asked = 0
        for row, matters in wished:
            meant = {"drug": "drugs"}.get(row["item"], row["item"])
            guess = Guess(**matters[intent]) if intent in matters else NO_GUESS
            state = goal(intent, row["text"], "web", known, guess)
            found += state.what == meant
            asked += meant in state.offered
            named = [item.id for item in known.named(row["text"])] if label == "file" else [query_kind(row["text"])]
            by_words += named == [meant]
        print(
            f"  which of {label}: {found / len(wished):.1%} of {len(wished)} found, {asked} asked among the right ones;"
            f" by words alone {by_words / len(wished):.1%}"
        )


def parsed(texts: list[str], model: Path) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """What the engine understands, on its own Python: the intent, the matters, and the kind of reply."""
    parsing = [str(ROOT / ".venv-rasa" / "bin" / "python"), str(ROOT / "bench" / "nlu_parse.py"), str(model)]
    done = subprocess.run(
        parsing,
        input=json.dumps([clean(text) for text in texts]),
        env={**engine.environment(), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout.rpartition("REPORT ")[2])
    return list(zip(report["intents"], report["matters"], report["replies"], strict=True))


if __name__ == "__main__":
    main()
