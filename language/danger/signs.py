"""Is somebody's life in danger right now? Asked of every message before anything else, with nothing but its own data.

A wrong yes costs a caller one sentence about 120; a wrong no may cost a life. So every sign counts, unless the same
part of the message says that it is over, long past, already treated, supposed, or only about rules. Words for "now"
outweigh these, because frightened people mention money and old illnesses too. Another wish beside it hides nothing.

A sign is a row of word groups (data/danger.yaml). It is looked for as written and, where that finds nothing, by sound:
recognition and pinyin keyboards write 传不上来气 for 喘不上来气. Pure, no model; about a millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, permutations
from pathlib import Path
from typing import Any, NamedTuple

from pypinyin import Style, pinyin

from base import yaml_files
from language.danger import unmeant

FILE = Path(__file__).parents[1] / "data" / "danger.yaml"
MAX_CHARS = 500
_GAP = 3
_LEAST_SYLLABLES, _MOST_STRAIN = 3, 0.7
"""Of a sign heard by its sound: fewer syllables are in every second sentence; strain for each of them."""
_MOST = 40
"""Places of one group in one message; nobody in danger repeats a word more often."""
_AT_ONCE = ("poison", "choking", "electric", "drowning", "self_harm", "child_swallowed", "bleeding")
"""Kinds in which one of theirs has just come to harm, even if they ask what is paid in the same breath."""
_STRIKES = (
    "unconscious",
    "stroke",
    "chest",
    "breathing",
    "bleeding",
    "seizure",
    "choking",
    "poison",
    "child_swallowed",
)
"""Kinds in which whoever asks where to be treated is not there yet; not those of births and accidents."""
_BEFORE, _BEHIND = 6, 5
"""Characters before a sign in which a denial of it may stand; behind it, what makes it another thing."""
_FIGURES = ("unconscious", "dying", "bleeding")
"""Kinds whose words are also said of queues, bills and anger."""
_TIGHT = ("chest", "breathing")
"""Kinds whose words are said of anger, too."""
_CAUSE = 12
"""Characters before such words in which their cause may stand."""
_YEARS_AGO = re.compile(r"[一二两三四五六七八九十几半多\d]+个?(?:年|月|星期|礼拜|周|天)(?:前|以前|之前|来)")
_MYSELF = re.compile("[我俺]")
"""Who supposes their own death has thought of it."""
_NOT_YET = re.compile(r"(?:没|没有|没能|未|不)$")
_AGAIN = re.compile(r"又.{0,2}[晕昏疼痛喘憋抽吐犯流出厥烧闷难]")
_YEARS = re.compile(r"[一二两三四五六七八九十几半多好\d]+年多?了")
_ENDS = re.compile(r"[啊呀啦呢哎吧咋办快来人]*")
_ONCE = re.compile(r"[晕摔疼喘倒吐抽烧烫犯的做放]过(?![去来气敏])")
_R_SOUND = re.compile(r"(?<=[一-龥])(?<![女婴幼孤孙侄])儿(?![子媳女童科孙])")
_HINTS = ("self_harm", "violence", "fire")
"""Kinds of which single words are kept (hints_… in the context)."""
_PROCEDURE = re.compile(
    r"(?:怎么|怎样|咋|如何|能不能|能|可以|[要想得往]|(?<!过)去|办)[^，,。？?！!]{0,6}"
    r"(?:转院|转诊|住院|入院|备案|报销|手续|慢病|慢特病|门慢|代办|挂失|补(?=[办卡吗呢一？?]|$)|转[到去]?(?:济南|北京|上海|省|市)|报(?=[吗不多呢？?]|$)).{0,16}"
)
_BETWEEN = re.compile(r"[\s,，.。!！?？;；:：、…~—\-]+")


class Span(NamedTuple):
    """Where a word stands in a message. `strain`: how far its writing is from the word's, see `_strain`."""

    start: int
    end: int
    strain: int = 0


