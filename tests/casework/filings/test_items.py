"""The items' data: complete, standing on clauses that exist, fit to be heard; a new one is data, no code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from base.settings import ROOT
from bot.flows.wording import sayings
from casework.filings.fields import _CHECKS
from casework.filings.items import Item, load

ITEMS = load()
CLAUSES = {
    clause["id"]: clause
    for clause in yaml.safe_load((ROOT / "knowledge/data/seed/clauses.yaml").read_text("utf-8"))["clauses"]
}
HARD_TO_SAY = re.compile(r"[（(“”\"0-9A-Za-z〔、]")


@pytest.mark.parametrize("item", ITEMS.items.values(), ids=lambda item: item.id)
def test_an_item_stands_on_published_clauses_and_invents_no_number(item: Item) -> None:
    assert item.sources
    assert set(item.sources) <= set(CLAUSES)
    texts = "".join(CLAUSES[source]["text"] for source in item.sources)
    assert item.limit is None or f"{item.limit}个工作日" in texts
    for certificate in item.replaced:
        assert certificate in texts, f"no source says that {certificate} is not needed"
    assert all(CLAUSES[source]["doc"] != "jinan-yb-2021-1" for source in item.sources), "Jinan's rules are not Jining's"


@pytest.mark.parametrize("item", ITEMS.items.values(), ids=lambda item: item.id)
def test_an_item_can_be_asked_and_heard(item: Item) -> None:
    assert item.fields[-1].kind == "phone"
    for field in item.fields:
        assert field.kind in _CHECKS
        assert len(field.spoken) <= 60
        assert not HARD_TO_SAY.search(field.spoken), field.spoken
        assert set(field.when) <= {other.id for other in item.fields}
        assert (field.kind == "choice") is bool(field.options)
    for spoken in (item.spoken, item.promise_spoken, item.limit_note_spoken):
        assert not HARD_TO_SAY.search(spoken), spoken
    assert bool(item.promise) is bool(item.promise_spoken)


def test_the_issue_items_are_there() -> None:
    names = "".join(item.name for item in ITEMS.items.values())
    for wanted in (
        "长期居住",
        "转诊",
        "急诊",
        "慢特病",
        "手工报销",
        "参保登记",
        "信息变更",
        "转移接续",
        "津贴",
        "救助",
        "产前",
    ):
        assert wanted in names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("给俺娘办慢病", ["chronic-recognition"]),
        ("我要办异地备案", ["remote-longterm", "remote-referral", "remote-emergency"]),
        ("俺在北京跟着闺女住，要备案", ["remote-longterm"]),
        ("住院费给报了", ["remote-online-reimb"]),
        ("把医保转回济宁来", ["transfer-cross-province"]),
        ("门诊慢特定", ["chronic-recognition"]),
        ("孕检的钱", ["maternity-prenatal"]),
        ("今天天气真好", []),
    ],
)
def test_what_a_sentence_is_about(text: str, expected: list[str]) -> None:
    assert [item.id for item in ITEMS.named(text)] == expected


def test_a_new_item_is_data(tmp_path: Path) -> None:
    raw = yaml.safe_load((ROOT / "casework/data/items.yaml").read_text("utf-8"))
    new = {**raw["items"][3], "id": "new", "name": "新事项", "short": "新事项", "words": ["新鲜事"], "called": []}
    file = tmp_path / "items.yaml"
    file.write_text(yaml.safe_dump({**raw, "items": [*raw["items"], new]}, allow_unicode=True), "utf-8")
    assert [item.id for item in load(file).named("我要办新鲜事")] == ["new"]


def test_sayings_can_be_heard() -> None:
    for key, saying in sayings().items():
        spoken = re.sub(r"\{\w+\}", "", saying.get("spoken", ""))
        assert not re.search(r"[（(“”\"0-9A-Za-z〔]", spoken), key
        assert len(spoken) <= 60, key


def test_one_of_a_list_is_chosen_by_its_place_and_not_by_how_a_number_ends() -> None:
    offered = [item for item in ITEMS.items.values() if item.group == "remote"]
    assert ITEMS.among(offered, "第二个") is offered[1]
    assert ITEMS.among(offered, "选三") is offered[2]
    for other in ("370899195602279013", "19900000001", "五月一"):
        assert ITEMS.among(offered, other) is None


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("俺说的第二个", 1),
        ("头一个", 0),
        ("就选第三种吧，谢谢", 2),
        ("俺跟着闺女长住", 0),
        ("急诊那个", 2),
        ("俺生第一个孩子那会儿", None),
        ("第三个孩子都上学了", None),
    ],
)
def test_one_is_chosen_in_ones_own_words(said: str, at: int | None) -> None:
    offered = [item for item in ITEMS.items.values() if item.group == "remote"]
    assert ITEMS.among(offered, said) is (None if at is None else offered[at])


def test_every_group_can_be_explained_and_heard() -> None:
    assert all(group.explain and not HARD_TO_SAY.search(group.explain) for group in ITEMS.groups.values())


@pytest.mark.parametrize("item", ITEMS.items.values(), ids=lambda item: item.id)
def test_what_is_and_is_not_to_be_handed_in_can_be_said_in_few_words(item: Item) -> None:
    for written, spoken in ((item.materials, item.materials_spoken), (item.replaced, item.replaced_spoken)):
        assert bool(written) is bool(spoken)
        assert len(spoken) <= 16
        assert not HARD_TO_SAY.search(spoken), spoken
