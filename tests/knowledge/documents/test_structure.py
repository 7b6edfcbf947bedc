"""How documents are cut into clauses: what the seed documents do not show."""

from __future__ import annotations

import time

from knowledge.documents import lines, structure
from knowledge.documents.document import ClauseKind, ImportedDocument
from knowledge.documents.lines import Paragraph
from knowledge.documents.reading import text
from knowledge.documents.reading.block import Block, BlockKind


def read(content: str) -> ImportedDocument:
    return structure.documents(lines.paragraphs(text.read(content.encode()).blocks), ())


def test_articles_hold_their_items() -> None:
    document = read(
        "济宁市长期护理保险办法\n第一章 总则\n第一条 为了规范管理，制定本办法。\n第二章 待遇\n"
        "第二条 申请人应当符合条件。\n（一）失能满6个月；\n（二）参加职工医保。\n"
        "第三条 本办法自2025年1月1日起施行。"
    )
    assert document.title == "济宁市长期护理保险办法"
    assert document.jurisdiction == "sd-jining"
    found = [(clause.number, clause.kind, clause.section_path) for clause in document.clauses]
    assert found == [
        ("t01", ClauseKind.ARTICLE, ("第一章总则",)),
        ("t02", ClauseKind.ARTICLE, ("第二章待遇",)),
        ("t03", ClauseKind.ARTICLE, ("第二章待遇",)),
    ]
    assert document.clauses[1].text == "第二条申请人应当符合条件。\n（一）失能满6个月；\n（二）参加职工医保。"
    assert document.completeness.complete


def test_a_list_of_materials_stays_in_its_clause() -> None:
    document = read(
        "关于备案的通知\n各县（市、区）医保局：\n一、申请材料。申请人提交以下材料：\n1、身份证；\n2、医保电子凭证。\n"
        "二、办理时限。当日办结。\n三、监督。接受监督。"
    )
    assert [clause.text.count("\n") for clause in document.clauses] == [2, 0, 0]


def test_a_closing_paragraph_is_not_part_of_the_last_item() -> None:
    document = read(
        "关于备案的通知\n各县（市、区）医保局：\n一、甲事。办理甲事。\n二、乙事。办理乙事。\n三、丙事。办理丙事。\n"
        "各县（市、区）医保局要加强领导，确保落实。"
    )
    assert [clause.number for clause in document.clauses] == ["s1", "s2", "s3", "r1"]
    assert document.clauses[-1].kind is ClauseKind.REQUIREMENT
    assert document.clauses[2].text == "三、丙事。办理丙事。"
    assert document.completeness.complete


def test_numbers_used_twice_stay_apart() -> None:
    document = read("关于备案的通知\n各单位：\n一、甲事。办理甲事。\n一、乙事。办理乙事。")
    assert [clause.number for clause in document.clauses] == ["s1", "s1-2"]


def test_wrapped_lines_are_joined_and_hyphens_of_the_page_dropped() -> None:
    document = read(
        "关于备案的通知\n各县（市、区）医保局：\n一、线上备案。参保人员可在国家医保服务平台APP申请办理异地就\n"
        "医备案手续，也可以拨打热线咨询或者到乡镇（街道）便民服务站点窗\n口办理，并可随时查询进度，网址见inter-\n"
        "net公告。"
    )
    (clause,) = document.clauses
    assert "异地就医备案手续" in clause.text
    assert "服务站点窗口办理" in clause.text
    assert "\n" not in clause.text.split("网址")[0]


def test_a_number_that_the_end_of_a_line_cuts_is_one() -> None:
    document = structure.documents(
        lines.paragraphs([Block(BlockKind.PARAGRAPH, "一、限额2\n000元，比例60\n%，见APP\n2版。")]), ()
    )
    assert document.clauses[0].text == "一、限额2000元，比例60%，见APP 2版。"


def test_sentences_are_parts_of_the_text() -> None:
    document = read("关于备案的通知\n各单位：\n一、备案。可以线上办。也可以窗口办。")
    assert document.clauses[0].sentences == ("一、备案。", "可以线上办。", "也可以窗口办。")


def test_page_numbers_inside_a_list_of_attachments_keep_their_name() -> None:
    some = [
        "关于备案的通知",
        "各单位：",
        "一、备案。可以备案。",
        "附件：1.申请备案登记表",
        "—2—",
        "2.备案事项清单",
        "附件2",
    ]
    document = structure.documents([Paragraph(line, line, noise="页码" if "—" in line else "") for line in some], ())
    dropped = {line.text: line.what for line in document.non_clauses}
    assert (dropped["—2—"], dropped["2.备案事项清单"]) == ("页码", "附件清单")


