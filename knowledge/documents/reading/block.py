"""What a file is taken apart into, and how it travels from the reading process to the service (JSON, never pickle)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from knowledge.documents.numbering import label


class BlockKind(StrEnum):
    """PARAGRAPH is whole; LINE is cut where the page ended; ROW is a table row; NOISE is page furniture."""

    PARAGRAPH = "paragraph"
    LINE = "line"
    ROW = "row"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Block:
    """`cells` belong to a ROW. `noise` says what a NOISE block is, in Chinese."""

    kind: BlockKind
    text: str = ""
    cells: tuple[str, ...] = ()
    noise: str = ""


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
            Block(BlockKind(row["kind"]), str(row["text"]), tuple(map(str, row["cells"])), str(row["noise"]))
            for row in data["blocks"]
        ]
        return cls(blocks, [str(note) for note in data["notes"]])


def split_at_breaks(text: str) -> list[str]:
    """A paragraph at its line breaks, where the next line begins with a printed number: lists made with shift-enter."""
    pieces = [""]
    for line in text.split("\n"):
        if label(line.strip()) and pieces[-1]:
            pieces.append(line)
        else:
            pieces[-1] += ("\n" if pieces[-1] else "") + line
    return pieces