@dataclass(frozen=True, slots=True)
class Sign:
    """Groups that follow one another, at most `gap` characters between two; `any_order` or as they stand."""

    kind: str
    groups: tuple[str, ...]
    gap: int = _GAP
    any_order: bool = False
    topical: bool = False
    written: bool = False
    asked: bool = False
    paid: bool = False
    treated_too: bool = False
    last: bool = False
    of_the_dead: bool = False
    not_after: str = ""
    not_before: str = ""
    not_near: str = ""
    not_with: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A group of words: as a pattern that finds each of them at each place, and by the sound they begin with."""

    pattern: re.Pattern[str]
    sounds: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Knowledge:
    groups: Mapping[str, Words]
    signs: Sequence[Sign]
    context: Mapping[str, re.Pattern[str]]
    ours: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Message:
    """What was said, without blanks and marks; `parts` are the spans between marks."""

    text: str
    parts: Sequence[Span]
    said: str
    """As it was before what only looks like a sign was taken out of `text`; as long."""

    def around(self, span: Span) -> str:
        """The parts in which a sign stands."""
        touched = [part for part in self.parts if part.start < span.end and span.start < part.end]
        return self.text[touched[0].start : touched[-1].end]

    def after(self, span: Span) -> str:
        """What follows a sign in its part."""
        return self.text[span.end : max(part.end for part in self.parts if part.start < span.end)]


def danger_in(text: str, others: Sequence[str] = ()) -> str | None:
    """The kind of danger that a message tells of, None if of none. `text`: simplified characters, any length.

    `others`: what recognition may have heard instead, best first; danger in one of them is danger.
    """
    for said in (text, *others):
        message = message_of(said[:MAX_CHARS])
        for by_sound in (False, True):
            if (kind := _kind(message, by_sound=by_sound)) is not None:
                return kind
    return None


def may_tell_of_harm(text: str) -> bool:
    """Whether a message names harm to a body that nothing beside it takes back: far from enough to call it danger, and
    the least that a classifier's guess of danger must rest on ("孩子哭了等下哈" has none)."""
    message, harm = message_of(text[:MAX_CHARS]), knowledge().context["harm"]
    whatever = Sign("", ())
    return any(not why_not(message, whatever, Span(*found.span())) for found in harm.finditer(message.text))


def hint_of_danger(text: str) -> str | None:
    """The kind of danger that a message may tell of, by single words: too little to warn everybody, enough while
    nothing else can tell."""
    message, context = message_of(text[:MAX_CHARS]), knowledge().context
    for kind in _HINTS:
        if context[f"hints_{kind}"].search(message.text):
            return kind
    return "other" if may_tell_of_harm(text) else None


def asked_beside(text: str) -> str:
    """ "老人昏过去了怎么办理转院" → "怎么办理转院": what is asked in the part of a message with danger in it, or behind
    it; "" where nothing is."""
    question = _PROCEDURE.search(text)
    return question[0].strip() if question else ""


def _kind(message: Message, *, by_sound: bool) -> str | None:
    return next((sign.kind for sign, span in signs_in(message, by_sound) if not why_not(message, sign, span)), None)


def signs_in(message: Message, by_sound: bool) -> Iterator[tuple[Sign, Span]]:
    """Every sign and where it stands, whether it is meant or not."""
    found: dict[str, list[Span]] = {}

    def places(group: str) -> list[Span]:
        if group not in found:
            look = _heard if by_sound else _read
            found[group] = list(islice(look(message.text, knowledge().groups[group]), _MOST))
        return found[group]

    for sign in knowledge().signs:
        if by_sound and sign.written:
            continue
        for spans in _rows(sign, [places(group) for group in sign.groups]):
            if not by_sound or _sounds_like_it(spans):
                yield sign, Span(min(spans).start, max(span.end for span in spans))


def _read(text: str, words: Words) -> Iterator[Span]:
    return (Span(found.start(), found.end(1)) for found in words.pattern.finditer(text))


def _heard(text: str, words: Words) -> Iterator[Span]:
    for start, char in enumerate(text):
        for sound in {_rough(reading) for reading in _readings(char)}:
            for word in words.sounds.get(sound, ()):
                strains = [_strain(wanted, char) for wanted, char in zip(word, text[start:], strict=False)]
                if len(strains) == len(word) and None not in strains:
                    yield Span(start, start + len(word), sum(strain or 0 for strain in strains))


