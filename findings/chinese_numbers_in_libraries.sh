#!/usr/bin/env bash
# cn2an and JioNLP fuse or misplace Chinese numbers in ordinary sentences: 两三天 (two or three days) becomes 23天, a time of
# day becomes one decimal number, and JioNLP makes 20004 of 1万2 (12,000). Whoever keeps amounts or days must not pass whole
# sentences through them. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q cn2an==0.5.24 jionlp==1.5.31
"$folder/env/bin/python" - <<'PY'
from importlib.metadata import version

import cn2an
import jionlp

print("cn2an", version("cn2an"), "jionlp", version("jionlp"))
fused = {text: cn2an.transform(text, "cn2an") for text in ("两三天前", "六月三号三点三刻", "半个月前")}
money = jionlp.parse_money("1万2")["num"]
print(fused, {"1万2": money})
assert fused == {"两三天前": "23天前", "六月三号三点三刻": "6月3号3.3刻", "半个月前": "0.5个月前"}
assert float(money) == 20004
PY
