"""What a start waits for."""

from __future__ import annotations

import subprocess
import sys

from base.settings import ROOT

NEEDED_BY_FEW = {
    *("aiortp", "aiosipua", "alembic", "av", "cn2an", "ctranslate2", "docx", "faster_whisper", "misaki"),
    *("onnxruntime", "openpyxl", "pdfplumber", "vosk"),
}
"""To speak on the telephone, to read a file, to migrate: seconds, all together, in which nobody is answered."""


def test_what_a_chat_does_not_need_is_not_imported_before_it_is_answered() -> None:
    program = "import sys, service.__main__, service.app; print(*sys.modules)"
    imported = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert NEEDED_BY_FEW & set(imported.stdout.split()) == set()
