from pathlib import Path

import pytest

from base.errors import SetupError
from connectors.phone.tree import choose_mirror, get_asterisk, is_new_enough, tree_at


@pytest.mark.parametrize(
    ("line", "enough"),
    [
        ("Asterisk 22.10.1~dfsg+~cs6.15", True),
        ("Asterisk 22.8.0", True),
        ("Asterisk 23.0.0", True),
        ("Asterisk 22.7.0", False),
        ("Asterisk 20.16.0~dfsg", False),
        ("Asterisk certified/18.9-cert5", False),
        ("", False),
    ],
)
def test_only_an_asterisk_with_json_control_messages_will_do(line: str, enough: bool) -> None:
    assert is_new_enough(line) is enough


def test_the_mirror_is_the_machines_own_and_never_the_security_one() -> None:
    listing = "\n".join(
        [
            "http://mirror.example/debian-security/ bookworm-security Debian",
            "http://tools.example/apt stable Tools",
            "http://mirror.example/deb-cache/ bookworm Debian",
        ]
    )
    assert choose_mirror(listing) == "http://mirror.example/deb-cache/"
    assert choose_mirror("http://mirror.example/debian bookworm") == "http://mirror.example/debian"
    assert choose_mirror("http://mirror.example/ubuntu noble Ubuntu") == ""


def test_without_mmdebstrap_the_command_that_brings_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda *_args, **_named: None)
    with pytest.raises(SetupError, match="apt-get install -y mmdebstrap"):
        get_asterisk(lambda _line: None, tmp_path / "cache", mirror="http://mirror.example/debian")
    assert not (tmp_path / "cache" / "sid").exists()


def test_a_half_tree_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="请删除该目录"):
        tree_at(tmp_path)
