"""What a citizen's file is, found out in a process of its own: a picture that eats memory, or a PDF of a hundred
thousand objects, costs a refusal and no call.

    await opened_type(content)        # "image/jpeg"; raises MaterialRefused

As a module it is that process: `python -m casework.filings.file_type < file`.
"""

from __future__ import annotations

import json

from base.confined import answer, confine, given
from base.sandbox import Failure, Sandbox, SandboxFailed
from casework.filings.pictures import TYPES, MaterialRefused, check_size, media_type

MEMORY_BYTES = 800 * 2**20
"""A picture of 60 million points takes 240 MB when it is opened, the programs that open it 200."""
CPU_SECONDS = 6
_OPENER = Sandbox("casework.filings.file_type", timeout_seconds=30.0, most_answer_bytes=2000, most_waiting=12)
_BUSY = MaterialRefused(code="material_busy", citizen_text="现在交材料的人多，这一份没有收下。请过一分钟再交一次。")
_TOO_HARD = MaterialRefused(
    code="material_hard", citizen_text="这个文件太复杂，打不开。请用手机把每一页拍成照片，发 JPG 或 PNG 图片。"
)


async def opened_type(content: bytes) -> str:
    """image/jpeg, image/png or application/pdf. Raises MaterialRefused."""
    check_size(content)
    try:
        said = json.loads(await _OPENER.run(content))
        if said.get("type") in TYPES:
            return str(said["type"])
        raise MaterialRefused(code=str(said["code"]), citizen_text=str(said["words"]))
    except SandboxFailed as failed:
        raise (_BUSY if failed.why is Failure.BUSY else _TOO_HARD) from failed
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _TOO_HARD from error


def main() -> None:
    """Answer `{"type"}` or `{"code", "words"}`."""
    confine(MEMORY_BYTES, CPU_SECONDS)
    try:
        said = {"type": media_type(given())}
    except MaterialRefused as refused:
        said = {"code": refused.code, "words": refused.citizen_text}
    except (MemoryError, RecursionError):
        said = {"code": _TOO_HARD.code, "words": _TOO_HARD.citizen_text}
    answer(json.dumps(said))


if __name__ == "__main__":
    main()
