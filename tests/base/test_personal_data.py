import pytest

from base.errors import SetupError
from base.personal_data import Vault, is_phone, mask_phone

VAULT = Vault("ab" * 32)


def test_what_is_sealed_comes_back_and_differs_each_time() -> None:
    assert VAULT.decrypt(VAULT.encrypt("19900000003")) == "19900000003"
    assert VAULT.encrypt("19900000003") != VAULT.encrypt("19900000003")


def test_another_key_opens_nothing_and_finds_nothing() -> None:
    other = Vault("cd" * 32)
    with pytest.raises(ValueError, match="not sealed"):
        other.decrypt(VAULT.encrypt("19900000003"))
    assert other.lookup("19900000003") != VAULT.lookup("19900000003")


@pytest.mark.parametrize("key", ["", "secret", "ab" * 16, "zz" * 32])
def test_a_bad_key_is_refused_with_the_command_that_makes_one(key: str) -> None:
    with pytest.raises(SetupError, match="openssl rand -hex 32"):
        Vault(key)


def test_masking() -> None:
    assert mask_phone("19900000003") == "199****0003"
    assert mask_phone("2937929") == "****29"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("19900000003", True),
        ("05372937929", True),
        ("2937929", True),
        ("12393", False),
        ("1990000000", False),
        ("019900000003", False),
    ],
)
def test_phone_numbers(text: str, is_one: bool) -> None:
    assert is_phone(text) is is_one
