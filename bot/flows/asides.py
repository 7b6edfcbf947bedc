"""Questions about the errand itself, answered in its context: how long this one takes, why she must agree, what comes
next. Pure. What is about policy goes to the knowledge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from base.messages import Reply
from bot.flows.authorise.questions import asked as of_authorising
from bot.flows.identify.beside import has_no_phone
from bot.flows.identify.relatives import KIN, polite
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.wording import say
from casework.filings.fields import said, shown
from casework.filings.filing import Draft
from casework.filings.items import Item
from language import stance
from language.calendar.working_days import add_working_days
from language.clauses import clauses

_WHY = r"(?:为啥|为什么|为何|凭(?:什么|啥)|干嘛|干啥|做什么|怎么还|咋还|咋|用得着|有啥用|什么用)"
_CONSENT = re.compile(rf"{_WHY}.{{0,10}}(?:同意|授权|验证码|本人|她|他|妈|爸|娘|爹)|(?:同意|授权|验证码).{{0,6}}{_WHY}")
_PROOF = re.compile(
    rf"{_WHY}.{{0,8}}(?:身份证|核对|验证|证件|实名|号码)|(?:身份证|验证码|号码).{{0,6}}{_WHY}"
    r"|(?:安全|泄露|骗子|骗人).{0,6}(?:吗|不|么)|不会(?:泄露|是骗子)"
)
_FRAUD = re.compile(r"骗|诈|假的|冒充|告诉别人|外人")
_HOW_LONG = re.compile(
    r"^(?:那|这|这个|得|还|大概|大约|一共|办|交上去|交了|提交|以后|之后|后|下来|批|弄|我的|俺的|[，, ])*"
    r"(?:要|得|需要|能)?(?:等|办)?(?:(?:多[久长]|几天|多少天|多少工作日|多长时间|啥时候|什么时候|何时|哪天|几时)(?:时间)?)"
    r"(?:能|才能|会|可以)?(?:办|批|弄|下|有|出|通过|好|完|成|生效|用|知道|来|信|结果|消息|下来|联系|给我|我|俺|打电话|电话|[了呢啊吧呀吗？?])*$"
)
_NEXT = re.compile(
    r"^(?:那|这)?(?:我|俺)?(?:然后|接下来|后面|往后|之后|下一步|下边|完了|再)(?:呢|还)?(?:我|俺)?(?:要|得|该|用|需要)?"
    r"(?:[干做弄办怎咋]么?(?:啥|什么|办|弄)?|呢)?(?:呢|啊|吗)?[？?]?$|^(?:那|这)?(?:我|俺)?还(?:要|用|需要)(?:我|俺)?[干做弄]?(?:啥|什么)(?:不|吗|呢)?$|^这就(?:行|好|完)了[吗么？?]*$"
)
_MATERIALS = re.compile(
    r"(?:要|得|需要|用|准备|带|交|拿).{0,4}(?:啥|什么|哪些)(?:材料|东西|手续|证明|照片)|材料.{0,4}(?:啥|什么|哪些)"
)
_US = r"(?:咱们?|我们|我|俺|是|都|那|就|刚才的?|刚刚|哎|好|行|嗯|来|那个|[，, ])*"
_DOES = r"(?:办|说|问|填|弄|进行|讲|报|做|走|来|刚才的)?"
_GOES_ON = rf"(?:接着|继续|往下|还是){_DOES}(?:那个|那件)?(?:事|备案)?(?:吧|呗|啊|了|呢)*"
_WHERE = re.compile(
    rf"(?:[^，,。！!？?]{{0,14}}[，,。！!？? ]+){{0,3}}{_US}{_DOES}"
    rf"到(?:哪儿?|哪里|哪一?步|啥地方|什么地方|几步)(?:来着|了|啦|呢|[，,])*(?:{_GOES_ON})?"
)
_GO_ON = re.compile(rf"{_US}{_GOES_ON}")
_IS_IT_DONE = re.compile(
    r"(?:那|这|就|都|这就|这样|算|是不是|确定|真|到底|我的|俺的|我这|[，, ])*"
    r"(?:完事|办[完好成妥]|弄[完好成]|[交提报]交?上?去?[完好成]?|成|好|搞定)(?:了|啦)?(?:没有?|[吗么吧不]|是吧|是不是)?"
)
_WHOSE = re.compile(rf"^(?:我|俺|咱)?(?:家)?(?:的)?(?:{KIN}|[他她娃])的")
_FEARS = re.compile(
    r"(?:确定|真的?|是|肯定|应该|你)*(?:没|没有|不会)(?:已经|就)?(?:给我|给俺|帮我|替我)*"
    r"(?:提交|交|报|办)(?:上去?|出去)?了?(?:吧|吗|么|没|啊)?"
)
_WHETHER_TO = re.compile(r"(?P<does>[交办报])(?:还是|是)?不(?P=does)|该不该[交办报]|到底(?:要不要|该)[交办报]")
"""Whether to hand it in: nobody else decides that."""
_WHAT_PROMISE = re.compile(
    r"承诺.{0,6}(?:啥|什么|哪些)|(?:啥|什么)(?:是|叫)?承诺|承诺.{0,3}(?:意思|干啥|干什么|有啥用)|不(?:真|实).{0,6}(?:咋|怎么|会)"
)
"""What one is to promise, and what follows from it."""
_WHAT_WAS_DONE = re.compile(
    r"(?:给|帮|替)?(?:我|俺)?(?:都|一共|总共|今天|刚才|到底)*(?:办|改|交|报|弄|提交)(?:成|好|上去|上|完)?了(?:哪|啥|什么|几)(?!天|月|年|钱)"
)
_STEPS = {
    "what_item": "等您说办哪一种",
    "what_query": "等您说查哪一样",
    "id": "等您说身份证号",
    "confirm_id": "等您核对身份证号",
    "code": "等您说短信里的验证码",
    "whose": "等您说替谁办",
    "principal_id": "等您说{who}的身份证号",
    "principal_code": "等{who}的验证码",
    "field": "问到“{label}”",
    "promise": "等您答应承诺",
    "summary": "等您核对一遍，对了就提交",
    "wrong": "等您说哪一样不对",
}
"""What is waited for, by stage."""
_YES_COMMITS = ("promise", "summary")
_ASKED_OF_THEM = frozenset(("principal_id", "principal_code"))
_AWAY = re.compile(
    r"[不没]在(?:我|俺)?(?:身边|跟前|家|这|一块|旁边|眼前)|不住(?:在)?一[起块]|联系不上|不接电话|打不通"
    r"|(?:她|他|老人|俺?[妈娘爸爹])?(?:也|又)?(?:不会|看不[懂见了清])(?:看|用|弄)?(?:短信|手机|微信)|没(?:有)?手机|^(?:那|这)?(?:可)?[怎咋](?:么)?(?:办|弄)[啊呢呀]*$"
)
"""The one whose consent is waited for is not there, or cannot read it."""
_KIN_OF = re.compile(
    rf"(?:我|俺)(?:就)?是(?:他|她|老人|病人|(?:我|俺)[妈娘爸爹])?(?:家)?的?(?:亲)?(?:{KIN})(?:啊|呀|哩)*"
)
_PRINCIPAL = frozenset(("whose", "principal_id", "principal_code"))
_STILL_ASKS = frozenset(("what_item", "id", "confirm_id", "code", "whose", "principal_id", "principal_code", "field"))
_OWN = frozenset(("id", "confirm_id", "code"))


def while_open(state: State, item: Item | None, draft: Draft | None, heard: Heard) -> Reply | None:
    """The answer to a question about what is being done; None when it is about something else."""
    words = heard.bare
    if state.relation and _KIN_OF.fullmatch(words):
        return say("relation_noted", who=polite(state.relation))
    if state.stage in _ASKED_OF_THEM and _AWAY.search(words):
        return say("principal_away", who=polite(state.relation))
    if state.stage in _OWN and (helped := state.relation or state.beside) and has_no_phone(words):
        return say("their_phone_only", who=polite(helped))
    if state.stage in _PRINCIPAL and _CONSENT.search(words):
        return say("why_consent", who=polite(state.relation))
    if state.kind == "authorise" and (told := of_authorising(heard.text, in_it=True)):
        return told
    fears_us = heard.intent == "doubt" and _FRAUD.search(words)  # the dialogue tells them how to make sure
    if state.stage in _OWN and _PROOF.search(words) and not fears_us:
        return say("why_proof")
    if item is None or state.kind != "file":
        return None
    if stance.says_wrong(heard.bare) and not heard.begins_anew and draft is None:
        return _noted(item, state)
    if heard.commits and state.stage in _STILL_ASKS:
        left = [
            one.label for one in item.asked(draft.answers if draft else {}) if not draft or one.id not in draft.answers
        ]
        return say("agree_later", labels="、".join(left)) if left else None
    if draft is not None and _IS_IT_DONE.fullmatch(words) and heard.asks or fears_it_is_handed_in(heard.text):
        return say("not_yet_handed_in")
    if item.promise and _WHAT_PROMISE.search(words):
        return say("what_promise", promise=item.promise)
    if draft is not None and _WHETHER_TO.search(words):
        return say("yours_to_decide")
    if any(_HOW_LONG.match(one) for one in (words, *clauses(heard.text))):
        key = "takes_limit" if item.limit is not None else "takes_contact"
        return say(key, name=item.spoken, days=item.limit or item.contact_days)
    if _MATERIALS.search(words):
        return say("needs_materials", names="、".join(item.materials)) if item.materials else say("needs_no_materials")
    if _NEXT.match(words) and draft is not None:
        left = [field.label for field in item.asked(draft.answers) if field.id not in draft.answers]
        return say("still_asked", labels="、".join(left)) if left else say("then_hand_in")
    return None


def asks_for_materials(text: str) -> bool:
    """ "办慢病本都拿啥材料"."""
    return bool(_MATERIALS.search(text))


def _noted(item: Item, state: State) -> Reply:
    """What was told so far, to whoever says that something is wrong."""
    told = [(field, state.told[field.id]) for field in item.fields if field.id in state.told]
    if not told:
        return say("nothing_noted")
    written = "；".join(f"{field.label}，{shown(field, value)}" for field, value in told)
    heard = "，".join(f"{field.label}，{said(field, value)}" for field, value in told)
    return Reply(say("noted_so_far", answers=written).text, say("noted_so_far", answers=heard).to_say)


def where(state: State, item: Item | None, draft: Draft | None, heard: Heard) -> Reply | None:
    """What is being done, what is noted, and what is waited for, to "刚才到哪了" and "接着办"; None for anything else.

    Before the step is asked: "刚才" is a day as well.
    """
    asks = _WHERE.fullmatch(heard.bare) or (state.stage not in _YES_COMMITS and _GO_ON.fullmatch(heard.bare))
    if not asks or state.stage not in _STEPS or state.kind not in ("file", "query"):
        return None
    open_field = item.next_field(draft.answers) if item and draft else None
    step = _STEPS[state.stage].format(who=polite(state.relation), label=open_field.label if open_field else "下一项")
    if state.kind == "query":
        return say("where_we_are_query", step=step)
    values = draft.answers if draft else state.told
    labels = [field.label for field in item.fields if field.id in values] if item else []
    told = f"{'、'.join(labels)}已经记下，" if labels else ""
    return say("where_we_are", name=item.name if item else "事", told=told, step=step)


def asks_how_long(text: str) -> bool:
    """ "还得等几天", "啥时候能好"."""
    return bool(_HOW_LONG.match(text.strip(" 。.，,！!？?、~")))


def fears_it_is_handed_in(text: str) -> bool:
    """ "确定没给我交上去吧"."""
    return bool(_FEARS.fullmatch(text.strip(" 。.，,！!？?、~")))


def what_was_done(drafts: Sequence[Draft], text: str, today: date) -> Reply | None:
    """All that was handed in today, to "你给我办了哪几样"; None where the words ask for no such thing."""
    done = [draft for draft in drafts if draft.submitted_on == today]
    if not done or not _WHAT_WAS_DONE.search(text):
        return None
    written = "；".join(f"“{draft.item.name}”，编号 {draft.ticket or ''}" for draft in done)
    heard = "；".join(draft.item.spoken for draft in done)
    return Reply(
        say("was_done", count=len(done), cases=written).text, say("was_done", count=len(done), cases=heard).to_say
    )


def after_handing_in(draft: Draft, text: str) -> Reply | None:
    """The same of what was just handed in."""
    words = text.strip(" 。.，,！!？?、~")
    item, on = draft.item, draft.submitted_on
    parts = [_WHOSE.sub("", part) for part in re.split(r"[，,。！!？? ]+", words) if part]
    if on is not None and (any(map(_IS_IT_DONE.fullmatch, parts)) or fears_it_is_handed_in(text)):
        due = _day(add_working_days(on, item.limit or item.contact_days))
        return say("is_handed_in", name=item.spoken, number=draft.ticket or "", due=due)
    words = next((part for part in parts if _HOW_LONG.match(part)), words)
    if on is None or not (_HOW_LONG.match(words) or _NEXT.match(words)):
        return None
    due = _day(add_working_days(on, item.limit or item.contact_days))
    if _NEXT.match(words):
        wanted = say("then_materials", names="、".join(item.materials)).text if item.materials else ""
        return say("then_wait", name=item.spoken, due=due, materials=wanted)
    key = "due_limit" if item.limit is not None else "due_contact"
    return say(key, name=item.spoken, days=item.limit or item.contact_days, due=due)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
