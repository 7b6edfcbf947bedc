"""Parts that live inside the engine, on the engine's own Python."""

from __future__ import annotations

import os
import subprocess
import textwrap

import pytest

from base.settings import ROOT

pytestmark = pytest.mark.engine


def on_engine_python(script: str) -> str:
    """Run a script with Rasa's environment; what it prints. An AssertionError in it fails the test."""
    done = subprocess.run(
        [ROOT / ".venv-rasa" / "bin" / "python", "-W", "ignore", "-c", textwrap.dedent(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_conversations_are_forgotten_by_number_and_by_age() -> None:
    on_engine_python(
        """
        import asyncio, time
        from rasa.shared.core.domain import Domain
        from rasa.shared.core.events import UserUttered
        from bot.components.tracker_store import ForgettingTrackerStore

        async def main():
            store = ForgettingTrackerStore(Domain.empty(), max_conversations=3, forget_after_seconds=0.2)
            for number in range(5):
                tracker = await store.get_or_create_tracker(f"c{number}")
                tracker.update(UserUttered("我叫张桂兰"))
                await store.save(tracker)
            assert set(store.store) == {"c2", "c3", "c4"}, set(store.store)
            assert await store.retrieve("c4") is not None
            time.sleep(0.25)
            assert await store.retrieve("c4") is None
            assert not store.store and not store._last_used

        asyncio.run(main())
        """
    )


def test_homophones_sound_alike_and_mean_alike() -> None:
    on_engine_python(
        """
        import numpy as np
        from rasa.shared.nlu.training_data.message import Message
        from bot.components.embedding import SentenceEmbeddingFeaturizer
        from bot.components.pinyin import PinyinFeaturizer

        texts = ("异地就医怎么备案", "医地就医怎么被安", "今天天气不错", "")
        messages = [Message(data={"text": text}) for text in texts]
        name = {"alias": "x"}
        PinyinFeaturizer("p", {**PinyinFeaturizer.get_default_config(), **name}).process(messages)
        SentenceEmbeddingFeaturizer("e", {"weight": 8.0, **name}).process(messages)
        right, misheard, other, empty = messages
        sounds = [m.get_sparse_features("text")[1].features.toarray() for m in (right, misheard, other)]
        assert (sounds[0] == sounds[1]).all() and not (sounds[0] == sounds[2]).all()
        means = [m.get_dense_features("text")[1].features for m in (right, misheard, other)]
        assert means[0].shape == (1, 512)
        assert abs(np.linalg.norm(means[0]) - 8.0) < 0.01
        assert (means[0] * means[1]).sum() > (means[0] * means[2]).sum()
        assert not empty.features
        """
    )


def test_a_guess_ends_no_call_and_an_id_number_is_no_telephone_number() -> None:
    on_engine_python(
        """
        from rasa.shared.nlu.training_data.message import Message
        from bot.components.certainty import SecondThoughts

        component = SecondThoughts({"at_least": {"goodbye": 0.8, "cancel": 0.4, "emergency": 0.9}})

        def then(text, *ranking, danger=0.0):
            ranked = [{"name": name, "confidence": confidence} for name, confidence in ranking]
            told = {"name": "medical", "confidence": danger}
            message = Message(data={"text": text, "intent": ranked[0], "intent_ranking": ranked, "danger": told})
            component.process([message])
            return message.get("intent")["name"]

        assert then("昨天", ("goodbye", 0.6)) == "nlu_fallback"
        assert then("那再见吧", ("goodbye", 0.4)) == "goodbye"
        assert then("俺今年七十九了 老伴没了 就俺自个", ("goodbye", 0.9)) == "nlu_fallback"
        assert then("哪一步了", ("cancel", 0.36)) == "nlu_fallback"
        assert then("算了", ("cancel", 0.9)) == "cancel"
        assert then("孩子醒了我去看看", ("ask_policy", 0.9), danger=0.8) == "ask_policy"
        assert then("俺爹手脚冰凉，住院押金交多少", ("ask_policy", 0.9), danger=0.95) == "emergency"
        assert then("他躺那嘴歪了", ("ask_policy", 0.9), danger=0.7) == "emergency"  # a word of harm beside it
        assert then("转人工，俺娘叫不应了", ("human_agent", 0.9), danger=0.95) == "emergency"
        assert then("打五星，很满意", ("complaint", 0.9)) == "thanks"
        assert then("五星是给别人的，我要投诉你们", ("complaint", 0.9)) == "complaint"
        assert then("授权了她能取俺的钱不", ("revoke_authorisation", 0.9)) == "nlu_fallback"
        assert then("能把授权收回来不", ("revoke_authorisation", 0.9)) == "revoke_authorisation"
        assert then("新生儿呢", ("greet", 0.5)) == "ask_policy"
        assert then("你呢", ("greet", 0.5)) == "greet"
        wishes = (("greet", 0.8), ("query_mine", 0.1))
        assert then("同志你好 我退休教师 想问一下 职工退休医保 最少得交多少年", ("greet", 0.8)) == "ask_policy"
        assert then("同志你好 俺是农民 俺问问卡里多少钱", *wishes) == "query_mine"
        assert then("大夫你好 我是村里的 想问个事 卡丢了咋弄", ("greet", 0.8)) == "ask_policy"
        assert then("你好，我想问一下", *wishes) == "greet"
        assert then("同志你好，我是退休教师", *wishes) == "greet"
        assert then("喂，你好你好", *wishes) == "greet"
        assert then("中午有人吗", ("greet", 0.5)) == "ask_policy"
        assert then("阿卡波糖呢", ("ask_more", 0.5)) == "ask_policy"
        assert then("我已经给他验证码了咋办", ("ask_policy", 0.5)) == "scam"
        assert then("药攒了一大堆能退吗", ("medical_advice", 0.8)) == "ask_policy"
        assert then("开的药多少钱能报", ("medical_advice", 0.8)) == "ask_policy"
        assert then("哮喘喘不上气的药报吗", ("medical_advice", 0.8)) == "ask_policy"
        assert then("多久补好", ("medical_advice", 0.8)) == "ask_policy"
        assert then("多久能好", ("medical_advice", 0.8)) == "medical_advice"
        assert then("大夫让我报警吗", ("medical_advice", 0.8)) == "medical_advice"
        assert then("孩子发烧退不下去吃啥药", ("medical_advice", 0.8)) == "medical_advice"
        assert then("我身份证号你删了吧", ("doubt", 0.9)) == "cancel"
        assert then("他说他有个什么本。", ("ask_source", 0.6)) == "ask_policy"
        assert then("哪个文件说的", ("ask_source", 0.6)) == "ask_source"
        assert then("骗子把验证码套走了", ("doubt", 0.9)) == "scam"
        assert then("这个数能给你说不，别是骗子吧", ("scam", 0.8)) == "doubt"
        assert then("我跟你说，有人打电话叫我转账", ("scam", 0.8)) == "scam"
        assert then("骗子逼俺，俺站楼顶上不下来了", ("scam", 0.6), danger=0.95) == "emergency"
        assert then("我点了那个链接，填了卡号", ("ask_policy", 0.6), danger=0.95) == "scam"
        assert then("我当爷爷了！八天了", ("grief", 0.9)) == "nlu_fallback"
        assert then("这回看明白了，那药店投诉呢", ("goodbye", 0.9)) == "nlu_fallback"
        assert then("俺妈的验证码让人骗去了", ("doubt", 0.9)) == "scam"
        assert then("五千块钱都叫人家骗走了", ("ask_policy", 0.9)) == "scam"
        assert then("你们会不会把我钱骗走", ("doubt", 0.9)) == "doubt"
        assert then("我妈把验证码给他了", ("ask_policy", 0.5)) == "ask_policy"
        assert then("要是没备案呢", ("query_mine", 0.5)) == "query_mine"
        number = "37089919500315902"
        assert then(number + "8", ("give_phone", 0.99), ("goodbye", 0.0)) == "prove_identity"
        assert then(f"查余额 {number}X", ("give_phone", 0.5), ("query_mine", 0.3)) == "query_mine"
        assert then("三七零八九九 一九五零零三一五 九零二叉", ("choose", 0.9)) == "prove_identity"
        assert then("19900000001", ("give_phone", 0.9)) == "give_phone"
        """
    )


def test_what_actions_answer_is_checked_against_a_schema_that_is_checked_once() -> None:
    on_engine_python(
        """
        import jsonschema
        from rasa.core.actions.action import RemoteAction
        from rasa.shared.core.domain import Domain
        from bot.components.channel import HotlineInput

        action = RemoteAction("action_answer", None)
        slot = {"event": "slot", "name": "topic", "value": None}
        right = {"events": [slot], "responses": [{"text": "备案长期有效。"}]}
        wrong = [{"events": [{"event": 3}]}, {"responses": "备案长期有效。"}, {"events": [{"event": "slot"}]}, []]

        def refused(result):
            try:
                return not action._validate_action_result(result)
            except jsonschema.ValidationError as error:
                return bool(error.message)

        as_rasa_says = [refused(result) for result in (right, *wrong)]
        HotlineInput.from_credentials({"token": "t"})

        def not_again(*_):
            raise AssertionError("the schema is checked again")

        jsonschema.Draft202012Validator.check_schema = jsonschema.Draft7Validator.check_schema = not_again
        assert [refused(result) for result in (right, *wrong)] == as_rasa_says == [False] + 4 * [True]
        """
    )


def test_a_turn_that_runs_away_ends_and_the_next_is_heard() -> None:
    on_engine_python(
        """
        from rasa.shared.core.domain import Domain
        from rasa.shared.core.events import ActionExecuted, UserUttered
        from rasa.shared.core.trackers import DialogueStateTracker
        from bot.components.channel import WholeMessages, _ran_away

        channel, tracker = WholeMessages("web"), DialogueStateTracker("c", [])
        for event in [UserUttered("好的"), *[ActionExecuted("action_answer")] * 10]:
            tracker.update(event)
        _ran_away(tracker, channel, None)
        assert channel.ran_away
        assert tracker.latest_action_name == "action_listen"
        """
    )


STATE = """
        from rasa.shared.core.domain import Domain
        from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
        from rasa.shared.core.trackers import DialogueStateTracker
        from bot.components.conversation import KEPT_TURNS, begin_anew, without_the_past

        domain = Domain.from_dict({
            "intents": ["ask"], "actions": ["action_answer"],
            "slots": {name: {"type": "text", "influence_conversation": False, "mappings": [{"type": "custom"}]}
                      for name in ("place", "topic")},
            "forms": {"errand_form": {"required_slots": []}},
        })
        tracker = DialogueStateTracker("c", domain.slots)

        def hear(*then):
            for event in [UserUttered("您"), ActionExecuted("action_answer"), *then, ActionExecuted("action_listen")]:
                tracker.update(event, domain)

        def state(tracker):
            return tracker.current_slot_values(), tracker.active_loop_name, tracker.latest_action_name
"""


def test_a_long_conversation_forgets_its_beginning_and_nothing_that_holds() -> None:
    on_engine_python(
        STATE
        + """
        hear(SlotSet("place", "sd-jinan"))
        hear(ActiveLoop("errand_form"))
        for number in range(100):
            hear(SlotSet("topic", f"t{number}"))
        short = without_the_past(tracker, domain)
        assert state(short) == state(tracker)
        assert sum(isinstance(event, UserUttered) for event in short.events) == KEPT_TURNS
        assert len(without_the_past(short, domain).events) == len(short.events)
        """
    )


def test_what_was_said_too_early_is_taken_back_with_all_that_came_of_it() -> None:
    on_engine_python(
        STATE.replace("begin_anew, ", "begin_anew, take_back, ")
        + """
        hear(SlotSet("place", "sd-jinan"))
        before = state(tracker)
        hear(SlotSet("topic", "t"), ActiveLoop("errand_form"))
        assert state(tracker) != before
        take_back(tracker, domain)
        assert state(tracker) == before
        hear(SlotSet("topic", "u"))
        assert state(tracker)[0]["topic"] == "u"
        take_back(tracker, domain)
        assert state(tracker) == before
        for _ in range(3):
            take_back(tracker, domain)
        assert state(tracker)[2] == "action_listen" or not tracker.applied_events()
        """
    )


def test_to_begin_anew_keeps_what_is_open_or_only_where_they_belong() -> None:
    on_engine_python(
        STATE
        + """
        hear(SlotSet("place", "sd-jinan"), SlotSet("topic", "t"), ActiveLoop("errand_form"))
        before = state(tracker)
        begin_anew(tracker, domain, keep=True)
        assert state(tracker) == before
        assert tracker.followup_action is None
        begin_anew(tracker, domain, keep=False)
        values, loop, latest = state(tracker)
        assert (values["place"], values["topic"], loop, latest) == ("sd-jinan", None, None, "action_listen")
        """
    )


def test_a_wish_taken_back_is_a_cancelling_and_no_complaint() -> None:
    on_engine_python(
        """
        from bot.components.certainty import gives_up

        for text in ("不投诉了", "算了 不投诉了", "那就不查了吧", "别转了", "不用人工了", "不用转人工了", "俺不办了"):
            assert gives_up(text), text
        for text in ("我要投诉", "不给办我就投诉", "为啥不办了", "不查了行不", "转人工"):
            assert not gives_up(text), text
        """
    )


def test_what_the_learners_learn_of_a_sentence() -> None:
    on_engine_python(
        """
        from rasa.shared.nlu.training_data.message import Message
        from bot.components.learnt import DangerLearner, IntentLearner, MatterLearner, ReplyLearner

        def labels(intent, **metadata):
            example = Message({"text": "俺", "intent": intent, "metadata": {"intent": metadata}})
            return [one._label(None, example) for one in (IntentLearner, MatterLearner, ReplyLearner, DangerLearner)]

        assert labels("file_item", matter="remote-longterm") == ["file_item", "file_item/remote-longterm", "", "safe"]
        assert labels("reply", reply="later") == ["", "", "later", "safe"]
        assert labels("affirm") == ["affirm", "", "value", "safe"]
        assert labels("ask_policy") == ["ask_policy", "", "question", "safe"]
        assert labels("emergency", danger="fire") == ["", "", "", "fire"]
        """
    )
