from __future__ import annotations

from datetime import date

import pytest

from casework.id_number import IdRefused, check, check_character, mask_id, mask_name
from tests.casework.office import people

TODAY = date(2026, 11, 20)


def test_the_demos_people_have_right_numbers() -> None:
    for person in people().values():
        assert check(person["id_number"], TODAY) == person["id_number"]


@pytest.mark.parametrize(
    "written",
    ["３７０８９９１９５００３１５９０２８", "370899 19500315 9028", "370899-19500315-9028", "370899195003159028#"],
)
def test_however_it_is_written(written: str) -> None:
    assert check(written, TODAY) == "370899195003159028"


@pytest.mark.parametrize("written", ["37089919751120906x", "37089919751120906*", "37089919751120906×"])
def test_x_in_any_way(written: str) -> None:
    assert check(written, TODAY) == "37089919751120906X"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("370899195003159027", "id_check"),
        ("370899500315902", "id_15"),
        ("37089919500315902", "id_shape"),
        ("37089919500315902A", "id_shape"),
        ("", "id_shape"),
        ("370899195013159028", "id_birth"),
        ("370899202703159028", "id_birth"),
        ("'; DROP TABLE--", "id_shape"),
    ],
)
def test_what_cannot_be_right_gets_a_sentence_and_never_holds_the_number(wrong: str, code: str) -> None:
    with pytest.raises(IdRefused) as refused:
        check(wrong, TODAY)
    assert refused.value.code == code
    assert "转人工" in refused.value.citizen_text
    assert not wrong or wrong not in str(refused.value) + refused.value.citizen_text


def test_every_single_wrong_digit_is_noticed() -> None:
    number = "370899195003159028"
    for place in range(17):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert check_character(wrong) != number[-1]


def test_masks_show_little() -> None:
    assert mask_id("370899195003159028") == "370899********9028"
    assert mask_name("张桂兰") == "张**"
    assert mask_name("张") == "张*"
