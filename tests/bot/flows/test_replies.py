"""Replies that hold no answer, or more than one thing: what was learnt of their kind decides, not a word in them."""

from __future__ import annotations

import pytest

from bot.understood import Guess, Guesses
from casework.filings.filing import Draft
from tests.casework.office import Caller, Office, people


async def hears(caller: Caller, text: str, kind: str, sure: float = 0.9, intent: str = "ask_policy") -> str:
    """What is said to a reply of this kind; "—" where the dialogue is left to decide."""
    guesses = Guesses(text, reply=Guess(kind, sure))
    caller.last = await caller.office.parts.errands.hear(
        caller.conversation, caller.channel, intent, text, guesses=guesses
    )
    return "".join(reply.text for reply in caller.last.replies) if caller.last else "—"


async def asked_for_city(office: Office) -> Caller:
    caller = office.caller()
    await caller.wants("file_item", "俺想办异地长期居住备案")
    await caller.proves("elder")
    return caller


async def filing(office: Office) -> Draft:
    key = office.vault.lookup(people()["elder"]["id_number"])
    return (await office.parts.filings.unfinished(key))[0]


async def handed_in(office: Office) -> Caller:
    """Asked whether what was just handed in is really to be taken back."""
    caller = await asked_for_city(office)
    for said in ("深圳市", "今天", "登记的那个", "我同意", "对，提交"):
        await caller.says(said)
    assert "撤回" in await caller.wants("withdraw_filing", "撤回刚才交的")
    return caller


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("恁等等，我问问俺儿，那地方属哪个市", "wait", "不着急"),
        ("我也说不上来，得问问俺闺女", "dontknow", "不要紧"),
        ("你说的啥，俺没听真", "repeat", "再说一遍"),
    ],
)
async def test_who_cannot_answer_yet_is_not_misunderstood(office: Office, text: str, kind: str, said: str) -> None:
    caller = await asked_for_city(office)
    heard = await hears(caller, text, kind)
    assert said in heard
    assert "没听明白" not in heard
    assert "哪个城市" in heard


async def test_a_guess_of_another_wish_leaves_nothing(office: Office) -> None:
    """The engine makes a query of "俺知不道，他爹在那边陪着哩": nothing was named, so nothing else is begun."""
    caller = await asked_for_city(office)
    heard = await hears(caller, "俺知不道，他爹在那边陪着哩", "dontknow", intent="query_mine")
    assert "您想查哪一样" not in heard
    assert "哪个城市" in heard


@pytest.mark.parametrize(
    ("text", "kind"), [("今儿太晚了，我先歇歇，明儿再给你说吧", "later"), ("我不知道，今天是俺儿去办的", "dontknow")]
)
async def test_a_day_in_a_reply_that_answers_nothing_is_not_kept(office: Office, text: str, kind: str) -> None:
    caller = await asked_for_city(office)
    await caller.says("深圳市")
    await hears(caller, text, kind)
    assert "since" not in (await filing(office)).answers


async def test_an_answer_and_a_question_are_both_taken(office: Office) -> None:
    caller = await asked_for_city(office)
    heard = await hears(caller, "北京昌平。备上以后过年回济宁看病还给报不？", "question", 0.5)
    assert "北京市" in heard
    assert caller.last is not None
    assert caller.last.question == "备上以后过年回济宁看病还给报不？"


async def test_words_of_asking_in_an_answer_ask_nothing(office: Office) -> None:
    caller = await asked_for_city(office)
    heard = await hears(caller, "小区叫个啥丽景湾，你问城市啊，杭州", "value")
    assert "浙江省杭州市" in heard


async def test_what_puts_off_is_no_word_of_an_answer(office: Office) -> None:
    """先搁县医院看了五天 tells where he was before."""
    caller = office.caller()
    await caller.wants("file_item", "俺要办转诊备案")
    await caller.proves("elder")
    await caller.says("北京市")
    heard = await hears(caller, "先搁梁山县医院看了五天，又拉到附院，附院给转的", "value")
    assert "先放一放" not in heard


async def test_something_told_before_is_put_right(office: Office) -> None:
    caller = await asked_for_city(office)
    await caller.says("东莞市")
    heard = await hears(caller, "城市我刚才说错了，不是东莞，是惠州", "change")
    assert "广东省惠州市" in heard
    assert "since" not in (await filing(office)).answers


@pytest.mark.parametrize(
    "said", ["俺活八十二了没撒过谎，同意。", "行，我同意，往下走吧", "同意。门牌号写的俺闺女家，都是真的"]
)
async def test_the_promise_is_made_anywhere_in_a_sentence(office: Office, said: str) -> None:
    caller = await asked_for_city(office)
    for answer in ("深圳市", "今天", "登记的那个"):
        await caller.says(answer)
    assert "请您核对" in await hears(caller, said, "value")


@pytest.mark.parametrize("said", ["都对都对，恁给交上去吧。", "没错，交吧交吧，谢谢恁"])
async def test_it_is_handed_in_in_ones_own_words(office: Office, said: str) -> None:
    caller = await asked_for_city(office)
    for answer in ("深圳市", "今天", "登记的那个", "我同意"):
        await caller.says(answer)
    assert "提交好了" in await hears(caller, said, "value")


@pytest.mark.parametrize("said", ["先别交，等俺闺女看看", "对是都对，交上去以后还能改不", "不交了吧", "等会儿再交吧"])
async def test_and_not_where_anything_stands_against_it(office: Office, said: str) -> None:
    caller = await asked_for_city(office)
    for answer in ("深圳市", "今天", "登记的那个", "我同意"):
        await caller.says(answer)
    assert "提交好了" not in await caller.says(said)


@pytest.mark.parametrize(
    "said",
    ["别别别，俺没说撤这个，留着", "不撤，我问的是能不能改，没说要撤", "不扯回我点错了", "先留着吧，万一俺还去哩"],
)
async def test_what_somebody_wants_to_keep_is_not_withdrawn(office: Office, said: str) -> None:
    caller = await handed_in(office)
    heard = await hears(caller, said, "value", 0.6)
    assert "已经撤回" not in heard
    assert "照样在办" in heard


@pytest.mark.parametrize("said", ["不要了撤回吧", "要不撤了吧", "撤吧，俺不去了"])
async def test_what_is_not_wanted_is_withdrawn(office: Office, said: str) -> None:
    caller = await handed_in(office)
    assert "已经撤回" in await hears(caller, said, "value", 0.6)


async def test_a_question_withdraws_nothing(office: Office) -> None:
    caller = await handed_in(office)
    assert await hears(caller, "要是撤了，上个月在那边住院的钱还给报不？", "question") == "—"


async def test_a_number_is_not_taken_from_words_about_before(office: Office) -> None:
    """原来的厂, 留着 mean no telephone."""
    caller = await asked_for_city(office)
    await hears(caller, "得问原来厂里会计，我这儿啥也没留着", "value", 0.3)
    assert "phone" not in (await filing(office)).answers
