"""Whether a sentence names the very thing, and the very relative, that a question of yes or no is about.

"镶牙能报吗"            种植牙、镶牙的费用不纳入支付范围        named
"洗牙能报吗"                                                    not: nothing is said of it
"卡里的钱能给俺弟弟用吗"  可以用于支付配偶、父母、子女的费用      not: a brother is none of them
"""

from __future__ import annotations

import re
from functools import cache

import jieba

from knowledge.retrieval import kinds, own_matter
from knowledge.retrieval.normalise import plain
from language import words as cutting
from language.places import place_names

_KIN: tuple[tuple[str, str], ...] = (
    ("further", "儿媳妇?|女婿|公公|婆婆|岳父|岳母|丈人|丈母娘|侄[子女儿]?|外甥女?|叔叔?|大爷|伯伯?|舅舅?|姑姑?"
     "|姨|婶子?|堂.|表[哥弟姐妹]|亲戚|朋友|邻居|同事"),
    ("grandkin", "孙子|孙女|外孙女?|爷爷|奶奶|姥姥|姥爷|祖父|祖母|外公|外婆"),
    ("spouse", "老伴儿?|老婆|媳妇|老公|丈夫|妻子|对象|爱人|那口子|孩子他?[爹爸妈娘]|配偶"),
    ("siblings", "哥哥?|弟弟?|姐姐?|妹妹?|兄弟(姐妹)?|姊妹"),
    ("children", "儿子|闺女|女儿|孩子|丫头|小子|儿女|子女|娃娃?|宝宝"),
    ("parents", "父母|父亲|母亲|爸妈|爹娘|爹|娘|爸爸?|妈妈?|老人"),
)  # fmt: skip
"""Longer names first: 儿媳 is no 儿子."""
_WRITTEN: tuple[tuple[str, frozenset[str]], ...] = (
    ("近亲属", frozenset({"spouse", "parents", "children", "siblings", "grandkin"})),
    ("配偶", frozenset({"spouse"})),
    ("父母", frozenset({"parents"})),
    ("子女", frozenset({"children"})),
    ("兄弟姐妹", frozenset({"siblings"})),
    ("祖父母|外祖父母|孙子女", frozenset({"grandkin"})),
)
_OTHER_WAY = {"parents": "children", "children": "parents"}
"""What I am to who is that to me."""
_ANY = "|".join(one for _, one in _KIN)
_FOR = re.compile(rf"(?:给|替|帮|为)(?:我|俺|咱|你|他|她)?们?(?:家里?)?的?(?P<kin>{_ANY})(?!的?(?:医保)?(?:卡|账户))")
_OF = re.compile(rf"(?P<kin>{_ANY})的?(?:医保|社保)?(?:卡|账户|个账)")
_NOT_SAID = re.compile(
    "能不能|可不可以|可以|给不给|报不报|用不用|要不要|需不需要|需要|必须|能报|给报|报销|报|医保|居民|职工|费用?|钱|用|去|到|在|做|看病|治疗|掉|给|"
    "买|花|交|缴|还|一?部分|行不行|中不中|能用|不用|一定|的话"
)
_LIST = re.compile("、")


def names_all(question: str, sentence: str) -> bool:
    """Whether a folded sentence names whom and what a folded question asks about: each word of it where the sentence is
    a list of things, else some of it."""
    wanted = _relative(question)
    if wanted:
        return any(wanted in kin and re.search(written, sentence) for written, kin in _WRITTEN)
    things = _things(question)
    if _LIST.search(sentence):
        telling = [thing for thing in things if not own_matter.is_common(thing)]
        return all(_stands_in(thing, sentence) for thing in telling)
    text = plain(sentence)
    characters = [one for thing in things for one in thing if one not in "不的了给"]
    return not things or any(one in text for one in characters)


def _relative(question: str) -> str:
    """Who is to use what is asked about, as seen from whose it is; "" where that is the one who is insured."""
    if found := _FOR.search(question):
        return _kind(found["kin"])
    if found := _OF.search(question):
        kind = _kind(found["kin"])
        return _OTHER_WAY.get(kind, kind)
    return ""


def _kind(kin: str) -> str:
    return next(kind for kind, names in _KIN if re.fullmatch(names, kin))


def _things(question: str) -> list[str]:
    """The words of a question, but for places, of which `retrieval.scopes` knows more."""
    text = kinds.without_empty(_NOT_SAID.sub("\n", plain(question)))
    found = [word for piece in text.split("\n") for word in _cutter().cut(piece) if len(word) > 1]
    return [word for word in found if word not in place_names()]


def _stands_in(thing: str, sentence: str) -> bool:
    """As it is, or shortened from one word of a list: 种牙 for 种植牙."""
    within = "[^、，,；;。]?".join(map(re.escape, thing))
    return re.search(within, sentence) is not None


@cache
def _cutter() -> jieba.Tokenizer:
    return cutting.cutter()
