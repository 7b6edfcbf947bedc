"""Where, for whom and for which outpatient benefit a rule holds, and whether that is what a question is about.

A rule for treatment within the province says nothing of Shanghai, however many words it shares with the question; one
for ordinary outpatient care says nothing of chronic diseases. The words are in `data/kinds.yaml`; a city that a
question names as the place of treatment is looked up in the table of areas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from base import yaml_files
from base.tenant import TENANT
from knowledge.authoring.seed import DATA
from knowledge.retrieval.kinds import Thing, asked
from knowledge.retrieval.normalise import fold
from language.places import read_city

_SUMS = frozenset({Thing.AMOUNT, Thing.PERCENT})
_OF_TRAVEL = re.compile("异地|外地|省内|省外|外省|跨省|跨市|外市|市外|备案|转诊|转院|转外|统筹区外")
_AWAY = re.compile("异地|外地|外市|市外|[没未不]有?(去|来得及)?(办理?)?备案")
_TREATED = re.compile("看病|就医|就诊|住院|门诊|急诊|备案|转诊|转院|报销")
_AREA, _INSURED = "area", "insured"
_EMERGENCY = 0
"""The first of the circumstances."""
_NEAR_HOME = frozenset({"city"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What is named of each dimension; nothing named is open. `circumstances`: numbers of those that are named."""

    named: tuple[tuple[str, frozenset[str]], ...] = ()
    circumstances: frozenset[int] = frozenset()

    def of(self, dimension: str) -> frozenset[str]:
        return next((values for name, values in self.named if name == dimension), frozenset())

    def __bool__(self) -> bool:
        return bool(self.named or self.circumstances)

    def behind(self, before: Scope) -> Scope:
        """What a question that only goes on ("那我需要备案吗") is about: where and in which case it was before, unless
        it says another place."""
        own = dict(self.named)
        if _AREA in own and own[_AREA] != before.of(_AREA):
            return self
        if area := before.of(_AREA):
            own[_AREA] = area
        return Scope(tuple(sorted(own.items())), self.circumstances | before.circumstances)

    def at_home(self) -> Scope:
        """The same where somebody is treated in the city itself."""
        return self if self.of(_AREA) else Scope(tuple(sorted([*self.named, (_AREA, _NEAR_HOME)])), self.circumstances)


@lru_cache(maxsize=1)
def _patterns() -> tuple[dict[str, dict[str, re.Pattern[str]]], tuple[re.Pattern[str], ...], re.Pattern[str]]:
    table = yaml_files.read(DATA / "kinds.yaml")
    scopes = {name: {value: re.compile(one) for value, one in its.items()} for name, its in table["scopes"].items()}
    circumstances = tuple(re.compile(one) for one in table["circumstances"])
    return scopes, circumstances, re.compile(table["for_offices"])


@lru_cache(maxsize=20_000)
def named_in(text: str) -> Scope:
    """What a folded text names by words."""
    scopes, circumstances, _ = _patterns()
    found = (
        (name, frozenset(value for value, pattern in its.items() if pattern.search(text)))
        for name, its in scopes.items()
    )
    named = tuple(sorted((name, values) for name, values in found if values))
    return Scope(named, frozenset(at for at, pattern in enumerate(circumstances) if pattern.search(text)))


@lru_cache(maxsize=4_096)
def of_question(question: str) -> Scope:
    """What a folded question names, by words or by the city in which somebody is treated or stays."""
    scope = named_in(question)
    city = read_city(question, asked=False)
    cities = [city.city, *city.choices] if city.city or city.choices else [city.province] if city.province else []
    areas = scope.of(_AREA) or frozenset(_area(one) for one in cities if one)
    away = frozenset({len(_patterns()[1]) - 1}) if areas - _NEAR_HOME else frozenset[int]()  # the last of them
    named = dict(scope.named) | ({_AREA: areas} if areas else {})
    return Scope(tuple(sorted(named.items())), scope.circumstances | away)


def _area(city: str) -> str:
    if city.startswith(TENANT.province) and city != TENANT.province:
        return "city" if city == TENANT.full_name else "province"
    return "province" if city == TENANT.province else "beyond"


def contradicts(scope: Scope, question: str, sentence: str, above: str = "", title: str = "") -> bool:
    """Whether a sentence (folded, or plain) holds for something else than a question of this scope. `above`: the
    headings and the head of the list, `title`: of the document, both only where the sentence itself names nothing."""
    if _patterns()[2].search(sentence):
        return not _patterns()[2].search(question)
    for name, wanted in scope.named:
        texts = (sentence, above, title) if name == _INSURED else (sentence, above)
        theirs = next((values for text in texts if (values := named_in(text).of(name))), frozenset[str]())
        if theirs and not theirs & wanted:
            return True
    # 去北京住院报多少: what is paid at home is no answer, unless the rule says that it holds away from home as well.
    away = bool(scope.of(_AREA) - _NEAR_HOME) or bool(_AWAY.search(question))
    return away and bool(asked(question) & _SUMS) and not _OF_TRAVEL.search(sentence + above)


def elsewhere(scope: Scope, text: str) -> bool:
    """Whether a text is about treatment in another area than the question."""
    theirs, wanted = named_in(text).of(_AREA), scope.of(_AREA)
    return bool(wanted and theirs and not theirs & wanted and _TREATED.search(text))


def agreement(scope: Scope, sentence: str) -> int:
    """In how much of its scope a sentence names just what the question names. Of the circumstances only an emergency: a
    whole document is about births."""
    theirs = named_in(sentence)
    same = sum(bool(values & theirs.of(name)) for name, values in scope.named if name != _INSURED)
    return same + (_EMERGENCY in scope.circumstances & theirs.circumstances)


def is_narrower(scope: Scope, sentence: str) -> bool:
    """Whether a sentence holds only in a case that the question does not name, or only in one of those that it does: no
    plain yes or no to it."""
    if unasked(scope, sentence):
        return True
    for name, values in named_in(sentence).named:
        wanted = scope.of(name)
        if name != _INSURED and not (wanted and wanted <= values):
            return True
    return False


def unasked(scope: Scope, sentence: str) -> frozenset[int]:
    """The circumstances in which a sentence holds and of which the question says nothing."""
    return named_in(sentence).circumstances - scope.circumstances


def is_for_emergency(scope: Scope, sentence: str) -> bool:
    """Whether a sentence holds for emergencies alone, of which the question says nothing."""
    return _EMERGENCY in unasked(scope, sentence)


def opposed(sentence: str, other: str) -> bool:
    """Whether two sentences of a clause hold for areas that exclude each other: 省内跨市 and 跨省."""
    mine, theirs = named_in(sentence).of(_AREA), named_in(other).of(_AREA)
    return bool(mine and theirs and not mine & theirs)


def insured(texts: Iterable[str]) -> frozenset[str]:
    """Whose insurance texts are about: residents, employees."""
    return frozenset(value for text in texts for value in named_in(fold(text)).of(_INSURED))
