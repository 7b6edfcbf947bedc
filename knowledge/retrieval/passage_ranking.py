"""How near a passage is to a question, and how sure that it answers: a few measures, weighed by numbers fitted once.

`bench/fit_passage_ranking.py` fits the numbers and writes `data/passages.json`; this module only applies them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.authoring.seed import DATA
from knowledge.retrieval import certainty, choosing, kinds, normalise, scopes
from knowledge.retrieval.certainty import Unit
from knowledge.retrieval.index import Floats, Vectors
from knowledge.retrieval.kinds import VALUES, Thing
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.normalise import plain
from knowledge.retrieval.passages import OWN_DATA, Passage, Passages
from knowledge.retrieval.scopes import Scope

CANDIDATES = 48
_LEARNT_SCALE = 10.0
"""Of what was learnt, so that it is about as large as a cosine."""
MEASURES = (
    "meaning",  # cosine with the sentence
    "meaning_written",  # the same of the question in the words that documents write
    "meaning_above",  # cosine with the headings above it
    "meaning_clause",  # the best cosine with any sentence of its clause
    "learnt",  # nearness that was learnt from questions, its two parts together
    "learnt_turned",  # by the turned vector
    "learnt_grams",  # by characters and their pairs
    "learnt_clause",  # the best "learnt" of any sentence of its clause
    "pairs",  # BM25 of character pairs, sentence
    "pairs_clause",  # the same of the whole clause with its headings
    "words",  # BM25 of words, sentence
    "pairs_added",  # BM25 of the pairs of what documents write for the words said, sentence
    "pairs_added_clause",
    "pairs_written",  # BM25 of the pairs of the question in the words that documents write, sentence
    "pairs_written_clause",
    "covered",  # share of what is asked about that the sentence names, by rarity
    "covered_near",  # that it or the headings above it name
    "covered_title",  # that it, the headings above it or the document's title name
    "covered_clause",  # that its clause with its headings names
    "missing_near",  # the rarest thing asked about that neither it nor the headings above it name
    "missing",  # the rarest thing asked about that its clause does not name
    "unknown",  # share of what is asked about that no document names
    "kind",  # share of the things asked for that it holds
    "kind_missing",  # 1 when a value is asked for (an amount, a day …) and it holds none
    "own",  # the document's own data, and asked for as such
    "own_unasked",
    "opposed",  # in how many ways it is about another of two things that exclude each other
    "opposed_near",
    "unnamed",  # in how many ways neither it nor the headings name any of two that exclude each other
    "neither",  # 1 when one of two is asked for ("带身份证还是户口本") and it names neither
    "numbers",  # share of the question's numbers that it holds
    "numbers_clause",
    "other_year",  # 1 when another year is asked for than those it names
    "overhead",  # preamble, principle, requirement: said to offices
    "row",  # a table row
    "first",  # first of its clause
    "short",
    "long",
)
_OVERHEAD = frozenset({"preamble", "principle", "requirement", "duty"})
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?=年)")
_SHORT_YEAR = re.compile(
    r"(?<![0-9〇零一二三四五六七八九十])([〇零一二][〇零一二三四五六七八九])年(?!级|龄|以|内|多|后|前)"
)
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CHOICE = re.compile(r"([\u4e00-\u9fff]{2,4})还是([\u4e00-\u9fff]{2,4})")
_DOCUMENT = re.compile(r"文件|通知|办法|方案|条例|意见|规定|细则|政策|文号|号文|落款|印发|红头")
_STRICT = frozenset({Thing.DAY, Thing.SPAN, Thing.PHONE})
_OWN_THINGS = frozenset({Thing.NUMBER, Thing.ISSUER})


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the passages are asked it. `units` are what it is about: each a word with all that a document may
    write for it."""

    text: str
    plain: str
    normal: str
    things: frozenset[Thing]
    units: tuple[tuple[str, ...], ...]
    added: str
    written: str
    """Normalised: each word said replaced by one that documents write."""
    numbers: frozenset[str]
    years: frozenset[str]
    about_document: bool
    sides: frozenset[tuple[int, int]]
    choice: tuple[frozenset[str], ...]
    """Character pairs of the two that it asks to choose from; () when it does not."""
    scope: Scope = Scope()
    """Where, for whom and in which case it wants to know the rule."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A small network ranks (MEASURES → hidden → score, with a straight way beside it); a logistic regression over
    CERTAINTY says how sure the first is."""

    middle: Floats
    spread: Floats
    into: Floats
    bias: Floats
    out: Floats
    straight: Floats
    confidence: Floats

    def score(self, measures: Floats) -> Floats:
        """[n, len(MEASURES)] → [n]; only differences mean something."""
        even = (measures - self.middle) / self.spread
        return np.asarray(np.tanh(even @ self.into + self.bias) @ self.out + even @ self.straight, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Passages by number, best first, with their measures, and their chances among each other. `confidence`: that the
    first answers."""

    numbers: NDArray[np.int64]
    measures: Floats
    chances: Floats
    confidence: float


_VETOES = [MEASURES.index(name) for name in ("kind_missing", "other_year", "opposed", "neither")]
"""What no nearness makes good: a sentence with one of these does not answer."""
_SPOKEN_AGAINST = 0.3
"""What is left of the confidence then: enough to be quoted as what comes nearest when all else speaks for it."""
CERTAINTY = (
    *certainty.SIGNS,
    *("covered", "own", "own_unasked", "opposed_near", "unnamed", "overhead", "numbers", "short", "long"),
    *("meaning", "meaning_clause", "learnt", "learnt_clause", "learnt_turned", "learnt_grams"),
    *("pairs_clause", "pairs_written_clause"),
)
"""What the confidence is computed from."""
_ALSO = [MEASURES.index(name) for name in CERTAINTY[len(certainty.SIGNS) :]]
_CHARACTERS = CERTAINTY.index("shared_characters")
NUMBERS = ("middle", "spread", "into", "bias", "out", "straight", "confidence")


def understood(question: str, passages: Passages, lexicon: Lexicon, scope: Scope | None = None) -> Question:
    """What a folded question asks, and about what. `scope`: where more is known of it than its own words say."""
    text = _SHORT_YEAR.sub(lambda match: f"20{match[1].translate(_DIGITS)}年", question)
    words = plain(text)
    concepts = lexicon.concepts(words)
    units = [(concept.said, *concept.written) for concept in concepts]
    rest, written = words, words
    for concept in concepts:
        rest = rest.replace(concept.said, "\n", 1)
        if not any(concept.said in word for word in concept.written):
            word = next((word for word in concept.written if passages.known(word)), concept.said)
            written = written.replace(concept.said, word, 1)
    for piece in kinds.without_empty(rest).split("\n"):
        units += [(word,) for word in passages.vocabulary.words(piece)]
    match = _CHOICE.search(text)
    added = "\n".join(dict.fromkeys(word for concept in concepts for word in concept.written))
    return Question(
        text=text,
        plain=words,
        normal=passages.vocabulary.normalise(text),
        things=kinds.asked(text),
        units=tuple(dict.fromkeys(units)),
        added=added,
        written=passages.vocabulary.normalise(written),
        numbers=frozenset(_NUMBER.findall(text)),
        years=frozenset(_YEAR.findall(text)),
        about_document=bool(_DOCUMENT.search(text)),
        sides=kinds.sides(words),
        choice=tuple(frozenset(normalise.pairs(plain(one))) for one in match.groups()) if match else (),
        scope=scopes.of_question(question) if scope is None else scope,
    )


def measure(
    passages: Passages,
    vectors: Vectors,
    question: Question,
    allowed: NDArray[np.bool_],
    units: Sequence[Unit],
) -> tuple[NDArray[np.int64], Floats]:
    """The best CANDIDATES passages, [n], and their MEASURES, [n, len(MEASURES)], in no order."""
    nothing = np.zeros(0, np.int64), np.zeros((0, len(MEASURES)), np.float32)
    if len(question.normal) < 2 or not allowed.any():
        return nothing
    encoded = vectors.question([question.normal, question.written])
    meaning, above = passages.meaning(encoded[:1])
    meaning_written, above_written = passages.meaning(encoded[1:])
    above = np.maximum(above, above_written)
    mine = normalise.pairs(question.normal)
    extra = [
        pair for line in question.added.split("\n") for pair in normalise.pairs(passages.vocabulary.normalise(line))
    ]
    owners = passages.owner_numbers
    pairs, words = passages.pairs.scores(mine), passages.words.scores(passages.vocabulary.words(question.normal))
    of_clause = passages.clause_pairs.scores(mine)[owners]
    added = passages.pairs.scores(extra) if extra else np.zeros_like(pairs)
    added_clause = passages.clause_pairs.scores(extra)[owners] if extra else added
    mine_written = normalise.pairs(question.written)
    written, written_clause = passages.pairs.scores(mine_written), passages.clause_pairs.scores(mine_written)[owners]
    turned, of_grams = passages.learnt_nearness(encoded, question.normal, question.written)
    learnt = (passages.learnt.scale * turned + of_grams) / _LEARNT_SCALE
    learnt_clause = np.maximum.reduceat(learnt, passages.starts)[owners]
    nearest = np.maximum(meaning, meaning_written)
    best_of_clause = np.maximum.reduceat(nearest, passages.starts)[owners]
    rough = (
        nearest
        + 2 * learnt
        + written
        + 0.7 * written_clause
        + 0.5 * above
        + 1.5 * pairs
        + of_clause
        + 0.5 * words
        + added
        + 0.7 * added_clause
    )
    rough = np.where(allowed, rough, -np.inf)
    count = min(CANDIDATES, int(allowed.sum()))
    best = np.argpartition(-rough, count - 1)[:count]
    rows = [
        [
            *(meaning[at], meaning_written[at], above[at], best_of_clause[at]),
            *(learnt[at], turned[at], of_grams[at] / _LEARNT_SCALE, learnt_clause[at]),
            *(pairs[at], of_clause[at], words[at]),
            *(added[at], added_clause[at], written[at], written_clause[at]),
            *_own_measures(passages.passages[at], question, units),
        ]
        for at in map(int, best)
    ]
    return best.astype(np.int64), np.array(rows, dtype=np.float32)


def rank(
    passages: Passages, vectors: Vectors, question: Question, weights: Weights, allowed: NDArray[np.bool_]
) -> Ranked:
    """Passages for a question, best first; of the best clause that comes first which nothing speaks against. Where
    there is none, it is at most what comes nearest."""
    units = unit_weights(passages, question)
    numbers, measures = measure(passages, vectors, question, allowed, units)
    held = np.array([choosing.holds(passages.passages[int(n)], question) for n in numbers], dtype=bool)
    numbers, measures = numbers[held], measures[held]
    if not len(numbers):
        return Ranked(numbers, measures, np.zeros(0, np.float32), 0.0)
    ranked = in_order(passages, numbers, measures, weights)
    chosen = choosing.first_of(passages, question, ranked, (ranked.measures[:, _VETOES] == 0).all(axis=1))
    sure = _sure(passages, question, units, ranked, weights)
    if chosen:
        before, ranked = ranked, with_first(ranked, chosen)
        # What was chosen for what it names is no surer than what came first by all measures.
        most = 1.0 if _of_other_money(passages, question, before) else sure
        sure = min(most, _sure(passages, question, units, ranked, weights))
    first = passages.passages[int(ranked.numbers[0])]
    doubtful = (
        spoken_against(ranked)
        or _of_other_money(passages, question, ranked)
        or kinds.only_tells_where_to_look(question.text, first.folded)
    )
    return replace(ranked, confidence=_SPOKEN_AGAINST * sure if doubtful else sure)


def in_order(passages: Passages, numbers: NDArray[np.int64], measures: Floats, weights: Weights) -> Ranked:
    """Candidates in their order, before anything is known of how sure the first is."""
    scores = weights.score(measures)
    order = np.argsort(-scores)
    owners = passages.owner_numbers[numbers[order]]
    fit = np.flatnonzero((owners == owners[0]) & ~measures[order][:, _VETOES].any(axis=1))
    if len(fit):
        order = np.concatenate([order[fit[:1]], np.delete(order, fit[0])])
    chances = np.exp(scores[order] - scores.max())
    return Ranked(numbers[order], measures[order], (chances / chances.sum()).astype(np.float32), 0.0)


def _sure(passages: Passages, question: Question, units: Sequence[Unit], ranked: Ranked, weights: Weights) -> float:
    found = certainty_of(passages, question, units, ranked)
    # The signs were fitted on questions and say nothing of "asdf asdf": no word of it is known, no character shared.
    asks = bool(found[_CHARACTERS]) or any(known for _, _, known in units)
    return float(1 / (1 + np.exp(-found @ weights.confidence))) if asks else 0.0


def _of_other_money(passages: Passages, question: Question, ranked: Ranked) -> bool:
    first = passages.passages[int(ranked.numbers[0])]
    return kinds.other_money(question.text, first.folded, first.near)


def with_first(ranked: Ranked, first: int) -> Ranked:
    """The same with another of them in front."""
    order = np.array([first, *(at for at in range(len(ranked.numbers)) if at != first)])
    return Ranked(ranked.numbers[order], ranked.measures[order], ranked.chances[order], ranked.confidence)


def spoken_against(ranked: Ranked) -> bool:
    """Whether the first has something that no nearness makes good."""
    return bool(ranked.measures[0, _VETOES].any())


def certainty_of(passages: Passages, question: Question, units: Sequence[Unit], ranked: Ranked) -> Floats:
    """CERTAINTY of the first."""
    by_name = dict(zip(MEASURES, ranked.measures.T, strict=True))
    shown = passages.shown(int(ranked.numbers[0]))
    signs = certainty.signs(
        passages, question.text, question.things, units, ranked.numbers, by_name, ranked.chances, shown
    )
    return np.concatenate([signs, ranked.measures[0, _ALSO]]).astype(np.float32)


def unit_weights(passages: Passages, question: Question) -> list[Unit]:
    """Each unit, how much it tells, and whether any document names it."""
    found = []
    for unit in question.units:
        known = [word for word in unit if passages.known(word)]
        weight = min((passages.rarity(word) for word in known), default=passages.rarity("\n"))
        found.append((unit, weight, bool(known)))
    return found


def _own_measures(passage: Passage, question: Question, weights: Sequence[Unit]) -> list[float]:
    total = sum(weight for _, weight, known in weights if known) or 1e-6
    everything = sum(weight for _, weight, _ in weights) or 1e-6
    here = near = title = whole = 0.0
    missing_near = missing = 0.0
    for unit, weight, known in weights:
        if not known:
            continue
        in_sentence = any(word in passage.plain for word in unit)
        is_near = in_sentence or any(word in passage.near for word in unit)
        in_title = is_near or any(word in passage.title for word in unit)
        in_clause = in_title or any(word in passage.whole for word in unit)
        here, near = here + weight * in_sentence, near + weight * is_near
        title, whole = title + weight * in_title, whole + weight * in_clause
        missing_near = missing_near if is_near else max(missing_near, weight)
        missing = missing if in_clause else max(missing, weight)
    unknown = sum(weight for _, weight, known in weights if not known) / everything
    things = question.things
    kind = len(things & passage.holds) / len(things) if things else 0.5
    wants = things & VALUES
    own = passage.clause.number == OWN_DATA
    own_asked = question.about_document or bool(things & _OWN_THINGS)
    mine = _NUMBER.findall(passage.plain)
    years = _YEAR.findall(passage.plain) or _YEAR.findall(passage.near + passage.title)
    of_numbers = len(question.numbers.intersection(mine)) / len(question.numbers) if question.numbers else 0.0
    numbers_in_clause = len(question.numbers.intersection(_NUMBER.findall(passage.whole))) / max(
        1, len(question.numbers)
    )
    near_sides = kinds.sides(passage.near + passage.plain)
    length = len(passage.plain)
    return [
        here / total,
        near / total,
        title / total,
        whole / total,
        missing_near / 10.0,
        missing / 10.0,
        unknown,
        kind,
        float(_lacks(wants, passage.holds) and not kinds.pays_what_is_asked(question.text, passage.folded)),
        float(own and own_asked),
        float(own and not own_asked),
        float(kinds.opposed(question.sides, kinds.sides(passage.plain))),
        float(kinds.opposed(question.sides, near_sides)),
        float(len({group for group, _ in question.sides} - {group for group, _ in near_sides})),
        float(bool(question.choice) and not any(pair in passage.plain for one in question.choice for pair in one)),
        of_numbers,
        numbers_in_clause,
        float(bool(question.years) and bool(years) and not question.years.intersection(years)),
        float(passage.clause.kind in _OVERHEAD),
        float(passage.clause.kind == "table_row"),
        float(passage.place == 0),
        float(length < 12),
        min(1.0, max(0.0, (length - 60) / 200)),
    ]


def _lacks(wants: frozenset[Thing], holds: frozenset[Thing]) -> bool:
    """Whether a value is asked for and none of the kind is held; what is asked for strictly must be held itself."""
    strict = wants & _STRICT
    return bool(wants) and not (strict or wants) & holds


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The fitted numbers. Raises ValueError when they were fitted for other measures."""
    stored = json.loads((DATA / "passages.json").read_text(encoding="utf-8"))
    if stored["measures"] != list(MEASURES) or stored["certainty"] != list(CERTAINTY):
        raise ValueError("knowledge/data/passages.json was fitted for other measures: run bench.fit_passage_ranking")
    return Weights(**{name: np.array(stored[name], np.float32) for name in NUMBERS})
