"""A document in parts: the main text and its attachments, with what stands between them told apart from clauses.

main text ── signature (落款) ── list of attachments ── 附件1 title, text ── 附件2 title, table ── 抄送, 印发
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.documents import head, issuers, numbering, printed_dates
from knowledge.documents.document import NonClause
from knowledge.documents.lines import Paragraph

_ATTACHMENT = re.compile(r"附(?:件|表|(?=[：:]))\s*([\d一二三四五六七八九十]*)[：:.．]?")
_LIST_START = re.compile(r"附件?[：:](?=.)|附件(?=1[.．、]\D)")
_ITEM = re.compile(r"[-•·]?\d{1,2}[、.．]")
_OWN_LIST = re.compile(r"附\s*[件表][：:]\s*1[.．、](?=\D)")
_LIST_HEAD = re.compile(r"附\s*件[：:]")
_DATE_LINE = re.compile(rf"(?P<who>[\u4e00-\u9fff（）()、]{{2,60}}?)?{printed_dates.WRITTEN}(?:印发)?")
_BARE_DATE = re.compile(r"(?P<who>[\u4e00-\u9fff（）()、]{2,60}?)?(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}")
_SECOND_NAME = re.compile(r"[（(][\u4e00-\u9fff]{2,20}[会组局室][）)](?:[（(](?:代章|盖章|章)[）)])?")
_MOST_SIGNERS = 12
_PRINTED = "b"
"""Begins the numbers of the clauses of a second, third … document that one notice brings."""
_LEAST_BEFORE = 2
_FAR_ENOUGH = 200
"""Paragraphs of a document among which its first two numbers stand."""
_MOST_TITLE_LINES = 3
_SOON = 6
"""Paragraphs within which the numbers of a further document begin."""
_LONGEST_REST = 30
"""Characters in the second line of a title."""
_FILE = re.compile(
    r"(?:(?:附件\s*[\d一二三四五六七八九十]*[：:.、]?)?.{0,80}?\.(?:docx?|pdf|xlsx?|wps|et|ofd|zip|rar|pptx?|jpg|png)[）)]?){1,20}"
    r"|附件(?:列表|下载)[：:]?",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"[（(]此件.{2,10}[）)]|公开(?:方式|属性|类型|形式)[：:].{2,10}|抄送[：:].*|主题词[：:].*|信息公开.*"
    r"|特此(?:通知|公告|通告|函复|批复|报告)。?|[\u4e00-\u9fff]{4,30}[办秘][公书][室处]\d.*印发"
)
_SCRAP = re.compile(r"[#*\-—–_•·=~.…\s]+|mailto:\S+|https?://\S+|\d{1,2}-\d{1,2}")
_BULLET = re.compile(r"[-•·■●◆](?=[（(\d一二三四五六七八九十])")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph and its place in the document; texts are put back into order by it."""

    order: tuple[int, int]
    paragraph: Paragraph

    @property
    def text(self) -> str:
        return self.paragraph.text


@dataclass
class Part:
    """`prefix` begins the numbers of its clauses (`a2-`); `title` heads their section path, both empty for the main
    text. `introduction` counts the leading lines that introduce the document printed below them (现印发给你们)."""

    prefix: str = ""
    title: str = ""
    lines: list[Line] = field(default_factory=list)
    introduction: int = 0


@dataclass
class Parts:
    """All parts, and the texts that belong to none."""

    parts: list[Part] = field(default_factory=lambda: [Part()])
    non_clauses: list[tuple[tuple[int, int], NonClause]] = field(default_factory=list)

    def drop(self, order: tuple[int, int], text: str, what: str) -> None:
        self.non_clauses.append((order, NonClause(text, what)))


def split(paragraphs: Sequence[Paragraph], first: int) -> Parts:
    """Split what follows the head (`first` paragraphs long)."""
    found, listed, signed = Parts(), [""], False
    numbers = numbering.labels(["" if paragraph.noise else paragraph.text for paragraph in paragraphs])
    at = first
    while at < len(paragraphs):
        paragraph = paragraphs[at]
        text, order = paragraph.text, (at, 1)
        if _begins_list(found, paragraphs, at):
            end = _end_of_list(paragraphs, at)
            listed = _titles(paragraphs[at:end])
            for i in range(at, end):
                found.drop((i, 1), paragraphs[i].text, paragraphs[i].noise or "附件清单")
            at = end
            continue
        at += 1
        what = _what(paragraphs, at - 1)
        if what:
            signed = signed or what == "落款"
            found.drop(order, text, what)
        elif paragraph.cells is None and _begins_attachment(found, order, text, listed):
            signed = False
        elif signed and len(found.parts) == 1 and _could_be_title(paragraph, numbers[at - 1]):
            found.drop(order, text, "正文标题")
            found.parts[0].introduction = len(found.parts[0].lines)
        elif numbers[at - 1] is None and (count := _begins_another(found, paragraphs, at - 1)):
            _add_printed(found, paragraphs, at - 1, count)
            at += count - 1
        else:
            signed = False
            found.parts[-1].lines.append(_without_bullet(found, order, paragraph))
    return found


