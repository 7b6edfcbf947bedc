from __future__ import annotations

import random
from datetime import date

import pytest

from language.id_number import IdRefused, check, check_character, find, mask_id, mask_name
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
    "said",
    [
        "37089919751120906叉",
        "37089919751120906 艾克斯",
        "三七零八九九，一九七五一一二零，九零六爱克斯",
        "37089919751120906ex",
        "三七零八九九一九七五一一二零九零六 差",
        "俺的号是三七零八九九然后一九七五年十一月二十号后四位九零六叉，你记一下",
        "370899197511209061，不对，最后一位是叉",
        "37089919751120906 大写X",
        "37o899197511209o6x",
    ],
)
def test_however_it_is_called_out(said: str) -> None:
    assert check(said, TODAY) == "37089919751120906X"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("USA370012345678", "id_foreign_old"),
        ("我的是usa 3700 1234 5678", "id_foreign_old"),
        ("370899500315902", "id_15"),
        ("37089919500315902", "id_shape"),
        ("370899195002309028", "id_birth"),
        ("370899195003159027", "id_check"),
    ],
)
def test_what_is_no_number_is_told_why(said: str, code: str) -> None:
    with pytest.raises(IdRefused) as refused:
        check(said, TODAY)
    assert refused.value.code == code


def test_one_sign_too_many_is_no_number() -> None:
    with pytest.raises(IdRefused):
        check("370899195003159028X", TODAY)


def test_of_two_numbers_none_is_taken() -> None:
    assert find("370899195003159028和37089919751120906X") == ""


def test_whatever_is_said_it_is_a_number_or_a_question() -> None:
    pick = random.Random(14)
    alphabet = "零〇洞幺一二两三四五六七拐八九0123456789- ，XxOo叉差艾克斯个年月日号不对是最后位"
    for _ in range(20_000):
        said = "".join(pick.choices(alphabet, k=pick.randint(1, 30)))
        try:
            assert len(check(said, TODAY)) == 18
        except IdRefused:
            continue


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("370899195003159027", "id_check"),
        ("370899500315902", "id_15"),
        ("37089919500315902", "id_shape"),
        ("37089919500315902A", "id_shape"),
        ("", "id_shape"),
        ("AAA123456789012", "id_foreign_old"),
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


def test_a_birthday_called_out_without_the_word_year() -> None:
    assert find("三七零八一一，一九五零，六月初三，后头零零一二") == ""
    assert find("三七零八一一，一九五零，十二月三号，后头四位零零一二") == "370811195012030012"
