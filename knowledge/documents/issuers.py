"""Who issued a document, and whose rules it therefore holds: offices by their names, places by the names and by the
marks of document numbers in `knowledge/data/places.yaml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from base import yaml_files
from knowledge.authoring.seed import DATA
from knowledge.documents import printed_dates
from knowledge.documents.lines import Paragraph

_TABLE: dict[str, Any] = yaml_files.read(DATA / "places.yaml")
_PLACES: dict[str, str] = _TABLE["issuers"]
_MARKS: dict[str, str] = _TABLE["marks"]
_NATIONAL = ("国家", "国务院", "中华人民共和国", "全国人民代表大会")
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff（）()、]{2,40}(?:局|厅|委员会|委|办公室|中心|政府|部|院|署|协会|分局|党组|领导小组|总工会|联合会|总队|支队|大队|银行|支行|公司|学会|大学)(?:办公室)?(?:[（(][\u4e00-\u9fff]{2,20}[）)])?$"
)
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,7}?[省市县区州盟旗]|国家")
_SEAL = re.compile(r"[（(](?:盖章|公章|印章|章|印|代章|签章)[）)]")


def is_organisation(text: str) -> bool:
    """An office's name, with or without （盖章）."""
    return _ORGANISATION.fullmatch(_SEAL.sub("", text)) is not None


def names_of(line: Paragraph) -> list[str]:
    """The words of a line as they stand apart; tidying has joined them in its text."""
    words = [word for word in re.split(r"[\s\u3000]+", _SEAL.sub("", line.raw).strip()) if word]
    return words if len(words) > 1 and all(map(is_organisation, words)) else apart(line.text)


def apart(names: str) -> list[str]:
    """Offices of one place that are printed without a space: 济宁市医疗保障局济宁市财政局."""
    place = _PLACE.match(names) if is_organisation(names) else None
    if place is None:
        return [names]
    begins = rf"(?:{place.group()}|国家税务总局|中国|中共)"
    return re.split(rf"(?<=[局厅委会府心室部院])(?<!税务总局)(?={begins})", names)


def signatory(signature: Sequence[Paragraph]) -> str:
    """Who signed, from the lines of a signature, with or without the date in the same line; all who did."""
    names: list[str] = []
    for text in (name for line in signature for name in names_of(line)):
        if "印发" in text:
            continue
        name = re.sub(rf"{printed_dates.WRITTEN}$", "", _SEAL.sub("", printed_dates.narrow(text)))
        if is_organisation(name) and name not in names:
            names.append(name)
    return "、".join(names)


def jurisdiction(issuer: str, doc_no: str, title: str) -> str | None:
    """Whose rules these are: by the issuer's name, else the document number's mark, else the title."""
    for text in (issuer, doc_no, title):
        if text.startswith(_NATIONAL) and not (text == issuer and text.startswith("国家税务总局") and "、" not in text):
            return "cn"
        if text == doc_no:
            for mark, place in _MARKS.items():
                if text.startswith(mark):
                    return place
            continue
        for name, place in _PLACES.items():
            if name in text:
                return place
    return None
