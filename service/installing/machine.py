"""What this machine has: programs, and a Python for Rasa. Installs what it may, names the command for the rest."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from glob import glob
from pathlib import Path

from base.errors import SetupError

Report = Callable[[str], None]

PROGRAMS = {"espeak-ng": "espeak-ng", "npm": "npm"}
"""Program → Debian package, for every start. npm fetches the voices' package."""
PHONE_PROGRAMS = {"mmdebstrap": "mmdebstrap"}
TEST_PROGRAMS = {
    "chromium": "chromium", "sipp": "sip-tester", "baresip": "baresip", "ffmpeg": "ffmpeg", "sox": "sox",
    "/usr/lib/postgresql/*/bin/postgres": "postgresql", "redis-server": "redis-server", "/usr/sbin/nginx": "nginx",
    "/usr/share/fonts/*/*/*CJK*": "fonts-noto-cjk",  # without it Chromium prints Chinese as boxes
}  # fmt: skip
"""A program on the path, or a pattern of files when the package brings none."""
_INSTALL_TIMEOUT_SECONDS = 1200


def ensure_programs(programs: dict[str, str], report: Report) -> None:
    """Install missing programs when we are root on a Debian, else raise SetupError with the command."""
    missing = sorted({package for program, package in programs.items() if not _is_there(program)})
    if not missing:
        return
    command = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SetupError(f"缺少系统软件包。请运行：sudo {command}")
    report(f"apt-get install {' '.join(missing)}")
    _apt(["update"])
    _apt(["install", "-y", "--no-install-recommends", *missing])


def _is_there(program: str) -> bool:
    return bool(glob(program)) if program.startswith("/") else shutil.which(program) is not None


def _apt(arguments: list[str]) -> None:
    done = subprocess.run(
        ["apt-get", "-q", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        capture_output=True,
        text=True,
        timeout=_INSTALL_TIMEOUT_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise SetupError(f"apt-get {' '.join(arguments)} 没有成功：{done.stderr.strip()[-400:]}")


def find_python310(uv: Path) -> Path:
    """A Python 3.10 for Rasa: on the path, in pyenv's versions, or brought by uv.

    `python3.10` on the path may be a pyenv shim with no version behind it, so every candidate is run once.
    Raises SetupError when none can be had.
    """
    for candidate in _python310_candidates():
        if _is_310(candidate):
            return candidate
    fetched = subprocess.run(
        [str(uv), "python", "install", "3.10"], capture_output=True, text=True, timeout=600, check=False
    )
    found = subprocess.run([str(uv), "python", "find", "3.10"], capture_output=True, text=True, timeout=60, check=False)
    path = Path(found.stdout.strip())
    if found.returncode == 0 and _is_310(path):
        return path
    raise SetupError(
        "Rasa 3.6 需要 Python 3.10，路径里、pyenv 里都没有，uv 也没能取得"
        f"（{(fetched.stderr.strip().splitlines() or ['没有网络'])[-1][:200]}）。"
        "请安装后再试，例如：pyenv install 3.10"
    )


def _python310_candidates() -> Iterable[Path]:
    if on_path := shutil.which("python3.10"):
        yield Path(on_path)
    pyenv = Path(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv")))
    yield from (version / "bin" / "python" for version in sorted(pyenv.glob("versions/3.10.*"), reverse=True))


def _is_310(python: Path) -> bool:
    check = "import sys; sys.exit(sys.version_info[:2] != (3, 10))"
    try:
        return subprocess.run([str(python), "-c", check], capture_output=True, timeout=30, check=False).returncode == 0
    except OSError:
        return False
