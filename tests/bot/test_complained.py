"""What somebody complains of is read back, and what they want besides is not lost."""

from __future__ import annotations

from typing import Any

import pytest

from base.messages import Reply
from bot.actions.complained import besides, matter, read_back
from bot.actions.notes import NoNotes
from bot.actions.protocol import Saying, Turn
from bot.actions.taken_back import Of, calls_off_call, of_receipt, takes_back_words, with_what_was_wrong
from bot.actions.ticket import TicketForm
from bot.flows.wished import Wish, wished
from bot.flows.wording import say as in_flow
from bot.sayings import say
from casework.filings.items import load
from tests.bot.conftest import TicketBook


def wishes(text: str) -> Wish | None:
    return wished(text, load())


@pytest.mark.parametrize(
    ("said", "complains", "also"),
    [
        (
            "我要投诉任城区窗口，小姑娘态度差得很，让我跑了三趟，还有帮我查下卡里还有多少钱",
            "任城区窗口，小姑娘态度差得很，让我跑了三趟",
            "帮我查下卡里还有多少钱",
        ),
        (
            "俺要反映邹城那个药店刷卡乱要钱，另外给俺办个异地备案",
            "邹城那个药店刷卡乱要钱",
            "给俺办个异地备案",
        ),
        ("窗口骂人，还有他们中午不上班", "窗口骂人，还有他们中午不上班", ""),
        ("电话打了一上午没人接，再问也是不知道", "电话打了一上午没人接，再问也是不知道", ""),
    ],
)
def test_complaint_and_wish_are_told_apart(said: str, complains: str, also: str) -> None:
    assert matter(said, wishes) == complains
    assert besides(said, wishes) == also


def test_numbers_are_not_read_back() -> None:
    assert "370899194807029048" not in matter("我要投诉，370899194807029048 的钱扣错了没人管", wishes)


def turn(text: str, intent: str = "complaint", **more: Any) -> Turn:
    return Turn(text, intent, "web", **more)


async def test_what_was_noted_is_said(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes(), wishes=wishes)
    outcome = await form.start_complaint(turn("任城区窗口态度太差，推来推去"))
    assert outcome.replies[1] == Saying("utter_complaint_noted", {"words": "任城区窗口态度太差，推来推去"})


async def test_the_wish_is_offered_when_the_ticket_is_there(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes(), wishes=wishes)
    said = "窗口态度差，还有帮我查下卡里还有多少钱"
    opened = await form.open(
        turn("1", "affirm", transcript=[("citizen", said)], slots={"phone": "none", "ticket_kind": "COMPLAINT"})
    )
    assert opened.slots["offered_intent"] == "query_mine"
    assert opened.slots["offered_words"] == "帮我查下卡里还有多少钱"
    assert "帮我查下卡里还有多少钱" in opened.replies[-1].text  # type: ignore[union-attr]


async def test_all_that_was_wished_besides_is_offered(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes(), wishes=wishes)
    said = "窗口让我跑了三趟,再查查我卡里还有多少钱,还得给我办个异地备案"
    opened = await form.open(
        turn("1", "affirm", transcript=[("citizen", said)], slots={"phone": "none", "ticket_kind": "COMPLAINT"})
    )
    assert "查查我卡里还有多少钱，还得给我办个异地备案" in opened.replies[-1].text  # type: ignore[union-attr]


async def test_what_was_wished_before_the_complaint_is_not_offered_again(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes(), wishes=wishes)
    transcript = [
        ("citizen", "问下报销比例，还有帮我查下卡里还有多少钱"),
        ("assistant", "您的个人账户余额是1862.35元。"),
        ("citizen", "窗口态度差"),
        ("assistant", say("utter_complaint_heard").text),
        ("citizen", "不用回电"),
    ]
    opened = await form.open(
        turn("不用回电", "deny", transcript=transcript, slots={"phone": "none", "ticket_kind": "COMPLAINT"})
    )
    assert "offered_words" not in opened.slots


REGISTERED = (
    ("citizen", "我要投诉邹城那个药店刷卡乱要钱"),
    ("assistant", say("utter_complaint_heard").text),
    ("citizen", "19900000006"),
    ("assistant", "登记好了，工单号 GD20261201-0003，查询码 980449。"),
)


