"""From what was said or typed to what is compared: one spelling, one word per thing, no fillers.

    words = vocabulary(snapshot.synonyms)
    words.normalise("請問，俺在醫院咋備案？")  ->  "我在医院怎么备案"

Used on both sides of the search, the indexed texts and the question; never on what a citizen reads or hears. The
synonyms are the staff's; fillers, dictionary words and the sides of a matter belong to the ranking fitted with them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from importlib.metadata import version
from typing import Any, TypeAlias

import jieba
from pypinyin import lazy_pinyin

from base import yaml_files
from base.caches import cache_dir, read, write
from knowledge.authoring.seed import DATA
from language import words
from language.cleaning import folded
from language.radicals import unfold

Synonyms: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""(the one word, what people say for it), each word once."""

MAX_QUESTION_CHARS = 300
"""Longer questions are cut to their end, where people say what they want."""

_WORTH_KEEPING = 1000
"""Texts."""

PARTICULAR_SIDES = frozenset(
    {"amount", "which", "phone", "address", "hours", "how_long", "materials", "steps", "mine"}
    | {"count", "age", "undo", "lost", "why", "kinds", "future", "name"}
)
"""Sides of a matter that one document states and another does not; the rest (where, may, online) say little."""

_NOT_TEXT = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")
_EMPTY_WORDS = re.compile(
    "怎么|什么|多少|有没有|需要|[的了吗呢吧啊不没要用还得去来能会办弄我俺你您有就给在上到带和都是得啥咋那这它]"
)
_ASKING = re.compile("怎么|咋|什么|啥|吗$|呢$|不$|没$")
_NO_THING = re.compile("怎么|什么|行不行|多少钱|女儿|儿子|报销|手机|回老家|村里|乡镇|住院|医院|腿脚|直接结算")
_CLAUSE_END = re.compile(r"[，。！？；,.!?;\s]+")
_NO_PHONE = re.compile(
    r"(?:等等|等一下|可是?|[，,。 ])*(?:我|俺|咱|按|他|她|老人|爹|娘|爸|妈|老伴)?(?:们|家)?(?:也|都|又)*"
    r"(?:(?:不会|不懂|没法|用不了|不能|学不会|玩不转|弄不了|不敢)(?:用|弄|使|摆弄|玩|操作|搞|点)?(?:什么|啥|那个?|这个?)?"
    r"(?:智能)?(?:手机|上网|电脑|网)|没有?(?:智能)?手机|(?:智能)?手机(?:上的?)?(?:也|都)?(?:不会|用不了|弄不了|玩不转)(?:弄|用|使)?)"
    r"(?:啊|呀|的)*[，,。 ]*"
)
_FUZZY_SOUNDS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"), ("iong", "ong"))


def fold(text: str) -> str:
    """NFKC, simplified characters, lower case; punctuation stays."""
    return folded(unicodedata.normalize("NFKC", unfold(text))).lower()


def plain(text: str) -> str:
    """Folded, and without everything that is not text."""
    return _NOT_TEXT.sub("", fold(text))


