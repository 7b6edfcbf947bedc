"""What people tell of a filing before they are asked, and what must never be taken for it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.flows.apply.details import told, told_alone
from casework.filings.items import load

TODAY = date(2026, 11, 26)


def taken(item: str, words: str, **answers: str) -> dict[str, str]:
    return {field.id: value for field, value in told(load().items[item], answers, words, TODAY)}


@pytest.mark.parametrize(
    ("item", "words", "answers"),
    [
        (
            "remote-longterm",
            "俺娘今年6月3号去的北京，电话13800001234，给她备个案",
            {"place": "北京市", "since": "2026-06-03", "phone": "13800001234"},
        ),
        ("remote-longterm", "俺在徐州跟着闺女住，想备个案", {"place": "江苏省徐州市"}),
        ("remote-longterm", "去年十月二号来的上海", {"place": "上海市", "since": "2025-10-02"}),
        (
            "remote-emergency",
            "俺爹11月20号在南京鼓楼医院急诊住的院",
            {"place": "江苏省南京市", "hospital": "南京鼓楼医院", "admitted": "2026-11-20"},
        ),
        ("remote-referral", "转到北京协和医院", {"place": "北京市"}),
        (
            "chronic-recognition",
            "俺血压高 高血压十来年了，在济宁市第一人民医院看的，想办慢病",
            {"disease": "高血压", "hospital": "济宁市第一人民医院"},
        ),
        ("enroll-resident", "俺孙子二零二六年三月二号生的，给他上医保", {"born": "2026-03-02"}),
        ("enroll-resident", "俺娘一九四四年三月二号生的", {"born": "1944-03-02"}),
        ("enroll-change", "手机号改成13800001234", {"what": "手机号", "new_phone": "13800001234"}),
        ("enroll-resident", "给新生儿参保", {"who": "新生儿"}),
        ("remote-longterm", "手机一三八零零零零一二三四，去北京", {"place": "北京市", "phone": "13800001234"}),
    ],
)
def test_what_was_told_is_taken(item: str, words: str, answers: dict[str, str]) -> None:
    assert taken(item, words) == answers


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("remote-longterm", "俺想给俺娘备个案"),
        ("remote-longterm", "俺昨天问过了，要办长期居住的"),
        ("remote-longterm", "农历六月十三去的"),
        ("remote-longterm", "6月份去的"),
        ("remote-longterm", "3月2号去的，6月3号又回来一趟"),
        ("remote-longterm", "370899195003159028"),
        ("remote-longterm", "我和俺老伴的手机 13800001234 13900001234"),
        ("remote-emergency", "在那边的医院住着呢"),
        ("remote-referral", "11月20号医院说要转，济宁市第一人民医院"),
        ("remote-online-reimb", "花了3.5万块钱，没有报"),
        ("enroll-change", "手机号或者姓名要改"),
        ("enroll-resident", "不是给本人参保"),
    ],
)
def test_what_could_be_something_else_is_asked_for(item: str, words: str) -> None:
    assert taken(item, words) == {}


def test_what_was_answered_stays() -> None:
    assert taken("remote-longterm", "6月3号去的北京", place="上海市") == {"since": "2026-06-03"}


@pytest.mark.parametrize(
    ("words", "disease"),
    [
        ("俺娘不是高血压，是糖尿病，想办认定", "糖尿病"),
        ("没有高血压，有冠心病，想办认定", "冠心病"),
        ("高血压和糖尿病，想办认定", "高血压、糖尿病"),
    ],
)
def test_a_disease_that_is_denied_is_not_taken(words: str, disease: str) -> None:
    item = next(item for item in load().items.values() if any(field.kind == "disease" for field in item.fields))
    assert disease in taken(item.id, words).values()


@pytest.mark.parametrize("words", ["异地备案转诊去上海华山医院", "想转到上海华山医院", "给我办转诊，去北京协和医院"])
def test_where_somebody_is_sent_is_not_the_hospital_that_sends_them(words: str) -> None:
    item = load().items["remote-referral"]
    told_of = {field.id for field, _ in (*told(item, {}, words, TODAY), *told_alone(item, {}, words, TODAY))}
    assert "hospital" not in told_of