def _begins_list(found: Parts, paragraphs: Sequence[Paragraph], at: int) -> bool:
    """Whether the list of attachments begins here; in an attachment, only titles below one another make a list."""
    text = paragraphs[at].text
    if not _in_attachment(found):
        return _LIST_START.match(text) is not None or _heads_list(paragraphs, at)
    if _OWN_LIST.match(text) is None:
        return False
    items = [line.text for line in paragraphs[at : _end_of_list(paragraphs, at)] if not line.noise]
    return len(items) > 1 and not any(re.search(r"[。；;]", item) for item in items)


def _heads_list(paragraphs: Sequence[Paragraph], at: int) -> bool:
    """附件： alone in its line, and below it numbered titles and nothing that is said."""
    if _LIST_HEAD.fullmatch(paragraphs[at].text) is None:
        return False
    end = _end_of_list(paragraphs, at)
    items = [line.text for line in paragraphs[at + 1 : end] if not line.noise]
    if not items or any(re.search(r"[。；;：:]", item) for item in items):
        return False
    after = next((line for line in paragraphs[end:] if not line.noise), None)
    return after is None or bool(_what(paragraphs, paragraphs.index(after)) or _ATTACHMENT.fullmatch(after.text))


def _in_attachment(found: Parts) -> bool:
    """Inside an attachment, "附件：" begins no list of attachments any more."""
    return found.parts[-1].prefix[:1] not in ("", _PRINTED)


def _what(paragraphs: Sequence[Paragraph], at: int) -> str:
    """Why a paragraph is no clause, or ""."""
    paragraph = paragraphs[at]
    text = paragraph.text
    if paragraph.noise:
        return paragraph.noise
    if paragraph.cells is not None:
        return ""
    if _SCRAP.fullmatch(text):
        return "列表符号、链接等残留"
    if _CLOSING.fullmatch(text):
        return "抄送、印发与公开说明"
    if _FILE.fullmatch(text):
        return "附件链接"
    if _is_date(text):
        return "落款"
    return "落款" if _is_signer(paragraphs[at]) and _date_follows(paragraphs, at) else ""


def _is_date(text: str) -> bool:
    """The date of a signature, with or without the office in the same line."""
    plain = printed_dates.narrow(text)
    dated = _DATE_LINE.fullmatch(plain)
    dated = dated or _BARE_DATE.fullmatch(plain)
    return dated is not None and (dated.group("who") is None or issuers.is_organisation(dated.group("who")))


def _is_signer(paragraph: Paragraph) -> bool:
    """One office, or several in a line, or the second name of the one above, in brackets."""
    if _SECOND_NAME.fullmatch(paragraph.text):
        return True
    words = re.split(r"[\s\u3000]+", paragraph.raw.strip())
    return issuers.is_organisation(paragraph.text) or (len(words) > 1 and all(map(issuers.is_organisation, words)))


def _date_follows(paragraphs: Sequence[Paragraph], at: int) -> bool:
    """Whether only further offices stand between this line and a date."""
    for following in [line for line in paragraphs[at + 1 : at + 2 * _MOST_SIGNERS] if not line.noise][:_MOST_SIGNERS]:
        if _is_date(following.text):
            return True
        if following.cells is not None or not _is_signer(following):
            return False
    return False


def _begins_attachment(found: Parts, order: tuple[int, int], text: str, listed: list[str]) -> bool:
    """Start a new part at "附件2", at a title from the list of attachments, or name the part just begun."""
    part = found.parts[-1]
    mark = _ATTACHMENT.fullmatch(text)
    if mark:
        number = numbering.value(mark.group(1)) if mark.group(1) else 1
        found.parts.append(Part(f"a{number}-"))
        found.drop(order, text, "附件编号")
        return True
    if part.title and not part.lines and head.is_title(text) and _completes(part.title, text, listed):
        part.title += text
        found.drop(order, text, "附件标题")
        return True
    number = next((i for i, title in enumerate(listed) if title and _same_title(title, text)), 0)
    if number and not (part.prefix == f"a{number}-" and part.title):
        if part.prefix != f"a{number}-":
            found.parts.append(Part(f"a{number}-"))
    elif not (part.prefix and not part.title and not part.lines and head.is_title(text)):
        return False
    found.parts[-1].title = f"附件{found.parts[-1].prefix[1:-1]} {text}"
    found.drop(order, text, "附件标题")
    return True


