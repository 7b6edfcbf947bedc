"""Scanned pages: figures and dates as printed, words of the trade decided openly, nothing unread kept quiet."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.documents import import_document
from knowledge.documents.reading.scans import recognising
from knowledge.documents.reading.scans.scan import Doubt, Scan, ScannedLine
from knowledge.documents.reading.scans.trade_words import settled
from knowledge.documents.refusals import LongScan, ScannedPdf, UnclearScan, UnknownFormat
from tests.knowledge.documents import scans

NOTICE = (
    "济宁市医疗保障局文件",
    "济医保发〔2026〕12号",
    "济宁市医疗保障局关于优化门诊慢特病资格认定的通知",
    "各县（市、区）医疗保障局：",
    "为方便群众，现就有关事项通知如下：",
    "一、缩短办理时限。自2026年3月1日起，门诊慢特病资格认定办理时限压缩为5个工作日，起付线由600元调整为350元。",
    "二、提高补助标准。居民普通门诊每人每年补助300.50元，报销比例提高到65%，超过1,200元的部分按80%支付。",
    "三、住院费用按济医保字〔2025〕8号执行，咨询电话0537-2967123。",
    "济宁市医疗保障局",
    "2026年11月20日",
)


async def test_a_scanned_notice_askew_grey_and_noisy() -> None:
    pages = scans.photographed(NOTICE, 0.8)
    notice = await import_document(scans.scanned_pdf(pages), "扫描.pdf", recognising=True)
    assert notice.title == NOTICE[2]
    assert (notice.doc_no, notice.issuer, notice.issue_date) == (NOTICE[1], NOTICE[0][:-2], date(2026, 11, 20))
    assert [clause.text for clause in notice.clauses] == list(NOTICE[4:8])
    assert notice.scan is not None
    assert "从图片上识别" in notice.notes[0]
    tops = []
    for clause in notice.clauses:
        (place,) = notice.scan.places(clause.text)
        assert 0 < place.top < place.bottom < 1
        tops.append(place.top)
    assert tops == sorted(tops)


async def test_a_photographed_page() -> None:
    (page,) = scans.photographed(NOTICE[:6])
    document = await import_document(scans.as_file(page), "照片.jpg", "image/jpeg", recognising=True)
    assert document.doc_no == "济医保发〔2026〕12号"
    assert "起付线由600元调整为350元" in document.clauses[-1].text


async def test_pictures_are_recognised_only_where_somebody_compares_them() -> None:
    (page,) = scans.photographed(NOTICE[:3])
    with pytest.raises(UnknownFormat):
        await import_document(scans.as_file(page), "照片.jpg")
    with pytest.raises(ScannedPdf) as refused:
        await import_document(scans.scanned_pdf([page]), "扫描.pdf")
    assert "上传文件" in refused.value.staff_text


async def test_too_many_pages_and_an_empty_one_are_refused() -> None:
    (page,) = scans.photographed(("空白",), noise=0)
    page.thumbnail((200, 200))
    with pytest.raises(LongScan):
        await import_document(scans.scanned_pdf([page] * (recognising.MOST_PAGES + 1)), "长.pdf", recognising=True)
    page.paste(230, (0, 0, *page.size))
    with pytest.raises(UnclearScan):
        await import_document(scans.as_file(page, "PNG"), "空.png", recognising=True)


def test_ink_that_became_no_line_is_found() -> None:
    (page,) = scans.photographed(("一、门诊费用按比例支付。", "二、住院费用按比例支付。"), noise=8, dpi=170)
    width, height = page.size
    left, right = 0.12, 0.9
    beside = recognising._ink_beside(page, [ScannedLine(0, "二、住院费用按比例支付。", (left, 0.17, right, 0.195))])
    assert beside
    assert all(box[3] < 0.17 or box[1] > 0.19 for box in beside)
    assert width < height


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("优化内诊慢特病资格", "优化门诊慢特病资格"),
        ("济医保发[2026】12号", "济医保发〔2026〕12号"),
        ("自2O26年3月l日起", "自2026年3月1日起"),
        ("参保入员", "参保人员"),
        ("陀院费用", "院费用"),
    ],
)
def test_words_of_the_trade_decide_and_say_so(read: str, printed: str) -> None:
    text, changes = settled(read)
    if len(printed) != len(read):  # no word of the trade is there: nothing is guessed
        assert (text, changes) == (read, [])
        return
    assert text == printed
    assert [read[change.start] for change in changes] == [change.was for change in changes]
    assert {at for at in range(len(read)) if read[at] != printed[at]} == {change.start for change in changes}


@pytest.mark.parametrize(
    "right", ["集中报销", "前往院内窗口", "2026年未缴费的", "内科与内分泌科", "共（2026）人", "已满18周岁", "手机OPPO"]
)
def test_what_is_right_stays(right: str) -> None:
    assert settled(right) == (right, [])


def test_places_of_uncertain_words_in_the_original() -> None:
    lines = (
        ScannedLine(0, "一、门诊", (0.1, 0.1, 0.5, 0.12), (Doubt(2, 3, "内"),)),
        ScannedLine(0, "二、住院", (0.1, 0.2, 0.5, 0.22), (Doubt(0, 1),)),
    )
    scan = Scan((b"",), ((1000, 1400),), lines)
    assert scan.spans("一、门诊\n二、住院") == [(2, 3, "changed"), (5, 6, "doubtful")]
    assert scan.doubtful("一、门诊") == [("一、门诊", "内")]
    assert scan.places("三、其他") == []
