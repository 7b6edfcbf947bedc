"""Whisper without the tokens that Mandarin does not need."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from base.errors import SetupError
from base.settings import ROOT
from voice import models
from voice.whisper_vocabulary import Kept, cut

VOCABULARY = ["!", "Ġthe", "ä½ł", "ä½", "å¥½", "Ð¿ÑĢÐ¸Ð²", "12", "ï¼Į", "ãģĤ", "<|endoftext|>", "<|zh|>", "<|ru|>"]
"""GPT-2's writing of: ! " the" 你, a piece of 你, 好, при, 12, ，, あ, and the special ones."""
STAY = [0, 2, 3, 4, 6, 7, 9, 10, 11]


def packed(text: str) -> bytes:
    return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"


def model(folder: Path, version: int = 6) -> np.ndarray:
    """A model of two arrays in CTranslate2's format; its embedding."""
    embedding = np.arange(len(VOCABULARY) * 2, dtype=np.float16).reshape(-1, 2)
    scale = np.ones((), np.float32)
    content = struct.pack("<I", version) + packed("WhisperSpec") + struct.pack("<II", 3, 2)
    for name, value, kind in (("decoder/embeddings/weight", embedding, 4), ("scale", scale, 0)):
        content += packed(name) + struct.pack(f"<B{value.ndim}I", value.ndim, *value.shape)
        content += struct.pack("<BI", kind, value.nbytes) + value.tobytes()
    content += struct.pack("<I", 1) + packed("decoder/projection/weight") + packed("decoder/embeddings/weight")
    (folder / "model.bin").write_bytes(content)
    (folder / "vocabulary.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
    (folder / "tokenizer.json").write_text("{}")
    config = {"suppress_ids": [0, 5, 10], "suppress_ids_begin": [9], "lang_ids": [10, 11], "alignment_heads": [[3, 1]]}
    (folder / "config.json").write_text(json.dumps(config))
    return embedding


def test_only_what_mandarin_needs_stays_and_all_ids_follow(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    embedding = model(source)
    cut(source, target)
    kept = Kept.of(target)
    assert kept.full(range(len(STAY))) == STAY
    assert kept.shrunk([2, 4, 1, 10]) == [1, 3, 7], "what is not there is left out"
    assert (target / "vocabulary.txt").read_text(encoding="utf-8").splitlines() == [VOCABULARY[old] for old in STAY]
    config = json.loads((target / "config.json").read_text())
    assert config == {
        "suppress_ids": [0, 7],
        "suppress_ids_begin": [6],
        "lang_ids": [7, 8],
        "alignment_heads": [[3, 1]],
    }
    content, rows = (target / "model.bin").read_bytes(), embedding[STAY]
    assert rows.tobytes() in content
    assert len(content) == (source / "model.bin").stat().st_size - (len(VOCABULARY) - len(STAY)) * 4


def test_a_model_of_another_format_is_refused(tmp_path: Path) -> None:
    model(tmp_path, version=7)
    with pytest.raises(SetupError, match="format"):
        cut(tmp_path, tmp_path)


@pytest.mark.engine
def test_whatever_our_texts_say_can_still_be_written() -> None:
    from tokenizers import Tokenizer

    folder = models.installed(models.default_cache_dir()).whisper
    if folder is None:
        pytest.skip("needs the models (make demo)")
    kept = Kept.of(folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    texts = [*(ROOT / "bench" / "data").glob("*.yaml"), *(ROOT / "knowledge" / "data").rglob("*.yaml")]
    for path in texts:
        words = "".join(character for character in path.read_text() if not character.isascii())
        ids = tokenizer.encode(words, add_special_tokens=False).ids
        lost = set(tokenizer.decode([number for number in ids if not kept.shrunk([number])]))
        assert not lost, f"{path.name}: {sorted(lost)}"
