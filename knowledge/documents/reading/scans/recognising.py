"""The recognising process: a scanned PDF or a photographed page in on stdin, text with places out as JSON.

    python -m knowledge.documents.reading.scans.recognising pdf < file        (or picture)

Limits as in `worker`, wider ones, and processor time for every page. The models (PP-OCRv6, Apache-2.0) come inside
the wheel of RapidOCR; nothing is fetched. What it answers is never used before a person has compared it.
"""

from __future__ import annotations

import base64
import io
import json
import math
import resource
import statistics
import sys
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

from base.confined import answer, confine, given
from knowledge.documents.reading.scans.scan import Box, Doubt, ScannedLine, character_widths
from knowledge.documents.refusals import BrokenFile, LongScan, Refused, TooHard, UnclearScan

MEMORY_BYTES = 3_000 * 2**20
PAGE_CPU_SECONDS = 30
MOST_PAGES = 20
_MOST_PIXELS = 60_000_000
_LONG_SIDE = 2000
"""Pixels of a page's longer side: 170 to the inch on A4. More takes longer and reads no better."""
_SHOWN_WIDTH = 1000
_SLANT = 0.3
"""Degrees from which on a page is set straight and read again."""
_DOUBTFUL = 0.9
"""Confidence in a character below which it is marked. Wrong characters on noisy pages were at 0.58 to 0.89; sure
mistakes are left to `trade_words`."""
_UNCLEAR = 0.75
_LEAST_CHARACTERS = 8
_CLEARLY, _LEAST_DARKER = 8.0, 14.0
"""Ink is darker than the paper around it by so many times the paper's noise, and by so many of 255 grey levels."""
_PUNCTUATION = "，。、；：！？“”‘’（）()《》—-…· "


def main() -> None:
    """Answer `{"blocks", "notes", "scan", "pictures"}` or `{"refused": code}`."""
    import rapidocr.main  # noqa: F401  # before there are no sockets: it imports a library that derives from them

    confine(MEMORY_BYTES, 60 + PAGE_CPU_SECONDS * MOST_PAGES)
    data = given()
    try:
        said = _read(data, sys.argv[1])
    except Refused as refused:
        said = {"refused": refused.code}
    except (MemoryError, RecursionError):
        said = {"refused": TooHard.code}
    except Exception:  # a parser's own bug with this file: the file is what we refuse
        said = {"refused": BrokenFile.code}
    answer(json.dumps(said, ensure_ascii=True))


def _read(data: bytes, kind: str) -> dict[str, Any]:
    from knowledge.documents.reading import pdf
    from knowledge.documents.reading.ofd import page_of_characters

    engine = _engine()
    pages, lines, pictures, sizes, unread = [], [], [], [], []
    for number, picture in enumerate(_pictures(data, kind)):
        _allow_one_page()
        picture, found = _recognised(engine, picture)
        size = picture.size
        own = [_line(number, text, box, scores, size) for text, box, scores in found]
        lines += own
        characters = [char for line in own for char in _characters(line, size)]
        pages.append(page_of_characters(number + 1, 595.0, 595.0 * size[1] / size[0], characters))
        unread += [(number, box) for box in _ink_beside(picture, own)]
        shown = picture.resize((_SHOWN_WIDTH, round(_SHOWN_WIDTH * size[1] / size[0])))
        out = io.BytesIO()
        shown.save(out, "JPEG", quality=55)
        pictures.append(base64.b64encode(out.getvalue()).decode())
        sizes.append(shown.size)
    if sum(len(line.text) for line in lines) < _LEAST_CHARACTERS:
        raise UnclearScan
    reading = pdf.assembled(pages)
    rows = [{"page": o.page, "text": o.text, "box": o.box, "doubts": [astuple(d) for d in o.doubts]} for o in lines]
    return {
        **reading.to_json(),
        "scan": {"lines": rows, "sizes": sizes, "unread": unread},
        "pictures": pictures,
    }


