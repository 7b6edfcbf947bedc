"""Pages saved from government sites: the document without the site around it, and what the site says about it."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.documents import lines, structure
from knowledge.documents.document import ImportedDocument
from knowledge.documents.reading import html

TITLE = "济宁市医疗保障局关于调整门诊报销管理的通知"
CLAUSES = ["一、居民医保门诊报销比例为60%。", "二、职工医保门诊报销比例为70%。"]
BODY = "".join(f"<p>　　{text}</p>" for text in CLAUSES)
SIGNED = "<p>济宁市医疗保障局</p><p>2026年3月5日</p>"
FACTS = f"""<table><tr><td>索 引 号：</td><td>11370800/2026-0031</td>
<td>发文字号：</td><td>济医保字〔2026〕31号</td></tr>
<tr><td>发文机关：</td><td>济宁市医疗保障局</td><td>成文日期：</td><td>2026-03-05</td></tr>
<tr><td>标　　题：</td><td colspan=3>{TITLE}</td></tr></table>"""


def read(page: str, encoding: str = "utf-8") -> ImportedDocument:
    reading = html.read(page.encode(encoding))
    document = structure.documents(lines.paragraphs(reading.blocks), tuple(reading.notes))
    assert document.completeness.complete, document.completeness
    return document


def texts(document: ImportedDocument) -> list[str]:
    return [clause.text for clause in document.clauses]


def test_a_page_laid_out_in_tables() -> None:
    document = read(
        f"""<html><head><title>{TITLE}_济宁市医疗保障局</title></head><body>
        <div class=nav><ul><li><a href=1>首页</a></li><li><a href=2>政务公开</a></li>
        <li><a href=3>服务</a></li></ul></div>
        <table width=900>
        <tr><td>当前位置：首页 &gt; 政策文件</td></tr><tr><td>{FACTS}</td></tr>
        <tr><td><p>{TITLE}</p><p>各县（市、区）医疗保障局：</p>{BODY}</td></tr>
        <tr><td>【打印本页】 【关闭窗口】</td></tr>
        <tr><td>版权所有：济宁市医疗保障局 鲁ICP备12345号</td></tr></table></body></html>"""
    )
    assert (document.title, document.doc_no) == (TITLE, "济医保字〔2026〕31号")
    assert (document.issuer, document.issue_date) == ("济宁市医疗保障局", date(2026, 3, 5))
    assert texts(document) == CLAUSES
    assert any("网页" in note for note in document.notes)


def test_a_page_with_a_menu_in_blocks() -> None:
    document = read(
        f"""<title>{TITLE}</title>
        <header><ul><li><a>首页</a><li><a>机构</a><li><a>公开</a></ul></header>
        <div class="crumbs">您的位置：首页 &gt; 公开 &gt; 正文</div><h1>{TITLE}</h1>
        <div>发布时间：2026-03-06 09:00 来源：市医保局 浏览次数：12</div><div>字号：【大】【中】【小】</div>
        <div id=zoom><p>济医保字〔2026〕31号</p><p>各有关单位：</p>
        {BODY}{SIGNED}<p><a href=x>附件1：申请表.docx</a></p></div>
        <div class=share>分享到：微博 微信</div>
        <div>上一篇：关于放假的通知</div><footer><p>主办单位：市医保局</p></footer>"""
    )
    assert (document.title, document.doc_no, document.issue_date) == (TITLE, "济医保字〔2026〕31号", date(2026, 3, 5))
    assert texts(document) == CLAUSES


def test_facts_printed_as_a_list_with_values_below_their_labels() -> None:
    document = read(
        f"<ul><li><p>索引号:</p><p>6107280000/2026-001005</p></li><li><p>发文字号:</p><p>济医保字〔2026〕31号</p></li>"
        f"<li><p>发文日期:</p><p>2026年03月05日 16:40</p></li></ul><h1>{TITLE}</h1>{BODY}"
    )
    assert (document.title, document.doc_no, document.issue_date) == (TITLE, "济医保字〔2026〕31号", date(2026, 3, 5))
    assert texts(document) == CLAUSES


def test_paragraphs_that_are_only_line_breaks() -> None:
    body = "<br>　　".join(CLAUSES)
    document = read(f"<div>{TITLE}<br><br>各有关单位：<br>　　{body}<br>　　济宁市医疗保障局<br>　　2026年3月5日</div>")
    assert document.title == TITLE
    assert texts(document) == CLAUSES
    assert document.issue_date == date(2026, 3, 5)


def test_numbers_of_ordered_lists() -> None:
    document = read(
        f"<p>{TITLE}</p><p>各有关单位：</p><ol style='list-style-type:cjk-ideographic'><li>居民报销60%。</li>"
        "<li>职工报销70%。</li></ol><p>需要材料如下。</p><ol start=3><li>身份证。</li><li value=7>社保卡。</li></ol>"
    )
    written = "\n".join(texts(document))
    for numbered in ("一、居民报销60%。", "二、职工报销70%。", "3.身份证。", "7.社保卡。"):
        assert numbered in written


@pytest.mark.parametrize(
    "hidden",
    [
        "<span style='display:none'>内部测算30%</span>",
        "<span hidden>内部测算30%</span>",
        "<del>内部测算30%</del>",
        "<s>内部测算30%</s>",
        "<span style='text-decoration: line-through'>内部测算30%</span>",
        "<template>内部测算30%</template>",
        "<input type=hidden value=30%>",
    ],
)
def test_what_no_visitor_sees_is_not_imported(hidden: str) -> None:
    document = read(f"<p>{TITLE}</p><p>各有关单位：</p><p>一、报销{hidden}60%。</p>")
    assert texts(document) == ["一、报销60%。"]


def test_powers_stay_and_marks_of_footnotes_go() -> None:
    document = read(f"<p>{TITLE}</p><p>各有关单位：</p><p>一、低于2×10<sup>9</sup>个的，报销60%<sup>1</sup>。</p>")
    assert texts(document) == ["一、低于2×10⁹个的，报销60%。"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_that_says_gb2312_is_read_as_what_it_is(encoding: str) -> None:
    page = f"<meta http-equiv=Content-Type content='text/html; charset=gb2312'><p>{TITLE}</p><p>各有关单位：</p>{BODY}"
    assert texts(read(page, encoding)) == CLAUSES


def test_a_plain_page_loses_nothing() -> None:
    document = read(f"<h2>{TITLE}</h2><p>各有关单位：</p>{BODY}<p>来源：市医保局应当注明出处。</p>{SIGNED}")
    assert "来源：市医保局应当注明出处。" in "".join(texts(document))


def test_a_title_that_the_site_prints_above_the_documents_own_head() -> None:
    """After 怀政办发〔2023〕9号 on its government's site: the title once by the site, once in lines by the document."""
    title = "怀化市人民政府办公室关于印发《怀化市促进消费若干政策措施实施方案》的通知"
    document = read(
        f"<div>首页 &gt; 公开</div><p>{title}</p><p>发布时间:2023-03-15 09:28信息来源:怀化市人民政府办公室</p>"
        "<p>HHCR-2023-01005</p><p>怀政办发〔2023〕9号</p><p>怀化市人民政府办公室</p><p>关于印发《怀化市促进消费若干</p>"
        "<p>政策措施实施方案》的通知</p><p>各县市区人民政府,市直机关各单位:</p><p>经市人民政府同意,现印发给你们。</p>"
        "<p>怀化市人民政府办公室</p><p>2023年3月15日</p><p>一、促进消费。发放消费券。</p>"
    )
    assert (document.title, document.doc_no) == (title, "怀政办发〔2023〕9号")
    assert (document.issuer, document.addressees) == ("怀化市人民政府办公室", "各县市区人民政府,市直机关各单位:")
    assert texts(document)[0] == "经市人民政府同意,现印发给你们。"


