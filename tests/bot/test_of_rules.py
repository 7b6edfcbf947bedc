"""Who asks what the rule is gives no number for it; who asks what stands in their own records is looked up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from base.messages import Reply
from bot.actions.of_rules import (
    asks_rule,
    goes_on_about_rule,
    names_no_drug,
    names_rule,
    only_asks,
    rule_asked_before,
    rule_for_another,
    wants_rule_only,
)
from bot.actions.offers import offered
from bot.actions.protocol import LISTEN, Outcome, Turn
from bot.actions.server import actions
from bot.flows.wished import Wish
from bot.flows.wording import say as in_flow
from tests.bot.conftest import SOURCE, NoWords, ScriptedErrands, ScriptedKnowledge, TicketBook

RULES = (
    *("退休了还用交医保吗", "俺都退了还得交不", "我交了二十年够不够", "我这交了十八年够吗", "俺五十五了还差几年"),
    *("我的卡里钱给俺孙子用行不", "我的医保给俺老伴刷中不中", "俺妹妹能用我的卡买药不", "我能拿俺爹的卡给他买药吗"),
    *("住院没备案怎么办", "我账户上的钱会不会没了", "俺的钱过年会不会清零", "查一下我异地备案要啥材料"),
    *("帮我查查办慢病要哪些手续", "参保断了能补吗", "我断了半年咋补", "那我要等多久", "我失业了医保怎么接上"),
    "我账户里的钱能取出来不",
    *("俺儿卡里的钱俺能用不", "我爸账户里的钱我能不能花", "我能用俺爹的卡吗", "孩子能用我卡里的钱不"),
)
RECORDS = (
    *("我卡里还有多少钱", "查查我的年限够不够", "我的备案批下来没", "我医保停没停", "我断没断", "我的医保还能用吗"),
    *("俺娘的慢病资格还有效不", "查查我交了几年", "我的备案还管用不", "帮我看看医保交到几月了", "我今年的交了没"),
    *(
        "我报销的钱到账没",
        "我的医保是不是停了",
        "给我查查余额",
        "看看俺老伴的缴费记录",
        "我交了多少年了",
        "我的卡还有钱没有",
        "我的卡还能用吗",
        "我卡里的钱还能用多少",
    ),
)


@pytest.mark.parametrize("text", RULES)
def test_of_the_rule(text: str) -> None:
    assert asks_rule(text)


@pytest.mark.parametrize("text", RECORDS)
def test_of_their_own_records(text: str) -> None:
    assert not asks_rule(text)


def turn(*said: str, sourced: bool = True, **more: Any) -> Turn:
    """`said`: the citizen's words and ours by turns, the citizen's last."""
    transcript = tuple(("assistant" if at % 2 else "citizen", text) for at, text in enumerate(said))
    before = (Reply(said[-2], sources=(SOURCE,) if sourced else ()),) if len(said) > 1 else ()
    return Turn(said[-1], "query_mine", "web", transcript=transcript, said_before=before, conversation="c", **more)


@pytest.mark.parametrize("whose", ["俺娘呢", "那我老伴呢"])
def test_the_same_rule_for_somebody_else(whose: str) -> None:
    question = rule_for_another(turn("住院没备案怎么办", "出院前可以补。", whose))
    assert question.endswith("住院没备案怎么办")
    assert question[0] in "俺我"


def test_what_was_looked_up_is_looked_up_for_somebody_else() -> None:
    assert not rule_for_another(turn("我卡里还有多少钱", "账户余额100元。", "俺娘呢", sourced=False))
    assert not rule_for_another(turn("我的备案批下来没", "批了。", "俺娘呢"))


async def test_a_rule_is_answered_and_no_number_asked_for() -> None:
    knowledge = ScriptedKnowledge()
    known = actions(knowledge, TicketBook(), ScriptedErrands(), NoWords())
    outcome = await known["action_begin_errand"](turn("我异地备案要啥材料"))
    assert knowledge.asked
    assert outcome.then == LISTEN
    outcome = await known["action_begin_errand"](turn("我断没断"))
    assert outcome.then == "errand_form"


@pytest.mark.parametrize("text", ["不是查我的，就是问问规定", "不用查我的，我就问问", "别查了，只是打听打听"])
def test_who_wants_nothing_looked_up_says_so(text: str) -> None:
    assert wants_rule_only(text)


@pytest.mark.parametrize("text", ["不查我的，查俺娘的", "不是查余额，是查缴费", "我不想查了", "问问规定"])
def test_who_wants_something_else_looked_up(text: str) -> None:
    assert not wants_rule_only(text)


async def test_in_a_query_the_question_before_it_is_answered() -> None:
    knowledge, errands = ScriptedKnowledge(), ScriptedErrands()
    known = actions(knowledge, TicketBook(), errands, NoWords())
    errands.open.add("c")
    said = turn("我备案断了咋补", "您想查哪一样？", "不是查我的，就是问问规定", sourced=False, form="errand_form")
    assert rule_asked_before(said) == "我备案断了咋补"
    outcome = await known["validate_errand_form"](replace(said, slots={"requested_slot": "errand_step"}))
    assert knowledge.asked[-1][0] == "我备案断了咋补"
    assert outcome.slots["errand_step"] == "done"
    assert "c" not in errands.open


@pytest.mark.parametrize("intent", ["cancel", "deny"])
@pytest.mark.parametrize("text", ["备案回来还用取消不", "备案不取消会咋样"])
async def test_who_asks_about_cancelling_cancels_nothing(text: str, intent: str) -> None:
    knowledge = ScriptedKnowledge()
    known = actions(knowledge, TicketBook(), ScriptedErrands(), NoWords())
    await known["action_drop"](replace(turn("备案咋办", "线上办。", text), intent=intent))
    assert knowledge.asked


@pytest.mark.parametrize("text", ["不用了", "先不弄了行吗", "不是"])
async def test_who_only_declines_is_not_answered(text: str) -> None:
    knowledge = ScriptedKnowledge()
    known = actions(knowledge, TicketBook(), ScriptedErrands(), NoWords())
    await known["action_drop"](replace(turn("备案咋办", "线上办。", text), intent="deny"))
    assert not knowledge.asked


def test_whether_something_is_paid_is_no_bill_to_hand_in() -> None:
    wish, unanswered = Wish("file_item", "异地医疗费手工报销"), Outcome((Reply("没有写。"),), {"offer": "person"})
    for text in ("狗咬了打狂犬疫苗能报销不", "镶牙报不报"):
        assert offered(turn(text), wish, unanswered) == unanswered
    for text in ("在外地住院的发票能报销不", "自己垫的钱能报吗"):
        assert offered(turn(text), wish, unanswered).slots["offer"] == "errand"


@pytest.mark.parametrize(
    ("text", "is_none"), [("缴费记录", True), ("查余额吧", True), ("阿莫西林", False), ("感冒灵", False)]
)
def test_what_is_looked_up_is_no_drug(text: str, is_none: bool) -> None:
    asked = in_flow("which_drug").text
    assert names_no_drug(turn("俺查个药", asked, text)) is is_none
    assert not names_no_drug(turn("俺查个药", "请说身份证号。", text))


async def test_where_no_document_says_the_rule_their_records_are_offered_besides() -> None:
    known = actions(ScriptedKnowledge(), TicketBook(), ScriptedErrands(), NoWords())
    outcome = await known["action_begin_errand"](turn("我交了二十年够不够"))
    told, asked = outcome.replies
    assert isinstance(told, Reply)
    assert "不掌握" in told.text
    assert isinstance(asked, Reply)
    assert [button.title for button in asked.buttons] == ["好的", "不用"]
    assert outcome.slots["offer"] == "errand"
    assert outcome.slots["offered_intent"] == "query_mine"


@pytest.mark.parametrize(
    "text", ["单精子注射报销比例", "胚胎移植报销比例呢", "生孩子报销", "慢特病认定标准", "住院起付线"]
)
def test_a_matter_by_its_name_is_no_wish(text: str) -> None:
    assert names_rule(text)


@pytest.mark.parametrize("text", ["手工报销", "我要报销", "给俺娘报销", "异地就医备案", "帮我按标准报销", "办备案"])
def test_a_wish_by_its_name_is_one(text: str) -> None:
    assert not names_rule(text)


@pytest.mark.parametrize(
    "text", ["我就问问啥时候之前要弄 不是要查我", "我不报身份证 光问材料", "先别办 我就问材料 他又不在这"]
)
def test_who_only_asks_wants_nothing_looked_up(text: str) -> None:
    assert only_asks(text)


@pytest.mark.parametrize("text", ["不是问政策，查我的", "我不报身份证", "我就问问卡里还有多少钱"])
def test_who_does_not_say_so(text: str) -> None:
    assert not wants_rule_only(text)


ANSWERED = (Reply("住院前没备案的，出院前补。", sources=(SOURCE,)),)
GOES_ON = (
    *(
        "那我得先备案吗",
        "那我能办吗",
        "那我备案了还用再备吗",
        "那我现在补还来得及吗",
        "那我得几天内办",
        "我补了啥时候能用",
    ),
    *("那俺得先备案还是先住院", "那我得什么时候去"),
)
THEIRS = ("那我的备案还有效吗", "我交上没", "那给我查查", "那我卡里还有多少", "我备案办下来没", "给我办一个呢")


@pytest.mark.parametrize("said", GOES_ON)
def test_what_goes_on_from_an_answer_is_of_the_rules(said: str) -> None:
    right_behind = Turn(said, "query_mine", "web", slots={"topic": "remote-valid"}, said_before=ANSWERED)
    assert goes_on_about_rule(right_behind)
    assert not goes_on_about_rule(replace(right_behind, slots={}))


@pytest.mark.parametrize("said", THEIRS)
def test_what_is_theirs_is_not(said: str) -> None:
    assert not goes_on_about_rule(
        Turn(said, "query_mine", "web", slots={"topic": "remote-valid"}, said_before=ANSWERED)
    )


@pytest.mark.parametrize("said", ["我能在手机上查吗", "我在哪查", "余额在哪里能查", "微信上能查不"])
def test_where_something_can_be_looked_up_is_asked_of_the_rules_at_any_time(said: str) -> None:
    assert goes_on_about_rule(Turn(said, "query_mine", "web"))


def test_who_only_asks_about_rules_is_believed_in_the_next_message_too() -> None:
    talk = (("citizen", "我是问政策"), ("assistant", "好的，不用核对身份。"), ("citizen", "那我备案去哪办"))
    assert goes_on_about_rule(Turn("那我备案去哪办", "query_mine", "web", transcript=talk))


@pytest.mark.parametrize("action", ["action_begin_errand", "action_urge", "action_add_to_case", "action_drop"])
async def test_it_is_answered_whatever_it_was_taken_for(action: str) -> None:
    knowledge = ScriptedKnowledge()
    known = actions(knowledge, TicketBook(), ScriptedErrands(), NoWords())
    said = Turn("那我备案了还用再备吗", "query_mine", "web", slots={"topic": "remote-valid"}, said_before=ANSWERED)
    await known[action](said)
    assert knowledge.asked[-1][0] == "那我备案了还用再备吗"
