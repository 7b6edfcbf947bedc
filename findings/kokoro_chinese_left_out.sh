#!/usr/bin/env bash
# misaki 0.9.4 (zh) before Kokoro: numbers and letters of a Chinese sentence are left out or turned around on the way to the voice, with no error.
# - misaki lets cn2an write out numbers. Beyond 16 digits cn2an only warns and leaves the digits; Kokoro's symbol table has none, and its
#   tokeniser skips unknown symbols: an identity number of 18 digits is not spoken at all, only a pause stands there.
# - A hyphen is a minus: 0537-2967119 is "five hundred and thirty-seven negative two million ...", PD-1 "negative one".
# - Latin letters go through as they are. Most are symbols of English sounds by chance (T a flap, I "eye"), the rest is skipped: CT
#   is one flap, KPD nothing. Ⅱ of Ⅱ型 is skipped, too.
# Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q "misaki[zh]==0.9.4" cn2an==0.5.24 jieba==0.42.1 pypinyin==0.55.0 setuptools==80.9.0
"$folder/env/bin/pip" install -q --no-deps kokoro-onnx==0.6.1
"$folder/env/bin/python" -W ignore - <<'PY' 2>"$folder/log" || { cat "$folder/log"; exit 1; }
import json
from importlib.metadata import distribution, version

from misaki.zh import ZHG2P

files = {path.name: path.locate() for path in distribution("kokoro-onnx").files}
symbols = json.loads(files["config.json"].read_text())["vocab"]
to_phonemes = ZHG2P()
print("misaki", version("misaki"), "cn2an", version("cn2an"), "symbol table of kokoro-onnx", version("kokoro-onnx"))
left = {}
for text in ("身份证三七", "号码123456789012345678", "0537-2967119", "PD-1", "CT", "KPD", "Ⅱ型", "〔2023〕25号"):
    phonemes = to_phonemes(text)[0]
    left[text] = "".join(symbol for symbol in phonemes if symbol not in symbols)
    print(f"{text}: {phonemes} -> without {left[text]!r}")
minus = to_phonemes("负")[0].strip()
assert left["身份证三七"] == ""
assert left["号码123456789012345678"] == "123456789012345678", "long numbers are read now"
assert minus in to_phonemes("0537-2967119")[0] and minus in to_phonemes("PD-1")[0], "a hyphen is none any more"
assert (left["PD-1"], left["CT"], left["KPD"], left["Ⅱ型"], left["〔2023〕25号"]) == ("PD", "C", "KPD", "Ⅱ", "〔〕")
PY