def test_facts_in_brackets_and_two_lines_of_signing_offices() -> None:
    """After 晋医保发〔2021〕14号 on the site of the province's tax office, shortened."""
    document = read(
        """<title>税务局-关于做好2021年城乡居民基本医疗保障工作的通知</title>
        <div class=breadcrumb>当前位置：<a>首页</a>&gt;<a>最新文件</a></div>
        <h3>山西省医疗保障局 山西省财政厅关于做好2021年城乡居民基本医疗保障工作的通知</h3>
        <p>发布时间：2021-09-10 来源：社会保险费处 字号：[大] [中] [小] 打印本页</p>
        <p>【文&ensp;&ensp;号】 晋医保发〔2021〕14号<br>【成文日期】 2021-07-28<br>【是否有效】 全文有效<br></p>
        <div id=zoom><p>各市医疗保障局、财政局、税务局：</p><p><strong>　　一、提高筹资标准</strong></p>
        <p>　　财政补助标准提高30元，达到580元。</p><p><strong>　　二、巩固待遇</strong></p>
        <p>　　支付比例稳定在75%左右。</p>
        <p>山西省医疗保障局 山西省财政厅</p><p>国家税务总局山西省税务局</p><p>2021年7月28日</p></div>
        <p>扫一扫在手机打开当前页</p>"""
    )
    assert (document.doc_no, document.issue_date) == ("晋医保发〔2021〕14号", date(2021, 7, 28))
    assert document.title == "山西省医疗保障局山西省财政厅关于做好2021年城乡居民基本医疗保障工作的通知"
    assert texts(document) == [
        "一、提高筹资标准\n财政补助标准提高30元，达到580元。",
        "二、巩固待遇\n支付比例稳定在75%左右。",
    ]


