from __future__ import annotations

import pytest

from language.phone_numbers import national


@pytest.mark.parametrize(
    "given",
    ["13800138000", "+8613800138000", "8613800138000", "008613800138000", "013800138000", "+86 138-0013-8000",
     "13800138000#", "13800138000%23", "tel:+8613800138000", "sip:+8613800138000@ims.example;user=phone",
     "+86013800138000"],
)  # fmt: skip
def test_a_mobile_number_in_every_form_is_one_number(given: str) -> None:
    assert national(given) == "13800138000"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("05372345678", "05372345678"),
        ("+865372345678", "05372345678"),
        ("+8605372345678", "05372345678"),
        ("865372345678", "05372345678"),
        ("+861012345678", "01012345678"),
        ("053188881234", "053188881234"),
        ("00862112345678", "02112345678"),
    ],
)
def test_a_landline_keeps_or_gets_its_zero(given: str, kept: str) -> None:
    assert national(given) == kept


@pytest.mark.parametrize(
    "given",
    ["", "anonymous", "12393", "10086", "1001", "2345678", "4001234567", "+864001234567", "+12025550123",
     "0012025550123", "+85223456789", "12345678901", "１３８００１３８０００", "138001380001380013800"],
)  # fmt: skip
def test_what_cannot_be_called_back_is_no_number(given: str) -> None:
    assert national(given) is None
