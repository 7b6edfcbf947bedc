#!/usr/bin/env bash
# jieba 0.42.1: a word of one's own that holds any character but common Chinese ones, Latin letters, digits and + # & . _ % - is taken by add_word (and
# by load_userdict) and never found, with however high a frequency: jieba first splits the text at all other characters and looks
# words up within the pieces. Of a list of medicines and rules so go missing Ⅱ型糖尿病, α干扰素, β受体阻滞剂, 胰岛素（重组）, T3/T4, names with ·, years with 〇
# and names with a character from beyond the first plane (𬭊, a standard character). 龥 and PD-1 are found. The word is in the
# dictionary (`FREQ` has it, suggest_freq promises it), so only a search for it shows that it is not used.
# Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q jieba==0.42.1 setuptools==80.9.0
"$folder/env/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import jieba

jieba.setLogLevel(60)
print("jieba", version("jieba"))
FOUND = "起付线甲类 PD-1抑制剂 CT+MR 龥氏病".split()
LOST = "Ⅱ型糖尿病 α干扰素 β受体阻滞剂 胰岛素（重组） T3/T4 买买提·阿不都 二〇二三年度 王𬭊主任 5‰费率".split()
for word in [*FOUND, *LOST]:
    jieba.add_word(word, 10**7)
    assert jieba.dt.FREQ[word] == 10**7
    cut = jieba.lcut(f"我想问{word}报销")
    print(word, cut)
    assert (word in cut) == (word in FOUND), "another set of characters is taken now"
PY
