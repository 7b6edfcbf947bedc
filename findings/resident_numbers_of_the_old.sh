#!/usr/bin/env bash
# python-stdnum 2.2, `stdnum.cn.ric`: resident identity numbers of most Chinese born before the 1980s are "invalid" (InvalidComponent). It
# demands that the first six digits, the county's code, were in force in the year of birth. But numbers were first given out in the middle
# of the 1980s, to everybody alive, with the code of that time: somebody born in 汶上县 in 1950 has 370830, a code of 1985. Children
# pass, so do tests with young people's numbers. Residence permits (given out since 2018) fare the same: 810000 of Hong Kong passes
# for who was born after 1997, 830000 of Taiwan for nobody.
# id-validator 1.0.20 takes all of these, and still finds a wrong check character. All numbers here are made up.
# Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q python-stdnum==2.2 id-validator==1.0.20
"$folder/env/bin/python" - <<'PY'
from importlib.metadata import version

from id_validator import validator
from stdnum.cn import ric
from stdnum.exceptions import ValidationError


def made_up(county: str, born: str) -> str:
    number = county + born + "000"
    return number + ric.calc_check_digit(number + "0")


def by_stdnum(number: str) -> str:
    try:
        ric.validate(number)
    except ValidationError as error:
        return type(error).__name__
    return "valid"


print("python-stdnum", version("python-stdnum"), "id-validator", version("id-validator"))
OLD = {"汶上县": "370830", "嘉祥县": "370829", "任城区": "370811", "济南市市中区": "370103", "Taiwan": "830000", "Hong Kong": "810000"}
for place, county in OLD.items():
    said = [by_stdnum(made_up(county, born)) for born in ("19500515", "20150515")]
    print(f"{place} {county}: born 1950 {said[0]}, born 2015 {said[1]}")
    assert said[0] == "InvalidComponent", "it takes the old now"
    assert said[1] == ("InvalidComponent" if place == "Taiwan" else "valid")
    assert validator.is_valid(made_up(county, "19500515"))
wrong = made_up("370830", "19500515")[:-1] + "X"
assert wrong != made_up("370830", "19500515") and not validator.is_valid(wrong)
PY
