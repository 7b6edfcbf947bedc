"""Makes the service's Python environment `.venv`. Standard library only: this runs before anything is installed.

    python3 service/bootstrap.py [--dev]

Takes any Python >= 3.8 to start with and looks for one >= 3.11 to build on. What is installed is pinned by hash in
requirements.txt (with --dev: requirements-dev.txt, a superset). Does nothing when these files did not change.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".installed"
NAMES = ("python3.11", "python3.12", "python3.13", "python3", "python")


def main() -> None:
    wanted = "requirements-dev.txt" if "--dev" in sys.argv[1:] else "requirements.txt"
    if digest(wanted) in installed() or (
        wanted == "requirements.txt" and digest("requirements-dev.txt") in installed()
    ):
        return
    python = find_python()
    print(f"· Python 环境 .venv（{python}）", flush=True)
    if not (VENV / "bin" / "pip").exists():
        shutil.rmtree(VENV, ignore_errors=True)
        run([python, "-m", "venv", str(VENV)], "apt-get install python3-venv")
    run([str(VENV / "bin" / "pip"), "install", "-q", uv_requirement()], "pip cannot reach its package index")
    run(
        [str(VENV / "bin" / "uv"), "pip", "sync", "--python", str(VENV / "bin" / "python"), "--require-hashes", wanted],
        "run the same command again",
    )
    STAMP.write_text(digest(wanted))


def find_python() -> str:
    """A Python 3.11-3.13 from the path or from pyenv; a pyenv shim without a version behind it does not count."""
    versions = sorted((Path(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv"))) / "versions").glob("3.1[123].*"))
    candidates = [path for name in NAMES if (path := shutil.which(name))]
    for candidate in [*candidates, *(str(version / "bin" / "python") for version in versions)]:
        check = "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
        if subprocess.run([candidate, "-c", check], capture_output=True, check=False).returncode == 0:
            return candidate
    sys.exit("需要 Python 3.11、3.12 或 3.13，没有找到。Debian/Ubuntu：apt-get install python3 python3-venv")


def uv_requirement() -> str:
    found = re.search(r"^uv==\S+", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    return found.group() if found else "uv"


def run(argv: "list[str]", hint: str) -> None:
    if subprocess.run(argv, cwd=ROOT, check=False).returncode != 0:
        sys.exit(f"没有成功：{' '.join(argv)}\n请试：{hint}")


def digest(requirements: str) -> str:
    return hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()


def installed() -> str:
    return STAMP.read_text() if STAMP.exists() else ""


if __name__ == "__main__":
    main()
