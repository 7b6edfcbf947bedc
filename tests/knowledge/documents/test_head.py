"""Heads and signatures as offices, gazettes and sites print them."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.documents import lines, printed_dates, structure
from knowledge.documents.document import ImportedDocument
from knowledge.documents.head import number_in
from knowledge.documents.reading import text

TITLE = "济宁市医疗保障局关于调整门诊报销管理的通知"
BODY = "各县（市、区）医疗保障局：\n一、居民报销60%。\n二、职工报销70%。\n"


def read(content: str) -> ImportedDocument:
    document = structure.documents(lines.paragraphs(text.read(content.encode()).blocks), ())
    assert document.completeness.complete, document.completeness
    return document


def found(document: ImportedDocument) -> tuple[str, str, str, date | None]:
    return document.title, document.doc_no, document.issuer, document.issue_date


def texts(document: ImportedDocument) -> list[str]:
    return [clause.text for clause in document.clauses]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("济医保字﹝2026﹞31号", "济医保字〔2026〕31号"),
        ("济医保字〔２０２６〕３１号", "济医保字〔2026〕31号"),
        ("济医保字[2026]31号", "济医保字〔2026〕31号"),
        ("济医保字（2026）31号", "济医保字〔2026〕31号"),
        ("文号：济医保字〔2026〕31号", "济医保字〔2026〕31号"),
        ("济医保字〔2026〕31号签发人：张三", "济医保字〔2026〕31号"),
        ("JNCR-2026-0020001济医保字〔2026〕31号", "济医保字〔2026〕31号"),
        ("济宁市医疗保障局文件济医保字〔2026〕31号", "济医保字〔2026〕31号"),
        ("2026年第3号", "2026年第3号"),
        ("按照济医保字〔2026〕31号执行", ""),
        ("SDPR-2026-0130001", ""),
        (TITLE, ""),
    ],
)
def test_numbers_in_every_bracket(line: str, number: str) -> None:
    assert number_in(line) == number


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("二〇一九年三月五日", date(2019, 3, 5)),
        ("二○一九年十二月二十五日", date(2019, 12, 25)),
        ("二零二〇年十月三十一日", date(2020, 10, 31)),
        ("二0一九年元月十日", date(2019, 1, 10)),
        ("２０２６年３月５日", date(2026, 3, 5)),
        ("2026-03-05", date(2026, 3, 5)),
        ("2026.3.5", date(2026, 3, 5)),
        ("2026年13月5日", None),
        ("三月五日", None),
    ],
)
def test_dates_in_digits_and_characters(printed: str, day: date | None) -> None:
    assert printed_dates.find(printed) == day


def test_a_number_below_the_title_leaves_the_title_a_title() -> None:
    document = read(f"{TITLE}\n济医保字〔2026〕31号\n{BODY}济宁市医疗保障局\n2026年3月5日")
    assert found(document) == (TITLE, "济医保字〔2026〕31号", "济宁市医疗保障局", date(2026, 3, 5))


def test_two_facts_of_a_page_in_one_line_are_two() -> None:
    printed = "发文机关：济宁市医疗保障局成文日期：2026年3月2日\n文号：济医保字〔2026〕31号发布日期：2026年3月5日"
    facts = [lines.Paragraph(line, line, noise="网页信息") for line in printed.split("\n")]
    body = lines.paragraphs(text.read(f"{TITLE}\n{BODY}".encode()).blocks)
    document = structure.documents([*facts, *body], ())
    assert found(document) == (TITLE, "济医保字〔2026〕31号", "济宁市医疗保障局", date(2026, 3, 2))


def test_a_date_below_the_title_dates_what_nobody_signed() -> None:
    document = read(
        "国务院办公厅关于加快创新发展的指导意见\n国办发〔2020〕34号\n（2020年9月17日）\n创新是基石。\n一、目标。到2030年建成。"
    )
    assert document.issue_date == date(2020, 9, 17)
    assert (document.issuer, document.doc_no) == ("国务院办公厅", "国办发〔2020〕34号")


def test_several_offices_sign_and_none_of_them_is_part_of_a_clause() -> None:
    signed = "济宁市医疗保障局（盖章）\n济宁市财政局\n国家税务总局济宁市税务局\n二〇一九年三月五日"
    document = read(f"{TITLE}\n济医保字﹝2019﹞3号\n{BODY}{signed}")
    assert texts(document) == ["一、居民报销60%。", "二、职工报销70%。"]
    assert document.issuer == "济宁市医疗保障局、济宁市财政局、国家税务总局济宁市税务局"
    assert document.issue_date == date(2019, 3, 5)
    assert document.jurisdiction == "sd-jining"


def test_a_red_head_of_two_offices_with_every_mark() -> None:
    document = read(
        "000012\n特急\n济宁市医疗保障局\n济宁市财政局\n文件\n济医保字〔2026〕31号\n签发人：张三\nJNCR-2026-0020001\n"
        f"济宁市医疗保障局 济宁市财政局\n关于调整门诊的通知\n{BODY}济宁市医疗保障局 济宁市财政局\n2026年3月5日"
    )
    assert document.title == "济宁市医疗保障局济宁市财政局关于调整门诊的通知"
    assert document.issuer == "济宁市医疗保障局、济宁市财政局"
    kinds = {line.text: line.what for line in document.non_clauses}
    assert kinds["JNCR-2026-0020001"] == "规范性文件登记号"
    assert texts(document) == ["一、居民报销60%。", "二、职工报销70%。"]


def test_a_notice_with_a_number_of_its_year() -> None:
    document = read(
        "山东省医疗保障局公告\n2026年第3号\n现将事项公告如下：\n一、报销60%。\n山东省医疗保障局\n2026-03-05"
    )
    assert (document.doc_no, document.issuer) == ("2026年第3号", "山东省医疗保障局")
    assert document.issue_date == date(2026, 3, 5)
    assert texts(document)[-1] == "一、报销60%。"


@pytest.mark.parametrize(
    "entries", ["第一章 总则……1\n第二章 待遇……3", "第一章 总则\n第二章 待遇", "第一章 总则 1\n第二章 待遇 3"]
)
def test_a_table_of_contents_doubles_nothing(entries: str) -> None:
    document = read(
        f"济宁市医疗保障办法\n目  录\n{entries}\n第一章 总则\n第一条 制定本办法。\n第二章 待遇\n第二条 报销60%。"
    )
    assert document.title == "济宁市医疗保障办法"
    assert [clause.number for clause in document.clauses] == ["t01", "t02"]
    assert {line.what for line in document.non_clauses if "总则" in line.text} == {"目录"}


def test_a_sentence_with_items_below_it_is_a_clause_and_a_task_is_a_heading() -> None:
    document = read(
        f"{TITLE}\n{BODY}三、职工医保年度最高支付限额为20万元。\n（一）门诊5万元。\n（二）住院15万元。\n"
        "四、优化备案流程。\n（一）线上备案当日办结。\n五、门诊不设起付线。\n（一）一级医院。报销60%。"
    )
    assert "三、职工医保年度最高支付限额为20万元。" in texts(document)
    assert "五、门诊不设起付线。" in texts(document)
    assert document.section_headings == ("四、优化备案流程。",)
    assert document.clauses[3].section_path == ("三、职工医保年度最高支付限额为20万元",)


@pytest.mark.parametrize(
    ("content", "title", "number", "issuer"),
    [
        (
            "关于做好职工医保工作的通知\n青医保规〔2024〕 2号\n"
            + BODY
            + "青岛市医疗保障局      青岛市财政局\n2024年4月8日",
            "关于做好职工医保工作的通知",
            "青医保规〔2024〕2号",
            "青岛市医疗保障局、青岛市财政局",
        ),
        (
            "山东省医疗保障局 山东省财政厅\n关于公布2024年标准的公告\n（2024年第5号）\n现公告如下：\n一、报销60%。",
            "山东省医疗保障局山东省财政厅关于公布2024年标准的公告",
            "2024年第5号",
            "山东省医疗保障局、山东省财政厅",
        ),
        (
            "济宁市医疗保障局\n行政规范性文件\n济医保规〔2025〕1 号\n关于印发《办法》的通知\n" + BODY,
            "关于印发《办法》的通知",
            "济医保规〔2025〕1号",
            "济宁市医疗保障局",
        ),
        (
            "济医保函〔2025〕12号\n济宁市医疗保障局关于对第05号建议的答复\n张三代表：\n一、报销60%。\n济宁市医疗保障局\n2025年6月30日",
            "济宁市医疗保障局关于对第05号建议的答复",
            "济医保函〔2025〕12号",
            "济宁市医疗保障局",
        ),
        (
            "目　　录\n一、办理条件.......1\n二、办理材料.......2\n济宁市医保办事指南\n"
            "一、办理条件\n均可办理。\n二、办理材料\n身份证。",
            "济宁市医保办事指南",
            "",
            "",
        ),
    ],
)
def test_further_heads(content: str, title: str, number: str, issuer: str) -> None:
    document = read(content)
    assert (document.title, document.doc_no, document.issuer) == (title, number, issuer)


def test_digits_set_wide_are_one_number() -> None:
    document = read(f"{TITLE}\n{BODY}三、自2 0 2 6年1 0月起，限额5 0 0元，比例1 5 %。")
    assert texts(document)[-1] == "三、自2026年10月起，限额500元，比例15%。"


def test_a_title_line_that_ends_in_the_word_for_a_document_is_no_red_head() -> None:
    document = read(
        "济宁市医疗保障局关于全面清理行政规范性文件\n制定程序的指导意见\n济医保发〔2026〕7号\n"
        "各县（市、区）医疗保障局：\n一、清理范围。全部文件。\n二、清理时间。年底之前。\n"
    )
    assert document.title == "济宁市医疗保障局关于全面清理行政规范性文件制定程序的指导意见"
    assert document.issuer == "济宁市医疗保障局"


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("济宁市人民政府令\n第52号\n", "济宁市人民政府令第52号"),
        ("中华人民共和国国务院令\n第735号\n", "国务院令第735号"),
        ("济宁市人民政府令第52号\n", "济宁市人民政府令第52号"),
    ],
)
def test_the_number_of_an_order_names_who_gave_it(printed: str, number: str) -> None:
    document = read(
        f"{printed}《医疗救助办法》已经通过，现予公布，自2026年3月1日起施行。\n市长 王某\n2026年1月5日\n医疗救助办法\n"
        "第一条 为了救助困难群众，制定本办法。\n第二条 本办法自2026年3月1日起施行。\n过去的规定同时废止。\n"
    )
    assert document.doc_no == number
    assert texts(document)[-1].endswith("施行。\n过去的规定同时废止。"), "the last article's second paragraph"


@pytest.mark.parametrize(
    ("content", "issuer"),
    [
        (
            "济宁市医疗保障局济宁市财政局关于调整门诊的通知\n济医保字〔2026〕31号\n" + BODY,
            "济宁市医疗保障局、济宁市财政局",
        ),
        (
            "济宁市财政局国家税务总局济宁市税务局关于缴费的通知\n济财字〔2026〕3号\n" + BODY,
            "济宁市财政局、国家税务总局济宁市税务局",
        ),
        (
            "曲阜市健康曲阜建设委员会（爱国卫生运动委员会）关于印发《健康方案》的通知\n曲健爱卫〔2026〕3号\n" + BODY,
            "曲阜市健康曲阜建设委员会（爱国卫生运动委员会）",
        ),
    ],
)
def test_offices_without_a_space_and_an_office_of_two_names(content: str, issuer: str) -> None:
    assert read(content).issuer == issuer


def test_the_second_name_of_an_office_signs_with_it() -> None:
    document = read(f"{TITLE}\n{BODY}曲阜市健康曲阜建设委员会\n（爱国卫生运动委员会）（代章）\n2026年3月5日")
    assert texts(document)[-1] == "二、职工报销70%。"


@pytest.mark.parametrize("whom", ["区中医院：", "济宁市第一人民医院、济宁市中医院：", "阜桥街道：", "市城投公司："])
def test_a_reply_to_one_office(whom: str) -> None:
    document = read(f"关于同意设立服务站的批复\n济医保批〔2026〕3号\n{whom}\n你院的请示收悉。同意设立。\n一、报销60%。")
    assert document.addressees == whom


def test_what_introduces_the_text_addresses_nobody() -> None:
    document = read(
        f"{TITLE}\n济医保字〔2026〕31号\n为减轻群众负担，经市政府同意，现将各县市区有关事项通知如下：\n一、报销60%。\n二、报销70%。"
    )
    assert document.addressees == ""
    assert texts(document)[0].startswith("为减轻群众负担")


def test_the_day_of_the_signature_goes_before_the_day_of_printing() -> None:
    document = read(f"{TITLE}\n{BODY}济宁市医疗保障局\n2026年3月5日\n济宁市医疗保障局办公室\n2026年3月9日印发")
    assert document.issue_date == date(2026, 3, 5)
    assert read(f"{TITLE}\n{BODY}济宁市医疗保障局办公室\n2026年3月9日印发").issue_date == date(2026, 3, 9)


def test_an_order_is_called_by_what_it_publishes() -> None:
    document = read(
        "济宁市人民政府令\n第52号\n《济宁市医疗救助办法》已经通过，现予公布。\n市长 王某\n2026年1月5日\n"
        "济宁市医疗救助办法\n第一条 为了救助困难群众，制定本办法。\n第二条 本办法自2026年3月1日起施行。"
    )
    assert found(document) == ("济宁市医疗救助办法", "济宁市人民政府令第52号", "济宁市人民政府", date(2026, 1, 5))


def test_the_order_in_the_brackets_below_a_regulation() -> None:
    document = read(
        "医疗保障基金使用监督管理条例\n（2021年1月15日中华人民共和国国务院令第735号公布 自2021年5月1日起施行）\n"
        "第一章 总则\n第一条 为了加强监督管理，制定本条例。\n第二条 适用本条例。"
    )
    assert found(document) == ("医疗保障基金使用监督管理条例", "国务院令第735号", "国务院", date(2021, 1, 15))


def test_an_attachment_that_comes_as_a_file_of_its_own() -> None:
    document = read("附件2\n济宁市医保服务清单\n一、备案。当日办结。\n二、登记。当日办结。")
    assert document.title == "济宁市医保服务清单"
    assert document.non_clauses[0].what == "附件编号"


@pytest.mark.parametrize("dot", [".", "、", "．"])
def test_a_list_of_attachments_below_its_word(dot: str) -> None:
    document = read(
        f"{TITLE}\n{BODY}附件：\n1{dot}备案登记表\n2{dot}定点医院名单\n济宁市医疗保障局\n2026年3月5日\n公开方式：主动公开"
    )
    assert texts(document) == ["一、居民报销60%。", "二、职工报销70%。"]
    kinds = {line.text: line.what for line in document.non_clauses}
    assert kinds[f"2{dot}定点医院名单"] == "附件清单"
    assert kinds["公开方式：主动公开"] == "抄送、印发与公开说明"


def test_items_of_a_list_within_the_last_clause_stay_in_it() -> None:
    document = read(
        f"{TITLE}\n{BODY}三、家庭病床\n符合下列条件：\n（一）患高血压且有下列之一的：\n1.心脏病；\n2.糖尿病；\n"
        "（二）长期卧床的；\n（三）其他。\n"
    )
    assert all(clause.number[:1] != "r" for clause in document.clauses), texts(document)


@pytest.mark.parametrize("printed", ["访问量：687", "来源：济宁市医疗保障局", "发布时间：2026-03-05 09:22"])
def test_what_a_site_prints_around_a_text_is_no_part_of_its_title(printed: str) -> None:
    document = read(f"{TITLE}\n{printed}\n{BODY}济宁市医疗保障局\n2026年3月5日")
    assert document.title == TITLE
    assert printed in [line.text for line in document.non_clauses if line.what == "网页信息"]


@pytest.mark.parametrize("whom", ["邓某、韩某某委员：", "马某某副主席：", "周某等代表："])
def test_a_reply_to_people(whom: str) -> None:
    document = read(f"关于第2741号提案的答复\n济医保函〔2026〕3号\n{whom}\n您的提案收悉。现答复如下。\n一、报销60%。")
    assert document.addressees == whom
