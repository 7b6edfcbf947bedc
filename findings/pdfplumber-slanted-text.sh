#!/usr/bin/env bash
# pdfplumber calls text upright that lies at 45 degrees: `char["upright"]` only tells text along the axes from none.
# A watermark across a page is therefore "upright" text, and its characters land in the lines it crosses, or between them.
# What tells it is the character's matrix: b and c are zero for straight text only.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" -q install pdfplumber==0.11.10 reportlab==4.4.9
"$folder/env/bin/python" - <<'PY'
import io, sys
import pdfplumber
from reportlab.pdfgen.canvas import Canvas

out = io.BytesIO()
canvas = Canvas(out, pagesize=(300, 300))
canvas.drawString(20, 150, "limit 500 yuan a year")
canvas.translate(60, 110)
canvas.rotate(45)
canvas.drawString(0, 0, "DRAFT")
canvas.save()
with pdfplumber.open(io.BytesIO(out.getvalue())) as pdf:
    page = pdf.pages[0]
    slanted = [char for char in page.chars if abs(char["matrix"][1]) > 0.1]
    print("pdfplumber", pdfplumber.__version__)
    print("slanted:", "".join(char["text"] for char in slanted), "upright:", {char["upright"] for char in slanted})
    print("text:", page.extract_text().splitlines())
    ok = len(slanted) == 5 and all(char["upright"] for char in slanted)
    ok = ok and set("DRAFT") <= set(page.extract_text().splitlines())
sys.exit(0 if ok else "behaviour changed")
PY
