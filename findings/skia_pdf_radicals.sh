#!/usr/bin/env bash
# Skia (skia-python 144.1; the same seen in Chromium 156's "print to PDF") with the font Noto CJK: the text of a Chinese page saved as PDF comes back with other
# characters that look the same. 居民 becomes 居⺠ (U+2EA0), 一人 ⼀⼈, 长期 ⻓期, 门诊 ⻔诊. The font draws a character and the radical of that
# shape with one glyph, and Skia, which keeps glyphs and no text, notes the lowest character of a glyph as its text: the radical. 12 of the 20
# words below are hit; searching such a PDF for 居民医保 finds nothing, nor does an index built from it. Unicode's NFKC
# mends the Kangxi radicals (⼀⼈), not those simplified (⺠⻓⻔⻅⻬⻥): these have no decomposition. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q skia-python==144.1 pdfplumber==0.11.10
cd "$folder" && apt-get download -q fonts-noto-cjk=1:20220127+repack1-1 >/dev/null 2>&1 && dpkg -x fonts-noto-cjk_*.deb . && rm fonts-noto-cjk_*.deb
"$folder/env/bin/python" - "$folder/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc" <<'PY' 2>"$folder/log" || { cat "$folder/log"; exit 1; }
import io
import sys
import unicodedata
from importlib.metadata import version

import pdfplumber
import skia

WORDS = "居民 医保 一人 长期 住院 门诊 大病 见义 生育 老人 儿子 小学 齐河 鱼台 西药 报销 备案 药店 缴费 参保".split()
SIMPLIFIED = 2  # the face of the collection
face = skia.Typeface.MakeFromFile(sys.argv[1], SIMPLIFIED)
out = skia.DynamicMemoryWStream()
document = skia.PDF.MakeDocument(out)
document.beginPage(900, 100).drawString(" ".join(WORDS), 20, 50, skia.Font(face, 14), skia.Paint())
document.endPage()
document.close()
with pdfplumber.open(io.BytesIO(bytes(out.detachAsData()))) as pdf:
    read = pdf.pages[0].extract_text().split()
mended = [unicodedata.normalize("NFKC", word) for word in read]
print("skia-python", version("skia-python"), face.getFamilyName(), "pdfplumber", pdfplumber.__version__)
print("read:", *read)
print("NFKC:", *mended)
changed = [word for word, got in zip(WORDS, read, strict=True) if word != got]
left = [word for word, got in zip(WORDS, mended, strict=True) if word != got]
print(len(changed), "changed,", len(left), "after NFKC:", *left)
assert len(changed) == 12 and read[0] == "居\u2ea0", "it keeps the characters now"
assert left == "居民 长期 门诊 见义 齐河 鱼台".split()
PY
