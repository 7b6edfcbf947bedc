"""Word files as Word and WPS really write them: lists that restart, formulas, hidden text, odd packages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from knowledge.documents.reading.block import BlockKind
from knowledge.documents.reading.word import docx as reader
from knowledge.documents.reading.word.docx_numbers import Numbers
from knowledge.documents.reading.word.number_formats import shown

NS = nsdecls("w")
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
Document = docx.document.Document


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def texts(document: Document) -> list[str]:
    return [block.text for block in reader.read(saved(document)).blocks if block.kind is BlockKind.PARAGRAPH]


def append(document: Document, body: str) -> None:
    document.element.body.insert(len(document.element.body) - 1, parse_xml(body))


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(document: Document, *runs: str, properties: str = "") -> None:
    append(document, f"<w:p {NS} {MATH}><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>")


def listed(number: int, depth: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'


def level(depth: int, form: str, pattern: str, extra: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def with_lists(abstracts: dict[int, str], numbers: dict[int, tuple[int, str]]) -> Document:
    """A document with list definitions; `numbers` are lists: definition and overrides."""
    document = docx.Document()
    root = document.part.numbering_part.element
    for name, levels in abstracts.items():
        root.insert(0, parse_xml(f'<w:abstractNum {NS} w:abstractNumId="{name}">{levels}</w:abstractNum>'))
    for name, (abstract, changes) in numbers.items():
        body = f'<w:abstractNumId w:val="{abstract}"/>{changes}'
        root.append(parse_xml(f'<w:num {NS} w:numId="{name}">{body}</w:num>'))
    return document


def override(start: int, depth: int = 0) -> str:
    return f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


CHINESE = level(0, "chineseCounting", "%1、") + level(1, "decimal", "%2.")


def test_lists_that_start_again_and_lists_that_go_on() -> None:
    document = with_lists({70: CHINESE}, {70: (70, ""), 71: (70, override(1)), 72: (70, override(5)), 73: (70, "")})
    for number, text in ((70, "甲"), (70, "乙"), (71, "丙"), (71, "丁"), (72, "戊"), (73, "己")):
        paragraph(document, run(text), properties=listed(number))
    assert texts(document) == ["一、甲", "二、乙", "一、丙", "二、丁", "五、戊", "六、己"]


def test_items_below_restart_with_every_number_above() -> None:
    document = with_lists({70: CHINESE}, {70: (70, "")})
    for depth, text in ((0, "甲"), (1, "子"), (1, "丑"), (0, "乙"), (1, "寅")):
        paragraph(document, run(text), properties=listed(70, depth))
    assert texts(document) == ["一、甲", "1.子", "2.丑", "二、乙", "1.寅"]


def test_a_level_changed_for_one_list() -> None:
    change = f'<w:lvlOverride w:ilvl="0">{level(0, "decimal", "第%1条")}</w:lvlOverride>'
    document = with_lists({70: CHINESE}, {70: (70, change)})
    paragraph(document, run("　甲"), properties=listed(70))
    assert texts(document) == ["第1条　甲"]


def style(document: Document, name: str, based_on: str, properties: str) -> None:
    body = f'<w:name w:val="{name}"/><w:basedOn w:val="{based_on}"/><w:pPr>{properties}</w:pPr>'
    element = parse_xml(f'<w:style {NS} w:type="paragraph" w:styleId="{name}">{body}</w:style>')
    document.styles.element.append(element)


def test_numbers_inherited_from_the_style_below_and_levels_that_name_their_style() -> None:
    levels = level(0, "chineseCounting", "第%1条", '<w:pStyle w:val="Article"/>')
    levels += level(1, "decimal", "%2.", '<w:pStyle w:val="Item"/>')
    document = with_lists({70: levels}, {70: (70, "")})
    style(document, "Article", "Normal", '<w:numPr><w:numId w:val="70"/></w:numPr>')
    style(document, "ArticleBold", "Article", "")
    style(document, "Item", "Normal", '<w:numPr><w:numId w:val="70"/></w:numPr>')
    for name, text in (("Article", "甲"), ("ArticleBold", "乙"), ("Item", "丙")):
        paragraph(document, run(text), properties=f'<w:pStyle w:val="{name}"/>')
    assert texts(document) == ["第一条甲", "第二条乙", "1.丙"]


def test_a_list_that_is_another_lists_definition() -> None:
    home = f'<w:styleLink w:val="Official"/>{CHINESE}'
    document = with_lists({70: home, 71: '<w:numStyleLink w:val="Official"/>'}, {70: (70, ""), 71: (71, "")})
    paragraph(document, run("甲"), properties=listed(71))
    assert texts(document) == ["一、甲"]


@pytest.mark.parametrize(
    ("form", "signs"),
    [
        ("chineseCountingThousand", ["一", "十", "十二", "二十一"]),
        ("ideographDigital", ["一", "一〇", "一二", "二一"]),
        ("chineseLegalSimplified", ["壹", "壹拾", "壹拾贰", "贰拾壹"]),
        ("upperRoman", ["I", "X", "XII", "XXI"]),
        ("lowerLetter", ["a", "j", "l", "u"]),
        ("decimalEnclosedParen", ["⑴", "⑽", "⑿", "21"]),
        ("decimalEnclosedCircleChinese", ["①", "⑩", "⑫", "21"]),
        ("ideographTraditional", ["甲", "癸", "12", "21"]),
        ("decimalFullWidth", ["１", "１０", "１２", "２１"]),
        ("decimalZero", ["01", "10", "12", "21"]),
        ("none", ["", "", "", ""]),
    ],
)
def test_formats(form: str, signs: list[str]) -> None:
    assert [shown(number, form) for number in (1, 10, 12, 21)] == signs


def test_a_deleted_paragraph_takes_no_number() -> None:
    document = with_lists({70: CHINESE}, {70: (70, "")})
    paragraph(document, run("甲。"), properties=listed(70))
    paragraph(document, "<w:del><w:r><w:delText>乙。</w:delText></w:r></w:del>", properties=listed(70))
    paragraph(document, run("丙。"), properties=listed(70))
    assert texts(document) == ["一、甲。", "二、丙。"]


def test_paragraphs_whose_mark_is_deleted_are_one() -> None:
    document = docx.Document()
    paragraph(document, run("报销比例"), properties="<w:rPr><w:del/></w:rPr>")
    paragraph(document, run("为60%。"))
    assert texts(document) == ["报销比例为60%。"]


def test_hidden_text_and_placeholders_are_no_text() -> None:
    document = docx.Document()
    paragraph(document, run("报销60%"), run("，内部测算为68%", "<w:vanish/>"), run("。", '<w:vanish w:val="0"/>'))
    control = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    paragraph(document, run("姓名"), control.format(run("单击此处输入文字")))
    append(document, control.format(f"<w:p>{run('选择一项')}</w:p>").replace("<w:sdt>", f"<w:sdt {NS}>", 1))
    assert texts(document) == ["报销60%。", "姓名"]
    assert "文件有隐藏的文字，打印时看不见，没有导入。" in reader.read(saved(document)).notes


def test_fractions_powers_footnote_marks_and_readings() -> None:
    document = docx.Document()
    half = "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    power = "<m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>4</m:t></m:r></m:sup></m:sSup>"
    raised = '<w:vertAlign w:val="superscript"/>'
    paragraph(document, run("按"), f"<m:oMath>{half}</m:oMath>", run("支付，低于"), f"<m:oMath>{power}</m:oMath>")
    paragraph(
        document, run("低于10"), run("9", raised), run("个，60%"), run("1", raised), run("，40m"), run("2", raised)
    )
    reading = "<w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby>".format(run("yan"), run("兖"))
    paragraph(document, f"<w:r>{reading}</w:r>", run("州"))
    assert texts(document) == ["按1/2支付，低于10^4", "低于10⁹个，60%，40m²", "兖州"]


def with_chunk(content: bytes, content_type: str, name: str) -> Document:
    document = docx.Document()
    document.add_paragraph("一、前一条。")
    part = Part(PackURI(name), content_type, content, document.part.package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.A_F_CHUNK)
    space = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    append(document, f'<w:altChunk {NS} {space} r:id="{relation}"/>')
    document.add_paragraph("三、后一条。")
    return document


def test_a_document_put_into_another_is_read_where_it_stands() -> None:
    page = "<meta charset=utf-8><p>二、并入的一条。</p>".encode()
    assert texts(with_chunk(page, "text/html", "/word/chunk.html"))[1] == "二、并入的一条。"
    inner = docx.Document()
    inner.add_paragraph("二、并入的一条。")
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert texts(with_chunk(saved(inner), word, "/word/chunk.docx"))[1] == "二、并入的一条。"


def test_a_document_put_in_that_cannot_be_read_is_named() -> None:
    reading = reader.read(saved(with_chunk(b"{\\rtf1 x}", "application/rtf", "/word/chunk.rtf")))
    assert any("altChunk" in note for note in reading.notes)


def test_a_red_head_in_a_box_anchored_at_the_title_stands_above_it() -> None:
    document = docx.Document()
    box = "".join(f"<w:p>{run(text)}</w:p>" for text in ("济宁市医疗保障局文件", "济医保字〔2026〕31号"))
    paragraph(document, run("关于调整门诊的通知"), f"<w:r><w:pict><w:txbxContent>{box}</w:txbxContent></w:pict></w:r>")
    assert texts(document) == ["济宁市医疗保障局文件", "济医保字〔2026〕31号", "关于调整门诊的通知"]


def test_a_contents_field_is_set_aside() -> None:
    document = docx.Document()
    style(document, "TOC1", "Normal", "")
    paragraph(document, run("第一章 总则"), properties='<w:pStyle w:val="TOC1"/>')
    document.add_paragraph("第一章 总则")
    blocks = reader.read(saved(document)).blocks
    assert [(block.text, block.noise) for block in blocks] == [("第一章 总则", "目录"), ("第一章 总则", "")]


def rewritten(change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    document = docx.Document()
    document.add_paragraph("一、及时办理。")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(document))) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(*change(entry.filename, old.read(entry)))
    return out.getvalue()


def relationship(target: str) -> Callable[[str, bytes], tuple[str, bytes]]:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    extra = f'<Relationship Id="rId99" Type="{kind}" Target="{target}"/></Relationships>'.encode()

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        return name, content.replace(b"</Relationships>", extra) if name == "word/_rels/document.xml.rels" else content

    return change


def word_online(name: str, content: bytes) -> tuple[str, bytes]:
    content = content.replace(b"word/document.xml", b"word/document2.xml")
    return name.replace("word/document.xml", "word/document2.xml").replace(
        "document.xml.rels", "document2.xml.rels"
    ), content


def strict(name: str, content: bytes) -> tuple[str, bytes]:
    for plain, ours in (
        (b"officeDocument/2006/relationships", b"officeDocument/relationships"),
        (b"wordprocessingml/2006/main", b"wordprocessingml/main"),
        (b"drawingml/2006/main", b"drawingml/main"),
    ):
        content = content.replace(b"http://schemas.openxmlformats.org/" + plain, b"http://purl.oclc.org/ooxml/" + ours)
    return name, content


@pytest.mark.parametrize("target", ["NULL", "../NULL", "#_top", "/word/NULL"])
def test_relationships_that_lead_nowhere(target: str) -> None:
    blocks = reader.read(rewritten(relationship(target))).blocks
    assert [block.text for block in blocks] == ["一、及时办理。"]


@pytest.mark.parametrize("change", [word_online, strict])
def test_packages_of_other_writers(change: Callable[[str, bytes], tuple[str, bytes]]) -> None:
    blocks = reader.read(rewritten(change)).blocks
    assert [block.text for block in blocks] == ["一、及时办理。"]


def test_a_document_without_lists_has_no_numbers() -> None:
    assert Numbers().lists == {}