def _engine() -> Any:
    """RapidOCR with the models of its wheel, named, so that it never looks for others; one thread: calls come first."""
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _allow_one_page() -> None:
    """The system ends this process when the next page takes longer."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    limit = math.ceil(used.ru_utime + used.ru_stime) + PAGE_CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (min(limit, hard), hard))


def _pictures(data: bytes, kind: str) -> Iterator[Any]:
    """The pages in grey, one by one. Raises a Refused."""
    from PIL import Image, ImageOps

    if kind == "picture":
        picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if picture.width * picture.height > _MOST_PIXELS:
            raise TooHard("pixels")
        yield _fitting(ImageOps.exif_transpose(picture).convert("L"))
        return
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    if len(document) > MOST_PAGES:
        raise LongScan("pages")
    for page in document:
        scale = _LONG_SIDE / max(*page.get_size(), 1.0)
        yield _fitting(page.render(scale=scale).to_pil().convert("L"))


def _fitting(picture: Any) -> Any:
    if max(picture.size) > _LONG_SIDE:
        picture.thumbnail((_LONG_SIDE, _LONG_SIDE))
    return picture


def _recognised(engine: Any, picture: Any) -> tuple[Any, list[tuple[str, Any, list[float]]]]:
    """The page, set straight, and its lines: text, corners in pixels, confidence in each character."""
    found = _run(engine, picture)
    slants = [
        math.degrees(math.atan2(box[1][1] - box[0][1], box[1][0] - box[0][0]))
        for text, box, _ in found
        if len(text) > 4
    ]
    slant = statistics.median(slants) if slants else 0.0
    if _SLANT < abs(slant) < 20:
        from PIL import Image

        picture = picture.rotate(slant, Image.Resampling.BICUBIC, fillcolor=round(_background(picture)))
        found = _run(engine, picture)
    upright = sum(box[2][1] - box[0][1] > 1.5 * (box[2][0] - box[0][0]) for text, box, _ in found if len(text) > 2)
    scores = [score for _, _, some in found for score in some]
    if upright * 2 > len(found) or (scores and statistics.mean(scores) < _UNCLEAR):
        raise UnclearScan
    return picture, found


def _run(engine: Any, picture: Any) -> list[tuple[str, Any, list[float]]]:
    import numpy as np

    grey = np.asarray(picture)
    result = engine(np.stack([grey] * 3, axis=-1), return_word_box=True, return_single_char_box=True)
    if result.boxes is None:
        return []
    out = []
    for box, text, line, words in zip(result.boxes, result.txts, result.scores, result.word_results, strict=True):
        scores = [float(score) for word, score, _ in words for _ in word]
        out.append((text, box, scores if len(scores) == len(text) else [float(line)] * len(text)))
    return out


def _line(number: int, text: str, corners: Any, scores: list[float], size: tuple[int, int]) -> ScannedLine:
    """Look-alikes decided, doubtful characters marked, places as parts of the page."""
    from knowledge.documents.reading.scans.trade_words import settled

    whole, changes = settled(text)
    changed = {change.start for change in changes}
    unsure = [
        Doubt(at, at + 1)
        for at, (letter, score) in enumerate(zip(text, scores, strict=True))
        if score < _DOUBTFUL and at not in changed and letter not in _PUNCTUATION
    ]
    xs, ys = [float(corner[0]) for corner in corners], [float(corner[1]) for corner in corners]
    box = (min(xs) / size[0], min(ys) / size[1], max(xs) / size[0], max(ys) / size[1])
    return ScannedLine(number, whole, box, tuple(sorted([*changes, *unsure], key=lambda doubt: doubt.start)))


def _characters(line: ScannedLine, size: tuple[int, int]) -> Iterator[dict[str, Any]]:
    """The characters of a line as a PDF would have them, in points: evenly spread, of one size."""
    widths = character_widths(line.text)
    height = 595.0 * size[1] / size[0]
    left, top, right, bottom = line.box[0] * 595, line.box[1] * height, line.box[2] * 595, line.box[3] * height
    unit = (right - left) / max(sum(widths), 0.5)
    em, middle = min(unit, bottom - top), (top + bottom) / 2
    for letter, width in zip(line.text, widths, strict=True):
        yield {
            "text": letter,
            "x0": left,
            "x1": left + unit * width,
            "top": middle - em / 2,
            "bottom": middle + em / 2,
            "size": em,
            "matrix": (1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
            "non_stroking_color": (0.0,),
            "object_type": "char",
        }
        left += unit * width


def _background(picture: Any) -> float:
    import numpy as np

    return float(np.median(np.asarray(picture)))


def _ink_beside(picture: Any, lines: list[ScannedLine]) -> list[Box]:
    """Ink of the size of characters that is in no line: a number that was missed, a note by hand. Rules, seals and
    shadows at the border are larger, or touch it."""
    import cv2
    import numpy as np

    width, height = picture.size
    heights = [(line.box[3] - line.box[1]) * height for line in lines] or [height / 50]
    em = statistics.median(heights) * 0.8
    page = np.asarray(picture, np.float32)
    small = cv2.resize(page, (width // 8, height // 8), interpolation=cv2.INTER_AREA)
    paper = cv2.resize(cv2.dilate(small, np.ones((round(em / 4) | 1,) * 2, np.uint8)), (width, height))
    darker = paper - cv2.GaussianBlur(page, (0, 0), em / 8)
    noise = 1.5 * float(np.median(np.abs(darker - np.median(darker))))
    ink = (darker > float(np.median(darker)) + max(_CLEARLY * noise, _LEAST_DARKER)).astype(np.uint8)
    for line in lines:
        x0, y0, x1, y1 = line.box
        ink[
            max(0, int(y0 * height - em / 4)) : int(y1 * height + em / 4),
            max(0, int(x0 * width - em / 4)) : int(x1 * width + em / 4),
        ] = 0
    grown = cv2.dilate(ink, np.ones((round(em / 3) | 1, round(em / 2) | 1), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(grown)
    found: list[Box] = []
    for x, y, w, h, area in stats[1:count].tolist():
        inside = x > 0.03 * width and y > 0.02 * height and x + w < 0.97 * width and y + h < 0.98 * height
        if inside and area > em * em / 3 and w < 8 * em and h < 2.5 * em:
            found.append((x / width, y / height, (x + w) / width, (y + h) / height))
    return found


if __name__ == "__main__":
    main()
