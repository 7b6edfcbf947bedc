"""How long a PDF of about 60 pages takes to become clauses: this checkout beside another one, in turns, CPU seconds.

    nice python -m bench.import_speed ../other-checkout [--rounds 3]

The PDF is made of the seed's documents, printed as an office prints them. Each reading runs in a fresh process, as in
the service; the other checkout needs the same environment. A ratio above 1.5 is one import too slow.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.knowledge.documents import seed_files

_ROOT = Path(__file__).resolve().parent.parent
_MEASURED = """
import sys, time
data = open(sys.argv[1], "rb").read()
from knowledge.documents.reading import pdf
from knowledge.documents import lines, structure
began = time.process_time()
reading = pdf.read(data)
read = time.process_time()
structure.documents(lines.paragraphs(reading.blocks), ())
print(read - began, time.process_time() - read)
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path, help="the checkout to compare with")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    some = [paragraph for path in seed_files.SOURCES.values() for paragraph in seed_files.paragraphs(path)]
    seconds: dict[str, list[tuple[float, float]]] = {"this checkout": [], "the other": []}
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(seed_files.print_pdf(some))
        file.flush()
        for _ in range(options.rounds):
            for name, folder in (("the other", options.other), ("this checkout", _ROOT)):
                seconds[name].append(_measure(file.name, folder))
    table = Table("checkout", "reading s", "clauses s", "together s")
    for name, pairs in seconds.items():
        middle = [statistics.median(pair[at] for pair in pairs) for at in (0, 1)]
        table.add_row(name, *(f"{one:.2f}" for one in (*middle, sum(middle))))
    ours, others = (statistics.median(sum(pair) for pair in seconds[name]) for name in seconds)
    Console().print(table, f"ratio {ours / others:.2f}")


def _measure(file: str, folder: Path) -> tuple[float, float]:
    command = [sys.executable, "-c", _MEASURED, file]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.split()
    return float(answer[0]), float(answer[1])


if __name__ == "__main__":
    main()
