"""Run the tests on a machine that stands still now and then, as a busy one does.

    python -m tests.stalls [--shortest 0.7] [--longest 1.8] [--apart 3] -- -q -m "not phone"

Everything after `--` goes to pytest, whose process is stopped for `shortest` to `longest` seconds, again and again,
at most `apart` seconds after the last time. What a test says about the product must not change with it.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import time
from pathlib import Path


def main() -> int:
    """The exit code of pytest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shortest", type=float, default=0.7, help="seconds")
    parser.add_argument("--longest", type=float, default=1.8, help="seconds")
    parser.add_argument("--apart", type=float, default=3.0, help="seconds")
    parser.add_argument("pytest", nargs="*")
    how = parser.parse_args()
    tests = subprocess.Popen([str(Path(sys.executable).with_name("pytest")), *how.pytest])
    while tests.poll() is None:
        time.sleep(random.uniform(0.2, how.apart))
        tests.send_signal(signal.SIGSTOP)
        time.sleep(random.uniform(how.shortest, how.longest))
        tests.send_signal(signal.SIGCONT)
    return tests.returncode


if __name__ == "__main__":
    sys.exit(main())