def _strain(wanted: str, char: str) -> int | None:
    """0: the same character; 1: one that sounds the same but for the tone; 2: nearly; None: another sound."""
    if wanted == char:
        return 0
    sound, readings = _readings(wanted)[0], _readings(char)
    if sound in readings:
        return 1
    return 2 if _rough(sound) in map(_rough, readings) else None


def _rows(sign: Sign, places: Sequence[Sequence[Span]]) -> Iterator[Sequence[Span]]:
    """Where all groups of a sign stand near enough to one another."""
    if not all(places):
        return
    for order in permutations(places) if sign.any_order else (places,):
        yield from _in_a_row(order, sign.gap, None)


def _in_a_row(places: Sequence[Sequence[Span]], gap: int, after: Span | None) -> Iterator[list[Span]]:
    if not places:
        yield []
        return
    for span in places[0]:
        if after is None or 0 <= span.start - after.end <= gap:
            for rest in _in_a_row(places[1:], gap, span):
                yield [span, *rest]


def _sounds_like_it(spans: Sequence[Span]) -> bool:
    lengths = [span.end - span.start for span in spans]
    strain = sum(span.strain for span in spans)
    if any(length == 1 and span.strain for length, span in zip(lengths, spans, strict=True)):
        return False  # one syllable is too many words: 都 sounds like 抖
    return sum(lengths) >= _LEAST_SYLLABLES and max(lengths) > 1 and strain <= _MOST_STRAIN * sum(lengths)


def why_not(message: Message, sign: Sign, span: Span) -> str:
    """Which words beside a sign say that it is denied, over, or not about now; "" if none do: somebody is in danger."""
    here, before = message.around(span), message.text[max(0, span.start - _BEFORE) : span.start]

    def says(what: str, where: str = here) -> bool:
        return bool(knowledge().context[what].search(where))

    if _ends_with("denies", before) or (sign.kind == "dying" and before.endswith("的")):
        return "denies"
    if _is_figure(message, sign, span):
        return "figure"
    if other := unmeant.said_of_another(sign.kind, message.said, span.start, span.end):
        return other
    if sign.not_after and _ends_with(sign.not_after, before):
        return sign.not_after
    if sign.not_before and says(sign.not_before, message.after(span)[:_BEHIND]):
        return sign.not_before
    if sign.not_near and says(sign.not_near):
        return sign.not_near
    if sign.not_with and says(sign.not_with, message.text):
        return sign.not_with
    if sign.last and not _ENDS.fullmatch(message.after(span)):
        return "last"
    if not sign.of_the_dead and _is_over(message.text[span.start :]):
        return "over"
    struck = sign.kind in _STRIKES and _has_just_struck(message, span)
    if sign.topical and not (struck or says("sudden") or says("rushes", message.text)):
        return "topical"
    happens, presses = struck or says("now"), struck or says("presses")
    if says("supposes") and not happens and not (sign.kind == "self_harm" and _MYSELF.search(here)):
        return "supposes"
    if sign.kind == "stroke" and says("of_long_ago", message.text) and not presses:
        return "of_long_ago"  # what a stroke left behind looks like one, and stays
    rules, treated = says("rules"), says("treated") and not sign.treated_too
    acute = sign.kind in _AT_ONCE and knowledge().ours.search(here)
    if sign.asked and says("rules", message.text) and not happens and not (acute and not rules):
        return "asked"
    if sign.paid and (says("paid", message.text) or says("rules", message.text)) and not (happens or presses):
        return "paid"
    if treated and not (presses or (happens and not rules)):
        return "treated"
    if sign.of_the_dead:  # the years are those since the death
        return ""
    if (
        says("past", message.text) or _YEARS_AGO.search(message.text) or _YEARS.search(here) or _ONCE.search(here)
    ) and not happens:
        return "past"
    if says("was_treated", message.text) and not (happens or sign.treated_too):
        return "was_treated"
    return "rules" if rules and not happens and not acute else ""


