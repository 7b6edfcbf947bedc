#!/usr/bin/env bash
# pypinyin 0.55.0 with pypinyin-dict 0.9.0: a bigger dictionary of readings makes everyday words wrong. pypinyin reads 照片 zhào piān, 还款 hái kuǎn,
# 为准 wèi zhǔn, 颈椎 jǐng chuí, 单县 dān xiàn. CC-CEDICT mends all of these and breaks 重点 (chóng diǎn), 结果 (jiē guǒ), 好处 (hǎo chǔ) and 当天 instead:
# of a word with several readings it keeps a rare one. 汉典 (zdic_cibs) mends one of the five and breaks 给付; the package's largest
# table mends three and breaks 给付 as well. 多长时间 (how long) stays duō zhǎng in each of them: no table has 长时间, and the
# character alone is read zhǎng. Who reads aloud has to keep words of their own. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q pypinyin==0.55.0 pypinyin-dict==0.9.0
cat > "$folder/ask.py" <<'PY'
import importlib
import sys
from importlib.metadata import version

from pypinyin import Style, lazy_pinyin

RIGHT = {
    "照片": "zhao4 pian4", "还款": "huan2 kuan3", "为准": "wei2 zhun3", "颈椎": "jing3 zhui1", "单县": "shan4 xian4",
    "重点": "zhong4 dian3", "结果": "jie2 guo3", "好处": "hao3 chu4", "当天": "dang4 tian1", "给付": "ji3 fu4",
    "多长时间": "duo1 chang2 shi2 jian1", "重复": "chong2 fu4", "长期": "chang2 qi1", "医院": "yi1 yuan4",
}  # fmt: skip
WRONG = {
    "none": "照片 还款 为准 颈椎 单县 多长时间",
    "cc_cedict": "重点 结果 好处 当天 多长时间",
    "zdic_cibs": "照片 还款 为准 单县 给付 多长时间",
    "large_pinyin": "照片 还款 给付 多长时间",
}
more = sys.argv[1]
if more != "none":
    importlib.import_module(f"pypinyin_dict.phrase_pinyin_data.{more}").load()
read = {word: " ".join(lazy_pinyin(word, style=Style.TONE3)) for word in RIGHT}
wrong = {word: read[word] for word in RIGHT if read[word] != RIGHT[word]}
print("pypinyin", version("pypinyin"), "pypinyin-dict", version("pypinyin-dict"), more, wrong)
assert set(wrong) == set(WRONG[more].split()), "other words are read wrong now"
PY
for more in none cc_cedict zdic_cibs large_pinyin; do "$folder/env/bin/python" "$folder/ask.py" $more; done