@pytest.mark.parametrize(
    "said",
    [
        "刚才投诉的你念给我听听",
        "写的啥",
        "投诉记的对不对",
        "记的啥",
        "没给我记错吧",
        "再念一遍我反映的",
        "你都记了些啥",
    ],
)
def test_what_was_registered_is_read_out(said: str) -> None:
    told = read_back(turn(said, "read_out", transcript=(*REGISTERED, ("citizen", said))))
    assert told is not None
    assert told.replies[0].text.startswith("记的是：“邹城那个药店刷卡乱要钱”")  # type: ignore[union-attr]


@pytest.mark.parametrize("said", ["看看我的投诉办到哪了", "投诉电话是多少", "投诉了啥时候能回", "备案登记的啥意思"])
def test_what_reads_nothing_out(said: str) -> None:
    assert read_back(turn(said, transcript=(*REGISTERED, ("citizen", said)))) is None


def test_nothing_is_read_out_where_nothing_was_registered() -> None:
    said = "写的啥"
    assert read_back(turn(said, transcript=(*REGISTERED[:2], ("citizen", said)))) is None
    assert read_back(turn(said, transcript=(("citizen", said),))) is None


RECEIPT = Reply("登记好了，工单号 GD20261201-0003，查询码 980449。")


@pytest.mark.parametrize(
    ("said", "of"),
    [
        ("改一下，是曲阜的药店不是邹城的", Of.RIGHT),
        ("名字写错了，是王大夫", Of.RIGHT),
        ("不是邹城，是曲阜", Of.RIGHT),
        ("不对，医院是济宁市中医院", Of.RIGHT),
        ("对，不对，电话是13800001111", Of.RIGHT),
        ("对对对，不对，医院是中医院", Of.RIGHT),
        ("城市不对，是北京", Of.RIGHT),
        ("医院不对", Of.WRONG),
        ("电话号码错了", Of.WRONG),
        ("等下，别交", Of.NOT_YET),
        ("先别办，医院弄错了", Of.NOT_YET),
        ("我想再改下 搬来是11月20号", Of.RIGHT),
        ("哎 谁让你登记了 我问你匿名举报有没有奖励", Of.NOT_YET),
        ("别提交", Of.NOT_YET),
        ("咋就给我交了", Of.NOT_YET),
        ("是不是得等七天", None),
        ("那我改天到医院是不是也行", None),
        ("再帮我把手机号改一下，改成13800001111", None),
        ("医保登记的手机改成13800001111", None),
        ("没错", None),
        ("这样填对不对", None),
        ("曲阜的药店能刷卡吗", None),
        ("对", None),
        ("谢谢", None),
    ],
)
def test_what_is_said_of_what_was_just_handed_in(said: str, of: Of | None) -> None:
    assert of_receipt(turn(said, said_before=(RECEIPT,))) is of
    assert of_receipt(turn(said, said_before=(Reply("按曲阜的规定答您。"),))) is None


@pytest.mark.parametrize(
    ("said", "of"), [("电话号码错了", Of.WRONG), ("不对，医院是中医院", Of.RIGHT), ("不对", None), ("你说得不对", None)]
)
def test_a_little_later_it_has_to_be_named(said: str, of: Of | None) -> None:
    talk = (("assistant", RECEIPT.text), ("citizen", "多久能批"), ("assistant", "二十天。"), ("citizen", said))
    assert of_receipt(turn(said, "deny", transcript=talk, said_before=(Reply("二十天。"),))) is of


def test_what_answers_what_was_wrong_is_noted() -> None:
    asked = in_flow("what_was_wrong")
    assert of_receipt(turn("13800001111", "give_phone", said_before=(asked,))) is Of.RIGHT
    assert of_receipt(turn("市中医院", "out_of_scope", said_before=(asked,))) is Of.RIGHT
    assert of_receipt(turn("不对，医院是济宁市中医院", "deny", said_before=(asked,))) is Of.RIGHT
    assert of_receipt(turn("算了", "cancel", said_before=(asked,))) is None
    assert of_receipt(turn("撤回", "withdraw_filing", said_before=(asked,))) is None


