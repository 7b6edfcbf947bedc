"""OFD files (GB/T 33190), made by hand: text at places, printed twice, in columns, in ruled tables, as paths."""

from __future__ import annotations

import io
import zipfile

import pytest

from knowledge.documents import import_document, lines, structure
from knowledge.documents.document import ClauseKind, ImportedDocument
from knowledge.documents.reading import ofd
from knowledge.documents.reading.block import Reading
from knowledge.documents.refusals import BrokenFile, OutlinedOfd, ScannedPdf, UnknownFormat

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
TITLE = "关于调整门诊报销管理的通知"
LONG = (
    "一、参保居民在一级医院和社区卫生服务站就诊的，报销比例提高到65%，最高支付限额为500元，超过部分由个人负担。",
    "二、参保职工在二级医院就诊的，报销比例为70%，年度限额为2000元，退休人员提高5个百分点，其余规定不变。",
    "三、职工医保个人账户可以用于支付配偶、父母、子女在定点医药机构就医购药发生的由个人负担的费用。",
    "四、本通知自2026年5月1日起施行，有效期至2031年4月30日，此前规定与本通知不一致的，以本通知为准。",
)


def text(x: float, y: float, content: str, size: float = 5.0, extra: str = "", steps: str = "") -> str:
    """A text object: its place in mm from the top left, its size in mm."""
    deltas = steps or " ".join(f"{size * (0.5 if c.isascii() else 1):g}" for c in content[:-1])
    return (
        f'<ofd:TextObject ID="1" Boundary="{x:g} {y:g} 180 {size:g}" Font="1" Size="{size:g}" {extra}>'
        f'<ofd:TextCode X="0" Y="{size * 0.88:g}" DeltaX="{deltas}">{content}</ofd:TextCode></ofd:TextObject>'
    )


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    return (
        f'<ofd:PathObject ID="2" Boundary="{x0:g} {y0:g} {x1 - x0:g} {y1 - y0:g}">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0:g} {y1 - y0:g}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def wrap(name: str, content: str) -> str:
    return f"<ofd:{name} {SPACE}>{content}</ofd:{name}>"


def package(*pages: str, template: str = "", annotation: str = "") -> bytes:
    """An OFD file of these pages' objects; `template` lies below every page, `annotation` over the first."""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    common = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    common += '<ofd:TemplatePage ID="90" BaseLoc="Tpls/T0.xml"/>' if template else ""
    notes = "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>" if annotation else ""
    document = f"<ofd:CommonData>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{notes}"
    used = '<ofd:Template TemplateID="90"/>' if template else ""
    place = '<ofd:Page PageID="0"><ofd:FileLoc>Page_0/Annot.xml</ofd:FileLoc></ofd:Page>'
    files = {
        "OFD.xml": wrap("OFD", "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"),
        "Doc_0/Document.xml": wrap("Document", document),
        "Doc_0/Tpls/T0.xml": wrap("Page", f"<ofd:Content><ofd:Layer>{template}</ofd:Layer></ofd:Content>"),
        "Doc_0/Annots/Annotations.xml": wrap("Annotations", place),
        "Doc_0/Annots/Page_0/Annot.xml": wrap(
            "PageAnnot", f"<ofd:Annot><ofd:Appearance>{annotation}</ofd:Appearance></ofd:Annot>"
        ),
    }
    for n, page in enumerate(pages):
        content = f"{used}<ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content>"
        files[f"Doc_0/Pages/Page_{n}/Content.xml"] = wrap("Page", content)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for name, content in files.items():
            container.writestr(name, content)
    return out.getvalue()


def imported(reading: Reading) -> ImportedDocument:
    document = structure.documents(lines.paragraphs(reading.blocks), tuple(reading.notes))
    assert document.completeness.complete, document.completeness
    return document


def clauses(document: ImportedDocument) -> list[str]:
    return [clause.text for clause in document.clauses]


def wrapped(content: str, ems: int) -> list[str]:
    out = [""]
    for character in content:
        if sum(0.5 if c.isascii() else 1 for c in out[-1] + character) > ems:
            out.append("")
        out[-1] += character
    return out


def body(some: tuple[str, ...] = LONG, x: float = 25, y: float = 50, ems: int = 30) -> str:
    printed = [line for one in some for line in wrapped("　　" + one, ems)]
    return "".join(text(x, y + 8 * at, line) for at, line in enumerate(printed))


async def test_a_notice_in_ofd() -> None:
    head = text(60, 30, TITLE, 7) + text(25, 42, "各县（市、区）医疗保障局：")
    document = await import_document(package(head + body()), "通知.ofd", "application/ofd")
    assert (document.title, document.addressees) == (TITLE, "各县（市、区）医疗保障局：")
    assert clauses(document) == list(LONG)


def test_repeated_distances_are_written_short() -> None:
    page = text(60, 30, TITLE, 7) + text(25, 50, "一、居民报销为六成。", steps="g 9 5")
    assert clauses(imported(ofd.read(package(page)))) == ["一、居民报销为六成。"]


def test_words_printed_twice_come_once() -> None:
    page = text(60, 30, TITLE, 7) + body() + text(60.2, 30, TITLE, 7) + body(x=25.2)
    document = imported(ofd.read(package(page)))
    assert (document.title, clauses(document)) == (TITLE, list(LONG))


def test_columns_are_read_one_after_the_other() -> None:
    page = text(60, 30, TITLE, 7) + body(LONG[:2], 20, 50, 16) + body(LONG[2:], 110, 52, 16)
    assert clauses(imported(ofd.read(package(page)))) == list(LONG)


def test_a_ruled_table() -> None:
    rows = (("参保类型", "医院级别", "报销比例"), ("居民医保", "一级", "85%"), ("", "二级", "70%"))
    cells = "".join(
        text(32 + 50 * c, 52 + 10 * r, cell) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell
    )
    level = rule(30, 50, 180, 50) + rule(30, 60, 180, 60) + rule(80, 70, 180, 70) + rule(30, 80, 180, 80)
    upright = "".join(rule(x, 50, x, 80) for x in (30, 80, 130, 180))
    document = imported(ofd.read(package(text(60, 30, TITLE, 7) + cells + level + upright)))
    found = [clause.text for clause in document.clauses if clause.kind is ClauseKind.TABLE_ROW]
    assert found == [
        "参保类型：居民医保，医院级别：一级，报销比例：85%。",
        "参保类型：居民医保，医院级别：二级，报销比例：70%。",
    ]


def test_running_heads_of_the_template_and_watermarks_are_no_text() -> None:
    mark = text(50, 200, "内部资料", 20, 'CTM="0.7 0.7 -0.7 0.7 0 0"')
    pages = [text(60, 30, TITLE, 7) + body(LONG[:2]), body(LONG[2:])]
    document = imported(ofd.read(package(*pages, template=text(80, 12, "济宁市医疗保障局公报") + mark)))
    assert clauses(document) == list(LONG)
    kinds = {line.text: line.what for line in document.non_clauses}
    assert kinds["济宁市医疗保障局公报"] == "页眉页脚"
    assert kinds["内部资料"] == "水印"


def test_notes_laid_over_a_page_are_set_aside_and_said() -> None:
    reading = ofd.read(package(text(60, 30, TITLE, 7) + body(), annotation=text(0, 0, "请核对比例")))
    document = imported(reading)
    assert clauses(document) == list(LONG)
    assert ("请核对比例", "批注") in {(line.text, line.what) for line in document.non_clauses}
    assert any("批注" in note for note in document.notes)


def test_characters_drawn_as_paths_are_named_for_what_they_are() -> None:
    with pytest.raises(OutlinedOfd) as caught:
        ofd.read(package("".join(rule(20, 20 + at, 60, 20 + at) for at in range(40))))
    assert "笔画" in caught.value.staff_text
    with pytest.raises(ScannedPdf):
        ofd.read(package('<ofd:ImageObject ID="1" Boundary="0 0 210 297"/>'))
    drawn = "".join(rule(20, 20 + at, 60, 20 + at) for at in range(40))
    assert any("第 2 页" in note for note in ofd.read(package(text(60, 30, TITLE, 7) + body(), drawn)).notes)


async def test_what_is_no_ofd_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("other.xml", "<x/>")
    with pytest.raises(UnknownFormat):
        await import_document(out.getvalue(), "a.ofd")
    good = package(text(60, 30, TITLE, 7))
    with pytest.raises(BrokenFile):
        ofd.read(good.replace(b"<ofd:Document ", b"<ofd:Document<"))
    with pytest.raises(BrokenFile):
        ofd.read(package('<!DOCTYPE x [<!ENTITY y "z">]>'))
