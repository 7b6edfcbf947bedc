#!/usr/bin/env bash
# openpyxl 3.1.5: the commonest Chinese date formats of Excel and WPS come as bare numbers. A cell shown as 2026年12月1日 has the built-in format
# number 31 there (57 for 2026年12月, 58 for 12月1日, 27-36 and 50-58 in all): numbers that mean dates in East Asian languages only and that stand in the
# file without any format text. openpyxl's table ends before them: `number_format` is "General", `is_date` False, the value the integer
# 46357, silently and in every mode. Formats written out, as openpyxl itself and any test made with it writes them, are read well.
# python-calamine 0.9.1 gives the date for every one of them. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q openpyxl==3.1.5 python-calamine==0.9.1
"$folder/env/bin/python" - "$folder" <<'PY'
import sys
import zipfile
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

folder = Path(sys.argv[1])
CHINESE = [*range(27, 37), *range(50, 59)]
book = Workbook()
for row in range(1, len(CHINESE) + 1):
    book.active.cell(row, 1, 46357).number_format = "0" * row + ".000"  # a style each, to be numbered anew
book.active.cell(len(CHINESE) + 1, 1, date(2026, 12, 1)).number_format = 'yyyy"年"m"月"d"日"'
book.save(folder / "made.xlsx")
with zipfile.ZipFile(folder / "made.xlsx") as made, zipfile.ZipFile(folder / "chinese.xlsx", "w") as chinese:
    for name in made.namelist():
        text = made.read(name).decode()
        if name == "xl/styles.xml":
            for at, number in enumerate(CHINESE):
                assert f'numFmtId="{164 + at}" fontId' in text
                text = text.replace(f'numFmtId="{164 + at}" fontId', f'numFmtId="{number}" fontId')
        chinese.writestr(name, text)

print("openpyxl", version("openpyxl"), "python-calamine", version("python-calamine"))
cells = [row[0] for row in load_workbook(folder / "chinese.xlsx").active.iter_rows()]
others = [row[0] for row in CalamineWorkbook.from_path(folder / "chinese.xlsx").get_sheet_by_index(0).to_python()]
for number, cell, other in zip([*CHINESE, "written out"], cells, others, strict=True):
    print(number, cell.number_format, repr(cell.value), cell.is_date, "| calamine:", other)
*numbered, written = cells
assert written.value == datetime(2026, 12, 1)
assert all(cell.value == 46357 and not cell.is_date and cell.number_format == "General" for cell in numbered), "openpyxl knows them now"
assert set(others) == {date(2026, 12, 1)}, "calamine does not know them any more"
PY
