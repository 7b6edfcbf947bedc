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


def _check_pdf(content: bytes) -> None:
    import pdfplumber  # half a second, and only for a PDF

    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            pages = len(document.pages)
    except Exception as error:  # pdfminer raises anything on a false file
        raise MaterialRefused(code="material_broken") from error
    if not 0 < pages <= _MAX_PAGES:
        raise MaterialRefused(code="material_pages", citizen_text=f"这个文件页数太多，最多{_MAX_PAGES}页。请分开交。")
