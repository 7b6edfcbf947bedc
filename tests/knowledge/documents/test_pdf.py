"""PDFs as offices print them: columns, bold by printing twice, watermarks, page numbers of GB/T 9704, tables."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from knowledge.documents import lines, structure
from knowledge.documents.document import ClauseKind, ImportedDocument
from knowledge.documents.reading import pdf
from knowledge.documents.reading.block import Reading

FONT = "STSong-Light"
TITLE = "关于调整门诊报销管理的通知"
LONG = (
    "一、参保居民在一级医院和社区卫生服务站就诊的，报销比例提高到65%，一个医疗年度内最高支付限额为500元，超过部分由个人负担。",
    "二、参保职工在二级医院就诊的，报销比例为70%，年度限额为2000元，退休人员提高5个百分点，其余规定不变。",
    "三、职工医保个人账户可以用于支付配偶、父母、子女在定点医药机构就医购药发生的由个人负担的费用。",
    "四、本通知自2026年5月1日起施行，有效期至2031年4月30日，此前规定与本通知不一致的，以本通知为准。",
)


def canvas() -> tuple[Canvas, io.BytesIO]:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    return Canvas(out, pagesize=A4), out


def put(page: Canvas, x: float, y: float, text: str, size: float = 12) -> None:
    """Places in points from the top left."""
    page.setFont(FONT, size)
    page.drawString(x, A4[1] - y, text)


def wrapped(text: str, ems: int) -> list[str]:
    """Lines as full as they get: digits are half as wide as characters."""
    out = [""]
    for character in text:
        if pdfmetrics.stringWidth(out[-1] + character, FONT, 1) > ems:
            out.append("")
        out[-1] += character
    return out


def done(page: Canvas, out: io.BytesIO) -> Reading:
    page.showPage()
    page.save()
    return pdf.read(out.getvalue())


def imported(reading: Reading) -> ImportedDocument:
    document = structure.documents(lines.paragraphs(reading.blocks), tuple(reading.notes))
    assert document.completeness.complete, document.completeness
    return document


def texts(document: ImportedDocument) -> list[str]:
    return [clause.text for clause in document.clauses]


@pytest.mark.parametrize("offset", [0.0, 5.0])
def test_two_columns_are_read_one_after_the_other(offset: float) -> None:
    """Also when the lines of the right one stand at other heights."""
    page, out = canvas()
    put(page, 180, 80, TITLE, 18)
    put(page, 60, 110, "各县（市、区）医疗保障局：")
    for start, x, shift in ((0, 60, 0.0), (2, 315, offset)):
        printed = [line for text in LONG[start : start + 2] for line in wrapped("　　" + text, 19)]
        for at, line in enumerate(printed):
            put(page, x, 140 + 18 * at + shift, line)
    document = imported(done(page, out))
    assert document.title == TITLE
    assert texts(document) == list(LONG)


@pytest.mark.parametrize("offset", [0.0, 0.5])
def test_bold_by_printing_twice_is_one_text(offset: float) -> None:
    page, out = canvas()
    text = "一、居民医保门诊报销比例为60%，年度限额500元。"
    for shift in (0.0, offset):
        put(page, 60 + shift, 80, TITLE, 18)
        put(page, 60 + shift, 120, text)
    assert texts(imported(done(page, out))) == [text]


def test_a_watermark_across_the_text_is_no_text() -> None:
    page, out = canvas()
    put(page, 60, 80, TITLE, 18)
    for at, line in enumerate(wrapped("　　" + LONG[0], 38)):
        put(page, 60, 120 + 18 * at, line)
    page.saveState()
    page.translate(120, 500)
    page.rotate(45)
    page.setFillGray(0.8)
    page.setFont(FONT, 60)
    page.drawString(0, 0, "内部资料")
    page.restoreState()
    page.saveState()
    page.setFillGray(0.85)
    put(page, 200, 140, "征求意见", 50)
    page.restoreState()
    document = imported(done(page, out))
    assert texts(document) == [LONG[0]]
    assert {line.text for line in document.non_clauses if line.what == "水印"} == {"内部资料", "征求意见"}
    assert "文件有水印文字，没有列入条款。" in document.notes


@pytest.mark.parametrize("number", ["— {} —", "-{}-", "·{}·", "第{}页 共2页", "- {} -"])
def test_page_numbers_of_the_standard_cut_no_sentence(number: str) -> None:
    """GB/T 9704: 37 mm above the text, 22 lines in 225 mm, the number 7 mm below them, at 0.9 of the page's height."""
    page, out = canvas()
    printed = [TITLE, *(line for text in LONG * 3 for line in wrapped("　　" + text, 28))]
    step = 225 * mm / 22
    for start in range(0, len(printed), 22):
        for at, line in enumerate(printed[start : start + 22]):
            put(page, 28 * mm, 37 * mm + step * at + 16, line, 15.7)
        put(page, 70 * mm, 37 * mm + 225 * mm + 7 * mm + 12, number.format(start // 22 + 1), 14)
        if start + 22 < len(printed):
            page.showPage()
    assert texts(imported(done(page, out))) == [*LONG] * 3


def ruled(rows: Sequence[Sequence[str]], spans: Sequence[tuple[int, int, int, int]]) -> ImportedDocument:
    """`spans` are first column, first row, last column, last row."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    body = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=18)
    merged = [("SPAN", span[:2], span[2:]) for span in spans]
    style = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, black), ("FONT", (0, 0), (-1, -1), FONT, 10), *merged])
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build([Paragraph(TITLE, body), Table([*map(list, rows)], style=style)])
    return imported(pdf.read(out.getvalue()))


def rows(document: ImportedDocument) -> list[str]:
    return [clause.text for clause in document.clauses if clause.kind is ClauseKind.TABLE_ROW]


def test_merged_cells_and_names_in_two_rows() -> None:
    document = ruled(
        [
            ["参保类型", "起付标准", "", "报销比例"],
            ["", "一级", "二级", ""],
            ["居民医保", "200元", "400元", "60%"],
            ["", "100元", "", "65%"],
            ["职工医保", "300元", "500元", "70%"],
        ],
        [(0, 0, 0, 1), (1, 0, 2, 0), (3, 0, 3, 1), (0, 2, 0, 3), (1, 3, 2, 3)],
    )
    assert rows(document) == [
        "参保类型：居民医保，起付标准（一级）：200元，起付标准（二级）：400元，报销比例：60%。",
        "参保类型：居民医保，起付标准（一级）、起付标准（二级）：100元，报销比例：65%。",
        "参保类型：职工医保，起付标准（一级）：300元，起付标准（二级）：500元，报销比例：70%。",
    ]


def test_merged_cells_that_go_on_on_the_next_page() -> None:
    many = [["居民医保" if not at else "", f"第{at}档", f"{at + 10}%"] for at in range(60)]
    document = ruled([["参保类型", "档次", "报销比例"], *many], [])
    assert rows(document)[59] == "参保类型：居民医保，档次：第59档，报销比例：69%。"


def test_a_table_without_rules() -> None:
    page, out = canvas()
    put(page, 60, 80, TITLE, 18)
    put(page, 60, 120, "一、各级医院待遇见下表。")
    printed = (
        ("医院级别", "起付标准", "报销比例"),
        ("一级", "200元", "85%"),
        ("二级", "400元", "70%"),
        ("三级", "600元", "60%"),
    )
    for at, row in enumerate(printed):
        for x, cell in zip((60, 220, 380), row, strict=True):
            put(page, x, 150 + 20 * at, cell)
    put(page, 60, 250, "二、本通知自发布之日起施行。")
    document = imported(done(page, out))
    assert rows(document) == [f"医院级别：{a}，起付标准：{b}，报销比例：{c}。" for a, b, c in printed[1:]]
    assert [text for text in texts(document) if text[1] == "、"] == [
        "一、各级医院待遇见下表。",
        "二、本通知自发布之日起施行。",
    ]


@pytest.mark.parametrize("size", [7, 10])
def test_raised_numbers(size: float) -> None:
    page, out = canvas()
    put(page, 60, 80, TITLE, 18)
    put(page, 60, 120, "一、低于2×10")
    width = pdfmetrics.stringWidth("一、低于2×10", FONT, 12)
    put(page, 60 + width, 115, "9", size)
    put(page, 66 + width, 120, "个的，报销60%")
    width += 6 + pdfmetrics.stringWidth("个的，报销60%", FONT, 12)
    put(page, 60 + width, 115, "1", size)
    put(page, 66 + width, 120, "。")
    assert texts(imported(done(page, out))) == ["一、低于2×10⁹个的，报销60%。"]


def test_digits_set_wide() -> None:
    page, out = canvas()
    put(page, 60, 80, TITLE, 18)
    x = 60.0
    for character in "一、自2026年起，限额500元。":
        put(page, x, 120, character)
        x += 18 if not character.isdecimal() else 12
    assert texts(imported(done(page, out))) == ["一、自2026年起，限额500元。"]


def test_text_that_lies_sideways_is_reported() -> None:
    page, out = canvas()
    page.rotate(90)
    page.setFont(FONT, 12)
    for at, text in enumerate(LONG):
        page.drawString(60, -100 - 20 * at, text[:40])
    reading = done(page, out)
    assert "第 1 页的文字是横放的，没有读取，请把页面转正后再导入。" in reading.notes
    assert LONG[0][:40] in reading.blocks[-1].text


def browser_page(page: Canvas, rows: Sequence[tuple[float, float]]) -> None:
    """The lines that a browser prints around the parts of a page: boxes from edge to edge, one beside another."""
    for top, bottom in rows:
        for x0, x1 in ((40, 48), (48, 560), (560, 568)):
            page.rect(x0, A4[1] - bottom, x1 - x0, bottom - top)


def test_a_page_of_a_site_that_a_browser_printed() -> None:
    page, out = canvas()
    browser_page(page, [(20, 60), (60, 800)])
    put(page, 60, 40, "首页 > 信息公开 > 政策文件")
    facts = ("索 引 号：370800/2026-001", f"标 题：{TITLE}", "文 号：济医保字〔2026〕31号", "成文日期：2026-03-05")
    for at, line in enumerate(facts):
        put(page, 60, 80 + 20 * at, line)
    put(page, 180, 180, TITLE, 18)
    put(page, 60, 210, "各县（市、区）医疗保障局：")
    printed = [line for text in LONG for line in wrapped("　　" + text, 38)]
    for at, line in enumerate(printed):
        put(page, 60, 240 + 18 * at, line)
    put(page, 60, 760, "网站地图 | 联系我们")
    document = imported(done(page, out))
    assert (document.title, document.doc_no) == (TITLE, "济医保字〔2026〕31号")
    assert document.addressees == "各县（市、区）医疗保障局："
    assert texts(document) == list(LONG)


def test_a_sentence_that_ends_inside_a_quotation_ends_its_paragraph() -> None:
    page, out = canvas()
    put(page, 60, 80, TITLE, 18)
    quoted = ("一、将第三条修改为：“门诊报销比例为60%。", "年度限额为500元。”", *wrapped("二、" + LONG[1][2:], 40))
    for at, line in enumerate(quoted):
        put(page, 60, 120 + 18 * at, line)
    assert texts(imported(done(page, out)))[0].count("\n") == 1


def test_a_line_with_an_open_bracket_goes_on() -> None:
    page, out = canvas()
    put(page, 60, 80, TITLE, 18)
    first = "一、完善生活服务圈，方便参保群众就近看病买药，减轻群众负担。（市医疗保障局、"
    for at, line in enumerate((first, "市财政局、市卫生健康委按职责分工负责）", *wrapped(LONG[1], 40))):
        put(page, 60 if at < 2 else 60, 120 + 18 * at, line)
    assert texts(imported(done(page, out)))[0] == first + "市财政局、市卫生健康委按职责分工负责）"