@pytest.mark.parametrize("said", ["撤回", "我撤回刚才的话", "那撤销吧"])
def test_where_nothing_was_handed_in_there_is_nothing_to_take_back(said: str) -> None:
    asked = (("citizen", "异地就医备案要什么材料"), ("assistant", "不用交材料。"), ("citizen", said))
    assert takes_back_words(turn(said, "withdraw_filing", transcript=asked))
    assert not takes_back_words(turn(said, "withdraw_filing", transcript=(*REGISTERED, ("citizen", said))))
    assert not takes_back_words(turn("撤回备案", "withdraw_filing", transcript=asked))


def test_a_value_goes_with_what_it_is_of() -> None:
    asked = in_flow("what_was_wrong")
    talk = (("citizen", "电话号码错了"), ("assistant", asked.text), ("citizen", "13800001111"))
    said = with_what_was_wrong(turn("13800001111", "give_phone", transcript=talk, said_before=(asked,)))
    assert said.text == "电话号码错了，13800001111"


HEARD, WHAT = say("utter_complaint_heard").text, say("utter_ask_what_happened").text


def asked_what(*after: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return (("citizen", "我要投诉"), ("assistant", HEARD), ("assistant", WHAT), *after)


async def test_a_nod_to_what_happened_is_asked_again_and_files_nothing(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes(), wishes=wishes)
    slots = {"requested_slot": "phone", "ticket_kind": "COMPLAINT"}
    once = turn("好的", "affirm", slots=slots, transcript=asked_what(("citizen", "好的")))
    assert (await form.validate(once)).slots == {"phone": None}
    assert (await form.ask_phone(once)).replies == (Saying("utter_ask_what_happened"),)
    again = turn(
        "中",
        "affirm",
        slots=slots,
        transcript=asked_what(("citizen", "好的"), ("assistant", WHAT), ("citizen", "中")),
    )
    assert (await form.validate(again)).slots["requested_slot"] is None
    assert tickets.opened == []


@pytest.mark.parametrize("said", ["不是，我是想问异地备案怎么办", "我问一下住院能报多少", "我就是问问", "哦我搞错了"])
async def test_who_asks_or_was_mistaken_complains_of_nothing(tickets: TicketBook, said: str) -> None:
    form = TicketForm(tickets, NoNotes(), wishes=wishes)
    slots = {"requested_slot": "phone", "ticket_kind": "COMPLAINT"}
    outcome = await form.validate(turn(said, "complaint", slots=slots, transcript=asked_what(("citizen", said))))
    assert outcome.slots["requested_slot"] is None


async def test_what_is_told_after_a_nod_is_the_complaint(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes(), wishes=wishes)
    told = asked_what(("citizen", "好的"), ("assistant", WHAT), ("citizen", "窗口让俺跑了三趟，还问俺要钱"))
    slots = {"requested_slot": "phone", "ticket_kind": "COMPLAINT"}
    outcome = await form.validate(turn("窗口让俺跑了三趟，还问俺要钱", "complaint", slots=slots, transcript=told))
    assert outcome.slots == {"phone": None}
    assert outcome.replies == (Saying("utter_words_kept"),)


@pytest.mark.parametrize("said", ["不用回电了", "别打了", "不用给我打电话了", "我自己解决了，不用管了", "不转了"])
def test_a_call_back_is_called_off_in_plain_words(said: str) -> None:
    promised = say("utter_ticket_opened").text.format(ticket="GD20261201-0001", code="1", due="12月2日", way="")
    assert calls_off_call(turn(said, "deny", transcript=(("assistant", promised), ("citizen", said))))
    assert not calls_off_call(turn(said, "deny", transcript=(("citizen", said),)))


@pytest.mark.parametrize("said", ["不用了", "没事了", "咋还不打", "不打我就去告你们", "别忘了打给我"])
def test_other_words_leave_it(said: str) -> None:
    promised = say("utter_ticket_opened").text.format(ticket="GD20261201-0001", code="1", due="12月2日", way="")
    assert not calls_off_call(turn(said, "deny", transcript=(("assistant", promised), ("citizen", said))))
