"""Test questions, what nobody could answer, statistics, export: what the pages show of them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

from aiohttp import FormData
from openpyxl import load_workbook

from knowledge.authoring.models import AskedClause, AskedQuestion
from knowledge.insight.grouping import Grouping
from knowledge.insight.questions import week_of
from staff import audit
from staff.audit import Action
from tests.connectors.console.knowledge.test_items import fields_of
from tests.connectors.console.office import FirstLetters, NobodyAnswers, Office


async def grouped(desk: Office) -> None:
    """What the service does every half minute."""
    await Grouping(desk.database, FirstLetters()).catch_up()


QUESTION = {"question": "手机上怎么备案", "place": "sd-jining", "channel": "phone", "on": ""}


async def ask(desk: Office, text: str, outcome: str, days_ago: int = 1) -> None:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    row = AskedQuestion(
        asked_at=at.replace(tzinfo=None), week=week_of(at), channel="phone", conversation="c", text=text
    )
    row.outcome, row.clauses = outcome, []
    if outcome == "answered":
        row.topic_id, row.clauses = "remote-filing-online", [AskedClause(clause_id="jining-yb-2023-25.m07")]
    async with desk.database.session() as session:
        session.add(row)


async def test_a_test_question_shows_answer_source_and_why(desk: Office) -> None:
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/hit-test")
        await agent.send("/hit-test", QUESTION)
        assert "现在会这样答" in agent.text
        assert "济医保字〔2023〕25号 第八条" in agent.text
        assert 'href="/console/faq/remote-filing-online"' in agent.page


async def test_a_question_can_be_tried_after_another(desk: Office) -> None:
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/hit-test")
        assert "急症" in agent.text, "what is not tried here is said"
        await agent.send("/hit-test", {**QUESTION, "before": "手机上怎么备案", "question": "要几天"})
        assert "手机上怎么备案 → 要几天" in agent.text
        await agent.send("/hit-test", {**QUESTION, "before": "手机上怎么备案", "question": " "}, expect=422)


async def test_asking_again_names_the_questions_whose_answer_changed(desk: Office) -> None:
    assert isinstance(desk.assistant, NobodyAnswers)
    async with desk.logged_in("bianji") as editor:
        await editor.send("/hit-test", QUESTION)
        await editor.send("/hit-test/again", {})
        assert "1 个测试问题的答复都没有变" in editor.text
        desk.assistant.text = "不用备案了。"
        await editor.send("/hit-test/again", {})
        assert "这 1 个测试问题的答复变了" in editor.text
        assert "要备案。" in editor.text
        assert "不用备案了。" in editor.text


async def test_an_empty_question_or_an_unknown_place_is_told(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await editor.send("/hit-test", {**QUESTION, "question": " "}, expect=422)
        assert "请填写问题" in editor.text
        await editor.send("/hit-test", {**QUESTION, "place": "mars"}, expect=422)
        assert "请选地区" in editor.text


async def test_what_nobody_could_answer_becomes_a_draft_with_one_click(desk: Office) -> None:
    for text in ("护理险怎么申请", "护理险在哪办", "牙齿矫正能报吗", "好的", "嗯"):
        await ask(desk, text, "declined")
    async with desk.logged_in("bianji") as editor:
        await editor.open("/unanswered")
        assert "还有 5 个新问题正在归类" in editor.text, "the page only reads"
        await grouped(desk)
        await editor.open("/unanswered")
        assert "2 次" in editor.text
        assert "好的</h2>" not in editor.page
        group = re.findall(r"/unanswered/(\d+)/draft", editor.page)[0]
        await editor.send(f"/unanswered/{group}/draft", {})
        assert "修改问答" in editor.text
        assert "护理险怎么申请" in editor.page
        assert "护理险在哪办" in editor.page
        await editor.open("/unanswered")
        assert "看已建的问答" in editor.text


async def test_what_was_not_answered_is_put_aside_merged_and_handed_on(desk: Office) -> None:
    for text in ("护理险怎么申请", "护理险在哪办", "牙齿矫正能报吗", "食堂几点开饭"):
        await ask(desk, text, "declined")
    await grouped(desk)
    async with desk.logged_in("bianji") as editor:
        await editor.open("/unanswered")
        care, teeth, food = (f"/unanswered/{number}" for number in re.findall(r'id="asked-(\d+)"', editor.page))
        await editor.send(f"{food}/ignore", {})
        assert "不再列出" in editor.text
        await editor.send(f"{teeth}/merge", {"into": care.rpartition("/")[2]})
        assert "3 次" in editor.text
        assert "牙齿矫正能报吗" in editor.text, "among the wordings"
        await editor.send(f"{care}/assign", {"to": "bianji2"})
        assert "交给了 赵编辑" in editor.text
        await editor.send(f"{care}/assign", {"to": "zuoxi"}, expect=422)
        await editor.send(f"{teeth}/merge", {"into": food.rpartition("/")[2]}, expect=422)
        await editor.open("/unanswered?show=ignored")
        assert "食堂几点开饭" in editor.text
        await editor.send(f"{food}/ignore", {"on": "no"})
        assert "已恢复" in editor.text
    async with desk.logged_in("bianji2") as other:
        await other.open("/unanswered?show=mine")
        assert "护理险" in other.text
        assert "食堂" not in other.text
    async with desk.logged_in("zhuguan") as supervisor:
        await supervisor.open("/audit")
        assert "合并两类没答上的问题" in supervisor.text


async def test_statistics_have_every_number_as_text_and_plots_without_script(desk: Office) -> None:
    for _ in range(3):
        await ask(desk, "怎么备案", "answered")
    await ask(desk, "<b>谁</b>", "declined", days_ago=10)
    async with desk.logged_in("shenhe") as reviewer:
        page = await reviewer.open("/statistics")
        assert "异地就医备案在手机上哪里办" in reviewer.text
        assert "<b>谁</b>" not in page
        for name in ("weeks", "channels", "topics", "clauses", "hours"):
            response = await reviewer.client.get(f"/console/statistics/{name}.svg")
            drawn = await response.text()
            assert response.content_type == "image/svg+xml"
            assert "<script" not in drawn
            assert "3" in drawn
        assert (await reviewer.client.get("/console/statistics/nothing.svg")).status == 404
        assert "75% 直接答复" in reviewer.text
        response = await reviewer.client.get("/console/statistics/export.xlsx?weeks=12")
        book = load_workbook(io.BytesIO(await response.read()))
        assert [sheet.title for sheet in book] == ["每周", "各渠道", "问得最多的事", "用得最多的条款", "钟点"]
        assert sum(row[1].value for row in book["每周"].iter_rows(min_row=2)) == 4
        assert book["问得最多的事"]["A2"].value == "异地就医备案在手机上哪里办"


async def test_the_knowledge_goes_out_as_files_and_not_into_a_full_house(desk: Office) -> None:
    async with desk.logged_in("guanli") as administrator:
        await administrator.open("/exchange")
        response = await administrator.client.post("/console/exchange/download", data={"csrf": administrator.token})
        packed = await response.read()
        names = zipfile.ZipFile(io.BytesIO(packed)).namelist()
        assert "faq/remote-filing-online.yaml" in names
        form = FormData()
        form.add_field("csrf", administrator.token)
        form.add_field("file", io.BytesIO(packed), filename="knowledge.zip")
        response = await administrator.client.post("/console/exchange/restore", data=form)
        assert response.status == 422
        assert "只能导入到空的知识库" in await response.text()
        await administrator.open("/audit?what=exported")
        assert "导出" in administrator.text
        assert "共 1 条" in administrator.text


async def test_an_administrator_makes_an_account_and_mistakes_stay_in_the_form(desk: Office) -> None:
    new = {
        "username": "liu",
        "name": "刘编辑",
        "role": "编辑",
        "password": "a-long-password",
        "again": "a-long-password",
    }
    async with desk.logged_in("guanli") as administrator:
        await administrator.open("/staff")
        await administrator.send("/staff", {**new, "again": "another"}, expect=422)
        assert "两次输入的密码不一样" in administrator.text
        assert 'value="刘编辑"' in administrator.page
        assert "a-long-password" not in administrator.page
        await administrator.send("/staff", new)
        assert "已新增人员" in administrator.text
        await administrator.send("/staff/liu", {"role": "编辑", "active": "no"})
        assert "已停用" in administrator.text
        await administrator.send("/staff/guanli", {"role": "编辑", "active": "yes"}, expect=422)
        assert "至少要保留一名在用的管理员" in administrator.text
        await administrator.send("/staff/liu/password", {"password": "1111111111"}, expect=422)
        assert "不能只是重复几个字符" in administrator.text
        assert "新增人员" in administrator.text, "on the same page"


async def test_the_audit_speaks_in_words_and_goes_out_as_a_table(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await editor.open("/faq/remote-filing-online/edit")
        fields = [*fields_of(editor.page), ("then", "save")]
        await editor.send("/faq/remote-filing-online/edit", fields)
        await editor.open("/staff", expect=403)
    await audit.note_alone(
        desk.database, "zuoxi", Action.TICKET_VIEWED, "GD20261101-0001", detail="person e8ab15e5ff00"
    )
    async with desk.logged_in("zhuguan") as supervisor:
        await supervisor.open("/audit")
        for words in (
            "第 2 版",
            "问答“异地就医备案在手机上哪里办",
            "核实过身份的群众（代号 e8ab15）",
            "岗位没有这项权限",
        ):
            assert words in supervisor.text
        assert "person e8" not in supervisor.text
        response = await supervisor.client.get("/console/audit.csv?what=ticket_viewed")
        table = (await response.read()).decode("utf-8-sig")
        assert table.splitlines()[0] == "时间,谁,做了什么,对象,说明"
        assert "孙坐席,查看工单,GD20261101-0001,核实过身份的群众（代号 e8ab15）" in table


async def test_the_first_page_says_what_is_asked_most_and_not_answered(desk: Office) -> None:
    for text in ("护理险怎么申请", "护理险在哪办", "牙齿矫正能报吗"):
        await ask(desk, text, "declined", days_ago=0)
    await grouped(desk)
    async with desk.logged_in("bianji") as editor:
        await editor.open("")
        assert "护理险怎么申请 2 次" in editor.text
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("")
        assert "护理险" not in agent.text
