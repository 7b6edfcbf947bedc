#!/usr/bin/env bash
# python-docx cannot open three kinds of files that Word opens without a word:
# - a relationship whose target is NULL (left by some editors when a picture is deleted): KeyError;
# - one whose target is "#_top" (a bookmark as an internal link): KeyError;
# - strict OOXML (ISO/IEC 29500 strict, "Strict Open XML Document" in Word's save dialog): the main part is not found.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" -q install python-docx==1.2.0
"$folder/env/bin/python" - <<'PY'
import io, sys, zipfile
from importlib.metadata import version
import docx

out = io.BytesIO()
docx.Document().save(out)


def changed(change):
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as old, zipfile.ZipFile(new, "w") as copy:
        for name in old.namelist():
            copy.writestr(name, change(name, old.read(name)))
    return io.BytesIO(new.getvalue())


def relation(target):
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    more = f'<Relationship Id="rId99" Type="{kind}" Target="{target}"/></Relationships>'.encode()
    return lambda name, data: data.replace(b"</Relationships>", more) if name == "word/_rels/document.xml.rels" else data


def strict(name, data):
    plain = b"http://schemas.openxmlformats.org/"
    for part in (b"officeDocument/%srelationships", b"wordprocessingml/%smain"):
        data = data.replace(plain + part % b"2006/", b"http://purl.oclc.org/ooxml/" + part % b"")
    return data


print("python-docx", version("python-docx"))
failed = 0
for what, change in (("NULL", relation("NULL")), ("#_top", relation("#_top")), ("strict", strict)):
    try:
        docx.Document(changed(change))
        print(what, "opens")
    except Exception as error:
        failed += 1
        print(what, type(error).__name__, error)
sys.exit(0 if failed == 3 else "behaviour changed")
PY
