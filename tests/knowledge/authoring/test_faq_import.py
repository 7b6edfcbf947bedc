"""FAQs out to a workbook and back: nothing is lost on the way, and nothing wrong comes in."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from openpyxl import Workbook, load_workbook

from base import aside
from knowledge.authoring import faq_import
from knowledge.authoring.content import FaqContent, parse
from knowledge.authoring.faq_import import RowsRefused, Taken
from knowledge.authoring.faq_sheet import COLUMNS, CannotRead, Names, as_workbook, read
from knowledge.authoring.models import Kind, Stage
from knowledge.authoring.review_queue import ReviewQueue
from knowledge.models import Role, TopicKind
from tests.knowledge.office import LI, WANG, Office

NAMES = Names(
    {"staff": "工作人员新增", "remote": "异地就医", "chronic": "门诊慢特病", "elderly": "老年人服务"}
    | {
        "services": "参保和办事",
        "zoucheng": "邹城",
        "jinan": "济南",
        "gaps": "文件没有写的",
        "outside": "不归医保管的",
    },
    {"answer": "按文件答复", "gap": "文件没有写全，如实说明", "outside": "不归我们管，说明该找谁"},
    {"sd-jining": "济宁市", "sd-jinan": "济南市", "sd": "山东省", "sd-jining-zoucheng": "邹城市"},
)
FILED = "remote-filing-online"
HEADS = [name for name, _, _ in COLUMNS]


def table(*rows: dict[str, str]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADS)
    for row in rows:
        sheet.append([row.get(head) for head in HEADS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def take(office: Office, data: bytes) -> Taken:
    return await aside.apart(faq_import.take, office.database.url, data, NAMES, WANG)


async def quote_of(office: Office, faq: str = FILED) -> tuple[str, str]:
    """The clause and words that an answer stands on."""
    content = await office.faq(faq)
    quote = next(quote for quote in content.answers[0].quotes if quote.role is Role.LEAD)
    return quote.clause, quote.text


async def test_what_goes_out_comes_back_the_same(office: Office) -> None:
    data = await aside.apart(faq_import.sheet, office.database.url, NAMES)
    rows = read(data, NAMES)
    assert len(rows) > 100
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        content = await office.faq(row.id)
        assert parse(Kind.FAQ, {**row.fields, "gap": content.gap}) == content, row.id
        assert not row.wrong
    taken = await take(office, data)
    assert (taken.key, taken.added, taken.changed) == ("", 0, 0)
    assert taken.unchanged == len(rows)


async def test_new_and_changed_rows_become_drafts_that_move_together(office: Office) -> None:
    clause, words = await quote_of(office)
    new = {
        "问题": "俺在外地能不能刷卡",
        "群众的问法": "外地能刷卡吗\n在北京能刷医保不",
        "电话里怎么说": "能，先备案。",
        "依据原文": "\n".join([words[:6], words[6:]]),
    }
    old = load_workbook(io.BytesIO(as_workbook({FILED: await office.faq(FILED)}, NAMES))).worksheets[0]
    changed = dict(zip(HEADS, [cell.value for cell in old[2]], strict=True)) | {"问题": "手机上怎么备案"}
    taken = await take(office, table(changed, new))
    assert (taken.added, taken.changed, taken.unchanged) == (1, 1, 0)
    drafts = await faq_import.drafts(office.database, taken.key)
    assert [(draft.title, draft.stage) for draft in drafts] == [
        ("手机上怎么备案", Stage.DRAFT),
        ("俺在外地能不能刷卡", Stage.DRAFT),
    ]
    made = (await office.editing.open(Kind.FAQ, drafts[1].id)).content
    assert isinstance(made, FaqContent)
    (quote,) = made.answers[0].quotes
    assert (quote.clause, quote.text) == (clause, words), "the clause was found, and its own words are kept"
    assert made.answers[0].jurisdiction == "sd-jining"
    await office.review.submit(drafts[1].revision_id, who=WANG)
    before = await ReviewQueue(office.database).page(kind=Kind.FAQ)
    assert [(row.title, row.count) for row in before.rows] == [("手机上怎么备案", 2)]
    await office.review.approve(drafts[0].revision_id, who=LI)
    await office.review.publish([drafts[0].revision_id], who=LI)
    assert {draft.stage for draft in await faq_import.drafts(office.database, taken.key)} == {Stage.PUBLISHED}


async def test_one_wrong_row_and_nothing_comes_in(office: Office) -> None:
    good = {
        "问题": "停车要钱吗",
        "群众的问法": "停车要钱吗",
        "怎么答": "文件没有写全，如实说明",
        "没有写的是什么": "停车",
    }
    wrong = [
        {"问题": "没有依据", "群众的问法": "没有依据", "电话里怎么说": "能。"},
        {"问题": "编的依据", "群众的问法": "编的依据", "电话里怎么说": "能。", "依据原文": "凡是看病全部免费"},
        {"编号": "faq-unknown", "问题": "没有这个", "群众的问法": "没有"},
        {"问题": "地区不对", "群众的问法": "地区不对", "地区": "青岛市", "电话里怎么说": "能。", "依据原文": "备案"},
        {"问题": "", "群众的问法": "没写问题", "怎么答": "文件没有写全，如实说明"},
        {"问题": (await office.faq(FILED)).title, "群众的问法": "重名"},
    ]
    with pytest.raises(RowsRefused) as refused:
        await take(office, table(good, *wrong))
    assert [row.number for row in refused.value.rows] == [3, 4, 5, 6, 7, 8]
    said = [row.words for row in refused.value.rows]
    for words, part in zip(said, ("依据", "一字不差", "编号", "青岛市", "问题", "已经有叫"), strict=True):
        assert part in words
    assert (await office.editing.find(Kind.FAQ, text="停车要钱吗")).total == 0


async def test_what_waits_for_review_is_not_run_over(office: Office) -> None:
    content = await office.faq(FILED)
    data = as_workbook({FILED: content.model_copy(update={"title": "表格里的标题"})}, NAMES)
    await office.save(Kind.FAQ, FILED, content.model_copy(update={"title": "同事正在改"}))
    with pytest.raises(RowsRefused) as refused:
        await take(office, data)
    assert "没发布的修改" in refused.value.rows[0].words


def not_a_workbook() -> bytes:
    return b"PK\x03\x04 nothing"


def no_heads() -> bytes:
    book = Workbook()
    book.worksheets[0].append(["姓名", "电话"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "told"), [(not_a_workbook, "打不开"), (no_heads, "“问题”"), (lambda: table(), "没有填写")]
)
def test_any_other_file_is_refused_with_what_to_do(make: Callable[[], bytes], told: str) -> None:
    with pytest.raises(CannotRead) as refused:
        read(make(), NAMES)
    assert told in refused.value.citizen_text


def test_text_that_looks_like_a_formula_or_a_mark_stays_text() -> None:
    content = FaqContent(kind=TopicKind.GAP, title="=1+1", wordings=("=HYPERLINK(1)", "【附件】在哪"), missing="-")
    (row,) = read(as_workbook({"faq-1": content}, NAMES), NAMES)
    assert parse(Kind.FAQ, row.fields) == content
