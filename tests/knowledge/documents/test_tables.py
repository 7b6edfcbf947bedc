"""Tables as offices make them: merged cells, names in two rows, groups, units. Every row says for whom and what."""

from __future__ import annotations

import io
from typing import Any

import docx

from knowledge.documents import columns, lines, structure
from knowledge.documents.document import ClauseKind, ImportedDocument
from knowledge.documents.reading import html
from knowledge.documents.reading import text as plain_text
from knowledge.documents.reading.block import Reading
from knowledge.documents.reading.word import docx as word


def imported(reading: Reading) -> ImportedDocument:
    document = structure.documents(lines.paragraphs(reading.blocks), ())
    assert document.completeness.complete, document.completeness
    return document


def rows(document: ImportedDocument) -> list[str]:
    return [clause.text for clause in document.clauses if clause.kind is ClauseKind.TABLE_ROW]


def page(table: str) -> ImportedDocument:
    return imported(html.read(f"<meta charset=utf-8><p>关于待遇的通知</p><table border=1>{table}</table>".encode()))


def word_table(values: list[list[str]], merges: list[tuple[int, int, int, int]]) -> ImportedDocument:
    """`merges` are first row, first column, last row, last column."""
    document = docx.Document()
    document.add_paragraph("关于待遇的通知")
    table: Any = document.add_table(len(values), len(values[0]))
    for row, texts in enumerate(values):
        for column, text in enumerate(texts):
            if text:
                table.cell(row, column).text = text
    for top, left, bottom, right in merges:
        table.cell(top, left).merge(table.cell(bottom, right))
    out = io.BytesIO()
    document.save(out)
    return imported(word.read(out.getvalue()))


def test_cells_merged_downwards_hold_for_every_row_of_a_word_table() -> None:
    values = [
        ["参保类型", "医院级别", "报销比例"],
        ["居民医保", "一级", "85%"],
        ["", "二级", "70%"],
        ["职工医保", "一级", "90%"],
        ["", "二级", "85%"],
    ]
    document = word_table(values, [(1, 0, 2, 0), (3, 0, 4, 0)])
    assert rows(document) == [
        "参保类型：居民医保，医院级别：一级，报销比例：85%。",
        "参保类型：居民医保，医院级别：二级，报销比例：70%。",
        "参保类型：职工医保，医院级别：一级，报销比例：90%。",
        "参保类型：职工医保，医院级别：二级，报销比例：85%。",
    ]
    assert document.clauses[1].heading == "居民医保 二级"
    assert document.clauses[1].sentences == (document.clauses[1].text,)


def test_names_in_two_rows() -> None:
    values = [
        ["参保类型", "起付标准", "", ""],
        ["", "一级", "二级", "三级"],
        ["居民医保", "200元", "400元", "600元"],
        ["职工医保", "300元", "500元", ""],
    ]
    document = word_table(values, [(0, 0, 1, 0), (0, 1, 0, 3), (3, 2, 3, 3)])
    assert rows(document) == [
        "参保类型：居民医保，起付标准（一级）：200元，起付标准（二级）：400元，起付标准（三级）：600元。",
        "参保类型：职工医保，起付标准（一级）：300元，起付标准（二级）、起付标准（三级）：500元。",
    ]


def test_spans_of_a_web_table() -> None:
    document = page(
        "<tr><th rowspan=2>病种</th><th colspan=2>年度限额</th></tr><tr><th>居民</th><th>职工</th></tr>"
        "<tr><td rowspan=2>高血压</td><td>800元</td><td>1200元</td></tr><tr><td colspan=2>合并糖尿病2000元</td></tr>"
    )
    assert rows(document) == [
        "病种：高血压，年度限额（居民）：800元，年度限额（职工）：1200元。",
        "病种：高血压，年度限额（居民）、年度限额（职工）：合并糖尿病2000元。",
    ]


def test_first_cells_left_empty_instead_of_merged() -> None:
    document = page(
        "<tr><td>参保类型</td><td>医院级别</td><td>报销比例</td></tr>"
        "<tr><td>居民医保</td><td>一级</td><td>85%</td></tr><tr><td></td><td>二级</td><td>70%</td></tr>"
    )
    assert rows(document)[1] == "参保类型：居民医保，医院级别：二级，报销比例：70%。"


