"""Staff try questions out, change something, and see which answers changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from base.database import Database
from base.errors import BadInput
from base.messages import Source
from knowledge.answering.answer import Assistant
from knowledge.answering.explaining import Why
from knowledge.answering.replies import Answer, Declined, Explained
from knowledge.authoring.models import Kind
from knowledge.insight.hit_test import HitTests
from tests.knowledge.authoring.test_review import one_quote
from tests.knowledge.office import LI, WANG, Office

TODAY = date(2026, 11, 20)
WHY = Why("topic", "慢病多久审一次", True, 0.9, 0.8, 0.7, 0.6, "sd-jining", "")


class Scripted:
    """An assistant that says what it is told to."""

    def __init__(self) -> None:
        self.says: dict[str, str] = {}
        self.asked: list[tuple[str, str | None, date]] = []

    async def explain(self, question: str, *, place: str | None, on: date) -> Explained:
        self.asked.append((question, place, on))
        if question not in self.says:
            return Explained(Declined("没有写。", "没写。", None), "sd-jining", 7, ())
        source = Source("济医保字〔2023〕25号", "第8条", "通知")
        said = self.says[question]
        return Explained(Answer(said, f"{said}！", (source,), "topic", "sd-jining", 0.9, False), "sd-jining", 7, (WHY,))


@pytest.fixture
def assistant() -> Scripted:
    return Scripted()


@pytest.fixture
def tests(empty: Database, assistant: Scripted) -> HitTests:
    return HitTests(empty, assistant, today=lambda: TODAY)


async def ask(tests: HitTests, question: str, **given: Any) -> Any:
    return await tests.ask(question, **{"place": "sd-jining", "on": None, "channel": "web", "who": WANG, **given})


async def test_staff_see_the_answer_where_it_stands_and_why(tests: HitTests, assistant: Scripted) -> None:
    assistant.says["慢病多久审"] = "每年一次。"
    run = await ask(tests, " 慢病多久审 ")
    assert (run.outcome, run.text, run.topic) == ("answered", "每年一次。", "topic")
    assert run.sources == (Source("济医保字〔2023〕25号", "第8条", "通知"),)
    assert run.candidates == (WHY,)
    assert (await tests.latest()) == [run]


async def test_the_phone_hears_the_spoken_form_and_a_screen_shows_the_written(
    tests: HitTests, assistant: Scripted
) -> None:
    assistant.says["问"] = "答。"
    assert (await ask(tests, "问", channel="phone")).shown == "答。！"
    assert (await ask(tests, "问", channel="web")).shown == "答。"


async def test_a_question_can_be_tried_for_another_day_and_place(tests: HitTests, assistant: Scripted) -> None:
    await ask(tests, "问", on=date(2027, 1, 1), place="sd-jinan")
    await ask(tests, "问")
    assert assistant.asked == [("问", "sd-jinan", date(2027, 1, 1)), ("问", "sd-jining", TODAY)]
    assert len(await tests.latest()) == 2


async def test_after_a_change_staff_see_which_answers_changed(tests: HitTests, assistant: Scripted) -> None:
    for number in range(8):
        assistant.says[f"问题{number}"] = "旧答复。"
        await ask(tests, f"问题{number}")
    assert (await tests.rerun_all(who=LI)).changed == ()
    for number in range(6):
        assistant.says[f"问题{number}"] = "新答复。"
    report = await tests.rerun_all(who=LI)
    assert report.asked == 8
    assert [(pair.before.text, pair.now.text) for pair in report.changed] == [("旧答复。", "新答复。")] * 6
    assert (await tests.rerun_all(who=LI)).changed == (), "told once, until it changes again"
    history = await tests.history(report.changed[0].now.test_id)
    assert [(run.by, run.text) for run in history] == [(LI, "新答复。"), (WANG, "旧答复。")]


async def test_an_answer_that_is_lost_counts_as_changed(tests: HitTests, assistant: Scripted) -> None:
    assistant.says["问"] = "答。"
    await ask(tests, "问")
    assistant.says.clear()
    (pair,) = (await tests.rerun_all(who=LI)).changed
    assert (pair.before.outcome, pair.now.outcome) == ("answered", "declined")


async def test_the_same_question_asked_again_is_one_test(tests: HitTests) -> None:
    first, again = await ask(tests, "问"), await ask(tests, "问", who=LI)
    assert first.test_id == again.test_id
    await tests.forget(first.test_id)
    assert await tests.latest() == []


@pytest.mark.parametrize("question", ["", "  ", "长" * 301])
async def test_nothing_and_too_much_are_refused(tests: HitTests, question: str) -> None:
    with pytest.raises(BadInput):
        await ask(tests, question)


class Characters:
    """Stands in for the sentence encoder: character pairs, hashed. Good enough to tell wordings apart."""

    def encode(self, texts: list[str]) -> Any:
        vectors = np.zeros((len(texts), 512), np.float32)
        for row, text in enumerate(texts):
            for first, second in zip(f"^{text}", f"{text}$", strict=True):
                vectors[row, (ord(first) * 31 + ord(second)) % 512] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


async def test_the_real_search_says_what_words_meaning_place_and_date_did(office: Office) -> None:
    assistant = Assistant(office.database, encoder=Characters())
    await assistant.refresh()
    faq_id, _, _ = await one_quote(office)
    wording = (await office.faq(faq_id)).wordings[0]
    tests = HitTests(office.database, assistant)
    run = await tests.ask(wording, place="sd-jining", on=TODAY, channel="phone", who=WANG)
    best = run.candidates[0]
    assert best.id == faq_id
    assert best.meaning == pytest.approx(1.0, abs=0.05)
    assert best.words == max(candidate.words for candidate in run.candidates) > 0
    assert best.answers_in == "sd-jining"
    chances = [candidate.chance for candidate in run.candidates]
    assert chances == sorted(chances, reverse=True)
    elsewhere = await tests.ask(wording, place="sd-jinan", on=TODAY, channel="phone", who=WANG)
    here = next(candidate for candidate in elsewhere.candidates if candidate.id == faq_id)
    assert (here.answers_in, here.note) == (None, "只有别处的规定")
    await assistant.aclose()


async def test_publishing_shows_up_as_a_changed_answer(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.answering.current.VERSION_CHECK_SECONDS", 0.0)
    assistant = Assistant(office.database, encoder=Characters())
    await assistant.refresh()
    faq_id, _, _ = await one_quote(office)
    old = await office.faq(faq_id)
    tests = HitTests(office.database, assistant)
    run = await tests.ask(old.wordings[0], place="sd-jining", on=TODAY, channel="phone", who=WANG)
    assert run.outcome == "answered"
    told = old.answers[0].model_copy(update={"spoken": "换了一种说法。"})
    await office.publish(await office.save(Kind.FAQ, faq_id, old.model_copy(update={"answers": (told,)})))
    (pair,) = (await tests.rerun_all(who=LI)).changed
    assert "换了一种说法。" in pair.now.spoken
    assert replace(pair.before, candidates=()) == replace(run, candidates=())
    await assistant.aclose()


async def test_a_follow_up_is_tried_after_what_was_asked_before(office: Office) -> None:
    assistant = Assistant(office.database, encoder=Characters())
    await assistant.refresh()
    tests = HitTests(office.database, assistant)
    run = await tests.ask("医保跨省转移怎么办\n要几天", place="sd-jining", on=TODAY, channel="phone", who=WANG)
    assert "15个工作日" in run.text
    assert "要几天" in run.question
    assert any(candidate.id == run.topic for candidate in run.candidates)
    await assistant.aclose()
