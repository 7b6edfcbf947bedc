"""What Word hides: automatic numbers, text boxes, content controls, tracked changes, footers."""

from __future__ import annotations

import io

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from knowledge.documents.reading.block import BlockKind, Reading
from knowledge.documents.reading.word import docx as reader

LISTS = f"""<w:abstractNum {nsdecls("w")} w:abstractNumId="77">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum>"""
LIST = f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'


def read(document: docx.document.Document) -> Reading:
    out = io.BytesIO()
    document.save(out)
    return reader.read(out.getvalue())


def texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks if block.kind is BlockKind.PARAGRAPH]


def append(document: docx.document.Document, body: str) -> None:
    document.element.body.insert(len(document.element.body) - 1, parse_xml(body))


def test_automatic_numbers_are_written_out() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(LISTS))
    numbering.append(parse_xml(LIST))
    for depth, text in ((0, "总体要求"), (1, "指导思想。"), (1, "工作目标。"), (0, "工作措施"), (1, "方便结算。")):
        properties = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>'
        append(document, f"<w:p {nsdecls('w')}><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    assert texts(read(document)) == [
        "一、总体要求",
        "（一）指导思想。",
        "（二）工作目标。",
        "二、工作措施",
        "（一）方便结算。",
    ]


def test_numbers_from_a_style() -> None:
    document = docx.Document()
    document.add_paragraph("身份证；", style="List Number")
    document.add_paragraph("电子凭证。", style="List Number")
    document.add_paragraph("其他。", style="List Bullet")
    assert texts(read(document)) == ["1.身份证；", "2.电子凭证。", "其他。"]


def test_content_controls_tracked_changes_and_breaks() -> None:
    document = docx.Document()
    run = "<w:r><w:t>{}</w:t></w:r>"
    append(
        document,
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p>{run.format('控件里的字。')}</w:p></w:sdtContent></w:sdt>",
    )
    changes = f"<w:ins>{run.format('新增')}</w:ins><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
    append(document, f"<w:p {nsdecls('w')}>{changes}{run.format('保留。')}</w:p>")
    document.add_paragraph("材料：\n1、身份证；\n2、凭证。")
    reading = read(document)
    assert texts(reading) == ["控件里的字。", "新增保留。", "材料：", "1、身份证；", "2、凭证。"]
    assert "修订" in reading.notes[0]


def test_text_boxes_are_read_once_and_footers_set_aside() -> None:
    document = docx.Document()
    document.sections[0].footer.paragraphs[0].text = "第1页"
    box = "<w:txbxContent><w:p><w:r><w:t>框里的字。</w:t></w:r></w:p></w:txbxContent>"
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    append(document, f"<w:p {nsdecls('w')} {space}><w:r><w:t>段落。</w:t></w:r><w:r>{both}</w:r></w:p>")
    reading = read(document)
    assert texts(reading) == ["段落。", "框里的字。"]
    assert [(block.text, block.noise) for block in reading.blocks if block.noise] == [("第1页", "页眉页脚")]


def test_cells_of_a_table() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "序号", "事项"
    table.cell(1, 0).text, table.cell(1, 1).text = "1", "备案\n登记"
    rows = [block.cells for block in read(document).blocks if block.kind is BlockKind.ROW]
    assert rows == [("序号", "事项"), ("1", "备案\n登记")]
