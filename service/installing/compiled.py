"""Compiles every module below some folders: `python service/installing/compiled.py FOLDER…`; without a folder, those of
this Python's own library and of what is installed for it. Standard library only: both environments run it.

Neither installer does it, and who runs the programs may not write beside them: every start of the engine would compile
TensorFlow anew, half of the time it takes. What cannot be compiled, or is not ours to write, stays as it is.
"""

from __future__ import annotations

import compileall
import re
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

_TESTS = re.compile("/tests?/")


def compile_all(folders: Iterable[Path]) -> None:
    """Only what changed since the last time."""
    for folder in folders:
        compileall.compile_dir(folder, rx=_TESTS, quiet=2, workers=0)


if __name__ == "__main__":
    compile_all(map(Path, sys.argv[1:] or [sysconfig.get_path(name) for name in ("stdlib", "purelib")]))
