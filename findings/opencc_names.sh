#!/usr/bin/env bash
# OpenCC 1.4.2 and opencc-python-reimplemented 0.1.7: "traditional to simplified" (t2s) rewrites text that is simplified already. The counties
# 乾县 and 乾安县 become 干县 and 干安县, and given names that stand so on identity cards (乾, 昇, 徵, 脩: standard characters, for names) become
# others: 王乾 → 王干, 陈昇 → 陈升. 乾 is put back only in words of the table (乾坤). The two differ by name as well, 谿 against 甦 and 甯,
# and since both install as the module `opencc`, which one answers depends on what was installed last, and nothing says so.
# So no name or place may pass through t2s to be stored. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cat > "$folder/ask.py" <<'PY'
import sys
from importlib.metadata import version

import opencc

package, *changed = sys.argv[1:]
simplify = opencc.OpenCC("t2s").convert
SIMPLIFIED = ["乾县", "乾安县", "乾坤", "王乾", "陈昇", "王徵", "吴脩", "李谿", "李甦", "王甯", "李堃", "刘喆", "周龢"]
got = {text: simplify(text) for text in SIMPLIFIED if simplify(text) != text}
print(package, version(package), got)
assert simplify("醫療保險") == "医疗保险"
assert [f"{old}{new}" for old, new in got.items()] == changed, "other names are changed now"
PY
both="乾县干县 乾安县干安县 王乾王干 陈昇陈升 王徵王征 吴脩吴修"
python3 -m venv "$folder/first"; "$folder/first/bin/pip" install -q opencc==1.4.2
python3 -m venv "$folder/second"; "$folder/second/bin/pip" install -q opencc-python-reimplemented==0.1.7
"$folder/first/bin/python" "$folder/ask.py" OpenCC $both 李谿李溪
"$folder/second/bin/python" "$folder/ask.py" opencc-python-reimplemented $both 李甦李苏 王甯王宁
