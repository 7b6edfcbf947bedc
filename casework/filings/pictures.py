"""What a file really is, whatever it calls itself: a JPEG, PNG or PDF that opens; or a sentence what to do. Slow."""

from __future__ import annotations

import io
import warnings

from PIL import Image, UnidentifiedImageError

from base.errors import BadInput
from base.tenant import TENANT

MAX_BYTES = 10_000_000
_MAX_PIXELS = 60_000_000
_MAX_PAGES = 30
_PDF = "application/pdf"
_PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}
TYPES = frozenset({_PDF, *_PICTURES.values()})


class MaterialRefused(BadInput):
    """Not a picture or document that can be kept; the sentence says what to do."""

    code = "material_refused"
    citizen_text = "这个文件打不开。请用手机拍照，发 JPG 或 PNG 图片，或者 PDF 文件。"


class NoRoomLeft(MaterialRefused):
    """The disk is nearly full: nothing is wrong with the file, and talking goes on."""

    code = "disk_full"
    citizen_text = (
        f"对不起，系统现在存不下文件，这一份没有收下。请过一天再交，或者拨打{TENANT.hotline}；咨询和查询照常。"
    )


def media_type(content: bytes) -> str:
    """image/jpeg, image/png or application/pdf. Raises MaterialRefused. The file is hostile:
    `casework.filings.file_type` calls this where nothing else runs."""
    check_size(content)
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return _PDF
    return _picture_type(content)


def check_size(content: bytes) -> None:
    """Raises MaterialRefused."""
    if not content:
        raise MaterialRefused(code="material_empty", citizen_text="这个文件是空的，请重新拍一张。")
    if len(content) > MAX_BYTES:
        raise MaterialRefused(code="material_large", citizen_text="这个文件超过10兆，太大了。请重新拍一张小一点的。")


def _picture_type(content: bytes) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=tuple(_PICTURES)) as picture:
                if picture.width * picture.height > _MAX_PIXELS:
                    raise MaterialRefused(code="material_large", citizen_text="这张图片太大了，请重新拍一张。")
                found = _PICTURES[picture.format or ""]
                picture.load()  # a cut-off or false picture fails here
                return found
    except MaterialRefused:
        raise
    except UnidentifiedImageError as error:
        raise MaterialRefused(code="material_type") from error
    except (OSError, ValueError, KeyError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise MaterialRefused(code="material_broken") from error


_ACTS_BY_ITSELF = "这个文件里带有程序，为了安全不能收。请用手机把每一页拍成照片，发 JPG 或 PNG 图片。"
_PROGRAMS = ("JavaScript", "Launch", "SubmitForm", "ImportData")
"""Types of action (ISO 32000-1, 12.6.4) that run or send something when staff open the file."""
_DEEPEST = 6


def _acts(entry: object, depth: int = 0) -> bool:
    """Whether a document's catalog holds a program: opened by itself, by name, or on some event."""
    from pdfminer.pdftypes import resolve1

    value = resolve1(entry)
    if depth > _DEEPEST:
        return False
    if isinstance(value, dict):
        kind = getattr(resolve1(value.get("S")), "name", "")
        if kind in _PROGRAMS or "JavaScript" in value or "JS" in value:
            return True
        keys = ("OpenAction", "AA", "Names", "Next") if depth == 0 else tuple(value)
        return any(_acts(value[key], depth + 1) for key in keys if key in value and key not in ("Parent", "P", "Dests"))
    return isinstance(value, list) and any(_acts(one, depth + 1) for one in value[:_MOST_ENTRIES])


_MOST_ENTRIES = 200


def _check_pdf(content: bytes) -> None:
    import pdfplumber  # half a second, and only for a PDF

    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            pages = len(document.pages)
            acts = _acts(document.doc.catalog)
    except Exception as error:  # pdfminer raises anything on a false file
        raise MaterialRefused(code="material_broken") from error
    if acts:
        raise MaterialRefused(code="material_acts", citizen_text=_ACTS_BY_ITSELF)
    if not 0 < pages <= _MAX_PAGES:
        raise MaterialRefused(code="material_pages", citizen_text=f"这个文件页数太多，最多{_MAX_PAGES}页。请分开交。")
