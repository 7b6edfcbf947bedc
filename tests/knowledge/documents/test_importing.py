"""The five seed documents, in every format: the same clauses as `clauses.yaml`, and nothing lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from knowledge.documents import import_document
from knowledge.documents.completeness import squeeze
from knowledge.documents.document import ClauseKind, ImportedDocument
from tests.knowledge.documents import seed_files
from tests.knowledge.documents.seed_files import SOURCES

NUMBERS = {
    "jinan_yibaofa_2021_1_with_shandong_luyibaofa_2021_1": ["济医保发〔2021〕1号", "鲁医保发〔2021〕1号"],
    "jining_yibaozhongxinfa_2021_1": ["济医保中心发〔2021〕1号"],
    "jining_yibaozi_2023_25": ["济医保字〔2023〕25号"],
    "zoucheng_zhengbanzi_2021_39": ["邹政办字〔2021〕39号"],
}


async def read(name: str, extension: str) -> ImportedDocument:
    path = SOURCES[name]
    if extension == "txt":
        data = path.read_bytes()
    elif extension == "html":
        data = seed_files.as_html(path).encode()
    else:
        data = await asyncio.to_thread(seed_files.as_docx if extension == "docx" else seed_files.as_pdf, path)
    return await import_document(data, f"{name}.{extension}")


def assert_as_known(document: ImportedDocument) -> None:
    """Head and clauses are those of the seed; the measures under their own numbers, with deadlines and headings."""
    known = seed_files.known_document(document.doc_no)
    assert squeeze(document.title) == squeeze(known["title"])
    assert document.issuer == known["issuer"]
    assert str(document.issue_date) == known["issue_date"]
    assert document.jurisdiction == known["jurisdiction"]
    assert squeeze(document.addressees) == squeeze(known["addressees"])
    assert seed_files.differences(document) == (Counter(), Counter())
    assert document.completeness.complete, document.completeness
    found = {clause.number: clause for clause in document.clauses}
    assert len(found) == len(document.clauses)
    for row in seed_files.known_clauses(document.doc_no):
        if row["kind"] != "measure":
            continue
        clause = found[row["number"]]
        assert clause.kind is ClauseKind.MEASURE
        assert (squeeze(clause.text), clause.heading) == (squeeze(row["text"]), row["heading"])
        assert [squeeze(heading) for heading in clause.section_path] == list(map(squeeze, row.get("section_path", ())))
        days = {str(deadline.by) for deadline in clause.deadlines}
        assert days >= {limit["by"] for limit in row["deadlines"] if limit["by"]}


@pytest.mark.parametrize("extension", ["txt", "docx", "pdf", "html"])
@pytest.mark.parametrize("name", NUMBERS)
async def test_seed_document_gives_the_clauses_we_know(name: str, extension: str) -> None:
    document = await read(name, extension)
    assert [one.doc_no for one in document.all_documents] == NUMBERS[name]
    for one in document.all_documents:
        assert_as_known(one)


@pytest.mark.browser
@pytest.mark.parametrize("name", NUMBERS)
async def test_pdf_printed_by_a_browser(name: str, tmp_path: Path) -> None:
    """Chromium writes radicals for characters, cuts table rows at page ends and adds date and address to each page."""
    page, pdf = tmp_path / "page.html", tmp_path / "page.pdf"
    await asyncio.to_thread(page.write_text, seed_files.as_html(SOURCES[name]), encoding="utf-8")
    command = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={pdf}", page.as_uri())
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    assert await asyncio.wait_for(process.wait(), 120) == 0
    document = await import_document(await asyncio.to_thread(pdf.read_bytes), "page.pdf", "application/pdf")
    for one in document.all_documents:
        assert_as_known(one)


async def test_every_heading_and_every_dropped_text_is_named() -> None:
    document = await read("jining_yibaozi_2023_25", "docx")
    assert "二、工作措施" in document.section_headings
    dropped = {line.text: line.what for line in document.non_clauses}
    assert dropped["济医保字〔2023〕25号"] == "文号"
    assert dropped["2023年7月27日印发"] == "落款"
    assert dropped["—1—"] == "页眉页脚"


async def test_names_and_mobile_numbers_of_officials_are_in_no_clause() -> None:
    document = await import_document(
        "关于开展培训的通知\n各单位：\n一、时间。6月1日前完成报名。\n二、地点。市医保局。\n"
        "联系人：王小明 电话：0537-2937929 手机：13800001234\n济宁市医疗保障局\n2024年5月6日".encode(),
        "通知.txt",
    )
    assert document.issue_date == date(2024, 5, 6)
    assert [clause.text for clause in document.clauses if clause.kind is ClauseKind.CONTACT] == ["电话：0537-2937929"]
    assert not any("王小明" in clause.text or "13800001234" in clause.text for clause in document.clauses)
    assert document.completeness.complete
    assert document.notes == ("没有找到文号，请填写。",)
    deadlines = [limit for clause in document.clauses for limit in clause.deadlines]
    assert [(limit.text, limit.by) for limit in deadlines] == [("6月1日前", date(2024, 6, 1))]
