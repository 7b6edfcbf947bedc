"""Pictures of scanned pages while an editor compares them: in memory, few, gone with a restart.

The correction page carries all text itself; without the pictures the editor compares with the paper instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from cachetools import FIFOCache

from connectors.console.knowledge.typed_documents import Found
from knowledge.authoring.versions import new_key
from knowledge.documents.reading.scans.scan import Scan

MOST_SCANS = 12
"""Of all editors together, about 3 MB each."""
NOT_CONFIRMED = "这份文件是从图片上识别出来的。请逐条对照图片核对，然后勾选确认。"
NOTE = "由扫描件识别，保存前已逐条对照图片核对。"


@dataclass(frozen=True, slots=True)
class Beside:
    """One clause beside its picture: strips (page, SVG view box, marks in pixels), and its uncertain words."""

    strips: list[dict[str, Any]]
    doubtful: list[tuple[str, str]]


class Scans:
    """The scans that are being compared, by a key that only the page knows."""

    def __init__(self) -> None:
        self._scans: FIFOCache[str, Scan] = FIFOCache(MOST_SCANS)

    def keep(self, scan: Scan) -> str:
        """The key for it. The oldest scan goes when there are too many."""
        key = new_key()
        self._scans[key] = scan
        return key

    def of(self, document: Found) -> Scan | None:
        """The scan that a document of a form was recognised from, None when it was not, or is kept no more."""
        return self._scans.get(str(document.get("scan", "")))

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """One page as JPEG."""
        scan, page = self._scans.get(request.match_info["key"]), int(request.match_info["page"])
        if scan is None or page >= len(scan.pictures):
            raise web.HTTPNotFound
        return web.Response(body=scan.pictures[page], content_type="image/jpeg")


def beside(document: Found, scan: Scan | None) -> list[Beside]:
    """For every clause of a document; empty without its scan."""
    if scan is None:
        return []
    texts = [f"{row.get('heading', '')}\n{row.get('text', '')}" for row in document.get("clauses", [])]
    return [Beside([_strip(scan, place) for place in scan.places(text)], scan.doubtful(text)) for text in texts]


def pages(scan: Scan | None) -> list[dict[str, Any]]:
    """Whole pages, with what was not read marked."""
    if scan is None:
        return []
    return [
        _view(scan, page, 0.0, 1.0, [(box, "unread") for at, box in scan.unread if at == page])
        for page in range(len(scan.pictures))
    ]


def _strip(scan: Scan, place: Any) -> dict[str, Any]:
    inside = [
        (box, "unread") for at, box in scan.unread if at == place.page and place.top < box[3] and box[1] < place.bottom
    ]
    return _view(scan, place.page, place.top, place.bottom, [*place.marks, *inside])


def _view(scan: Scan, page: int, top: float, bottom: float, marks: Any) -> dict[str, Any]:
    width, height = scan.sizes[page]
    return {
        "page": page,
        "width": width,
        "height": height,
        "box": f"0 {round(top * height)} {width} {max(1, round((bottom - top) * height))}",
        "marks": [
            (round(x0 * width), round(y0 * height), round((x1 - x0) * width), round((y1 - y0) * height), kind)
            for (x0, y0, x1, y1), kind in marks
        ],
    }
