"""The right sounds in the wrong characters, read as what citizens say."""

from __future__ import annotations

import pytest

from knowledge.retrieval.respelling import Respelling

SAID = (
    "药能不能给送到家里来", "下不了床药能给送到家里吗", "能网上挂号吗", "软件上能网上挂号不", "俺想查一下余额",
    "药店买药能报不", "给我送到家里来不", "生完孩子怎么报销", "没备案能报销吗", "备案能报销吗", "上医院拿药",
    "药能报不",
)  # fmt: skip


@pytest.fixture(scope="module")
def respelling() -> Respelling:
    return Respelling(SAID * 2)


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("要能给松刀家里来赴", "药能给送到家里来不"),
        ("能望上瓜侯吗", "能网上挂号吗"),
        ("上医院那要，药能报布？", "上医院拿药，药能报不？"),
        ("A4纸12张", "A4纸12张"),
        ("", ""),
    ],
)
def test_sounds_become_what_is_said(respelling: Respelling, heard: str, said: str) -> None:
    assert respelling.of(heard) == said


@pytest.mark.parametrize("right", SAID)
def test_what_is_right_stays(respelling: Respelling, right: str) -> None:
    assert respelling.of(right) == right


@pytest.mark.parametrize("heard", ["妹备案能报销吗", "眉备案能报销吗", "没背案能报销吗"])
def test_nothing_comes_to_be_denied_or_stops_being_denied_by_its_sound(respelling: Respelling, heard: str) -> None:
    assert respelling.of(heard).startswith("没") is heard.startswith("没")


def test_without_anything_learnt_everything_stays() -> None:
    assert Respelling(()).of("要能给松刀家里来赴") == "要能给松刀家里来赴"
