"""Which clause of the new text is which clause of the old: by what they say first, then by number and heading.

    match([old_first, old_second], [new_first, inserted, new_second])
    [0, None, 1]

An inserted clause shifts no other: numbers only decide between texts that are alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from knowledge.documents import numbering
from knowledge.documents.completeness import squeeze

_ALIKE = 0.5
"""From this likeness on, two texts are the same clause."""
_LEAST_ALIKE = 0.3
_SAME_HEADING, _SAME_NUMBER = 0.2, 0.1
"""How much less likeness is enough where heading or number are the same, down to the least."""
_MOST_CHARS = 1_500
"""Characters compared one by one: enough to know a clause again, however long it is."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a clause is known by."""

    number: str
    heading: str
    text: str


def match(before: Sequence[Part], after: Sequence[Part]) -> list[int | None]:
    """For each of `after` the index of the same clause in `before`, or None. No index comes twice. May take a second
    for long documents: call it in a thread."""
    old, new = [_Known(part) for part in before], [_Known(part) for part in after]
    found = _word_for_word(old, new)
    taken = set(found.values())
    pairs = [pair for j in range(len(new)) if j not in found for pair in _alike(old, new, j, taken)]
    for _, _, i, j in sorted(pairs):
        if j not in found and i not in taken:
            found[j] = i
            taken.add(i)
    return [found.get(j) for j in range(len(new))]


def unnumbered(text: str) -> str:
    """The characters that count, without a printed number before them."""
    bare = squeeze(text)
    label = numbering.label(bare)
    return bare[len(label.text) :] if label else bare


class _Known:
    """A part without what an insertion changes: the printed number before its text and its heading."""

    def __init__(self, part: Part) -> None:
        self.number, self.text, self.heading = part.number, unnumbered(part.text), unnumbered(part.heading)


def _word_for_word(old: Sequence[_Known], new: Sequence[_Known]) -> dict[int, int]:
    places: dict[str, list[int]] = defaultdict(list)
    for i, part in enumerate(old):
        places[part.text].append(i)
    found: dict[int, int] = {}
    for j, part in enumerate(new):
        if same := places.get(part.text):
            found[j] = next((i for i in same if old[i].number == part.number), same[0])
            same.remove(found[j])
    return found


def _alike(
    old: Sequence[_Known], new: Sequence[_Known], j: int, taken: set[int]
) -> Iterator[tuple[float, int, int, int]]:
    """(how unlike, how far away, i, j) for each of `old` that `new[j]` may be."""
    compared = SequenceMatcher(None, "", new[j].text[:_MOST_CHARS], autojunk=False)
    for i, part in enumerate(old):
        if i in taken:
            continue
        in_place = _in_place(part, new[j])
        enough = max(_ALIKE - in_place, _LEAST_ALIKE)
        compared.set_seq1(part.text[:_MOST_CHARS])
        if min(compared.real_quick_ratio(), compared.quick_ratio()) < enough:
            continue
        if (likeness := compared.ratio()) >= enough:
            yield -likeness - in_place, abs(i - j), i, j


def _in_place(one: _Known, other: _Known) -> float:
    same_heading = bool(one.heading) and one.heading == other.heading
    return _SAME_HEADING * same_heading + _SAME_NUMBER * (one.number == other.number)
