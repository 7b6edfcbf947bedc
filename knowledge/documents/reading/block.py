"""What a file is taken apart into, and how it travels from the reading process to the service (JSON, never pickle)."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from knowledge.documents.numbering import label

_FULL_LINE = 20
"""Characters; shorter lines were broken on purpose."""
_INDENT = re.compile(r"[\u3000\xa0\t]| {2}")
_ENDS = re.compile(r"[。：:；;！？!?”’」』）)》]$")
_DATED = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*日\s*$|(?:局|委员会|政府|厅|办公室|中心)\s*$")


class BlockKind(StrEnum):
    """PARAGRAPH is whole; LINE is cut where the page ended; ROW is a table row; NOISE is page furniture."""

    PARAGRAPH = "paragraph"
    LINE = "line"
    ROW = "row"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Block:
    """`cells` belong to a ROW, merged ones repeated in every row they cover; `names` when the file itself says that
    they are column names. `noise` says what a NOISE block is, in Chinese."""

    kind: BlockKind
    text: str = ""
    cells: tuple[str, ...] = ()
    noise: str = ""
    names: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader returns. `notes` are sentences for staff: what was dropped, and why."""

    blocks: list[Block]
    notes: list[str]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reading:
        """Raises KeyError, TypeError or ValueError for anything that is not a Reading."""
        blocks = [
            Block(
                BlockKind(row["kind"]),
                str(row["text"]),
                tuple(map(str, row["cells"])),
                str(row["noise"]),
                bool(row["names"]),
            )
            for row in data["blocks"]
        ]
        return cls(blocks, [str(note) for note in data["notes"]])


def split_at_breaks(text: str) -> list[str]:
    """A paragraph at its line breaks (shift-enter, `br`), except where a line only goes on in the next one."""
    pieces = [""]
    for line in text.split("\n"):
        if pieces[-1].strip() and not _goes_on(pieces[-1].rsplit("\n", 1)[-1], line):
            pieces.append(line)
        else:
            pieces[-1] += ("\n" if pieces[-1] else "") + line
    return pieces


def _goes_on(line: str, following: str) -> bool:
    """Long enough to be full, in the middle of a sentence, and the next line neither indented nor numbered."""
    if label(following.strip()) or _INDENT.match(following) or not following.strip():
        return False
    return len(line.strip()) >= _FULL_LINE and _ENDS.search(line.strip()) is None and _DATED.search(following) is None
