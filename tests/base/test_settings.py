from __future__ import annotations

import pytest
from pydantic import ValidationError

from base.settings import ROOT, Settings
from service.settings_page import page

SECRETS = {"YIBAO_DATA_KEY": "ab" * 32, "YIBAO_RASA_TOKEN": "r", "YIBAO_ACTION_TOKEN": "a"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def settings() -> Settings:
    return Settings(_env_file=None)


def test_every_setting_is_in_the_operators_page() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == page(), (
        "run python -m service.settings_page > docs/settings.md"
    )


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_has_no_working_default(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.delenv(name)
    with pytest.raises(ValidationError, match=name.removeprefix("YIBAO_").lower()):
        settings()


def test_secrets_do_not_show(environment: pytest.MonkeyPatch) -> None:
    assert "abab" not in repr(settings())


def test_false_means_false(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("YIBAO_DEMO", "0")
    assert settings().demo is False


def test_a_bad_value_names_the_setting(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("YIBAO_PORT", "eighty")
    with pytest.raises(ValidationError, match="port"):
        settings()
