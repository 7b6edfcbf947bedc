"""Documents about one narrow matter ("关于假牙安装补助的通知"): who may be answered from them, and by which clause.

Such a document says "7个工作日" and "申请材料" of its own matter alone. So it answers nobody who names neither the
matter nor anything else that hardly another document writes; and who does name it is answered from it, by the clause
whose heading says the kind of thing that is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from base.tenant import TENANT
from knowledge.retrieval.kinds import Thing
from knowledge.retrieval.normalise import plain
from knowledge.retrieval.passages import OWN_DATA, Passage, Passages

_FEW = 2
"""Other documents that may write a word which is still the mark of one."""
_SHARE, _LEAST = 0.2, 2
"""Share and number of a document's clauses that write a word of its title when the document is about it."""
_GENERAL = re.compile(
    rf"{TENANT.city}|{TENANT.province.removesuffix('省')}|"
    r"关于|进一步|有关|工作|通知|办法|方案|意见|规定|细则|政策|实施|试行|调整|印发|做好|规范|完善|加强|申请|办理|事项|管理|"
    r"补助|补贴|待遇|标准|项目|服务|医疗|医保|保障|保险|参保|人员|居民|职工|机构|费用|支付|报销|安装|购买"
)
_GIVES = re.compile(
    r"(有|给|能|可以|可|享受|领|得).{0,10}(补助|补贴|报销|补|报|领)?.{0,2}(吗|么|不|没有|没)[？?。]*$|给不给|有没有|能不能|报不报"
)
_GIVEN = re.compile(r"补|报|领|享受|给")
_AGAIN = re.compile(
    r"再(补|领|换|申|报|装|配|办|来|给|享)|第(二|2|三|3)(年|次|回)|重新|换新|又(坏|装|配|换)|(坏|丢|断)了.{0,6}(还|再|又)"
)
_AT = re.compile(r"在.{1,8}(装|配|买|做|弄|镶|办)的|(诊所|外地|网上|店).{0,4}(装|配|买|做|弄|镶)")
_EXCLUDES = re.compile(r"不予|不纳入|不享受|不属于|不支付|不得|不补")
_REST = re.compile(
    r"[0-9a-z补助贴报销申请领办理给能吗不要有怎么什多少钱几天年次这那的了在到去我你他谁哪里咋啥得还可以会是上下个材料对象标准电话情形]"
)
_WANTED = Sequence[tuple[re.Pattern[str], frozenset[Thing]]]
_LONG = frozenset({Thing.SPAN, Thing.DURATION, Thing.DATE, Thing.DAY})
_OFTEN = frozenset({Thing.FREQUENCY, Thing.SPAN, Thing.DURATION})
_SUMS = frozenset({Thing.AMOUNT, Thing.PERCENT})
_HEADINGS: tuple[tuple[frozenset[Thing], re.Pattern[str], frozenset[Thing]], ...] = (
    (frozenset({Thing.PHONE}), re.compile(r"电话|咨询|联系"), frozenset({Thing.PHONE})),
    (frozenset({Thing.PAPERS}), re.compile(r"材料|资料|证件"), frozenset()),
    (frozenset({Thing.FREQUENCY}), re.compile(r"周期|次数|频次|年限|更换"), _OFTEN),
    (frozenset({Thing.FREQUENCY}), re.compile(r"标准"), _OFTEN),
    (_LONG, re.compile(r"时限|期限|时间|办结|周期|年限"), _LONG),
    (_SUMS, re.compile(r"标准|金额|比例|额度|待遇|限额"), _SUMS),
    (frozenset({Thing.WHERE}), re.compile(r"地点|机构|方式|渠道|流程|受理"), frozenset()),
    (frozenset({Thing.AGE}), re.compile(r"对象|条件|范围|人员"), frozenset({Thing.AGE})),
)
"""What is asked for, what the heading of the clause that says it reads, and what the sentence must hold one of."""
_AGE_TOLD = re.compile(r"(今年|我|都|才|满)[0-9]{1,3}(岁|了|[，,]|$)|[0-9]{1,3}岁")
_SHORT = 12
"""Sentences of a notice about one thing, at most."""
_AGAIN_HEADING, _AT_HEADING = re.compile(r"周期|次数|年限|更换"), re.compile(r"机构|地点")
_FOR_HEADING, _GIVES_HEADING = re.compile(r"对象|条件|范围"), re.compile(r"对象|条件|标准|范围")


@dataclass(frozen=True, slots=True)
class Matter:
    """What a document is about: `words` of its title that hardly another document writes."""

    words: tuple[str, ...]
    texts: str
    headings: str


