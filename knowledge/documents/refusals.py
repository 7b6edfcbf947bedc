"""Why a file is not imported. `staff_text` is what the person who uploaded it reads.

    Refused (ServiceError)
    ├── TooLarge            over the size limit, or more text or pages than a policy document has
    ├── UnknownFormat       not docx, pdf, ofd, txt or html, or content that is not what the name says
    ├── BrokenFile          cannot be opened or read to its end
    ├── EmptyFile           opens, but holds no text
    ├── ZipBomb             a docx that unpacks to far more than it should
    ├── HasMacros           a docx with VBA, or a docm
    ├── EncryptedFile       needs a password
    ├── ScannedPdf          pictures of pages (PDF or OFD), without text
    ├── LongScan            more pictures of pages than are recognised at once
    ├── UnclearScan         pictures on which hardly a character is recognised
    ├── OutlinedOfd         an OFD whose characters are drawn as paths, as some converters make them
    ├── TooHard             reading it took too long or too much memory
    └── Busy                others are uploading; the only one worth trying again

Each has its own `code`, which is also how the reading process names it to us.
"""

from __future__ import annotations

from base.errors import ServiceError


class Refused(ServiceError):
    """A file that is not imported. Nothing was kept of it."""

    code = "document_refused"
    retryable = False
    staff_text = "这份文件无法导入。"

    def __init__(self, detail: str = "", advice: str = "") -> None:
        """`advice` says what to do with just this file, in place of the sentence for all of its kind."""
        if advice:
            self.staff_text = advice
        super().__init__(detail, citizen_text=self.staff_text)


class TooLarge(Refused):
    code = "document_too_large"
    staff_text = "文件太大：单个文件不超过 20 MB、500 页、50 万字。请拆分或压缩图片后再上传。"


class UnknownFormat(Refused):
    code = "document_unknown_format"
    staff_text = "文件格式不对：只接收 docx、pdf、ofd、txt、html，且内容要与扩展名一致。旧的 doc 文件请另存为 docx。"


class BrokenFile(Refused):
    code = "document_broken"
    staff_text = "文件已损坏或不完整，打不开。请重新导出或重新下载后再上传。"


class EmptyFile(Refused):
    code = "document_empty"
    staff_text = "文件里没有文字。请检查是否传错了文件。"


class ZipBomb(Refused):
    code = "document_zip_bomb"
    staff_text = "文件解压后大得不正常，可能是恶意文件，已拒收。请用 Word 重新另存为 docx。"


class HasMacros(Refused):
    code = "document_macros"
    staff_text = "文件带有宏，不能导入。请在 Word 里另存为不带宏的 docx。"


class EncryptedFile(Refused):
    code = "document_encrypted"
    staff_text = "文件有密码保护，打不开。请去掉密码后再上传。"


class ScannedPdf(Refused):
    code = "document_scanned"
    staff_text = (
        "这是扫描件（图片），里面没有可以读取的文字。请上传 Word 原件，或带文字的 PDF；"
        "都没有时，把扫描件存为 PDF 或图片，按“上传文件”新建一份，识别后逐条核对。"
    )


class LongScan(Refused):
    code = "document_long_scan"
    staff_text = "扫描件太长：一次最多识别 20 页。请拆成几份上传，或上传 Word 原件、带文字的 PDF。"


class UnclearScan(Refused):
    code = "document_unclear_scan"
    staff_text = (
        "图片上几乎认不出文字：可能模糊、太暗、横放或颠倒。"
        "请摆正、光线均匀地重新扫描（每英寸 200 点以上）后再上传，或上传 Word 原件。"
    )


class OutlinedOfd(Refused):
    code = "document_outlined"
    staff_text = "这份 OFD 里的字都是图形（只有笔画，没有字符），读不出文字。请上传 Word 原件，或带文字的 PDF、OFD。"


class TooHard(Refused):
    code = "document_too_hard"
    staff_text = "读取这份文件用的时间或内存超过限度，已停止。请另存为 docx 或 txt 后再上传。"


class Busy(Refused):
    code = "document_busy"
    retryable = True
    staff_text = "正在导入的文件太多，请过一两分钟再上传。"


_ALL = (
    TooLarge,
    UnknownFormat,
    BrokenFile,
    EmptyFile,
    ZipBomb,
    HasMacros,
    EncryptedFile,
    ScannedPdf,
    LongScan,
    UnclearScan,
    OutlinedOfd,
    TooHard,
)
BY_CODE: dict[str, type[Refused]] = {refusal.code: refusal for refusal in _ALL}
