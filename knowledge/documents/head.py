"""The head of an official document: who issued it, its number (文号), its title, and to whom it is addressed.

济宁市医疗保障局文件
济医保字〔2023〕25号
济宁市医疗保障局关于实施医保服务二十项便民措施的通知
各县（市、区）医疗保障局，……：
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.documents import numbering
from knowledge.documents.document import NonClause
from knowledge.documents.lines import Paragraph
from knowledge.places import JINAN, JINING, SHANDONG, ZOUCHENG

_LONGEST = 15
"""Paragraphs a head may have."""
_LONGEST_ADDRESSEES = 500
_BRACKETS = r"[〔\[［【(（]\s*(?:19|20)\d{2}\s*[〕\]］】)）]"
DOC_NO = re.compile(rf"[\u4e00-\u9fff]{{2,15}}{_BRACKETS}第?\d{{1,4}}号")
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff（）()、]{2,28}(?:局|厅|委员会|委|办公室|中心|政府|部|院|署|协会|分局|党组)(?:办公室)?$"
)
_ISSUER_IN_TITLE = re.compile(
    r"^([\u4e00-\u9fff]{2,24}?(?:局|厅|委员会|办公室|中心|政府|部|院))(?:[\u4e00-\u9fff]{0,24})?关于"
)
_TITLE_END = re.compile(
    r"(?:通知|意见|方案|办法|规定|细则|公告|通告|决定|批复|函|报告|条例|措施|指南|规程|标准)(?:[（(].{1,12}[）)])?$"
)
_DATE = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日")
_PLACES = (("邹城", ZOUCHENG), ("济宁", JINING), ("济南", JINAN), ("山东", SHANDONG))
_MARKS = (("济医保中心", JINING), ("济医保字", JINING), ("济医保发", JINAN), ("鲁", SHANDONG), ("邹", ZOUCHENG))
_NATIONAL = ("国家", "国务院", "中华人民共和国", "全国人民代表大会")


@dataclass(frozen=True, slots=True)
class Head:
    """What was found, and how many paragraphs it took. Empty where nothing was found."""

    title: str
    doc_no: str
    issuer: str
    addressees: str
    length: int
    non_clauses: tuple[NonClause, ...]


def read(paragraphs: Sequence[Paragraph]) -> Head:
    """Read the head from the beginning of a document."""
    length = _length(paragraphs)
    lines = [paragraph for paragraph in paragraphs[:length] if not paragraph.noise]
    number_at = next((at for at, line in enumerate(lines) if DOC_NO.fullmatch(line.text)), None)
    addressees = lines[-1].text if lines and _is_addressees(lines[-1].text) else ""
    body = lines[:-1] if addressees else lines
    title_from = 0 if number_at is None else number_at + 1
    red_head = "".join(line.text for line in body[:title_from] if DOC_NO.fullmatch(line.text) is None)
    title_lines = [line.text for line in body[title_from:] if not _is_form(line.text)]
    title = "".join(title_lines)
    doc_no = lines[number_at].text if number_at is not None else ""
    issuer = re.sub(r"文件$", "", red_head) or _issuer_of(title)
    return Head(title, doc_no, issuer, addressees, length, tuple(_non_clauses(paragraphs[:length], lines, addressees)))


def issue_date(paragraphs: Sequence[Paragraph]) -> date | None:
    """The day of the 印发 note, else of the signature (a paragraph that is, or ends in, a date)."""
    printed = [line.text for line in paragraphs if re.search(r"日印发$", line.text)]
    signed = [line.text for line in paragraphs if len(line.text) < 45 and re.search(r"日$", line.text)]
    for text in [*printed[-1:], *signed]:
        match = _DATE.search(text)
        if match:
            try:
                return date(*map(int, match.groups()))
            except ValueError:
                continue
    return None


def signatory(signature: Sequence[str]) -> str:
    """Who signed, from the lines of a signature, with or without the date in the same line."""
    names = (re.sub(rf"{_DATE.pattern}(?:印发)?$", "", text) for text in signature)
    return next((name for name in names if is_organisation(name)), "")


def jurisdiction(issuer: str, doc_no: str, title: str) -> str | None:
    """Whose rules these are: by the issuer's name, else the document number's mark, else the title."""
    for text in (issuer, doc_no, title):
        if text.startswith(_NATIONAL):
            return "cn"
        if text == doc_no:
            for mark, place in _MARKS:
                if text.startswith(mark):
                    return place
            continue
        for name, place in _PLACES:
            if name in text:
                return place
    return None


def is_organisation(text: str) -> bool:
    return _ORGANISATION.fullmatch(text) is not None


def is_title(text: str) -> bool:
    """A line that could be the title of a document or of an attachment: short, unnumbered, no sentence."""
    return len(text) <= 60 and not re.search(r"[。；;]|[：:]$", text) and numbering.label(text) is None


def _length(paragraphs: Sequence[Paragraph]) -> int:
    """Where the head ends: behind the addressees, else before the first number or sentence."""
    for at, paragraph in enumerate(paragraphs[:_LONGEST]):
        if paragraph.noise:
            continue
        if _is_addressees(paragraph.text):
            return at + 1
        if paragraph.cells or numbering.label(paragraph.text) or not is_title(paragraph.text):
            return at
        if _TITLE_END.search(paragraph.text) and not _addressees_follow(paragraphs, at):
            return at + 1
    return min(_LONGEST, len(paragraphs))


def _addressees_follow(paragraphs: Sequence[Paragraph], at: int) -> bool:
    return any(_is_addressees(paragraph.text) for paragraph in paragraphs[at + 1 : at + 4])


def _is_addressees(text: str) -> bool:
    if len(text) > _LONGEST_ADDRESSEES:
        return False
    return re.fullmatch(r"[^。；]*(?:各|局|部门|政府|单位|中心|机构|委员会|办公室)[^。；]*[：:]", text) is not None


def _is_form(text: str) -> bool:
    """Marks above a title that are not part of it: secrecy, copy number, urgency."""
    return re.fullmatch(r"(?:特急|急件|加急|内部|公开|\d+|[（(]此件.*[）)]|签发人.*)", text) is not None


def _issuer_of(title: str) -> str:
    match = _ISSUER_IN_TITLE.match(title)
    return match.group(1) if match else ""


def _non_clauses(all_lines: Sequence[Paragraph], lines: Sequence[Paragraph], addressees: str) -> list[NonClause]:
    found = []
    for line in all_lines:
        if line.noise:
            what = line.noise
        elif addressees and line is lines[-1]:
            what = "主送机关"
        elif DOC_NO.fullmatch(line.text):
            what = "文号"
        else:
            what = "文件头或标题"
        found.append(NonClause(line.text, what))
    return found