class Vocabulary:
    """One word per thing, under one state of the synonyms. Never changes, so any number of threads may use it; get
    it from `vocabulary`, which keeps what it remembers across rebuilds of the index."""

    def __init__(self, synonyms: Synonyms) -> None:
        self._words = [plain(word) for word, _ in synonyms]
        # What staff entered comes after the fillers and wins over them.
        replacement = dict.fromkeys(_table()["fillers"], "")
        replacement |= {plain(said): plain(word) for word, variants in synonyms for said in variants}
        # A canonical word protects itself: 社保卡 inside a longer canonical word must not be replaced twice.
        replacement |= {word: word for word in self._words}
        replacement.pop("", None)
        self._replacement = replacement
        self._pattern = re.compile("|".join(map(re.escape, sorted(replacement, key=len, reverse=True))))
        self.normalise = lru_cache(maxsize=20_000)(self._normalise)

    def _normalise(self, text: str) -> str:
        """Fold, replace what people say by the one word for it, drop fillers and everything that is not text."""
        return self._pattern.sub(lambda match: self._replacement[match.group()], plain(text[-MAX_QUESTION_CHARS:]))

    def parts(self, text: str) -> list[str]:
        """The normalised pieces between punctuation that are long enough to mean something on their own."""
        pieces = (self.normalise(piece) for piece in _CLAUSE_END.split(fold(text[-MAX_QUESTION_CHARS:])))
        return [piece for piece in pieces if len(piece) >= 4]

    @cached_property
    def things(self) -> tuple[str, ...]:
        """The one word for each thing that people have several for, those of one character left out."""
        return tuple(word for word in self._words if len(word) > 1 and not _NO_THING.fullmatch(word))

    def terms(self, text: str) -> list[str]:
        """Index terms of a normalised text: jieba's words and all character pairs."""
        return self.words(text) + _pair_terms(text)

    def terms_of_all(self, texts: Sequence[str]) -> list[list[str]]:
        """`terms` of each. Of many texts the words are kept for the next run: cutting those of a city takes half a
        second, and at a start they are those of the last one."""
        if len(texts) < _WORTH_KEEPING:
            return [self.terms(text) for text in texts]
        made_from = "\n".join((version("jieba"), *self._added, *texts))
        digest, file = sha256(made_from.encode()).hexdigest(), cache_dir("words") / "cut"
        kept = read(file)
        if not isinstance(kept, tuple) or kept[0] != digest:
            kept = digest, [self.words(text) for text in texts]
            write(file, kept)
        return [[*words, *_pair_terms(text)] for text, words in zip(texts, kept[1], strict=True)]

    def words(self, text: str) -> list[str]:
        """jieba's words of a normalised text, those of one character left out."""
        return [word for word in self._cutter.cut(text) if len(word) > 1]

    @cached_property
    def _cutter(self) -> jieba.Tokenizer:
        cutter = words.cutter()
        for word in self._added:
            cutter.add_word(word)
        return cutter

    @property
    def _added(self) -> list[str]:
        return [word for word in (*_table()["words"], *self._words) if word]


@lru_cache(maxsize=2)
def vocabulary(synonyms: Synonyms) -> Vocabulary:
    """The same one for the same synonyms, however often the knowledge is read again."""
    return Vocabulary(synonyms)


def seed_synonyms() -> Synonyms:
    """What the project's file begins with."""
    return tuple((word, tuple(variants)) for word, variants in _table()["synonyms"].items())


def _pair_terms(text: str) -> list[str]:
    return [f"_{pair}" for pair in pairs(text)]


def pairs(text: str) -> list[str]:
    """Character pairs of a text, in order, repeats included."""
    return [text[i : i + 2] for i in range(len(text) - 1)]


@lru_cache(maxsize=20_000)
def sounds(text: str) -> frozenset[str]:
    """Pairs of neighbouring syllables without tones, similar initials and finals folded: 医地 sounds like 异地."""
    syllables = [_fuzzy(syllable) for syllable in lazy_pinyin(text)]
    return frozenset(f"{first} {second}" for first, second in zip(syllables, syllables[1:], strict=False))


@lru_cache(maxsize=20_000)
def asks(text: str) -> frozenset[str]:
    """Which sides of a matter a normalised text asks about: its price, the place to go, the papers, ..."""
    return frozenset(name for name, pattern in _asks().items() if pattern.search(text))


def subject(text: str) -> str:
    """A text without what it asks: "医保跨省转移怎么办" is about 医保跨省转移, "要几天" about nothing."""
    left = plain(text)
    for pattern in _asks().values():
        left = pattern.sub("", left)
    return _EMPTY_WORDS.sub("", left)


def without_phone(question: str) -> str:
    """A folded question without the clause that somebody cannot use a phone, if there is one: "去哪里办"."""
    return _NO_PHONE.sub("", question)


def asks_without_subject(text: str) -> bool:
    """Whether a text asks, and only means something after what was talked about: "要几天", "那咋弄",
    "俺不会用手机，去哪办"; not "啊啊"."""
    text = without_phone(fold(text))
    return len(subject(fold(text))) < 2 and bool(asks(plain(text)) or _ASKING.search(plain(text)))


def _fuzzy(syllable: str) -> str:
    for sound, like in _FUZZY_SOUNDS:
        syllable = syllable.replace(sound, like)
    return syllable


@cache
def _asks() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in _table()["asks"].items()}


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = yaml_files.read(DATA / "synonyms.yaml")
    return table