def _could_be_title(paragraph: Paragraph, number: numbering.Label | None) -> bool:
    return head.is_title(paragraph.text) and paragraph.cells is None and number is None


def _begins_another(found: Parts, paragraphs: Sequence[Paragraph], at: int) -> int:
    """How many lines the title of a further document has that the notice brings (两个规定); 0 when none begins here.

    A title that ends as titles do, behind numbered text, and its numbers begin anew.
    """
    part = found.parts[-1]
    if not found.parts[0].introduction or not (len(found.parts) == 1 or part.prefix.startswith(_PRINTED)):
        return 0
    free = [line for line in paragraphs[at : at + _MOST_TITLE_LINES + _SOON] if not line.noise]
    count = next((n for n, line in enumerate(free[:_MOST_TITLE_LINES], 1) if head.ends_title(line.text)), 0)
    if not count or not all(line.cells is None and head.is_title(line.text) for line in free[:count]):
        return 0
    after = next((label for line in free[count:] if (label := numbering.label(line.text))), None)
    if after is None or after.ordinal != 1 or after.rank > numbering.Rank.ARTICLE:
        return 0
    before = [numbering.label(line.text) for line in part.lines[part.introduction :][:_FAR_ENOUGH]]
    numbers = [label for label in before if label]
    if not numbers or numbers[0].rank is not after.rank:
        return 0
    return count if any(one.rank is after.rank and one.ordinal >= _LEAST_BEFORE for one in numbers) else 0


def _add_printed(found: Parts, paragraphs: Sequence[Paragraph], at: int, count: int) -> None:
    """Begin the part of a further document that the notice brings."""
    number = sum(part.prefix.startswith(_PRINTED) for part in found.parts) + 2
    for i in range(at, at + count):
        found.drop((i, 1), paragraphs[i].text, "正文标题")
    title = "".join(paragraphs[i].text for i in range(at, at + count))
    found.parts.append(Part(f"{_PRINTED}{number}-", title))


def _completes(title: str, text: str, listed: Sequence[str]) -> bool:
    """Whether a title printed in two lines ends here: as the list of attachments says, or as titles end."""
    if any(one and one == title.partition(" ")[2] + text for one in listed):
        return True
    return len(text) <= _LONGEST_REST and head.ends_title(text) and not head.ends_title(title)


def _same_title(listed: str, text: str) -> bool:
    return len(text) >= 6 and (listed == text or (listed.endswith(text) and len(text) >= 10))


def _end_of_list(paragraphs: Sequence[Paragraph], at: int) -> int:
    """Behind the last "n. title"; a title cut in two goes on where a further number follows."""
    for end in range(at + 1, len(paragraphs)):
        if paragraphs[end].noise:
            continue
        text = paragraphs[end].text
        cut = head.is_title(text) and not _ATTACHMENT.match(text) and _ITEM.match(_next_text(paragraphs, end))
        if not (_ITEM.match(text) or cut or _SCRAP.fullmatch(text)):
            return end
    return len(paragraphs)


def _next_text(paragraphs: Sequence[Paragraph], at: int) -> str:
    """The text behind a paragraph, headers and page numbers skipped; "" at the end."""
    return next((line.text for line in paragraphs[at + 1 : at + 8] if not line.noise), "")


def _titles(lines: Sequence[Paragraph]) -> list[str]:
    """Titles of the list by number; index 0 is unused."""
    text = "\n".join(line.text.lstrip("-•·") for line in lines if not line.noise)
    text = re.sub(r"^附\s*件[：:]\n", "", _LIST_START.sub("", text))
    items = re.split(r"(?:^|\n)\d{1,2}[、.．]", text)
    return ["", *(item.replace("\n", "") for item in (items if items[0] else items[1:]))]


def _without_bullet(found: Parts, order: tuple[int, int], paragraph: Paragraph) -> Line:
    """Drop a list mark that a PDF reader put before a printed number."""
    mark = _BULLET.match(paragraph.text) if paragraph.cells is None else None
    if mark is None:
        return Line(order, paragraph)
    found.drop((order[0], 0), mark.group(), "列表符号、链接等残留")
    return Line(order, Paragraph(paragraph.text[mark.end() :], paragraph.raw))
