"""The year whose rules a question asks for: "2020年异地就医政策是啥". Not a year in which something happened to the
caller ("我2020年办的慢病证") and not the name of a document ("2021年那个文件")."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2}|[一二][〇零○九][〇零○一二三四五六七八九]{2})年(度)?(的)?(时候|那会儿?|那年)?"
)
_OWN_BEFORE = re.compile(r"(我|俺|他|她|妈|爸|爹|娘|从|自|到|打|截至|不是)$")
_OWN_AFTER = re.compile(
    r"^(之前|以前|之后|以后|以来|起|到|那个|[0-9一二三四五六七八九十]+月|"
    r".{0,6}(发票|单据|票据|票子|条子|文件|通知|办的|办了|交的|交了|住的|住了|参保的|退休|去世|没交|断|花的|做的|出生|生的|查出))"
)


@dataclass(frozen=True, slots=True)
class YearInQuestion:
    """`rest` is the question without the year."""

    year: int
    rest: str


def year_in(question: str) -> YearInQuestion | None:
    """The year that a folded question asks the rules of; None when it asks for none."""
    for match in _YEAR.finditer(question):
        before, after = question[: match.start()], question[match.end() :]
        if not _OWN_BEFORE.search(before) and not _OWN_AFTER.match(after):
            return YearInQuestion(int(match[1].translate(_DIGITS)), before + after)
    return None
