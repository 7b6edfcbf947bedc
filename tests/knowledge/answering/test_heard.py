"""Of several hearings the one that a document answers."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.answering.asked.heard import by_its_sound, most_answerable
from knowledge.answering.replies import Answer, Declined, Option, Reply, Unclear

DAY = date(2026, 1, 5)
HEARD, FIRST, SECOND = "饭了住院能报消多少", "犯了住院能报销多少", "番了住院能报销多少"


class Documents:
    """Answers what it was told to, with how sure it is."""

    def __init__(self, sure: dict[str, float]) -> None:
        self._sure = sure
        self.asked: list[str] = []
        self.sounds_like: dict[str, str] = {}

    async def respelled(self, text: str) -> str:
        return self.sounds_like.get(text, text)

    async def ask(self, question: str, *, place: str | None, on: date, topic: str | None = None) -> Reply:
        self.asked.append(question)
        if question not in self._sure:
            return Declined("没有写", "没有写", None)
        return Answer("报九成", "报九成", (), "topic", "sd-jining", self._sure[question], False)


async def chosen(documents: Documents, text: str, *others: str) -> str:
    return await most_answerable(documents, text, others, place=None, on=DAY)


async def test_the_surest_answer_of_the_others_where_the_best_hearing_has_none() -> None:
    assert await chosen(Documents({FIRST: 0.6, SECOND: 0.9}), HEARD, FIRST, SECOND) == SECOND


async def test_a_best_hearing_that_is_answered_stays_and_nothing_else_is_looked_for() -> None:
    documents = Documents({HEARD: 0.4, FIRST: 0.9})
    assert await chosen(documents, HEARD, FIRST) == HEARD
    assert documents.asked == [HEARD]


async def test_where_nothing_is_answered_the_best_hearing_stays() -> None:
    assert await chosen(Documents({}), HEARD, FIRST, SECOND) == HEARD


@pytest.mark.parametrize("text", ["要几天", "对", "那得要几天啊"])
async def test_what_only_goes_on_is_not_compared(text: str) -> None:
    documents = Documents({FIRST: 0.9})
    assert await chosen(documents, text, FIRST) == text
    assert documents.asked == []
    assert await chosen(Documents({"药几天": 0.9}), HEARD, "药几天") == HEARD


@pytest.mark.parametrize(
    ("heard", "sounds_like", "taken"),
    [
        ("要能给松刀家里来赴", "药能给送到家里来不", True),
        ("要能给松刀家里来赴", "药能给送到家里来步", False),
        ("德州的药能开几个月", "登州的药能开几个月", False),
        ("要几天", "药几天", False),
    ],
)
async def test_what_sounds_like_it_is_answered_where_a_document_does_and_no_city_is_lost(
    heard: str, sounds_like: str, taken: bool
) -> None:
    documents = Documents({"药能给送到家里来不": 0.9, "登州的药能开几个月": 0.9, "药几天": 0.9})
    documents.sounds_like = {heard: sounds_like}
    declined = await documents.ask(heard, place=None, on=DAY)
    question, reply = await by_its_sound(documents, heard, declined, place=None, on=DAY)
    assert (question, isinstance(reply, Answer)) == (sounds_like if taken else heard, taken)


@pytest.mark.parametrize("quoted", [True, False])
async def test_the_nearest_that_was_found_is_no_answer_and_two_questions_to_choose_from_are(quoted: bool) -> None:
    documents = Documents({FIRST: 0.9})
    documents.sounds_like = {HEARD: FIRST}
    unclear = Unclear("最接近的是", "最接近的是", (Option("d.1~0", "床位费", quoted=quoted),))
    question, _ = await by_its_sound(documents, HEARD, unclear, place=None, on=DAY)
    assert question == (FIRST if quoted else HEARD)


async def test_what_is_answered_as_it_was_written_stays() -> None:
    documents = Documents({HEARD: 0.3, FIRST: 0.9})
    documents.sounds_like = {HEARD: FIRST}
    answer = await documents.ask(HEARD, place=None, on=DAY)
    assert await by_its_sound(documents, HEARD, answer, place=None, on=DAY) == (HEARD, answer)


class Gaps(Documents):
    """Of some questions it is known that no document says it."""

    def __init__(self, gaps: dict[str, float], *, ours: bool = True) -> None:
        super().__init__({})
        self._gaps, self._ours = gaps, ours

    async def ask(self, question: str, *, place: str | None, on: date, topic: str | None = None) -> Reply:
        if question not in self._gaps:
            return await super().ask(question, place=place, on=on, topic=topic)
        return Declined("年限没有写", "年限没有写", "gap", confidence=self._gaps[question], is_ours=self._ours)


@pytest.mark.parametrize(
    ("sure", "ours", "taken"), [(0.8, True, True), (0.5, True, False), (0.9, False, False)], ids=str
)
async def test_what_was_misheard_and_no_document_says_is_declined_by_its_name(
    sure: float, ours: bool, taken: bool
) -> None:
    heard, meant = "退休了还用脚步", "退休了还用交不"
    documents = Gaps({meant: sure}, ours=ours)
    documents.sounds_like = {heard: meant}
    declined = await documents.ask(heard, place=None, on=DAY)
    question, _ = await by_its_sound(documents, heard, declined, place=None, on=DAY)
    assert question == (meant if taken else heard)


async def test_what_was_understood_and_declined_is_not_looked_for_by_its_sound() -> None:
    heard, meant = "医保卡丢了卡带", "医保卡丢了咋办"
    documents = Gaps({heard: 0.9, meant: 0.9})
    documents.sounds_like = {heard: meant}
    declined = await documents.ask(heard, place=None, on=DAY)
    assert (await by_its_sound(documents, heard, declined, place=None, on=DAY))[0] == heard


async def test_hearings_that_differ_in_their_marks_only_are_looked_up_once() -> None:
    documents = Documents({})
    await chosen(documents, HEARD, f"{HEARD}。", f"{FIRST}?", f"{FIRST}。", SECOND)
    assert documents.asked == [HEARD, f"{FIRST}?", SECOND]


async def test_of_hearings_that_nothing_answers_the_one_that_is_understood() -> None:
    first, second = "那个钱啥时候能到账", "那个钱啥时候轮到账"
    documents = Gaps({first: 0.9, second: 0.75})
    assert await chosen(documents, "那个电啥时候轰到账", second, first) == first
    assert await chosen(Gaps({first: 0.9, second: 0.75}), second, first) == second
