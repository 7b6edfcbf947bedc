"""The seed's files agree with one another and with the documents they were cut from; its README describes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import yaml

from knowledge.authoring.seed import DATA

SEED = DATA / "seed"
GUIDE = {"service_target", "channels", "process", "materials", "time_limit", "query", "supervision_phone"}
_OF_DOCUMENT = ("title", "doc_no", "issuer", "issue_date", "jurisdiction", "seed_file", "source_copy", "status")
_OF_FACT = ("fact", "value", "source_title", "addresses", "jurisdiction", "confidence", "usable")

Row = dict[str, Any]
Check = Callable[[object, str], bool]


def load(name: str) -> Row:
    return yaml.safe_load((SEED / f"{name}.yaml").read_text(encoding="utf-8"))


DOCUMENTS, CLAUSES, ITEMS = load("documents"), load("clauses"), load("service_items")
FACTS, GAPS, STATIONS = load("external_facts"), load("gaps"), load("stations")
DOCUMENT = {row["id"]: row for row in DOCUMENTS["documents"]}
CLAUSE = {row["id"]: row for row in CLAUSES["clauses"]}
PLACES = {row["id"]: row.get("parent") for row in DOCUMENTS["jurisdictions"]}
FACT_IDS = {row["id"] for row in FACTS["facts"]}
GAP_IDS = {row["id"] for row in GAPS["gaps"]}
SITES = {row["id"] for row in ITEMS["site_kinds"]}


@pytest.fixture
def check() -> Iterator[Check]:
    """Collects what is wrong, so that one run tells all of it."""
    wrong: list[str] = []

    def check(is_right: object, what: str) -> bool:
        if not is_right:
            wrong.append(what)
        return bool(is_right)

    yield check
    assert wrong == []


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def is_date(value: object, *patterns: str) -> bool:
    for pattern in patterns or ("%Y-%m-%d",):
        try:
            datetime.strptime(str(value), pattern)
        except ValueError:
            continue
        return True
    return value is None


@pytest.mark.parametrize(
    "rows",
    [
        *(DOCUMENTS["jurisdictions"], DOCUMENTS["documents"], CLAUSES["clauses"], ITEMS["items"]),
        *(ITEMS["site_kinds"], FACTS["facts"], GAPS["gaps"]),
    ],
)
def test_no_id_twice(rows: list[Row]) -> None:
    assert [name for name, count in Counter(row["id"] for row in rows).items() if count > 1] == []


def test_every_place_lies_in_one_that_is_known(check: Check) -> None:
    for place in PLACES:
        seen, at = set(), place
        while (
            at is not None
            and check(at in PLACES, f"{place}: unknown {at}")
            and check(at not in seen, f"{place}: cycle")
        ):
            seen.add(at)
            at = PLACES[at]


def test_documents_are_described_whole(check: Check) -> None:
    copies = {row["copy"]: row for row in DOCUMENTS["sources"]}
    for name, row in DOCUMENT.items():
        check(all(row.get(field) for field in _OF_DOCUMENT), f"{name}: something is missing")
        check(row["jurisdiction"] in PLACES, f"{name}: place")
        check(is_date(row["issue_date"]), f"{name}: date")
        check(copies.get(row["source_copy"], {}).get("seed_file") == row["seed_file"], f"{name}: source")
        named = [*row.get("related", ()), *row.get("implements", ()), *row.get("implemented_by", ())]
        named += [row["embedded_in"]] if row.get("embedded_in") else []
        check(set(named) <= set(DOCUMENT), f"{name}: names an unknown document")
        kinds = Counter(clause["kind"] for clause in CLAUSES["clauses"] if clause["doc"] == name)
        check(all(kinds[kind] == count for kind, count in row["expected"].items()), f"{name}: clauses of a kind")
        counted = dict(row["clause_counts"])
        check(counted.pop("total") == kinds.total() and counted == dict(kinds), f"{name}: clause_counts")


def test_clauses_say_what_is_noted_of_them(check: Check) -> None:
    for name, row in CLAUSE.items():
        text = squeezed(row["text"])
        check(text and row["doc"] in DOCUMENT and name == f"{row['doc']}.{row['number']}", f"{name}: id, text")
        check(row["kind"] in CLAUSES["kinds"], f"{name}: kind")
        check(row["tags"] and set(row["tags"]) <= set(CLAUSES["tags"]), f"{name}: tags")
        check(row["audience"] and set(row["audience"]) <= set(CLAUSES["audiences"]), f"{name}: audience")
        for until in row["deadlines"]:
            check(squeezed(until["text"]) in text and is_date(until["by"]), f"{name}: {until}")
        check(all(squeezed(number["quote"]) in text for number in row["numbers"]), f"{name}: a number")
        check(row.get("restates") is None or row["restates"] in CLAUSE, f"{name}: restates")


@pytest.mark.parametrize("data", [ITEMS, GAPS, STATIONS])
def test_every_clause_that_is_named_is_there(data: Row) -> None:
    assert [clause for clause in named_clauses(data) if clause not in CLAUSE] == []


def named_clauses(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            is_list = key in ("clauses", "partial_clauses") and isinstance(value, list)
            yield from value if is_list else named_clauses(value)
    elif isinstance(node, list):
        for value in node:
            yield from named_clauses(value)


def test_items_stand_on_clauses_of_the_place_they_hold_for(check: Check) -> None:
    names = {row["id"] for row in ITEMS["items"]}
    for row in ITEMS["items"]:
        check(row.get("clauses"), f"{row['id']}: no clause")
        check(set(row["guide"]) == GUIDE, f"{row['id']}: fields of the guide")
        for field, values in [*row["guide"].items(), ("where", row["where"] or None)]:
            check(values is None or values, f"{row['id']}: {field} is empty")
            for one in values or ():
                places = {DOCUMENT[CLAUSE[clause]["doc"]]["jurisdiction"] for clause in one["clauses"]}
                check(one["value"] and one["scope"] in places, f"{row['id']}: {field}: whose rule is it?")
        check(set(row["related"]) <= names and set(row["gaps"]) <= GAP_IDS, f"{row['id']}: related, gaps")
        check(set(row["external_facts"]) <= FACT_IDS, f"{row['id']}: facts")


def test_each_row_of_the_lists_is_one_item(check: Check) -> None:
    rows = Counter((at["site"], at["row"]) for row in ITEMS["items"] for at in row["offered_at_zoucheng"])
    check(set(rows.values()) == {1}, "a row twice")
    check({site for site, _ in rows} <= SITES, "an unknown site")
    for kind in ITEMS["site_kinds"]:
        check({n for site, n in rows if site == kind["id"]} == set(range(1, kind["rows"] + 1)), f"{kind['id']}: rows")
        listed = squeezed(CLAUSE[kind["list"]]["text"]).replace("（", "(").replace("）", ")")
        for row in ITEMS["items"]:
            if any(at["site"] == kind["id"] for at in row["offered_at_zoucheng"]):
                name = squeezed(row["name"]).replace("（", "(").replace("）", ")")
                check(name in listed, f"{row['id']}: not in the list of {kind['id']}")


def test_no_doubtful_fact_is_usable(check: Check) -> None:
    for row in FACTS["facts"]:
        name = row["id"]
        check(all(row.get(field) is not None for field in _OF_FACT), f"{name}: something is missing")
        check(row["jurisdiction"] in PLACES, f"{name}: place")
        check(row["confidence"] in ("high", "medium", "low"), f"{name}: confidence")
        check(row["usable"] in ("quote", "background", "no"), f"{name}: usable")
        check(
            row["usable"] == "no" or (row["confidence"] != "low" and row["covers_jining"]), f"{name}: may not be used"
        )
        check(all(one["kind"] in FACTS["address_kinds"] for one in row["addresses"]), f"{name}: address")
        check(is_date(row.get("date"), "%Y-%m-%d", "%Y-%m"), f"{name}: date")
        check({*row.get("conflicts_with", ()), *row.get("corroborated_by", ())} <= FACT_IDS, f"{name}: other facts")


def test_gaps_and_stations_name_what_is_there(check: Check) -> None:
    for row in GAPS["gaps"]:
        check(row["status"] in GAPS["statuses"] and row["caller_questions"], f"{row['id']}: status, questions")
        check(set(row["external_facts"]) <= FACT_IDS, f"{row['id']}: facts")
        says = row["status"] in ("partly_answerable", "private_data")
        check(bool(row.get("can_say")) is says, f"{row['id']}: can_say")
    check(set(STATIONS["missing"]) <= GAP_IDS, "stations: gaps")
    check({row["doc"] for row in STATIONS["agencies_named"]} <= set(DOCUMENT), "stations: documents")
    for row in STATIONS["site_kinds"]:
        check(row["id"] in SITES and row["items_list"] in CLAUSE, f"stations: {row['id']}")


@pytest.mark.parametrize("source", DOCUMENTS["sources"], ids=lambda source: source["copy"])
def test_every_character_of_a_source_is_a_clause_or_known_to_be_none(check: Check, source: Row) -> None:
    text = squeezed((SEED / source["copy"]).read_text(encoding="utf-8"))
    pieces: list[str] = []
    for name, row in CLAUSE.items():
        if DOCUMENT[row["doc"]]["source_copy"] == source["copy"]:
            check(squeezed(row["text"]) in text, f"{name}: not in the text")
            pieces += map(squeezed, (row["text"], *row.get("section_path", ())))
    covered = bytearray(len(text))
    for piece in filter(None, pieces):
        for found in re.finditer(f"(?={re.escape(piece)})", text):
            covered[found.start() : found.start() + len(piece)] = b"\1" * len(piece)
    left = {text[found.start() : found.end()] for found in re.finditer(rb"\0+", bytes(covered))}
    assert left == {squeezed(one["text"]) for one in source["non_clause_text"]}