def test_caption_unit_group_rows_and_notes() -> None:
    document = page(
        "<tr><td colspan=3>济宁市居民医保待遇表</td></tr><tr><td colspan=3>单位：元</td></tr>"
        "<tr><td>序号</td><td>项目</td><td>标准</td></tr><tr><td colspan=3>一、门诊</td></tr>"
        "<tr><td>1</td><td>普通门诊</td><td>500</td></tr><tr><td colspan=3>二、住院</td></tr>"
        "<tr><td>2</td><td>起付线</td><td>800</td></tr><tr><td colspan=3>注：异地就医另行规定。</td></tr>"
    )
    assert rows(document) == [
        "一、门诊，项目：普通门诊，标准：500（单位：元）。",
        "二、住院，项目：起付线，标准：800（单位：元）。",
        "注：异地就医另行规定。",
    ]
    assert document.clauses[0].section_path == ("一、门诊",)
    assert document.clauses[0].label == "1"


def test_a_table_without_names_keeps_its_first_row() -> None:
    assert rows(page("<tr><td>一级医院</td><td>85%</td></tr><tr><td>二级医院</td><td>70%</td></tr>")) == [
        "一级医院：85%。",
        "二级医院：70%。",
    ]


def test_an_amount_stands_only_with_its_names_in_every_sentence() -> None:
    document = page(
        "<tr><td>情形</td><td>标准</td></tr><tr><td>住院</td><td>起付标准200元。超过部分报销70%。</td></tr>"
        "<tr><td>门诊</td><td>不设起付标准。</td></tr>"
    )
    assert rows(document)[0] == "情形：住院，标准：起付标准200元。情形：住院，标准：超过部分报销70%。"


def test_an_empty_form_is_no_clause() -> None:
    document = page(
        "<tr><td>姓名</td><td></td><td>性别</td><td></td></tr><tr><td>电话</td><td></td><td></td><td></td></tr>"
    )
    assert not rows(document)
    assert {line.what for line in document.non_clauses if "姓名" in line.text} == {"表格填报栏"}


def test_a_frame_around_the_text_is_no_table() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "关于待遇的通知"
    cell.add_paragraph("一、门诊报销60%。")
    cell.add_paragraph("二、住院报销70%。")
    out = io.BytesIO()
    document.save(out)
    found = imported(word.read(out.getvalue()))
    assert (found.title, [clause.number for clause in found.clauses]) == ("关于待遇的通知", ["s1", "s2"])


def test_a_caption_in_a_web_table_says_the_unit() -> None:
    document = page(
        "<caption>居民医保待遇（单位：元）</caption><thead><tr><th>医院</th><th>起付线</th></tr></thead>"
        "<tr><td>一级</td><td>200</td></tr><tfoot><tr><td colspan=2>备注：以上为每次住院。</td></tr></tfoot>"
    )
    assert rows(document) == ["医院：一级，起付线：200（单位：元）。", "备注：以上为每次住院。"]


def test_names_and_texts_in_two_columns_are_no_names_above_texts() -> None:
    document = page(
        "<tr><td>办理地点</td><td>市政务服务中心二楼</td></tr><tr><td>咨询电话</td><td>0537-12345</td></tr>"
        "<tr><td>办理时限</td><td>5个工作日</td></tr>"
    )
    assert rows(document) == ["办理地点：市政务服务中心二楼。", "咨询电话：0537-12345。", "办理时限：5个工作日。"]


def test_years_and_ranges_are_names_of_amounts_of_another_kind() -> None:
    years = "<tr><td>年度</td><td>2025年</td><td>2026年</td></tr><tr><td>个人缴费</td><td>400元</td><td>420元</td></tr>"
    assert rows(page(years)) == ["年度：个人缴费，2025年：400元，2026年：420元。"]
    ranges = "<tr><td></td><td>0-5万元</td><td>5-10万元</td></tr><tr><td>报销比例</td><td>60%</td><td>65%</td></tr>"
    assert rows(page(ranges)) == ["报销比例，0-5万元：60%，5-10万元：65%。"]