def _has_just_struck(message: Message, span: Span) -> bool:
    """ "老人昏过去了怎么转院": it has happened, and where they are to be treated is still asked. Not of those who are
    in hospital, or of what was paid."""
    context = knowledge().context
    told = "了" in message.text[span.start : span.end + 2]
    return told and bool(context["to_be_treated"].search(message.text)) and not context["in_care"].search(message.text)


def _is_over(text: str) -> bool:
    """From a sign on; not "还没醒过来", nor "好了又疼"."""
    return any(
        not _NOT_YET.search(text[: found.start()]) and not _AGAIN.search(text[found.end() :])
        for found in knowledge().context["over"].finditer(text)
    )


def _is_figure(message: Message, sign: Sign, span: Span) -> bool:
    """A manner of speaking: "排队排得我快晕了", "花钱太多撑不住了", "心口堵得慌你们老推". Never beside a word of the
    body or of "now"."""
    context = knowledge().context
    if sign.kind in _TIGHT and context["vexed"].search(message.text) and not context["aches"].search(message.text):
        return True
    said = message.text[span.start : span.end]
    before = message.text[max(0, span.start - _CAUSE) : span.start]
    if sign.kind == "breathing" and unmeant.is_out_of_breath_for_money(message.text, before, said):
        return True
    if sign.kind not in _FIGURES or context["bodily"].search(message.text) or context["presses"].search(message.text):
        return False
    here, behind = message.around(span), message.text[span.end :]
    if unmeant.is_manner_of_speaking(sign.kind, message.text, here, before, said, behind):
        return True
    if not unmeant.cannot_bear(before, said):
        return False
    return bool(context["burden"].search(here) or context["relief"].search(message.text))


def _ends_with(what: str, before: str) -> bool:
    return bool(re.search(f"(?:{knowledge().context[what].pattern})$", before))


def message_of(text: str) -> Message:
    pieces = [piece for piece in _BETWEEN.split(text) if piece]
    if len(pieces) > 3 and sum(map(len, pieces)) < 2 * len(pieces):  # recognition that puts a blank after each word
        pieces = ["".join(pieces)]
    parts, compact = [], ""
    for piece in map(_plain, pieces):
        parts.append(Span(len(compact), len(compact) + len(piece)))
        compact += piece
    without = knowledge().context["idioms"].sub(lambda found: "□" * len(found[0]), compact)
    return Message(without, parts, compact)


def _plain(text: str) -> str:
    """Written in one way what people write in two: 得 and 的, words with 儿 and without."""
    return _R_SOUND.sub("", text).replace("得", "的")


@lru_cache(maxsize=8192)
def _readings(char: str) -> tuple[str, ...]:
    """The syllables a character may be read as, the usual one first, without tone."""
    [usual], [all_of_them] = pinyin(char, style=Style.NORMAL), pinyin(char, style=Style.NORMAL, heteronym=True)
    return (usual[0], *all_of_them)


@lru_cache(maxsize=2048)
def _rough(syllable: str) -> str:
    """zh/z, ch/c, sh/s, n/l, ang/an, eng/en, ing/in are one, as in much of Shandong and over a telephone."""
    rough = re.sub(r"^([zcs])h", r"\1", syllable)
    rough = re.sub(r"^n(?=[aeiouvü])", "l", rough)
    return re.sub(r"([aei])ng$", r"\1n", rough)


@cache
def knowledge() -> Knowledge:
    raw: dict[str, Any] = yaml_files.read(FILE)
    groups = {name: _words([_plain(str(word)) for word in words]) for name, words in raw["groups"].items()}
    signs = [Sign(**{**sign, "groups": tuple(sign["groups"])}) for sign in raw["signs"]]
    context = {name: re.compile(_either(_plain(str(word)) for word in words)) for name, words in raw["context"].items()}
    return Knowledge(groups, signs, context, re.compile(_either(raw["groups"]["one_of_ours"])))


def _words(words: Sequence[str]) -> Words:
    sounds: dict[str, list[str]] = {}
    for word in words:
        sounds.setdefault(_rough(_readings(word[0])[0]), []).append(word)
    return Words(re.compile(f"(?=({_either(words)}))"), sounds)


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
