"""Between a question about policy and a wish to have something done: where the words may mean either, both are served.

What is so is said, and the thing itself is offered: "要我现在给您办吗". Pure.
"""

from __future__ import annotations

import re
from dataclasses import replace

from base.messages import Button
from bot.actions.going_on import DO_IT, ERRAND, asks_on
from bot.actions.protocol import LISTEN, Outcome, Turn
from bot.flows.identify.beside import told_beforehand
from bot.flows.identify.relatives import somebody
from bot.flows.small_words import sounds_like_question
from bot.flows.wished import Wish, wants_looking_up
from bot.flows.wording import say as flows_say
from bot.sayings import say
from language import stance
from language.several import questions

_LIKELY = 0.2
"""So likely must a wish be for it to be offered beside an answer."""
_MARGIN = 0.15
"""If it is no likelier than by so much than a question, the question is answered, too."""
_KNOWN = 0.4
"""So likely must a matter be to be remembered with what was offered."""
_SAYINGS = {"file_item": "utter_do_it_now", "query_mine": "utter_look_it_up_now"}
_PLAINLY = re.compile(
    r"[给帮替].{0,6}[办查看弄报改交申登瞅瞧]|[我俺]要[办查报改申]|[办查]一下|现在就?[办查]|申请一下|登记一下"
)
_ASKS = re.compile(r"[吗么不呢啥?？]$|怎么|咋|什么|多久|几天|多少|哪|条件|能不能|可不可以")
_WHETHER_PAID = re.compile(r"(?:给|能|可以?|能够)报(?:销)?(?:吗|么|不|多少|几|点)|报不报|报(?:销)?(?:吗|么|不)[？?]?$")
"""Whether something is paid at all: a question, and no bill to hand in."""
_PAID_AWAY = re.compile(r"外地|异地|外省|外头|垫|自费|自己.{0,3}[掏花付]|发票|收据|单子|没刷|没带卡|没备案|回来")
_OF_ALL = re.compile(r"[几多]天|多久|多长时间|什么时候|啥时候|几号|几月|哪天|要什么|带啥|哪些材料|怎么办|咋办")
_OF_MINE = re.compile(r"[我俺咱]|[给帮替查]|爸|妈|爹|娘|进度|余额|到账|批(?:了|下来)|办好|交上")


def with_offer(turn: Turn, outcome: Outcome) -> Outcome:
    """An answer, and behind it what could be done about it, if the words may well have meant that."""
    wish = max(_SAYINGS, key=turn.likely)
    has_offer = _has_offer(turn, outcome)
    if wish == "query_mine" and not wants_looking_up(turn.text):
        return outcome
    if turn.form or has_offer or asks_on(turn) or turn.likely(wish) < _LIKELY or not outcome.slots.get("topic"):
        return outcome
    return _with(turn, outcome, wish)


def with_look_up(turn: Turn, outcome: Outcome) -> Outcome:
    """What was said of a rule, and behind it to look up what stands in their own records."""
    return _with(turn, outcome, "query_mine")


def _with(turn: Turn, outcome: Outcome, wish: str) -> Outcome:
    asked = replace(say(_SAYINGS[wish]), buttons=(Button("好的", "好的"), Button("不用", "不用")))
    return Outcome((*outcome.replies, asked), {**outcome.slots, **offer_of(turn, wish)}, outcome.then)


def offered(turn: Turn, wish: Wish, outcome: Outcome) -> Outcome:
    """Where nothing answers what was said, what it may be a wish for: in place of word that nothing was found, or
    behind word that no document says it."""
    if "报销" in wish.name and _WHETHER_PAID.search(turn.text) and not _PAID_AWAY.search(turn.text):
        return outcome
    if len(questions(turn.text)) > 1 and outcome.slots.get("topic"):  # each has its answer, with what it leads to
        return outcome
    unanswered = outcome.slots.get("offer") == "person" or turn.intent == "out_of_scope"
    if outcome.then not in ("", LISTEN):
        return outcome
    if not unanswered:
        return _led_on(turn, wish, outcome)
    asked = flows_say("wish_to_file" if wish.intent == "file_item" else "wish_to_look_up", name=wish.name)
    told = outcome.replies[:1] if outcome.slots.get("topic") else ()
    slots = offer_of(turn, wish.intent)
    return Outcome((*told, asked), {**outcome.slots, **slots}, outcome.then)


def _led_on(turn: Turn, wish: Wish, outcome: Outcome) -> Outcome:
    """An answer to who asks how something is got done; and the thing itself, where the answer does not offer it."""
    is_wanted = wish.intent == "file_item" and bool(_GETS_DONE.search(turn.text))
    if not is_wanted or _has_offer(turn, outcome) or not outcome.slots.get("topic"):
        return outcome
    return _with(turn, outcome, "file_item")


def _has_offer(turn: Turn, outcome: Outcome) -> bool:
    """There is a button for it; who listens sees none."""
    buttons = (button for reply in outcome.replies for button in getattr(reply, "buttons", ()))
    return not turn.is_spoken and any(button.title == DO_IT for button in buttons)


_GETS_DONE = re.compile(
    r"(?:能不能|可不可以|怎么|咋|咋着|如何|上哪|去哪|想|要|得|给|帮|替)[^，,。]{0,14}(?:办(?!公|事处)|申请|申领|备案|登记)(?!多久|几天|过)"
)


def offered_item(turn: Turn) -> str:
    """The words by which 现在就办 under what we said last begins an item; "" without."""
    buttons = (button for reply in turn.said_before for button in reply.buttons)
    return next((button.payload for button in buttons if button.title == DO_IT), "")


def offer_of(turn: Turn, intent: str) -> dict[str, str]:
    """What a yes then begins: the words, what they are a wish for, and which, as it was learnt."""
    matter = turn.guesses.matter(intent, turn.text)
    return {
        "offer": ERRAND,
        "offered_words": turn.text,
        "offered_intent": intent,
        "offered_matter": matter.name if matter.confidence >= _KNOWN else "",
    }


_LONGEST_ADDED = 16
"""Characters."""
_SAYS_NOT = re.compile(r"(?:哎呀?|唉|那|我|俺|你|[，,])*(?:不|没|别|甭|错)")


def taken_up(turn: Turn) -> Turn | None:
    """ "她就在我旁边", "在苏州", "给俺娘办的" to an offer tell more of it: that is a yes. None to anything else."""
    words, intent = turn.slot("offered_words"), turn.slot("offered_intent")
    if turn.form or turn.slot("offer") != ERRAND or not words or not intent or len(turn.text) > _LONGEST_ADDED:
        return None
    if sounds_like_question(turn.text.removesuffix("呢")) or stance.declines(turn.text) or _SAYS_NOT.match(turn.text):
        return None
    tells = told_beforehand(turn.text) is not None or somebody(turn.text) is not None or bool(turn.places)
    return replace(turn, text=f"{words}，{turn.text}", intent=intent) if tells else None


def may_be_a_question(turn: Turn) -> bool:
    """Understood as a wish, but as likely a question; or one about the rule that was just answered: "办下来要几天"."""
    if turn.intent not in (*_SAYINGS, "urge_case", "add_to_case") or turn.form or _PLAINLY.search(turn.text):
        return False
    if turn.slot("topic") and _OF_ALL.search(turn.text) and not _OF_MINE.search(turn.text):
        return True
    close = turn.likely(turn.intent) - turn.likely("ask_policy") < _MARGIN
    return close and turn.likely("ask_policy") > 0 and bool(_ASKS.search(turn.text))
