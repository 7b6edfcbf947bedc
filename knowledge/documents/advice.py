"""What to do with a file that is not read: its own way for each kind, for staff who have just been refused."""

from __future__ import annotations

_WRONG = "文件格式不对："
_MISNAMED = "文件格式不对，内容与扩展名不一致："
_DOC = "这是旧版 Word 文档（doc）。请用 Word 或 WPS 打开，“另存为”选择 docx 格式后再上传。"
_WPS = "这是 WPS 文字文档（wps）。请用 WPS 打开，“另存为”选择 docx 格式（Microsoft Word 文件）后再上传。"
_RTF = "这是 RTF 文档。请用 Word 或 WPS 打开，“另存为”选择 docx 格式后再上传。"
_MHT = "这是单个文件的网页（mht）。请用浏览器打开，“另存为”选择“网页，仅 HTML”后再上传；也可以打印为 PDF。"
_SHEET = "这是电子表格（Excel）。请打开它，把要导入的表格复制到 Word，存为 docx 后再上传；也可以另存为 PDF。"
_SLIDES = "这是演示文稿（PowerPoint）。请另存为 PDF 后再上传，或把文字复制到 Word 存为 docx。"
_PICTURE = "这是图片，里面没有可以读取的文字。请上传 Word 原件，或带文字的 PDF。"
_ARCHIVE = "这是压缩包。请先解压，再逐个上传里面的文件。"
_ODT = "这是 OpenDocument 文档（odt）。请用 Word 或 WPS 打开，“另存为”选择 docx 格式后再上传。"
_CEB = "这是方正 CEB 版式文件。请用阅读器打开，打印或导出为 PDF 后再上传。"
_PAGES = "这是苹果 Pages 文档。请在 Pages 里“导出为”Word 后再上传。"

_BY_NAME = {
    ".doc": _DOC, ".dot": _DOC, ".wps": _WPS, ".wpt": _WPS, ".rtf": _RTF, ".mht": _MHT, ".mhtml": _MHT,
    ".xlsx": _SHEET, ".xls": _SHEET, ".xlsm": _SHEET, ".et": _SHEET, ".csv": _SHEET,
    ".pptx": _SLIDES, ".ppt": _SLIDES, ".dps": _SLIDES, ".odt": _ODT, ".ceb": _CEB, ".pages": _PAGES,
    ".jpg": _PICTURE, ".jpeg": _PICTURE, ".png": _PICTURE, ".bmp": _PICTURE, ".tif": _PICTURE, ".tiff": _PICTURE,
    ".gif": _PICTURE, ".heic": _PICTURE, ".webp": _PICTURE,
    ".zip": _ARCHIVE, ".rar": _ARCHIVE, ".7z": _ARCHIVE, ".gz": _ARCHIVE, ".tar": _ARCHIVE,
}  # fmt: skip
_BY_CONTENT = (
    (b"{\\rtf", _RTF),
    (b"\xd0\xcf\x11\xe0", _DOC),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"Rar!", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
)
_IN_ZIP = ((b"xl/workbook.xml", _SHEET), (b"ppt/presentation.xml", _SLIDES), (b"opendocument", _ODT))


def by_name(suffix: str) -> str:
    """The advice for a file of this extension (lower case, with its dot), "" for one nobody uses for policies."""
    return _WRONG + _BY_NAME[suffix] if suffix in _BY_NAME else ""


def by_content(data: bytes) -> str:
    """The advice for a file that is not what its extension says."""
    for beginning, advice in _BY_CONTENT:
        if data.startswith(beginning):
            return _MISNAMED + advice
    if data.startswith(b"PK"):
        for name, advice in _IN_ZIP:
            if name in data:
                return _MISNAMED + advice
    if b"MIME-Version" in data[:1024] or b"multipart/related" in data[:2048]:
        return _MISNAMED + _MHT
    return ""
