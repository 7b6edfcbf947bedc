"""The vectors of published texts, kept between two runs of the service: encoding them all takes longer than everything
else it does at its start. What is kept is found by the text's own digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from base import caches

Halves = NDArray[np.float16]
_DIGEST_BYTES = 16


class KeptVectors:
    """Those of one index, in a file of its own."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self, texts: Sequence[str]) -> dict[str, Halves]:
        """Those of `texts` that are kept."""
        found: tuple[list[bytes], Halves] = caches.read(self._file) or ([], np.zeros((0, 0), np.float16))
        at = {digest: row for row, digest in enumerate(found[0])}
        return {text: found[1][at[digest]] for text in texts if (digest := _digest(text)) in at}

    def write(self, vectors: Mapping[str, Halves]) -> None:
        """These and no others."""
        caches.write(self._file, ([_digest(text) for text in vectors], np.stack(list(vectors.values()))))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest()
