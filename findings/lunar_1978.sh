#!/usr/bin/env bash
# lunardate 0.3.0 is a day off for three months of the Chinese calendar within living memory: it begins the sixth month of 1933, the tenth of 1954 (as
# of 25 November, with a 30th day too many) and the eighth of 1978 a day from where the almanacs of mainland China had them. Mid-Autumn
# 1978 is 17 September for zhdate 0.1, borax 4.1.3 and lunar_python 1.4.8, and the 16th for lunardate (as in the almanacs of Hong Kong
# that year). All other days from 1925 to 2029 agree (looked at below: 1930 to 1989), so trials with today's dates show nothing; whoever turns an elderly
# caller's lunar birthday into the one on the identity card meets it. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q lunardate==0.3.0 zhdate==0.1 borax==4.1.3 lunar_python==1.4.8
"$folder/env/bin/python" -W ignore - <<'PY'
from datetime import date, datetime, timedelta
from importlib.metadata import version

from borax.calendars.lunardate import LunarDate as Borax
from lunar_python import Solar
from lunardate import LunarDate
from zhdate import ZhDate

Day = tuple[int, int, int, bool]


def by_lunardate(day: date) -> Day:
    found = LunarDate.fromSolarDate(day.year, day.month, day.day)
    return found.year, found.month, found.day, bool(found.isLeapMonth)


def by_others(day: date) -> set[Day]:
    zh, borax = ZhDate.from_datetime(datetime(day.year, day.month, day.day)), Borax.from_solar(day)
    solar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return {
        (zh.lunar_year, zh.lunar_month, zh.lunar_day, bool(zh.leap_month)),
        (borax.year, borax.month, borax.day, bool(borax.leap)),
        (solar.getYear(), abs(solar.getMonth()), solar.getDay(), solar.getMonth() < 0),
    }


print(*(f"{name} {version(name)}" for name in ("lunardate", "zhdate", "borax", "lunar_python")))
day, months = date(1930, 1, 1), []
while day < date(1990, 1, 1):
    if len(others := by_others(day)) != 1 or by_lunardate(day) not in others:
        if not months or months[-1][1] != day - timedelta(1):
            months.append([day, day, by_lunardate(day), *others])
        months[-1][1] = day
    day += timedelta(1)
for month in months:
    print(*month)
assert by_others(date(1978, 9, 17)) == {(1978, 8, 15, False)} and by_lunardate(date(1978, 9, 16)) == (1978, 8, 15, False)
assert [(str(first), str(last)) for first, last, *_ in months] == [
    ("1933-07-22", "1933-08-20"), ("1954-11-25", "1954-12-24"), ("1978-09-02", "1978-10-01")
], "it differs elsewhere now"  # fmt: skip
PY
