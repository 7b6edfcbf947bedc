from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from base.messages import Link, Reply, Source
from connectors.web.pages.links import FOLLOW, document_link, links_of, source_link
from knowledge.public.marking import CUT_CHARS


def test_a_source_leads_to_its_clause_with_the_words_that_answer():
    source = Source(
        "济医保字〔2023〕25号", "第8条", "通知", "jining-yb-2023-25", "jining-yb-2023-25.m08", ("一。", "二&#?。")
    )
    parts = urlsplit(source_link(source))
    assert parts.path == "/documents/jining-yb-2023-25"
    assert parse_qsl(parts.query) == [("clause", "jining-yb-2023-25.m08"), ("mark", "一。"), ("mark", "二&#?。")]
    assert parts.fragment == "c-jining-yb-2023-25.m08"


def test_a_source_that_no_page_shows_has_no_link():
    assert source_link(Source("国办发〔2019〕51号", "", "好差评")) == ""


def test_a_long_sentence_is_cut_to_what_the_page_expects():
    link = document_link("d", "c", ["备" * 1000] * 10)
    marks = [value for name, value in parse_qsl(urlsplit(link).query) if name == "mark"]
    assert [len(mark) for mark in marks] == [CUT_CHARS] * 4
    assert len(link) < 8000


def test_a_receipt_leads_to_its_ticket_without_the_code():
    said = "登记好了，工单号 GD20261122-0001，查询码 4073。"
    assert links_of(Reply(said, ticket="GD20261122-0001")) == (Link(FOLLOW, "/ticket?number=GD20261122-0001"),)
    assert links_of(Reply(said)) == (), "no sentence is cut apart to find a number"
