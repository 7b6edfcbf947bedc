"""Second thoughts about an intent, before anything is done: six things the classifier cannot know.

Who asks for a person in so many words, or takes a complaint back, gets that, whatever the rest of the sentence sounds
like: "不想弄验证码，直接转人工吧", "不投诉了".

What ends a call, drops what was begun, or sends somebody away must be more than the likeliest of many unlikely
guesses: below its threshold such an intent becomes the fallback, and the knowledge search, which may decline, hears
the sentence. 18 characters are an ID number, whatever they were said for, never a telephone number. And praise is no
complaint. Danger, however it is told, comes before all of it. "新生儿呢" is no greeting, but a question that goes on.

Runs in the Rasa engine (Python 3.10), after all classifiers.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.learnt import DANGER, EMERGENCY
from language.complaints import complains_plainly, takes_complaint_back
from language.danger import is_merely_angry, is_only_of_a_thing, may_tell_of_harm
from language.following import and_what_of, asks_supposing, says_which_insurance
from language.greeting import says_more_than_greeting
from language.mourning import is_no_mourning, tells_of_loss
from language.numbers.numerals import AS_DIGITS
from language.person_wanted import wants_person
from language.stance import asks_to_forget, asks_whether_to, takes_filing_back

FALLBACK = "nlu_fallback"
IDENTITY = "prove_identity"
_ABOUT_PHONES = ("give_phone", "choose", FALLBACK)
_ID_NUMBER = re.compile(r"(?<![0-9])[0-9]{17}(?:[0-9Xx*]|叉|星号)(?![0-9])")
_FAREWELL = re.compile(
    r"再见|再会|拜|挂|走了|[说聊问]了|没事|没别的|没有了|没啥|[问完]完|清楚|明白|知道了|打扰|回头|改天|就这样|就这些|先这样|这么着|"
    r"谢|麻烦|辛苦|先忙|去忙|晚安|休息|bye",
    re.IGNORECASE,
)
"""Without such a word a goodbye needs its threshold, and few words: it ends the call."""
_FEW = 10
"""Characters."""
_TAKES_BACK = re.compile(r"[收撤停销删别关]|取消|解除|终止|作废|去掉|后悔|反悔|不[要想让叫用再算委授]")
_OF_AUTHORITY = re.compile(
    r"授权|代办|委托|权|替|帮|给|管|[叫让用经停断换]|收|撤|取消|解除|终止|作废|看|查|办|后悔|反悔"
)
_ASKS = re.compile(r"(?:[不吗么啥？?]|没有|怎么办|咋办)$")
_PRAISES = re.compile(r"[四五45](?:颗|个)?[星心]|满分|[很挺]满意|[非十特相][常分别当]满意|好评|点个?赞|挺好")
_BLAMES = re.compile(r"[不没差但才]|可是|投诉|举报|就是|反映|建议|告")
"""Praise is no complaint: whoever gives five stars is not asked what wrong was done to them."""
_WISHES = ("complaint", "human_agent", "query_mine", "file_item", "give_phone", "authorise")
_NO_WISH = re.compile(
    r"(?:^|[，,。 了吧])(?:那|俺|我|就|先|还是|算了|也)*(?:不|别|甭|不用|不要|不想|不需要)(?:再|给我|给俺|去)*"
    r"(?:投诉|举报|反映|告|转|找|叫|查|办|报|登记|申请|授权|打|回电|人工)(?:人工|真人|人|电话|他|她|你们)?"
    r"(?:了|吧|啦|呗|哈)+(?:$|[，,。！! ])"
)
_HANDED_IN = re.compile(r"撤[回销掉]?.{0,6}(?:投诉|举报|建议|意见|表扬|工单|申请|备案)")
"""To take back what was registered is more than to drop what is being said."""
_LONGEST_NO = 16
"""Characters: a longer sentence says more than that something is not wanted any more."""
_RANKED = 4
"""Likeliest intents that are kept: Rasa stores and posts them with every message."""
_NEVER = 1.1
_WITH_HARM = 0.6
"""How likely danger must be at most where a word of harm to a body stands beside it; danger in plain words was heard
before the engine (`language.danger`)."""
_POLICY = "ask_policy"
_ASKS_NOTHING = (
    "greet",
    "thanks",
    "goodbye",
    "affirm",
    "deny",
    "cancel",
    "choose",
    "repeat",
    "slower",
    "faster",
    "bot_challenge",
    "abuse",
    "out_of_scope",
    "complaint",
    "ask_more",
    "ask_source",
    "doubt",
    FALLBACK,
)
"""Intents that are none of a question which goes on from what was talked about: "新生儿呢", "要是没备案呢"."""
_WANTED_BESIDES = 0.2
"""How likely something else must be, of a sentence that also gives an ID number."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SecondThoughts(IntentClassifier, GraphComponent):
    """Changes a message's intent; `at_least` (config): intent → the confidence it needs."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"at_least": {}}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SecondThoughts:
        return cls(config)

    def __init__(self, config: Dict[Text, Any]) -> None:
        self._at_least: Dict[Text, float] = config["at_least"]

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if message.get(INTENT) and message.get(TEXT):
                self._reconsider(message)
        return messages

    def _reconsider(self, message: Message) -> None:
        intent = message.get(INTENT)
        if has_id_number(message.get(TEXT)) and intent[INTENT_NAME_KEY] in _ABOUT_PHONES:
            intent = _besides_the_number(message.get(INTENT_RANKING_KEY) or [])
        elif intent[PREDICTED_CONFIDENCE_KEY] < self._needed(intent[INTENT_NAME_KEY], message.get(TEXT)):
            intent = {INTENT_NAME_KEY: FALLBACK, PREDICTED_CONFIDENCE_KEY: 1.0 - intent[PREDICTED_CONFIDENCE_KEY]}
        if intent[INTENT_NAME_KEY] == "scam" and _DOUBTS_US.search(message.get(TEXT)):
            intent = {INTENT_NAME_KEY: "doubt", PREDICTED_CONFIDENCE_KEY: intent[PREDICTED_CONFIDENCE_KEY]}
        plain = _said_plainly(message.get(TEXT))
        if plain:
            intent = {INTENT_NAME_KEY: plain, PREDICTED_CONFIDENCE_KEY: 1.0}
        if intent[INTENT_NAME_KEY] == "complaint" and is_praise(message.get(TEXT)):
            intent = {INTENT_NAME_KEY: "thanks", PREDICTED_CONFIDENCE_KEY: intent[PREDICTED_CONFIDENCE_KEY]}
        if intent[INTENT_NAME_KEY] == "medical_advice" and _OF_RULES.search(message.get(TEXT)):
            intent = {INTENT_NAME_KEY: _POLICY, PREDICTED_CONFIDENCE_KEY: intent[PREDICTED_CONFIDENCE_KEY]}
        if intent[INTENT_NAME_KEY] == "ask_source" and _OF_A_BOOK.search(message.get(TEXT)):
            intent = {INTENT_NAME_KEY: _POLICY, PREDICTED_CONFIDENCE_KEY: intent[PREDICTED_CONFIDENCE_KEY]}
        if intent[INTENT_NAME_KEY] == "greet" and _OPENING_HOURS.search(message.get(TEXT)):
            intent = {INTENT_NAME_KEY: _POLICY, PREDICTED_CONFIDENCE_KEY: intent[PREDICTED_CONFIDENCE_KEY]}
        if intent[INTENT_NAME_KEY] == "greet" and says_more_than_greeting(message.get(TEXT)):
            intent = _besides_greeting(message.get(INTENT_RANKING_KEY) or [])
        if intent[INTENT_NAME_KEY] in _ASKS_NOTHING and goes_on(message.get(TEXT)):
            intent = {INTENT_NAME_KEY: _POLICY, PREDICTED_CONFIDENCE_KEY: intent[PREDICTED_CONFIDENCE_KEY]}
        if intent[INTENT_NAME_KEY] == "cancel" and _HANDED_IN.search(message.get(TEXT)):
            intent = {INTENT_NAME_KEY: "withdraw_filing", PREDICTED_CONFIDENCE_KEY: intent[PREDICTED_CONFIDENCE_KEY]}
        if intent[INTENT_NAME_KEY] == "file_item" and takes_filing_back(message.get(TEXT)):
            intent = {INTENT_NAME_KEY: "withdraw_filing", PREDICTED_CONFIDENCE_KEY: intent[PREDICTED_CONFIDENCE_KEY]}
        if intent[INTENT_NAME_KEY] in _WISHES and gives_up(message.get(TEXT)):
            intent = {INTENT_NAME_KEY: "cancel", PREDICTED_CONFIDENCE_KEY: 1.0}
        danger = message.get(DANGER)[PREDICTED_CONFIDENCE_KEY] if message.get(DANGER) else 0.0
        if plain != "scam" and danger and danger >= self._needed(EMERGENCY, message.get(TEXT)):
            intent = {INTENT_NAME_KEY: EMERGENCY, PREDICTED_CONFIDENCE_KEY: danger}
        message.set(INTENT, intent, add_to_output=True)
        ranking = message.get(INTENT_RANKING_KEY) or []
        message.set(INTENT_RANKING_KEY, ranking[:_RANKED], add_to_output=True)

    def _needed(self, intent: Text, text: Text) -> float:
        if intent == EMERGENCY and is_merely_angry(text):
            return _NEVER
        if intent == EMERGENCY and may_tell_of_harm(text):
            return min(_WITH_HARM, self._at_least.get(EMERGENCY, 0.0))
        if intent == EMERGENCY and is_only_of_a_thing(text):
            return _NEVER  # "俺卡叫机器吞了"
        if intent == "grief" and (is_no_mourning(text) or has_id_number(text) or not tells_of_loss(text)):
            return _NEVER  # "钥匙没找着，你别走啊" gets no condolence
        if intent == "goodbye" and text.rstrip(" 。.！!").endswith(("呢", "吗", "？", "?")):
            return _NEVER  # "这回看明白了，那药店投诉呢"
        if intent == "revoke_authorisation" and not _OF_AUTHORITY.search(text):
            return _NEVER  # "这回俺不借邻居钱了"
        if intent == "goodbye" and _FAREWELL.search(text):
            return 0.0
        if intent == "goodbye" and len(text) > _FEW:
            return _NEVER
        if intent == "revoke_authorisation" and _ASKS.search(text) and not _TAKES_BACK.search(text):
            return _NEVER  # "授权了她能把俺的钱取走不" asks; it takes nothing back
        if intent == "withdraw_filing" and asks_whether_to(text):
            return _NEVER  # "北京回来了备案要取消吗" is about the rules
        return self._at_least.get(intent, 0.0)

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        if any(not 0 <= least <= 1 for least in config["at_least"].values()):
            raise ValueError("SecondThoughts: confidences lie between 0 and 1")


def gives_up(text: Text) -> bool:
    """ "不投诉了", "别转了", "不用人工了": the word for a wish, and that it is none."""
    return len(text) <= _LONGEST_NO and bool(_NO_WISH.search(text)) and not _ASKS.search(text)


def goes_on(text: Text) -> bool:
    """A question that only means something after the one before it."""
    return bool(and_what_of(text) or says_which_insurance(text)) or asks_supposing(text)


def has_id_number(text: Text) -> bool:
    """Typed, keyed, or said digit by digit, with pauses."""
    return bool(_ID_NUMBER.search(re.sub(r"[\s,，.。、\-]", "", text.translate(AS_DIGITS))))


_GAVE_AWAY = re.compile(
    r"(?:给|告诉|说给|念给|发给|转给|打给|汇给)(?:了)?(?:他们?|人家|对方|骗子|那[个边]人?|那头)(?:了|过去)?.{0,6}(?:验证码|密码|卡号|钱|\d+块)"
    r"|(?:验证码|密码|卡号|钱).{0,4}(?:给|告诉|说给|念给|发给|转给|打给|汇给)(?:了)?(?:他们?|人家|对方|骗子|那[个边]人?)(?!看病|交|治)"
)
"""A code or money went to somebody who asked for it."""
_TAKEN = re.compile(
    r"(?<![怕防])(?:验证码|密码|卡号|身份证号?|钱|\d+块).{0,3}(?:都|全|也)?(?:让|叫|被|给)?(?:人|人家|他们?|骗子)?(?:给)?(?:骗|套|诈|哄)(?:走|去|光)"
    r"|(?:骗|套|诈|哄)(?:走|去)了?(?:我|俺|我妈|俺娘|老人)?.{0,4}(?:验证码|密码|卡号|钱|\d+块)"
)
"""A code or money is gone, whoever gave it."""
_DOUBTS_US = re.compile(
    r"[能敢该][^，,。]{0,6}(?:给|跟|对|告诉)(?:你|您|恁)们?|(?:给|跟|对)(?:你|您|恁)们?(?:说|念|讲|报)(?:不|吗|么|安全)|(?:你|您|恁)们?(?:是|别是|该不会是|不会是).{0,3}骗"
)
"""Whoever wonders whether it is we who swindle them."""
_CLICKED = re.compile(
    r"点(?:了|开了?|进去)(?:那个?|这个?|他|骗子的?)?.{0,6}(?:链接|网址)|填(?:了|上了?)?(?:我的|俺的)?.{0,3}(?:银行卡|卡号|密码)|(?:银行卡|卡号|密码).{0,4}填(?:了|上)"
)
"""What a swindler wanted was done."""
_ONLY_FEARED = re.compile(r"怕|担心|会不会|别(?:是|让|给|被)|万一|防")
_FAMILY = re.compile(r"儿子|闺女|女儿|老伴|孩子|爸|妈|医院|大夫|窗口|医保局")
_OF_A_BOOK = re.compile(
    r"(?:有|办|拿|弄|是)(?:了|过)?(?:一?个)?(?:啥|什么|那种|那个|小|红|绿)?本(?:子|儿)?(?:[，,。的]|$)"
)
"""The 本 of who gets medicine for chronic illness, and no document."""
_OF_RULES = re.compile(
    r"退(?!烧|热|黄|休|化|潮|不?下)|报销|报不报|[给能]报|(?<!汇)(?<!预)报(?:吗|么|不(?![一-龥]))|能走医保|医保|目录|多少钱|几块|自费|自己掏|规定|换货|退换|补(?:办|好|卡|完|下来)|办(?:好|完|下来)|备案|社保卡"
)
"""Of drugs and treatment, it asks what the rules are or what it costs: no doctor's question."""


