"""Model files are there whole or not at all, and what cannot be had is said and left out."""

from pathlib import Path

import pytest

from base.errors import SetupError
from voice import models
from voice.models import ModelPaths, check_sha256, default_cache_dir, ensure, installed, place


def test_nothing_is_installed_in_an_empty_cache(tmp_path: Path) -> None:
    assert installed(tmp_path) == ModelPaths()


def test_the_cache_follows_xdg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/some/cache")
    assert default_cache_dir() == Path("/some/cache/yibao/models")


def test_every_package_is_pinned_by_version_and_checksum() -> None:
    lines = [line for line in models.REQUIREMENTS.read_text().splitlines() if not line.startswith("#")]
    assert len(lines) == 8
    assert all("==" in line and "--hash=sha256:" in line for line in lines)


def test_without_the_fetching_program_every_model_is_reported_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(models, "UV", tmp_path / "uv")
    said: list[str] = []
    assert ensure(tmp_path / "cache", said.append) == ModelPaths()
    assert sum("missing (`uv` is needed" in line for line in said) == 3
    assert not list((tmp_path / "cache").iterdir()), "nothing half-made stays"


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"x")
    with pytest.raises(SetupError, match="damaged"):
        check_sha256(tmp_path / "model", "0" * 64)


def test_of_two_processes_the_first_to_finish_wins(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
        place(tmp_path / name, tmp_path / "final")
    assert (tmp_path / "final" / "file").read_text() == "one"


@pytest.mark.engine
def test_the_models_can_be_fetched_and_a_second_time_is_instant() -> None:
    paths = ensure(default_cache_dir(), print)
    assert paths.whisper
    assert paths.turns
    assert paths.kokoro
    assert {file.stem for file in (paths.kokoro / "voices").iterdir()} == set(models.MANDARIN_VOICES)
    said: list[str] = []
    assert ensure(default_cache_dir(), said.append) == paths
    assert not said
