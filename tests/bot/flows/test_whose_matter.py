"""In somebody's own filing it comes out that the matter is a relative's: nothing of it is kept as the speaker's."""

from __future__ import annotations

import pytest

from bot.flows.identify.whose_matter import told_of, without_theirs
from tests.casework.office import Caller, Office


async def own(office: Office, wish: str, *answers: str) -> Caller:
    elder = office.caller()
    await elder.wants("file_item", wish)
    await elder.proves("elder")
    for answer in answers:
        await elder.says(answer)
    return elder


ILLNESS, LONGTERM = "俺要办慢特病认定", "办长期居住备案"


@pytest.mark.parametrize(
    "said",
    [
        "是俺娘得的病，冠心病",
        "俺娘的冠心病",
        "俺娘有冠心病",
        "给俺娘办的，冠心病",
        "不是我，是俺娘得的冠心病",
        "俺没病，是俺娘有病，冠心病",
        "这病是俺娘的",
    ],
)
@pytest.mark.parametrize("phone", [False, True])
async def test_a_relatives_illness_is_not_the_speakers(office: Office, said: str, phone: bool) -> None:
    elder = await own(office, ILLNESS)
    if phone:
        elder.channel = "phone"
    heard = await elder.says(said)
    assert "这件事给您母亲办" in heard or "是给您母亲办" in heard
    assert "申请的病种" not in heard
    assert await _noted_of(office, elder) == {}


async def test_at_the_read_back_it_is_begun_for_them_and_the_own_one_is_gone(office: Office) -> None:
    elder = await own(office, ILLNESS, "冠心病", "济宁市第一人民医院", "19900000001")
    heard = await elder.says("是俺娘得的病，冠心病")
    assert "这件事给您母亲办，不记在您名下" in heard
    assert "身份证号" in heard
    assert await _noted_of(office, elder) == {}


@pytest.mark.parametrize(
    "said",
    [
        "俺不住外地，是俺闺女住北京",
        "是俺闺女的事，不是我的",
        "闺女要备案，不是我",
        "不是俺住，是俺闺女住北京",
        "给俺闺女备的，不是给俺",
        "不是我，是俺闺女",
    ],
)
@pytest.mark.parametrize("answered", [(), ("上海",), ("上海", "今天", "19900000001")])
async def test_a_relatives_home_is_not_the_speakers(office: Office, said: str, answered: tuple[str, ...]) -> None:
    elder = await own(office, LONGTERM, *answered)
    heard = await elder.says(said, "ask_policy")
    assert "这件事给您女儿办，不记在您名下" in heard
    assert "您女儿的身份证号" in heard
    assert await _noted_of(office, elder) == {}


async def _noted_of(office: Office, caller: Caller) -> dict[str, str]:
    person = await office.parts.identity.proven(caller.conversation)
    assert person
    drafts = await office.parts.filings.unfinished(person.key)
    return dict(drafts[0].answers) if drafts else {}


@pytest.mark.parametrize("said", ["俺闺女住北京", "俺闺女在北京住着呢"])
async def test_where_it_is_not_clear_whose_it_is_that_is_asked(office: Office, said: str) -> None:
    elder = await own(office, LONGTERM)
    heard = await elder.says(said)
    assert "是给您女儿办，还是给您自己办" in heard
    assert await _noted_of(office, elder) == {}
    heard = await elder.says("给闺女办")
    assert "这件事给您女儿办" in heard
    assert "北京市" in heard
    assert "身份证号" in heard


@pytest.mark.parametrize("said", ["给我自己办", "俺自己的", "是俺的，不是闺女的"])
async def test_their_own_after_all_and_nothing_is_taken_from_what_was_not(office: Office, said: str) -> None:
    elder = await own(office, LONGTERM)
    await elder.says("俺闺女住北京")
    heard = await elder.says(said)
    assert "给您自己办" in heard
    assert "您长期住在哪个城市" in heard
    assert await _noted_of(office, elder) == {}


async def test_who_lives_with_them_is_asked_nothing_more(office: Office) -> None:
    elder = await own(office, LONGTERM)
    await elder.says("俺闺女住北京")
    assert "备案到哪里：北京市" in await elder.says("俺跟着她住")


async def test_nobody_named_is_asked_for(office: Office) -> None:
    elder = await own(office, ILLNESS)
    assert "这件事是给谁办的" in await elder.says("不是给我办的")
    assert "这件事给您母亲办" in await elder.says("俺娘")


@pytest.mark.parametrize("said", ["俺跟着闺女住北京", "俺闺女在北京，俺跟她住", "去北京给闺女看孩子"])
async def test_who_lives_with_a_relative_files_for_themselves(office: Office, said: str) -> None:
    elder = await own(office, LONGTERM)
    assert "备案到哪里：北京市" in await elder.says(said)


async def test_before_proof_too(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", LONGTERM)
    heard = await elder.says("是俺闺女的事，不是我的")
    assert "这件事给您女儿办" in heard


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("俺儿子给俺找的济宁市第一人民医院", "hospital"),
        ("恁等等，我问问俺儿，那地方属哪个市", "city_away"),
        ("我也说不上来，得问问俺闺女", "city_away"),
        ("俺知不道，他爹在那边陪着哩", "city_away"),
        ("是俺闺女在网上查的医院", "hospital"),
        ("是俺儿子去给俺开的", "hospital"),
        ("是俺闺女办的", "date"),
        ("电话打俺闺女的，19900000007", "phone"),
        ("是俺闺女的", "phone"),
        ("是俺闺女的号，不是我的", ""),
        ("俺儿说是11月3号", "date"),
        ("俺闺女非让我办", "city_away"),
        ("上回给俺娘办也是这个医院", "hospital"),
        ("俺闺女家在北京", "city_away"),
        ("我不是长期住，俺闺女接我去的", "city_away"),
        ("不是上海，是北京", "city_away"),
        ("是俺自己的病", "disease"),
        ("俺娘说不办，俺想办", ""),
        ("俺有糖尿病，俺爹也有", "disease"),
    ],
)
def test_a_relative_who_is_only_named(said: str, kind: str) -> None:
    assert told_of(said, kind) is None


def test_of_two_illnesses_the_own_one() -> None:
    assert without_theirs("俺娘糖尿病，俺是高血压") == "俺是高血压"
    assert without_theirs("糖尿病，高血压") == "糖尿病，高血压"


async def test_a_relatives_no_does_not_stop_who_wants_it(office: Office) -> None:
    elder = await own(office, LONGTERM, "上海")
    heard = await elder.says("俺娘说不办，俺想办", "authorise")
    assert "您说了算" in heard
    assert "从哪天开始" in heard
    assert (await _noted_of(office, elder))["place"] == "上海市"
