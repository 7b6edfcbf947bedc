"""What a sentence of a document is called when it is offered as a choice: its subject, in at most fifteen characters.

参保居民个人缴费标准为每人每年150元。  →  参保居民个人缴费标准
"""

from __future__ import annotations

import re

import jieba

from knowledge.retrieval.normalise import fold
from knowledge.retrieval.passages import OWN_DATA, Passage
from language import words as cutting

LONGEST = 15
"""Characters: what fits on a button and is taken in by ear."""
_SHORTEST = 4
_MARK = re.compile(
    r"^([（(]?[一二三四五六七八九十0-9]{1,3}[）)]|[一二三四五六七八九十0-9]{1,3}[、.．](?![0-9])|"
    r"第[一二三四五六七八九十百0-9]+[条章节])\s*"
)
_LEAD_IN = re.compile(
    r"^(其中|对于?|从[0-9]{4}年.{0,8}起|自.{1,14}起|[0-9]{4}年度?|关于|本市|我市|各地|按照.{2,20}规定)"
)
_VERB = re.compile(
    r"(?<=.{4})(是指|应当|应该|可以|不得|不予|不再|必须|按照?|为(?!了)|是(?!否)|由(?!于)|实行|执行|达到|包括|统一|原则上|"
    r"均|应(?!急)|可(?!能)|不(?!足|同|满)|须|将|[，。；：、,;:（(]|[0-9])"
)
_BRACKETED = re.compile(r"《[^》]*》的?|[（(][^）)]*[）)]")
_HANGING = re.compile(r"[的和与及、在对从向并或]+$")


def name_of(passage: Passage) -> str:
    """What the sentence is about; "" when it says so nowhere in few words."""
    clause = passage.clause
    if clause.number == OWN_DATA:
        return "文件的" + (re.split("[是自至]", _BRACKETED.sub("", passage.text))[0] or "施行日期")
    found = [passage.head, clause.heading] if clause.kind == "table_row" else [passage.text, passage.head]
    tried = [_subject(text) for text in [*found, clause.heading, *reversed(clause.path)]]
    fitting = [name for name in tried if _SHORTEST <= len(name) <= LONGEST]
    return fitting[0] if fitting else _cut(max(tried, key=len, default=""))


def _subject(text: str) -> str:
    line = fold(_BRACKETED.sub("", text)).strip().splitlines()[:1]
    words = _LEAD_IN.sub("", _MARK.sub("", line[0] if line else ""))
    words = words.lstrip("，,：:")
    return _HANGING.sub("", re.split(r"[，。；：、,;:]", _VERB.split(words, maxsplit=1)[0], maxsplit=1)[0])


def _cut(text: str) -> str:
    """As many whole words as fit."""
    kept = ""
    for word in cutting.cutter(jieba.dt).cut(text):
        if len(kept) + len(word) > LONGEST:
            break
        kept += word
    kept = _HANGING.sub("", kept)
    return kept if len(kept) >= _SHORTEST else ""