def test_a_text_without_any_form_is_kept_whole() -> None:
    document = read("温馨提示。请大家按时参保，不要错过集中缴费期。\n谢谢配合。")
    assert document.clauses[0].kind is ClauseKind.PREAMBLE
    assert document.completeness.complete
    assert len(document.notes) == 5


def test_national_documents_and_their_numbers() -> None:
    document = read("国家医疗保障局文件\n医保发〔2022〕8号\n关于完善政策的通知\n各省医疗保障局：\n一、统一。统一政策。")
    assert (document.doc_no, document.jurisdiction, document.issuer) == ("医保发〔2022〕8号", "cn", "国家医疗保障局")


def test_hostile_shapes_take_no_time() -> None:
    """As long as the reader lets them be, and without the ends of sentences that cut texts short."""
    one_line = ("，某兼任" * 100_000, "一、" * 200_000, "各：" * 200_000, "（" * 400_000)
    many_lines = [line * 10_000 for line in ("（一）\n", "附件：1.\n", "附件1\n表\n", "序号\n1\n", "2021年1月\n")]
    for content in (*one_line, *many_lines):
        began = time.process_time()
        assert read(content).original_text
        assert time.process_time() - began < 5, content[:10]


PLAN = (
    "济宁市医疗保障局关于印发基金运行应急预案的通知\n济医保发〔2026〕8号\n各县（市、区）医疗保障局：\n现将预案印发给你们。\n"
    "济宁市医疗保障局\n2026年2月3日\n基金运行应急预案\n1 总则\n1.1 编制目的\n为保障基金安全，制定本预案。\n"
    "1.2 适用范围\n本预案适用于全市。\n1.2.1 职工医保。职工医保基金适用。\n1.2.2 居民医保。居民医保基金适用。\n"
    "2 响应\n2.1 启动条件\n基金可支付不足3个月的，应当启动：\n（1）核实数据；\n（2）报告市政府。\n"
    "3 附则\n本预案自印发之日起施行。"
)


def test_numbers_of_several_parts_as_plans_and_rules_of_work_have_them() -> None:
    document = read(PLAN)
    found = [(clause.number, clause.label, clause.section_path) for clause in document.clauses]
    assert found == [
        ("n0", "", ()),
        ("s1-1", "1.1", ("1总则",)),
        ("s1-2-0", "1.2", ("1总则",)),
        ("s1-2-1", "1.2.1", ("1总则", "1.2适用范围")),
        ("s1-2-2", "1.2.2", ("1总则", "1.2适用范围")),
        ("s2-1", "2.1", ("2响应",)),
        ("s3", "3", ()),
    ]
    assert "（2）报告市政府。" in document.clauses[5].text
    assert document.completeness.complete


def test_an_amount_at_the_beginning_of_a_line_is_no_number() -> None:
    document = read(
        "关于报销的通知\n各单位：\n一、起付线。\n1.5万元以下报60%。\n2.5万元以上报70%。\n二、封顶线。三十万元。"
    )
    assert [clause.number for clause in document.clauses] == ["s1", "s2"]


def test_a_notice_that_brings_two_documents() -> None:
    document = read(
        "关于印发两个办法的通知\n各单位：\n现将两个办法印发给你们。\n济宁市医疗保障局\n2026年2月3日\n门诊报销办法\n"
        "一、范围。全市。\n二、比例。60%。\n三、期限。一年。\n住院报销办法\n为了规范住院报销，制定本办法。\n"
        "一、范围。全省。\n二、比例。80%。"
    )
    found = [(clause.number, clause.section_path, clause.text) for clause in document.clauses]
    assert ("s3", (), "三、期限。一年。") in found
    assert ("b2-p0", ("住院报销办法",), "为了规范住院报销，制定本办法。") in found
    assert ("b2-s2", ("住院报销办法",), "二、比例。80%。") in found
    assert document.completeness.complete


def test_an_attachment_called_only_by_its_first_character() -> None:
    document = read(
        "关于招生的请示\n市政府：\n一、规模。扩大规模。\n二、经费。落实经费。\n附：扩大规模计划表\n济宁市医疗保障局\n2026年5月13日\n"
        "附：\n扩大规模计划表\n一、任城区100人。\n二、兖州区90人。"
    )
    assert document.clauses[-1].section_path == ("附件1 扩大规模计划表",)
    assert document.clauses[-1].number == "a1-s2"


def test_a_list_of_attachments_without_its_colon() -> None:
    document = read(
        "关于范围的批复\n邹城市人民政府：\n一、范围。见附件。\n二、期限。见附件。\n附件1.口岸查验区的\n界址点坐标\n2.桥面坐标\n"
        "济宁市人民政府\n2026年12月30日\n附件1.\n口岸查验区的\n界址点坐标\n一、甲点在东。\n二、乙点在西。"
    )
    assert [clause.number for clause in document.clauses] == ["s1", "s2", "a1-s1", "a1-s2"]
