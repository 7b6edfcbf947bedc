"""Where the Asterisk program comes from: the system's own, or a tree unpacked once into a cache.

chan_websocket with JSON control messages needs Asterisk 22.8 or later. Few distributions have that yet, so where
the system has none, `mmdebstrap` unpacks Debian's (sid) into a directory, without installing anything and without
root. The tree brings its own libc and is started through its own loader.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from base import caches
from base.errors import SetupError

Report = Callable[[str], None]
"""Told what is going on, a short line at a time."""

OLDEST = (22, 8)
_SUITE = "sid"
_PACKAGES = "asterisk,asterisk-modules"
_FETCH_TIMEOUT_SECONDS = 900
_INSTALL_HINT = "apt-get install -y mmdebstrap debian-archive-keyring"


@dataclass(frozen=True, slots=True)
class AsteriskTree:
    """An Asterisk that can be started, and where its parts lie."""

    command: tuple[str, ...]
    """The program, to be followed by its own arguments."""

    modules: Path
    share: Path
    """Holds `documentation` and `rest-api`, which ARI reads at start."""


def default_cache_dir() -> Path:
    return caches.cache_dir("asterisk")


def get_asterisk(report: Report, cache_dir: Path | None = None, mirror: str = "") -> AsteriskTree:
    """The system's Asterisk if it is new enough, else the cached tree, else a freshly unpacked one.

    Blocks: milliseconds when there is something to use, about half a minute when it must be fetched. `mirror` is
    the address of a Debian mirror; empty means the one this machine's apt uses. Raises SetupError.
    """
    cache_dir = cache_dir or default_cache_dir()
    if system := _system_asterisk():
        return system
    cache_dir.mkdir(parents=True, exist_ok=True)
    with _only_one(cache_dir / "lock"):
        tree = cache_dir / _SUITE
        if not tree.exists():
            _unpack(tree, mirror or _machine_mirror(), report)
    return tree_at(tree)


def tree_at(root: Path) -> AsteriskTree:
    """Describe an unpacked tree. Raises SetupError when a part is missing."""
    modules = _one(root, "usr/lib/*/asterisk/modules")
    libraries = modules.parent.parent
    loader = _one(root, "usr/lib*/ld-linux-*.so.*", "usr/lib/*/ld-linux-*.so.*", "lib*/ld-linux-*.so.*")
    path = f"{libraries}:{libraries / 'asterisk'}"
    command = (str(loader), "--library-path", path, str(_one(root, "usr/sbin/asterisk")))
    return AsteriskTree(command, modules, _one(root, "usr/share/asterisk"))


def is_new_enough(version_line: str) -> bool:
    """Does `asterisk -V` name a version with everything we use? "Asterisk 22.10.1~dfsg+~cs6.15" does."""
    found = re.search(r"(\d+)\.(\d+)", version_line)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST


def _system_asterisk() -> AsteriskTree | None:
    program = shutil.which("asterisk", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if program is None:
        return None
    version = subprocess.run([program, "-V"], capture_output=True, text=True, timeout=10, check=False).stdout
    for pattern in ("usr/lib/*/asterisk/modules", "usr/lib/asterisk/modules", "usr/lib64/asterisk/modules"):
        for modules in Path("/").glob(pattern):
            if is_new_enough(version) and (modules / "chan_websocket.so").exists():
                return AsteriskTree((program,), modules, _share_of_system())
    return None


def _share_of_system() -> Path:
    usual = Path("/usr/share/asterisk")
    return usual if (usual / "rest-api").exists() else Path("/var/lib/asterisk")


def _unpack(tree: Path, mirror: str, report: Report) -> None:
    """Fill `tree` or leave nothing: unpacked beside it, then renamed."""
    if shutil.which("mmdebstrap") is None:
        raise SetupError(f"缺少 mmdebstrap，无法准备 Asterisk。请先运行：{_INSTALL_HINT}")
    report("正在下载并解开 Asterisk（约 100 MB，只在第一次需要）")
    unfinished = tree.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        _run_mmdebstrap(unfinished, mirror, report)
        tree_at(unfinished)
        unfinished.rename(tree)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _run_mmdebstrap(tree: Path, mirror: str, report: Report) -> None:
    # "extract" runs no package script, so nothing touches the machine even when root runs it.
    command = [
        *("mmdebstrap", "--variant=extract", "--mode=chrootless"),
        "--aptopt=Acquire::Check-Valid-Until false",  # mirrors of a fixed day are common in closed networks
        *(f"--include={_PACKAGES}", _SUITE, str(tree), f"deb {mirror} {_SUITE} main"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    last_lines: list[str] = []
    with process:
        for line in process.stdout or ():
            last_lines = [*last_lines[-4:], line.strip()]
            if line.startswith("I: "):
                report(line[3:].strip())
        if process.wait(_FETCH_TIMEOUT_SECONDS) != 0:
            raise SetupError(
                "用 mmdebstrap 准备 Asterisk 失败：" + " / ".join(last_lines) + f"。请检查网络和 apt 源，"
                f"并确认已运行：{_INSTALL_HINT}；或自行安装 Asterisk 22.8 以上版本"
            )


def _machine_mirror() -> str:
    """The Debian mirror that this machine's apt uses. Raises SetupError where apt knows none."""
    try:
        listing = subprocess.run(
            ["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(ORIGIN)", "Created-By: Packages"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise SetupError("没有可用的 apt，请自行安装带 chan_websocket 的 Asterisk 22.8 以上版本") from error
    if mirror := choose_mirror(listing):
        return mirror
    raise SetupError("apt 源里没有 Debian 镜像，请自行安装 Asterisk 22.8 以上版本，或指定一个 Debian 镜像")


def choose_mirror(listing: str) -> str:
    """From lines "address codename origin", the address of a full Debian mirror; empty if there is none.

    apt knows the origin only after an `apt-get update`; before that the address has to tell.
    """
    for line in listing.splitlines():
        address, codename, *origin = line.split()
        if "-security" not in codename and (origin == ["Debian"] or address.rstrip("/").endswith("/debian")):
            return address
    return ""


def _one(root: Path, *patterns: str) -> Path:
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            return path
    raise SetupError(f"{root} 里没有完整的 Asterisk（缺 {patterns[0]}），请删除该目录后重试")


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Two clones that start at once must not unpack into the same place."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
