"""How Chinese words are read aloud: the dictionaries of jieba and pypinyin, with the words they get wrong here."""

from __future__ import annotations

import logging
from functools import cache

import jieba
from pypinyin import Style, lazy_pinyin, load_phrases_dict

_READINGS = {
    "任城": "rén chéng", "任城区": "rén chéng qū", "兖州区": "yǎn zhōu qū", "大夫": "dài fu", "中风": "zhòng fēng",
    "着床": "zhuó chuáng", "卡里": "kǎ lǐ", "差额": "chā é", "给付": "jǐ fù", "供给": "gōng jǐ", "医保处": "yī bǎo chù",
    "血透": "xuè tòu", "照护": "zhào hù", "应缴": "yīng jiǎo", "重复参保": "chóng fù cān bǎo", "划转": "huà zhuǎn",
    "划扣": "huà kòu", "划拨": "huà bō",
}  # fmt: skip


@cache
def prepare() -> None:
    """Load the dictionaries (about 0.6 s, once; call it in a thread) and add our readings to them."""
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    load_phrases_dict({word: [[syllable] for syllable in reading.split()] for word, reading in _READINGS.items()})
    for word in _READINGS:
        jieba.add_word(word)


def syllables(text: str) -> list[str]:
    """Tone-numbered pinyin, word by word as jieba cuts the text: 医保 → ["yi1", "bao3"]; the neutral tone is 5.

    What is not Chinese comes back unchanged, one entry for each run of it.
    """
    prepare()
    return [
        syllable
        for word in jieba.cut(text)
        for syllable in lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)
    ]
