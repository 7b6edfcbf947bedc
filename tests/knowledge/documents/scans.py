"""Pages as a scanner or a telephone gives them: printed here, then turned a little, grey and noisy."""

from __future__ import annotations

import io

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from knowledge.documents.lines import Paragraph
from tests.knowledge.documents import seed_files

_DPI = 150


def photographed(
    lines: tuple[str, ...], degrees: float = 0.0, noise: float = 12.0, dpi: int = _DPI
) -> list[Image.Image]:
    """The pages that `lines` fill, seen by a bad scanner; the same every time."""
    printed = pypdfium2.PdfDocument(seed_files.print_pdf([Paragraph(line, "") for line in lines]))
    random = np.random.default_rng(7)
    pages = []
    for page in printed:
        picture = page.render(scale=dpi / 72).to_pil().convert("L")
        picture = picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(0.6))
        grey = np.asarray(picture, np.float32) * 0.7 + 45 + random.normal(0, noise, (picture.height, picture.width))
        pages.append(Image.fromarray(grey.clip(0, 255).astype(np.uint8)))
    return pages


def scanned_pdf(pages: list[Image.Image]) -> bytes:
    """A PDF whose pages are pictures and nothing else."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for page in pages:
        canvas.drawImage(ImageReader(page), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def as_file(page: Image.Image, kind: str = "JPEG") -> bytes:
    """One page as a telephone saves it."""
    out = io.BytesIO()
    page.save(out, kind)
    return out.getvalue()
