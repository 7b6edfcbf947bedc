"""Who has lost a thing gets no condolence."""

from __future__ import annotations

import re

import pytest
import yaml

from base.settings import ROOT
from language.mourning import is_no_mourning, tells_of_loss


@pytest.mark.parametrize(
    "text",
    [
        "钥匙没找着，你别走啊。",
        "我爹的慢病本没了",
        "俺爹的心梗病历丢了",
        "我爸的单子没了",
        "我娘没了拐杖走不动",
        "我儿子从三楼搬下来了",
    ],
)
def test_a_thing_that_is_lost_is_not_mourned(text: str) -> None:
    assert is_no_mourning(text)


def test_whoever_mourns_is_heard() -> None:
    blocks = [
        block
        for file in sorted((ROOT / "bot" / "data" / "nlu").glob("*.yml"))
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]
        if block.get("intent") == "grief"
    ]
    sentences = [re.sub("^- ", "", line) for block in blocks for line in block["examples"].splitlines()]
    assert len(sentences) > 50
    assert [text for text in sentences if is_no_mourning(text)] == []


def test_a_birth_is_no_loss() -> None:
    assert not tells_of_loss("我当爷爷了！八天了，六斤八两！")
    assert tells_of_loss("俺爹治了两年钱花光了人还是没留住")
    assert tells_of_loss("老伴走了，就剩俺自个")
