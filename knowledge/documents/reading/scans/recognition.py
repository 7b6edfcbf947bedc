"""Runs the recognising process, one at a time, and says in words what the editor has to compare."""

from __future__ import annotations

import base64
from collections import defaultdict

from base import aside
from base.sandbox import Sandbox, SandboxFailed
from knowledge.documents.reading.block import Reading
from knowledge.documents.reading.sandbox import refusal, understood
from knowledge.documents.reading.scans import scan as scans
from knowledge.documents.reading.scans.scan import Scan
from knowledge.documents.refusals import BrokenFile

RECOGNISER = Sandbox(
    "knowledge.documents.reading.scans.recognising",
    timeout_seconds=420.0,  # 20 pages at 6 s of processor time, on a machine busy with calls
    most_answer_bytes=40 * 2**20,
    most_waiting=2,
)
_MOST_TOLD = 20


async def read(data: bytes, kind: str) -> tuple[Reading, Scan]:
    """What stands on a scanned "pdf" or on a "picture" (JPEG, PNG). Raises a Refused."""
    try:
        answer = await RECOGNISER.run(data, kind)
    except SandboxFailed as failed:
        raise refusal(failed) from failed
    return await aside.think(_understood, answer)


def _understood(answer: bytes) -> tuple[Reading, Scan]:
    reading, data = understood(answer)
    try:
        pictures = [base64.b64decode(picture, validate=True) for picture in data["pictures"]]
        if not all(picture.startswith(b"\xff\xd8\xff") for picture in pictures):
            raise ValueError("pictures")
        return reading, scans.from_json(data["scan"], pictures)
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenFile("answer of the recognising process") from error


def notes(scan: Scan) -> tuple[str, ...]:
    """Sentences for staff: that it was recognised, what was changed, how much is doubtful, what is no text yet."""
    said = [
        f"文字是从图片上识别出来的（{len(scan.pictures)} 页），可能有错。"
        "请逐条对照图片核对，特别是数字、日期和标出的字。"
    ]
    changed = {
        f"第 {line.page + 1} 页“{line.text[max(0, d.start - 4) : d.end + 4]}”的“{line.text[d.start : d.end]}”，"
        f"图片上认成了“{d.was}”"
        for line in scan.lines
        for d in line.doubts
        if d.was
    }
    if changed:
        said.append(f"按行业用语改了 {len(changed)} 处：{'；'.join(sorted(changed)[:_MOST_TOLD])}。")
    doubtful = sum(not d.was for line in scan.lines for d in line.doubts)
    if doubtful:
        said.append(f"有 {doubtful} 个字认得没有把握，已标出。")
    unread: dict[int, int] = defaultdict(int)
    for page, _ in scan.unread:
        unread[page + 1] += 1
    said += [
        f"第 {page} 页有 {count} 处墨迹没有认成文字（图片上用红框标出），请看是不是漏了字。"
        for page, count in unread.items()
    ]
    return tuple(said)
