from __future__ import annotations

import pytest

from language.clauses import with_commas


@pytest.mark.parametrize(
    ("said", "clauses"),
    [
        ("县医院 电话13605370909 不对 病改糖尿病", "县医院，电话13605370909，不对，病改糖尿病"),
        ("3708 9919 5003 159028", "3708 9919 5003 159028"),
        ("俺娘 3708", "俺娘，3708"),
        ("好的", "好的"),
        ("GD20261120-0001 办到哪了", "GD20261120-0001，办到哪了"),
    ],
)
def test_spaces_part_clauses(said: str, clauses: str) -> None:
    assert with_commas(said) == clauses
