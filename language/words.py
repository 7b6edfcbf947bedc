"""jieba's dictionary, half a million entries: read once, however many cutters add words of their own to it."""

from __future__ import annotations

import threading
from functools import cache
from importlib.metadata import version

import jieba

from base.caches import cache_dir, kept

_reading = threading.Lock()


def cutter(empty: jieba.Tokenizer | None = None) -> jieba.Tokenizer:
    """A new one, to which words may be added; or `empty`, filled."""
    own = empty or jieba.Tokenizer()
    with _reading:
        if not own.initialized:
            counts, own.total = _dictionary()
            own.FREQ, own.initialized = dict(counts), True
    return own


@cache
def _dictionary() -> tuple[dict[str, int], int]:
    """jieba itself would keep it among everybody's temporary files: a service has new ones at each start, and others
    could put theirs there."""
    file = cache_dir("words") / f"jieba-{version('jieba')}"
    read: tuple[dict[str, int], int] = kept(file, lambda: jieba.Tokenizer.gen_pfdict(jieba.dt.get_dict_file()))
    return read
