"""The official Chinese Vosk models: `make models`, where the internet can be reached.

The publisher's list gives each archive's address and MD5. An interrupted download goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

from base.errors import SetupError
from voice.models import Report, default_cache_dir, place

MODEL_LIST = "https://alphacephei.com/vosk/models/model-list.json"
CHINESE_MODELS = ("vosk-model-small-cn-0.22", "vosk-model-cn-0.22")
"""42 MB, and 1.3 GB with far fewer errors; `voice.models.installed` prefers the large one."""
TIMEOUT_SECONDS = 30
_CHUNK_BYTES = 1 << 20


def ensure_vosk_chinese(
    report: Report,
    cache_dir: Path | None = None,
    names: tuple[str, ...] = CHINESE_MODELS,
    model_list: str = MODEL_LIST,
) -> None:
    """Fetch the named models that are missing. A model that cannot be had is reported, never raised."""
    folder = cache_dir or default_cache_dir()
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        if (folder / name).is_dir():
            report(f"{name}: ready")
            continue
        try:
            _fetch(name, folder, model_list, report)
        except (OSError, ValueError, SetupError, zipfile.BadZipFile) as error:
            report(f"{name}: missing ({error})")
        else:
            report(f"{name}: ready")


def _fetch(name: str, folder: Path, model_list: str, report: Report) -> None:
    entry = _entry(name, model_list)
    archive = folder / f"{name}.zip.part"
    _download(entry["url"], archive, int(entry["size"]), lambda percent: report(f"{name}: {percent} %"))
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "md5").hexdigest()
    if digest != entry["md5"]:
        archive.unlink()
        raise SetupError("the download is damaged: its checksum differs from the published one")
    with tempfile.TemporaryDirectory(prefix=".vosk-", dir=folder) as work:
        with zipfile.ZipFile(archive) as zipped:
            zipped.extractall(work)  # refuses to write outside `work`
        place(Path(work, name), folder / name)
    archive.unlink()


def _entry(name: str, model_list: str) -> dict[str, Any]:
    with urllib.request.urlopen(model_list, timeout=TIMEOUT_SECONDS) as answer:
        entries: list[dict[str, Any]] = json.load(answer)
    for entry in entries:
        if entry.get("name") == name:
            return entry
    raise SetupError("the publisher no longer lists it")


def _download(url: str, target: Path, size: int, progress: Report) -> None:
    """Append to `target` what is still missing of `url`; a server that cannot resume sends it again from the start."""
    have = target.stat().st_size if target.exists() else 0
    if have == size:
        return
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        resumed = answer.status == 206
        done, shown = (have if resumed else 0), -1
        with target.open("ab" if resumed else "wb") as file:
            while chunk := answer.read(_CHUNK_BYTES):
                file.write(chunk)
                done += len(chunk)
                if (percent := 100 * done // max(1, size)) // 5 > shown // 5:
                    shown = percent
                    progress(str(percent))