class Matters:
    """The narrow matters of the documents of `passages`; found at first use, some 10 ms for a hundred documents."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages

    @cached_property
    def of(self) -> dict[str, Matter]:
        """Document → its matter; documents about many things are left out, and so are long ones: among many sentences
        the learnt nearness finds the right one, and a heading that names the kind misleads (measured)."""
        clauses: dict[str, list[Passage]] = {}
        for number, owner in enumerate(self._passages.owners):
            if number not in self._passages.gone and owner.clause.number != OWN_DATA:
                clauses.setdefault(owner.clause.document.id, []).append(self._passages.passages[owner.first])
        self._texts = {document: "\n".join(plain(one.clause.text) for one in own) for document, own in clauses.items()}
        found = {}
        for document, own in clauses.items():
            if sum(len(one.clause.sentences) for one in own) > _SHORT:
                continue
            texts = [plain(one.clause.heading + one.clause.text) for one in own]
            title = [w for w in self._passages.vocabulary.words(own[0].title) if len(w) > 1 and not _GENERAL.search(w)]
            words = tuple(
                word
                for word in dict.fromkeys(title)
                if sum(word in text for text in texts) >= max(_LEAST, _SHARE * len(texts))
                and self._rare(word, document)
            )
            if words:
                headings = "\n".join(plain(one.clause.heading) for one in own)
                found[document] = Matter(words, self._texts[document], headings)
        return found

    def named(self, said: str, units: Sequence[Sequence[str]]) -> frozenset[str]:
        """Documents whose matter a plain question names. `units`: what it is about, each with all words for it."""
        return frozenset(document for document, matter in self.of.items() if _names(matter, said, units))

    def closed(self, said: str, units: Sequence[Sequence[str]]) -> frozenset[str]:
        """Documents of which a plain question names neither the matter nor a rare thing that they write."""
        return frozenset(
            document
            for document, matter in self.of.items()
            if not _names(matter, said, units)
            and not any(self._shared(matter, document, word) for unit in units for word in unit)
        )

    def without(self, documents: frozenset[str], allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """[passages], those of `documents` taken out."""
        return allowed & ~self._mask(documents) if documents else allowed

    def only(self, documents: frozenset[str], allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """[passages], those of other documents taken out."""
        return allowed & self._mask(documents)

    def _mask(self, documents: frozenset[str]) -> NDArray[np.bool_]:
        own = np.array([owner.clause.document.id in documents for owner in self._passages.owners], dtype=bool)
        return np.asarray(own[self._passages.owner_numbers])

    def _shared(self, matter: Matter, document: str, word: str) -> bool:
        """Whether the document writes a thing that hardly another does; a heading names a side, not a thing."""
        return (
            len(word) > 1
            and word in matter.texts
            and word not in matter.headings
            and not _GENERAL.fullmatch(word)
            and self._rare(word, document)
        )

    def _rare(self, word: str, document: str) -> bool:
        others = 0
        for other, text in self._texts.items():
            others += other != document and word in text
            if others > _FEW:
                return False
        return True


def _names(matter: Matter, said: str, units: Sequence[Sequence[str]]) -> bool:
    return any(word in said or any(word in one for unit in units for one in unit) for word in matter.words)


def excludes(passage: Passage) -> bool:
    """Whether it says what is not given."""
    return bool(_EXCLUDES.search(passage.near) or _EXCLUDES.search(passage.plain))


def asks_whether_given(question: str) -> bool:
    """ "装假牙有补助吗": whether there is anything at all."""
    return bool(_GIVES.search(question) and _GIVEN.search(question))


def asks_of_place(question: str) -> bool:
    """ "在小诊所装的": whether it counts where a thing was bought."""
    return bool(_AT.search(question))


def names_excluded(passage: Passage, matter: Matter, units: Sequence[Sequence[str]]) -> bool:
    """Whether a passage that excludes is about a thing asked for, other than the matter itself."""
    things = [
        unit
        for unit in units
        if unit[0] in passage.plain or not any(own in word for own in matter.words for word in unit)
    ]
    words = [w for unit in things for w in unit if not _GENERAL.search(w) and not any(own in w for own in matter.words)]
    return any(word in passage.plain for word in words)


def by_heading(
    question: str, things: frozenset[Thing], passages: Sequence[Passage], matter: Matter, units: Sequence[Sequence[str]]
) -> int | None:
    """Which of a narrow document's passages (best first) stands under a heading that says what is asked for, and holds
    it; the first where that is such a one. None when none is."""
    fit = [at for at, one in enumerate(passages) if one.clause.number != OWN_DATA]
    if asks_whether_given(question):
        for at in fit:
            if excludes(passages[at]) and names_excluded(passages[at], matter, units):
                return at
    for heading, holds in _wanted(question, things):
        for at in fit:
            one = passages[at]
            if heading.search(_heading(one)) and (not holds or holds & one.holds):
                return at
    return _by_one_word(question, [passages[at] for at in fit], matter)


def _wanted(question: str, things: frozenset[Thing]) -> _WANTED:
    """The headings that say what is asked for, the likeliest first, each with what the sentence must hold."""
    nothing: frozenset[Thing] = frozenset()
    found: list[tuple[re.Pattern[str], frozenset[Thing]]] = []
    if _AT.search(question):
        found.append((_AT_HEADING, nothing))
    if _AGAIN.search(question):
        found += [(_AGAIN_HEADING, _OFTEN), (re.compile("标准"), _OFTEN)]
    if _AGE_TOLD.search(question):
        found.append((_FOR_HEADING, frozenset({Thing.AGE})))
    found += [(heading, holds) for wanted, heading, holds in _HEADINGS if wanted & things]
    if asks_whether_given(question):
        found += [(_FOR_HEADING, nothing), (_GIVES_HEADING, nothing)]
    return found


def _by_one_word(question: str, passages: Sequence[Passage], matter: Matter) -> int | None:
    """The passage under the only heading that shares a telling character with the question: 谁给修 and 维修保养."""
    said = set(_REST.sub("", plain(question))) - set("".join(matter.words))
    shared = {_heading(one) for one in passages if said & set(_REST.sub("", plain(_heading(one))))}
    if len(shared) != 1:
        return None
    return next(at for at, one in enumerate(passages) if _heading(one) in shared)


def _heading(passage: Passage) -> str:
    return passage.clause.heading or passage.clause.text[:10]
