"""Whisper with only the tokens that Mandarin is written with: the same words, a third sooner.

Whisper chooses each token among 51,865, in a hundred languages. For one sentence of a call that choice is half of the
decoder's work, and most of what could be chosen is Cyrillic, Thai or English. `cut` leaves out the rows of the
embedding that no Mandarin sentence needs, 6,927 stay; the weights of all others are untouched. Ids change with it:
`Kept` translates them from and to those of the full tokenizer.

The file format is CTranslate2's (`ModelSpec._serialize`, binary version 6).
"""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from base.errors import SetupError

KEPT = "kept.json"
_FORMAT = 6
_EMBEDDING = "decoder/embeddings/weight"
_ID_LISTS = ("suppress_ids", "suppress_ids_begin", "lang_ids")
_END_OF_TEXT = "<|endoftext|>"
_MOST_LATIN = 2
"""Longest piece of Latin letters kept: "APP" and "CT" can still be written, in two pieces."""
_MANDARIN = ((0x2010, 0x2070), (0x3000, 0x3040), (0x3400, 0xA000), (0xFF00, 0xFFF0))
"""Code points: general punctuation, Chinese punctuation, ideographs, full-width forms."""


class Kept:
    """Which of the full vocabulary's ids are there, in their new order."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._ids = list(ids)
        self._new = {old: new for new, old in enumerate(ids)}

    @classmethod
    def of(cls, folder: Path) -> Kept:
        """Raises OSError when the folder holds no cut model."""
        return cls(json.loads((folder / KEPT).read_text()))

    def shrunk(self, ids: Sequence[int]) -> list[int]:
        """Ids of the full vocabulary → ours; what is not there is left out."""
        return [self._new[old] for old in ids if old in self._new]

    def full(self, ids: Sequence[int]) -> list[int]:
        """Our ids → those of the full vocabulary."""
        return [self._ids[new] for new in ids]


def cut(source: Path, target: Path) -> None:
    """Write the model of folder `source` (model.bin, config.json, tokenizer.json, vocabulary.txt) into the existing
    folder `target`, without the tokens that Mandarin does not need, and with `kept.json`.

    Raises SetupError when the model is not of the format known here.
    """
    vocabulary = (source / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
    with (source / "model.bin").open("rb") as file:
        model = _Model.read(file)
    tokens = model.variables[_EMBEDDING].shape[0]
    first_special = vocabulary.index(_END_OF_TEXT)
    ids = [number for number in range(tokens) if number >= first_special or _is_mandarin(vocabulary[number])]
    model.variables[_EMBEDDING] = np.ascontiguousarray(model.variables[_EMBEDDING][ids])
    with (target / "model.bin").open("wb") as file:
        model.write(file)
    kept = Kept(ids)
    config = json.loads((source / "config.json").read_text())
    config.update({name: kept.shrunk(config[name]) for name in _ID_LISTS})
    (target / "config.json").write_text(json.dumps(config))
    (target / "vocabulary.txt").write_text("".join(f"{vocabulary[number]}\n" for number in ids), encoding="utf-8")
    (target / KEPT).write_text(json.dumps(ids))
    shutil.copy(source / "tokenizer.json", target)


def _is_mandarin(token: str) -> bool:
    """Whether a Mandarin sentence may need this token: Chinese, digits, short Latin, or a piece of a character."""
    raw = bytes(_BYTES[character] for character in token)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return len(raw) == 1 or 0x80 <= raw[0] < 0xC0 or 0xE2 <= raw.lstrip(b" ")[0] < 0xF0
    if text.isascii():
        word = text.strip()
        return len(word) <= _MOST_LATIN or word.isdigit()
    return all(character.isascii() or character in "·×°" or _is_in_mandarin(ord(character)) for character in text)


def _is_in_mandarin(point: int) -> bool:
    return any(first <= point < end for first, end in _MANDARIN)


def _bytes_of_characters() -> dict[str, int]:
    """GPT-2's way to write any byte as a visible character, backwards."""
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in visible]
    return {chr(byte): byte for byte in visible} | {chr(256 + at): byte for at, byte in enumerate(hidden)}


_BYTES = _bytes_of_characters()
_TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)
"""In the order of their numbers in the file."""


class _Model:
    """A model.bin: named arrays, and second names of some."""

    def __init__(self, name: str, revision: int, variables: dict[str, Any], aliases: list[tuple[str, str]]) -> None:
        self.name, self.revision, self.variables, self.aliases = name, revision, variables, aliases

    @classmethod
    def read(cls, file: BinaryIO) -> _Model:
        if _number(file) != _FORMAT:
            raise SetupError("the recogniser's model.bin has another format than the one known here")
        name, revision, variables = _string(file), _number(file), {}
        for _ in range(_number(file)):
            key = _string(file)
            shape = [_number(file) for _ in range(file.read(1)[0])]
            kind = _TYPES[file.read(1)[0]]
            variables[key] = np.frombuffer(file.read(_number(file)), kind).reshape(shape)
        return cls(name, revision, variables, [(_string(file), _string(file)) for _ in range(_number(file))])

    def write(self, file: BinaryIO) -> None:
        file.write(struct.pack("<I", _FORMAT) + _packed(self.name))
        file.write(struct.pack("<II", self.revision, len(self.variables)))
        for key, value in self.variables.items():
            file.write(_packed(key) + struct.pack(f"<B{value.ndim}I", value.ndim, *value.shape))
            file.write(struct.pack("<BI", _TYPES.index(value.dtype.type), value.nbytes) + value.tobytes())
        file.write(struct.pack("<I", len(self.aliases)))
        for alias, key in self.aliases:
            file.write(_packed(alias) + _packed(key))


def _number(file: BinaryIO) -> int:
    return int.from_bytes(file.read(4), "little")


def _string(file: BinaryIO) -> str:
    """Its length counts the zero at its end."""
    return file.read(int.from_bytes(file.read(2), "little"))[:-1].decode()


def _packed(text: str) -> bytes:
    return struct.pack("<H", len(text.encode()) + 1) + text.encode() + b"\0"