def _besides_greeting(ranking: List[Dict[Text, Any]]) -> Dict[Text, Any]:
    """The likeliest of what is no small talk; a question, where none is likely."""
    others = (one for one in ranking if one[INTENT_NAME_KEY] not in _ASKS_NOTHING)
    return next(others, {INTENT_NAME_KEY: _POLICY, PREDICTED_CONFIDENCE_KEY: _WANTED_BESIDES})


_OPENING_HOURS = re.compile(r"中午|周[一二三四五六日末]|星期|礼拜|节假日|上午|下午|晚上|几点")


_QUERY_BUTTON = re.compile(
    r"(?:查|看)?(?:一下)?(?:我的|俺的)?(?:账户余额|缴费记录|看病结算|参保状态|慢特病资格|办理进度)[。.]?"
)
"""What a button of ours says, pressed when its question is long past."""


def _said_plainly(text: Text) -> Text:
    """An intent that the words leave no doubt about; "" for every other sentence."""
    gave_away = _GAVE_AWAY.search(text) and not _FAMILY.search(text)
    if gave_away or _CLICKED.search(text) or (_TAKEN.search(text) and not _ONLY_FEARED.search(text)):
        return "scam"
    if wants_person(text):
        return "human_agent"
    if _QUERY_BUTTON.fullmatch(text):
        return "query_mine"
    if takes_filing_back(text):
        return "withdraw_filing"
    if asks_to_forget(text):
        return "cancel"
    if complains_plainly(text):
        return "complaint"
    return "cancel" if takes_complaint_back(text) else ""


def is_praise(text: Text) -> bool:
    return bool(_PRAISES.search(text)) and not _BLAMES.search(text)


def _besides_the_number(ranking: List[Dict[Text, Any]]) -> Dict[Text, Any]:
    others = [one for one in ranking if one[INTENT_NAME_KEY] not in _ABOUT_PHONES]
    if others and others[0][PREDICTED_CONFIDENCE_KEY] >= _WANTED_BESIDES:
        return others[0]
    return {INTENT_NAME_KEY: IDENTITY, PREDICTED_CONFIDENCE_KEY: 1.0}
