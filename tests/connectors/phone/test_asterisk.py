import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from base.errors import SetupError
from connectors.phone.asterisk import TEMPLATES, AsteriskConfig, render
from connectors.phone.tree import AsteriskTree
from voice.audio import write_wav

TREE = AsteriskTree(("asterisk",), Path("/opt/modules"), Path("/opt/share"))


@pytest.fixture
def config(tmp_path: Path) -> AsteriskConfig:
    return AsteriskConfig(tmp_path / "pbx", ari_password="geheim-ari", sip_port=15999, http_port=18999)


def read(config: AsteriskConfig, name: str) -> str:
    return (config.directory / "etc" / name).read_text()


def test_every_template_is_filled_in(config: AsteriskConfig) -> None:
    render(TREE, config)
    assert len(list((config.directory / "etc").iterdir())) == len(list(TEMPLATES.iterdir()))
    for rendered in (config.directory / "etc").iterdir():
        assert "@{" not in rendered.read_text()


def test_nothing_listens_beyond_loopback(config: AsteriskConfig) -> None:
    render(TREE, config)
    assert "bind = 127.0.0.1:15999" in read(config, "pjsip.conf")
    assert "bindaddr = 127.0.0.1\nbindport = 18999" in read(config, "http.conf")


def test_passwords_are_readable_by_the_owner_only_and_not_in_the_configs_repr(config: AsteriskConfig) -> None:
    render(TREE, config)
    assert stat.S_IMODE(config.directory.stat().st_mode) == 0o700
    assert "password = geheim-ari" in read(config, "ari.conf")
    assert "geheim-ari" not in repr(config)
    assert config.agent_password not in repr(config)


def test_an_agents_phone_cannot_register_unless_a_password_was_given(config: AsteriskConfig, tmp_path: Path) -> None:
    assert AsteriskConfig(tmp_path, "a").agent_password != AsteriskConfig(tmp_path, "a").agent_password


def test_with_a_prompt_the_dialplan_speaks_without_one_it_sounds_busy(config: AsteriskConfig, tmp_path: Path) -> None:
    render(TREE, config)
    assert read(config, "extensions.conf").count("Playtones(busy)") == 2
    write_wav(tmp_path / "any.wav", b"\1\2" * 1600)
    render(TREE, replace(config, busy_prompt=tmp_path / "any.wav"))
    said = re.findall(r"Playback\((.*)\)", read(config, "extensions.conf"))
    assert said == [f"{config.directory.resolve()}/prompts/busy"] * 2
    assert Path(said[0] + ".sln16").read_bytes() == b"\1\2" * 1600


def test_every_context_that_callers_can_reach_ends_in_words_or_a_tone(config: AsteriskConfig) -> None:
    render(TREE, config)
    contexts = dict(re.findall(r"^\[([\w-]+)\]\n((?:(?!\[).*\n?)*)", read(config, "extensions.conf"), re.M))
    assert contexts["agents"].strip().endswith("Goto(back,s,1)")
    for name in ("from-phone", "back"):  # the service is not there; it is there and does nothing
        assert contexts[name].strip().endswith("Goto(maintenance,s,1)\nexten => T,1,Goto(maintenance,s,1)")
    for name in ("maintenance", "busy"):
        assert "Playtones" in contexts[name] or "Playback" in contexts[name]


def test_a_path_too_long_for_asterisks_socket_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="路径太长"):
        render(TREE, AsteriskConfig(tmp_path / ("x" * 120), ari_password="a"))
