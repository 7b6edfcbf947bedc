"""How Chinese words are read aloud: the dictionaries of jieba and pypinyin, with the words they get wrong here.

Words of the trade stand in `data/word_readings.txt`, names of places in `data/place_readings.txt`; a surname that is
read otherwise than the word (任, 单, 解) is written with a character of its sound before anything is read: `respelled`.
"""

from __future__ import annotations

import re
from functools import cache

import jieba
from pypinyin import Style, lazy_pinyin

from language import words
from language.aloud import word_readings
from language.names import HAN
from language.places import place_names

_SURNAMES = {
    pair[0]: pair[1]
    for pair in [
        "任仁",
        "单善",
        "解谢",
        "曾增",
        "仇求",
        "区欧",
        "查渣",
        "翟宅",
        "朴瓢",
        "华画",
        "缪妙",
        "乐悦",
        "盖舸",
        "黑贺",
        "召绍",
        "员运",
        "纪几",
        "洗显",
        "种虫",
        "折蛇",
        "过郭",
        "盛胜",
        "那娜",
        "车砗",
        "葛舸",
        "曲屈",
        "逄庞",
        "郇旬",
        "牟木",
        "隗葵",
        "繁婆",
        "撒萨",
        "佘蛇",
        "覃秦",
    ]
}
"""Surname → a character that is only read as the surname is (compiled by hand, not checked against a
dictionary yet; 牟 as in Shandong)."""
_TITLES = "先生|女士|同志|大爷|大娘|大妈|大叔|大姐|大哥|阿姨|师傅|老师|医生|大夫|主任|护士|老人家|老先生|奶奶|爷爷"
_BEFORE = r"(?:^|(?<=[，。：:、；！？“（《\s叫姓])|(?<=名是)|(?<=您好)|(?<=患者)|(?<=本人)|(?<=户主))"
_GIVEN = (
    rf"(?![一二三四五六七八九十下了过到不看完好的在于是有和这那我您他她它个几多为以与及或也都就要会能可还得])[{HAN}]"
)
_CALLED = re.compile(rf"(?P<surname>[{''.join(_SURNAMES)}])(?={_GIVEN}{{0,2}}(?:{_TITLES}))")
_NAMED = re.compile(
    rf"{_BEFORE}(?P<surname>[{''.join(_SURNAMES)}])(?P<given>{_GIVEN}{{1,2}})(?=$|[，。、；！？”）\s*]|{_TITLES})"
)
_FIRST = re.compile(r"(?<![这那每某同任哪唯另头上下第前后有])一(?=月|日(?![三游])|号|级|档|类(?!似)|期|院|楼)")
"""一 as the name of a month, a day, a rank: yī, while 一 that counts changes its tone (一次 yí cì)."""
_COMPOUND = {"尉迟": "玉迟", "单于": "蝉于", "万俟": "末奇", "长孙": "掌孙", "令狐": "伶狐", "澹台": "谈台"}


@cache
def prepare() -> None:
    """Load the dictionaries (about 0.6 s, once; call it in a thread) and add our readings to them."""
    words.cutter(jieba.dt)
    for word in word_readings.load():
        if len(word) > 1:
            jieba.add_word(word)


def syllables(text: str) -> list[str]:
    """Tone-numbered pinyin, word by word as jieba cuts the text: 医保 → ["yi1", "bao3"]; the neutral tone is 5.

    What is not Chinese comes back unchanged, one entry for each run of it.
    """
    prepare()
    return [
        syllable
        for word in jieba.cut(respelled(text))
        for syllable in lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)
    ]


def respelled(text: str) -> str:
    """The text with surnames in characters of their sound: 任先生 → 仁先生; 一月 → 壹月, for the one that counts off
    keeps its tone. As long as before; for synthesis only."""
    prepare()
    if text in _SURNAMES:
        return _SURNAMES[text]
    text = _FIRST.sub("壹", text)
    text = _NAMED.sub(_by_sound, _CALLED.sub(lambda match: _SURNAMES[match["surname"]], text))
    for name, sound in _COMPOUND.items():
        text = re.sub(rf"{_BEFORE}{name}(?=[{HAN}]{{1,2}}(?:$|[，。、；！？”）\s]|{_TITLES}))", sound, text)
    return text


def _by_sound(match: re.Match[str]) -> str:
    """Not where it is a word: 查询, 解决, 单位, 任何."""
    surname, given = match["surname"], match["given"]
    if surname + given in place_names() or given in _WORDS:
        return match[0]
    is_word = jieba.dt.FREQ.get(surname + given[:1], 0)
    if is_word > (_COMMON if len(given) > 1 else 0):
        return match[0]
    return _SURNAMES[surname] + given


_COMMON = 20
"""How often jieba's corpus has a pair of characters that is a word more often than the beginning of a name."""
_WORDS = frozenset(("清楚", "一下", "看看", "找找"))