CHROME = "<p>超万项服务轻松办</p><p>我要办</p><p>济宁12345</p><p>+</p><p>↺</p>"


def test_a_page_that_is_hidden_until_its_script_has_run() -> None:
    document = read(f"<body style='visibility: hidden'><div style='display:none'><p>{TITLE}</p>{BODY}{SIGNED}</div>")
    assert texts(document) == CLAUSES


def test_a_hidden_copy_for_reading_aloud_is_no_text() -> None:
    plain = "居民报销60%。职工报销70%。" * 9
    document = read(f"<div><p>{TITLE}</p>{BODY}{SIGNED}</div><div style='display:none'>{plain}</div>{CHROME}")
    assert texts(document) == CLAUSES


def test_what_the_site_prints_below_the_document() -> None:
    """The names of its other services, players and buttons have no mark of their own."""
    document = read(f"<div><div><p>{TITLE}</p>{BODY}{SIGNED}</div></div><div>{CHROME}</div>")
    assert texts(document) == CLAUSES
    below = [line.what for line in document.non_clauses if line.text in ("我要办", "济宁12345", "↺")]
    assert set(below) == {"网页栏目与链接"}


def test_an_attachment_below_the_document_is_kept() -> None:
    document = read(
        f"<div><p>{TITLE}</p>{BODY}{SIGNED}</div><div><p>附件1</p><p>门诊办事须知</p><p>请带身份证</p></div>"
    )
    assert texts(document)[-1] == "请带身份证"


@pytest.mark.parametrize(
    "line",
    [
        "发表时间：2026-04-20 11:19:38信息来源：济宁市医疗保障局浏览量：-",
        "发布日期：2025-04-08 11:02浏览次数：<span>-</span>次字号：【A-AA+】",
        "A+大A+中A+小",
        "<span>-</span>次",
        "听全文",
    ],
)
def test_counters_and_buttons_are_no_part_of_the_title(line: str) -> None:
    document = read(f"<meta name=ArticleTitle content='{TITLE}'><p>{TITLE}</p><p>{line}</p>{BODY}{SIGNED}")
    assert document.title == TITLE
    assert texts(document) == CLAUSES


@pytest.mark.parametrize("title", ["这笔钱直接发给个人！", "异地备案怎么办？一文说清", "社保卡申领指引"])
def test_a_page_that_is_no_notice_is_called_as_its_site_calls_it(title: str) -> None:
    document = read(
        f"<meta name=ArticleTitle content='{title}'><div>首页 &gt; 办事</div><h1>{title}</h1><p>01什么是备案？</p>"
        "<p>备案就是登记。</p><p>一、怎么办。线上办。</p><p>二、多久。当日办结。</p>"
    )
    assert document.title == title
    assert "01什么是备案？" in texts(document)[0]


def test_the_page_of_a_document_that_is_printed_again() -> None:
    again = f"（转载）{TITLE}"
    document = read(f"<meta name=ArticleTitle content='{again}'><p>{again}</p><p>{TITLE}</p>{BODY}{SIGNED}")
    assert document.title == TITLE