def test_names_in_three_rows() -> None:
    document = page(
        "<tr><td rowspan=3>病种</td><td colspan=4>报销比例</td></tr>"
        "<tr><td colspan=2>居民</td><td colspan=2>职工</td></tr>"
        "<tr><td>一级</td><td>三级</td><td>一级</td><td>三级</td></tr>"
        "<tr><td>糖尿病</td><td>65%</td><td>60%</td><td>85%</td><td>80%</td></tr>"
    )
    assert rows(document) == [
        "病种：糖尿病，报销比例（居民，一级）：65%，报销比例（居民，三级）：60%，"
        "报销比例（职工，一级）：85%，报销比例（职工，三级）：80%。"
    ]


def test_a_small_table_in_a_cell_is_the_text_of_its_cell() -> None:
    inner = "<table><tr><td>一级</td><td>200元</td></tr><tr><td>二级</td><td>400元</td></tr></table>"
    document = page(f"<tr><td>项目</td><td>标准</td></tr><tr><td>住院</td><td>{inner}</td></tr>")
    assert rows(document) == ["项目：住院，标准：一级200元；二级400元。"]


def test_years_below_a_name_that_covers_them() -> None:
    head = "<tr><td rowspan=2>县区<td rowspan=2>名额<td colspan=2>分年度任务<tr><td>2026年<td>2027年"
    document = page(f"{head}<tr><td>邹城<td>100<td>30<td>70<tr><td>曲阜<td>90<td>40<td>50")
    assert rows(document)[1] == "县区：曲阜，名额：90，分年度任务（2026年）：40，分年度任务（2027年）：50。"


def test_a_list_whose_rows_say_sentences_is_cut_into_rows() -> None:
    rows_ = "".join(f"<tr><td>{n}<td>举措{n}<td>建立第{n}项机制。明确责任。" for n in (1, 2, 3))
    document = imported(
        html.read(
            "<meta charset=utf-8><p>关于推广的通知</p><p>一、推广举措。见附件。</p><p>附件</p><p>改革举措清单</p>"
            f"<table border=1><tr><td>序号<td>改革举措<td>主要内容{rows_}</table>".encode()
        )
    )
    assert len(rows(document)) == 3
    assert rows(document)[0].startswith("改革举措：举措1，主要内容：建立第1项机制。")


def test_every_sentence_of_a_row_names_what_stands_left_of_it() -> None:
    """A number in the middle of a row is no name."""
    names = ("类别", "序号", "指标", "指标内容及分值", "备注")
    cells = ("加分指标", "3", "文化程度", "1.本科及以上学历加30分。2.专科学历加20分。", "只取最高分")
    assert columns.say(cells, names).text == (
        "类别：加分指标，序号：3，指标：文化程度，备注：只取最高分，指标内容及分值：1.本科及以上学历加30分。"
        "类别：加分指标，指标：文化程度，指标内容及分值：2.专科学历加20分。"
    )


def typed(text: str) -> ImportedDocument:
    return imported(plain_text.read(text.encode()))


def test_columns_that_wide_spaces_keep_apart_are_columns() -> None:
    document = typed(
        "关于住院待遇的通知\n表一　市内住院\n序号　医疗机构　起付标准（元）　支付比例\n"
        "1　一级医院　200　85%\n2  二级 医院  400  75%\n"
        "执行说明\n一、年度支付限额。年度最高支付限额为15万元。\n"
    )
    assert rows(document) == [
        "医疗机构：一级医院，起付标准（元）：200，支付比例：85%。",
        "医疗机构：二级医院，起付标准（元）：400，支付比例：75%。",
    ]
    assert any("15万元" in clause.text and clause.kind is not ClauseKind.TABLE_ROW for clause in document.clauses)


def test_lines_that_begin_with_their_number_are_no_table() -> None:
    document = typed(
        "经办服务事项清单\n一、参保登记类\n序号1　事项名称：单位参保登记　办理时限：即时办结\n"
        "序号2　事项名称：新生儿参保登记　办理时限：1个工作日\n"
        "二、关系转移类\n序号3　事项名称：关系转移　办理时限：15个工作日\n"
    )
    said = "".join(clause.text for clause in document.clauses)
    assert not rows(document)
    assert all(words in said for words in ("单位参保登记", "新生儿参保登记", "15个工作日"))
    assert len(document.clauses) == 2
