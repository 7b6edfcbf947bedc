"""The fixed sentences of a call: their words in prompts.yaml, their sound in recordings/ (made by `make.py`).

A recording's name ends with a digest of its words, so a prompt whose words were changed is not played with the old
ones: until it is recorded again it is synthesised like any other sentence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from base import yaml_files
from base.staff_texts import STAFF_TEXTS, StaffText
from base.tenant import fill
from language.aloud.spoken import sentences, spoken
from voice import audio
from voice.packed import unpack

FOLDER = Path(__file__).parent
RECORDINGS = FOLDER / "recordings"
RECORDED_VOICE = "zf_xiaoxiao"
RECORDED_PACE = 0.95
PAUSE = bytes(2 * int(0.28 * audio.RATE_HZ))


class Recordings(Mapping[str, bytes]):
    """A sentence → PCM, unpacked when it is first said: a few milliseconds."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files
        self._unpacked: dict[str, bytes] = {}

    def __getitem__(self, piece: str) -> bytes:
        if piece not in self._unpacked:
            self._unpacked[piece] = unpack(self._files[piece].read_bytes())
        return self._unpacked[piece]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, piece: object) -> bool:
        return piece in self._files


class Prompts:
    """All prompts by key."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    @classmethod
    def load(cls) -> Prompts:
        return cls(yaml_files.load(fill((FOLDER / "prompts.yaml").read_text(encoding="utf-8"))))

    def text(self, key: str, **values: str) -> str:
        """As staff wrote it, where they may; `values` fill in what only the call knows."""
        own = STAFF_TEXTS.text(StaffText.PHONE_GREETING) if key == "greeting" else ""
        return own or (self._words[key].format(**values) if values else self._words[key])

    def texts(self) -> list[str]:
        """Those with nothing to fill in."""
        return [words for words in self._words.values() if "{" not in words]

    def pieces(self) -> dict[str, Path]:
        """Every sentence of every prompt with nothing to fill in, in its spoken form → the file of its recording."""
        return {
            piece: RECORDINGS / f"{key}-{number}-{hashlib.sha256(piece.encode()).hexdigest()[:8]}.ogg"
            for key, words in self._words.items()
            if "{" not in words
            for number, piece in enumerate(sentences(spoken(words)), 1)
        }

    def recorded(self) -> Recordings:
        """The recorded sentences."""
        return Recordings({piece: file for piece, file in self.pieces().items() if file.is_file()})

    def write_wav(self, key: str, path: Path, rate_hz: int = 8_000) -> None:
        """One recorded prompt as a WAV that a PBX plays by itself. Raises FileNotFoundError if it is not recorded."""
        files = self.pieces()
        pcm = PAUSE.join(unpack(files[piece].read_bytes()) for piece in sentences(spoken(self.text(key))))
        audio.write_wav(path, pcm, rate_hz)
