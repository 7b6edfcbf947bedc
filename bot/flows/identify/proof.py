"""The steps that prove who is speaking: ID number, read back when it was said, one-time code."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from base.messages import Reply
from bot.flows.goals import query_kind
from bot.flows.identify import beside
from bot.flows.identify.relatives import SURNAMES, fits_sex, polite, same_person
from bot.flows.identify.whose_number import is_own_number, owner_of_number
from bot.flows.small_words import Heard, read
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import say
from casework.people.identity import CodeExpired, Identity, Locked, WrongCode
from language import id_number
from language.id_number import IdRefused, mask_id, mask_name
from language.names import read_name
from language.numbers.digit_runs import last_place, runs
from language.unclear import Unclear

_ID_DIGITS, _OLD_DIGITS = 18, 15
MOST_NAGGED = 1
"""Who they are is asked, asked once more, and then let go."""
CODE_DIGITS = 6
_SAYS_CODE = re.compile("验证码|短信|动态码|校验码")
_MOST_GIVEN = 2
"""Wrong numbers after the first."""
_NO_CARD = re.compile(
    r"(?:没有?|没带|不在|找不[到着]|丢|忘|不知道|不晓得|不清楚|记不[住得清]).{0,6}(?:身份证|证件|号)|(?:身份证|证件|号码?).{0,6}(?:没|不在|丢|忘|记不|不记得|不知道)|"
    r"记不[住得清全]|不记得|想不起|背不|(?:就|只|光)记得?(?:住)?(?:这|前|后|头|那)"
)
_LACKS = re.compile(
    r"(?:哎?呀?|唉|这个?|那个?|我|俺|也|都|可|真|给|又|现在|这会儿?|手头|身上|不行|[，,。 ])*"
    r"(?:不晓得|不知道|不清楚|忘[了记]+|记不[得清住到]+|想不起来?|没带|没拿|没有|没在身上|不在身上|找不[到着]|丢了|背不[下出]来?"
    r"|[了啊呀哩呢吧，,。 ]|我|俺|也|又|还|都|在家里?|身上)+"
)
"""Nothing but that they do not know it or have not got it with them, in answer to the question for the number."""
_LETTERS = re.compile(r"[A-WYZa-wyz]")
_THAT_IS_ALL = re.compile(r"(?:没有?了|就这[些么]?多?|说完了|完了|到头了|就这几[个位]|[了啊呀吧，, ])+")
_WILL_NOT = re.compile(
    r"(?:我|俺|就|可|才|真|那|这个?|不行|反正|就是|坚决|说啥也|[，,。 ])*"
    r"(?:不(?:想|愿意?|肯|方便|能|敢|要)?(?:再)?(?:给|说|报|告诉|提供|透露|输)"
    r"|不放心(?:给|说)?|凭(?:什么|啥)(?:给|告诉|要))(?:你们?|您|出去|这个|号码?|身份证号?|[了的吧啊呀，, ])*"
)
_CHILD = re.compile(
    r"孩子|小孩|[娃孙]|宝宝|未成年|小学|还小|[岁月]大|(?<![二三四五六七八九十])十?[一二三四五六七八九十]岁|婴儿|新生"
)
_BY_ID = re.compile(r"用?身份证号?(?:码)?.{0,4}(?:查|办|行|可以|能)")
_NUMBER_TALK = re.compile(
    r"[0-9Xx*×＊零〇一二三四五六七八九幺两叉\s,，.。、\-—:：]|我的?|俺的?|他的?|她的?|身份证|证件|号码?|是|就是|给你|告诉你|然后|后面|接着|开头|结尾|最后|"
    r"星号?|埃克斯|嗯|啊|呃|那个|好|您?听着|记一?下"
)
"""What is said around an ID number."""
_BEGINS_ID = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|8[1-3])\d")
"""The provinces an ID number can begin with: no day of this century does."""
_PHONE = re.compile(r"1[3-9]\d{9}")
_SHORTEST_HALF = 6
_BEFORE_ID = frozenset(("what_item", "what_query", "what_for"))
_WHOLE_ENOUGH, _TALK = 15, 3
"""Digits that can be nothing but an ID number; signs of other talk that make fewer digits something else."""
_WISHES = frozenset(("query_mine", "file_item", "authorise"))
_BRIEF, _LONGEST_NAME = 12, 4
"""Characters of a message that gives a name, and of the name."""
_NO_PHONE = re.compile(
    r"(?:手机|电话|号码?|卡).{0,4}(?:不用了|早不用|停用|停了|注销|没了|给别人|作废|欠费)|换(?:了)?(?:手机)?号|(?:旧|老|以前|原来)的?(?:手机)?号|"
    r"(?:手机|电话).{0,4}(?:没带|不在|丢|坏|停机|没电|换)|(?:没带|没有|没拿|换了|换).{0,3}(?:手机|号)|不会看短信|看不见|"
    r"不识字|闺女拿着|儿子拿着"
)


_LOOKING = re.compile(
    r"(?:等|稍|慢|让我|容我).{0,4}(?:找|拿|翻|看看|问问|想)|^我?(?:再)?想[想一]想?$|(?:找|拿|翻)(?:一下|一找|找)|[去正在](?:找|拿|翻)|等(?:一下|下|等)$|翻翻|找找|拿一下|(?:你|您)?等着"
)
_OWN_ID = re.compile(r"(?:我|俺|本人|自己)的?身份证")
_WRONG_ID = re.compile(r"身份证.{0,6}(?:错|不对)|(?:报|输|说)错.{0,4}(?:身份证|号)")


def is_looking(heard: Heard) -> bool:
    """They are fetching the card or the telephone: no hurry."""
    return not heard.digits and bool(_LOOKING.search(heard.text))


def without_card(heard: Heard) -> Move | None:
    """They cannot tell the number; for a child an adult must act. None when they say no such thing."""
    lacks = _NO_CARD.search(heard.text) or _LACKS.fullmatch(heard.bare)
    if len(heard.digits) > 2 or not lacks or _BY_ID.search(heard.text):
        return None
    return Move([say("no_card_child" if _CHILD.search(heard.text) else "no_card")], to=DONE, offer_person=True)


class AskId:
    """The ID number, in one go or in groups: old people pause, and recognition cuts."""

    def __init__(self, identity: Identity, today: Callable[[], date]) -> None:
        self._identity, self._today = identity, today

    async def enter(self, conversation: str, state: State) -> Move:
        state.partial, state.id_number, state.mentioned_part = state.mentioned_part, "", ""
        if beside.notes_both(state, state.said, self._today()):
            return await self._sent_or_read_back(conversation, state, by_voice=state.channel == "phone")
        if state.relation and not state.own_proof and beside.is_asked(state):
            is_here = beside.told_beforehand(state.said)
            if is_here:
                beside.by_themselves(state)
            state.own_proof = is_here is False
        helped = state.relation or state.beside
        told = [say("their_phone_only", who=polite(helped))] if helped and beside.has_no_phone(state.said) else []
        if state.relation and not _OWN_ID.search(state.said):
            state.partial = ""  # half a number: of which of the two was not said
            return Move([*told, _asked_for_other(state)])
        if state.beside and not state.mentioned_id and not state.partial:
            return Move([*told, say("ask_their_id", who=polite(state.beside))])
        if state.mentioned_id:
            return await self._mentioned(conversation, state)
        if state.partial:
            left = _ID_DIGITS - len(state.partial)
            return Move([say("ask_id_left", given=str(len(state.partial)), left=str(left))])
        return Move([say("ask_id")])

    async def _mentioned(self, conversation: str, state: State) -> Move:
        """It was given before it was asked for; by voice it is read back like any other."""
        number, state.mentioned_id = state.mentioned_id, ""
        try:
            state.id_number = id_number.check(number, self._today())
        except IdRefused as refused:
            return Move([Reply(refused.citizen_text), say("ask_id_again")], refused=True)
        if state.channel == "phone":
            return Move(to="confirm_id")
        return await send_code(self._identity, conversation, state)

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if is_looking(heard):
            return Move([say("take_your_time")])
        if beside.notes_both(state, heard.text, self._today()):
            return await self._sent_or_read_back(conversation, state, by_voice=heard.channel == "phone")
        if move := await self._beside(conversation, state, heard):
            return move
        if _SAYS_CODE.search(heard.text) and len(heard.code) == CODE_DIGITS and len(heard.digits) == CODE_DIGITS:
            return await prove(self._identity, conversation, state, heard.code)  # sent before something else came
        if _WILL_NOT.fullmatch(heard.bare):
            return Move([say("id_not_wanted")], to=DONE, offer_person=True)
        if lacks := without_card(heard):
            return lacks
        if owner := owner_of_number(heard.text):
            return _of_relative(state, owner, id_number.find(heard.text))
        if len(heard.digits) < _TALK and _BY_ID.search(heard.text):
            return Move([say("by_id")])
        if state.partial and _THAT_IS_ALL.fullmatch(heard.bare):
            state.missed = max(state.missed, 1)
            return _let_go(state, Move())
        taken = take_id(state, heard, self._today(), again="ask_id_again")
        if taken is None:
            return name_for_number(heard, "您自己的" if state.relation else "您的")
        if taken.to != "taken":
            return _let_go(state, taken) if taken.refused else taken
        if self._may_be_theirs(state, heard):
            state.unclear_id, state.id_number = state.id_number, ""
            return Move([say("whose_number", who=polite(state.relation))])
        by_voice = heard.channel == "phone" and not heard.by_keys
        return await self._sent_or_read_back(conversation, state, by_voice=by_voice)

    async def _sent_or_read_back(self, conversation: str, state: State, *, by_voice: bool) -> Move:
        return Move(to="confirm_id") if by_voice else await send_code(self._identity, conversation, state)

    async def _beside(self, conversation: str, state: State, heard: Heard) -> Move | None:
        """Whether they are beside the caller, and whose a number is; None where the message tells neither."""
        if state.beside and beside.answer(heard) is False:  # it had only sounded as if they were there
            state.relation, state.beside, state.own_proof = state.beside, "", True
            return Move(to="id")
        if state.beside and (own := id_number.find(heard.text)):
            if is_own_number(heard.text) or not fits_sex(state.beside, own):
                state.relation, state.beside, state.own_proof = state.beside, "", True
            return None
        if not state.relation or not beside.is_asked(state):
            return None
        if state.unclear_id and (is_theirs := beside.says_whose(heard)) is not None:
            if is_theirs:
                beside.by_themselves(state)
            state.id_number, state.unclear_id, state.own_proof = state.unclear_id, "", not is_theirs
            return await send_code(self._identity, conversation, state)
        number, owner = id_number.find(heard.text), owner_of_number(heard.text)
        gives_theirs = number and owner and same_person(state.relation, owner) and not state.own_proof
        is_here = True if gives_theirs else beside.answer(heard)
        if is_here is None:
            return None
        if is_here:
            beside.by_themselves(state)
            state.mentioned_id = number or state.mentioned_id
            return Move(to="id")
        state.own_proof = True
        return Move(to="id")

    def _may_be_theirs(self, state: State, heard: Heard) -> bool:
        is_open = state.relation and not (state.own_proof or state.mentioned_id) and beside.is_asked(state)
        return bool(is_open) and beside.may_be_either(state, state.id_number, heard.text, self._today().year)


def _asked_for_other(state: State) -> Reply:
    """What is asked of who helps somebody: whether they are there, which spares an authorisation; else who calls."""
    who = polite(state.relation)
    if state.own_proof or not beside.is_asked(state):
        return say("ask_own_id", who=who) if state.mentioned_id or state.own_proof else say("ask_id")
    return say("ask_beside_noted" if state.mentioned_id else "ask_beside", who=who)


def _of_relative(state: State, owner: str, number: str) -> Move:
    """The number of whom it is for, where their own is asked: kept for later, and theirs asked for again."""
    state.partial = state.id_number = ""
    asked = say("own_id_wanted")
    if state.kind in ("query", "file") and (not state.relation or same_person(state.relation, owner)):
        state.relation, state.mentioned_id = state.relation or owner, number or state.mentioned_id
    is_kept = bool(number) and number == state.mentioned_id
    if is_kept and not state.own_proof and beside.is_asked(state):
        asked = say("ask_beside_noted", who=polite(state.relation))
        state.asking = [asked]
        return Move([asked])
    state.asking = [asked]
    return Move([say("their_number_noted" if is_kept else "their_number_not_asked", who=polite(owner)), asked])


def notes_half(state: State, heard: Heard) -> bool:
    """Keeps a part of an ID number that is said while the kind of the matter is asked; true when it was only a part."""
    is_early = state.stage in _BEFORE_ID and not state.mentioned_id
    part = half_number(heard.text, state.mentioned_part) if is_early else ""
    if len(part) == _ID_DIGITS:
        state.mentioned_id, state.mentioned_part = part, ""
    elif part:
        state.mentioned_part = part
    return bool(part) and len(part) < _ID_DIGITS


def half_number(text: str, before: str) -> str:
    """What there is of an ID number that is said in parts while something else is asked, or all 18 of it; "" when no
    part is said. `before`: the parts before it."""
    said = runs(text)
    if before:
        is_all = len(_NUMBER_TALK.sub("", text)) <= _TALK or re.search("后|剩|接着", text)
        more = "".join(said) if is_all else ""
        return before + more if more and len(before) + len(more) <= _ID_DIGITS else ""
    found = [run for run in said if _BEGINS_ID.match(run) and _SHORTEST_HALF <= len(run) < _ID_DIGITS]
    is_phone = found and _PHONE.fullmatch(found[0])
    is_said = bool(re.search("身份|证号|前|开头|号", text)) or len(_NUMBER_TALK.sub("", text)) <= _TALK
    return found[0] if len(found) == 1 and is_said and not is_phone else ""


def _let_go(state: State, taken: Move) -> Move:
    """A number not right a second time is not asked for a third: there are other ways. One that comes yet is taken."""
    if not state.missed:
        return taken
    state.nagged = MOST_NAGGED
    given = {"given": str(len(state.partial)), "left": str(_ID_DIGITS - len(state.partial))}
    if state.missed == 1:
        told = [say("id_left", **given)] if state.partial else taken.replies[:1]
        return Move([*told, say("id_let_go")], refused=True)
    if state.partial and state.missed <= _MOST_GIVEN:
        return Move([say("id_left", **given)], refused=True)
    is_over = state.missed > _MOST_GIVEN
    return Move([say("id_given_up")], to=DONE if is_over else "", offer_person=True, refused=True)


class ConfirmId:
    """What was heard is read back masked: the last four, and the first four."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def enter(self, conversation: str, state: State) -> Move:
        number = state.id_number
        spoken = f"{read(number[:4])}开头，尾号{read(number[-4:])}"
        return Move([say("confirm_id", masked=mask_id(number), masked_spoken=spoken)])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if owner := owner_of_number(heard.text):
            state.stage = "id"
            return _of_relative(state, owner, state.id_number)
        if heard.is_yes:
            return await send_code(self._identity, conversation, state)
        if heard.is_no or len(heard.digits) > 3:
            return Move(to="id")
        return None


class AskCode:
    """The code from the message; three tries."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def enter(self, conversation: str, state: State) -> Move:
        state.partial = ""
        tail = {"tail": state.code_tail, "tail_spoken": read(state.code_tail)}
        if state.beside:
            return Move([say("ask_their_code", who=polite(state.beside), **tail)])
        return Move([say("ask_code", **tail)])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        code = take_code(state, heard)
        if not code and state.proving and (owner := owner_of_number(heard.text)):
            state.stage = "id"
            return _of_relative(state, owner, state.proving)
        if not code and _WRONG_ID.search(heard.text):
            return Move(to="id")
        if not code and _NO_PHONE.search(heard.text):
            return Move([say("no_phone")], to=DONE, offer_person=True)
        if not code and heard.wants_code_again:
            return await self._again(conversation, state)
        if not code and is_looking(heard):
            return Move([say("take_your_time")])
        if not code:
            return None
        if len(code) != CODE_DIGITS:
            return Move([say("ask_code_rest" if state.partial else "ask_code_again")])
        return await prove(self._identity, conversation, state, code)

    async def _again(self, conversation: str, state: State) -> Move:
        """Another code for the number that was given: it is not asked for twice."""
        if not state.proving:
            return Move(to="id")
        state.id_number = state.proving
        sent = await send_code(self._identity, conversation, state)
        return sent if sent.to == DONE else Move([say("code_again")], to=sent.to)


async def prove(identity: Identity, conversation: str, state: State, code: str) -> Move:
    """What follows a whole code: `code` has six digits."""
    try:
        person = await identity.check(conversation, code)
    except WrongCode as wrong:
        return Move([Reply(wrong.citizen_text)])
    except CodeExpired as expired:
        return Move([Reply(expired.citizen_text)], to="id")
    except Locked as locked:
        return Move([Reply(locked.citizen_text)], to=DONE, offer_person=True)
    told = [] if state.kind == "prove" else [say("proved", name=mask_name(person.name))]
    return Move(told, to="start")


def take_code(state: State, heard: Heard) -> str:
    """What there is of the code: old people say it in two halves. "" when no digits were said."""
    said = heard.code
    if not said:
        return ""
    code = said if len(said) >= CODE_DIGITS else state.partial + said
    state.partial = code if len(code) < CODE_DIGITS else ""
    return code


def name_for_number(heard: Heard, whose: str) -> Move | None:
    """Somebody's name, where their number was asked for: what is awaited, why, and a way without it."""
    if heard.asks or len(heard.bare) > _BRIEF or heard.digits or heard.intent in _WISHES or query_kind(heard.text):
        return None  # 查 is a surname, too: 查余额
    try:
        name = read_name(heard.bare)
    except Unclear:
        return None
    surname = re.match(f"[{SURNAMES}]", name or "")
    return Move([say("not_a_number", whose=whose)]) if name and surname and len(name) <= _LONGEST_NAME else None


def take_id(state: State, heard: Heard, today: date, *, again: str, **values: str) -> Move | None:
    """Make `state.id_number` of what was heard. `to` is "taken" when it is whole; None when it was no number."""
    said = id_number.find(heard.text) or heard.digits
    if len(state.partial) == _ID_DIGITS - 1 and len(said) <= 1:
        said = last_place(heard.text)
    if len(said) < 3 and not state.partial:
        return None
    if len(said) < _WHOLE_ENOUGH and (heard.asks or len(_NUMBER_TALK.sub("", heard.text)) > _TALK):
        return None  # "2027年的交到什么时候"
    if not said:
        return None
    is_anew = len(said) >= _ID_DIGITS or said.startswith(state.partial)
    number = said if is_anew else state.partial + said
    if len(number) < _ID_DIGITS and heard.channel == "phone" and not heard.by_keys:
        state.partial = number
        return Move([say("ask_id_rest")])
    if len(number) < _ID_DIGITS and len(number) != _OLD_DIGITS and not _LETTERS.search(heard.text):
        state.partial = number
        return Move([say("ask_id_left", given=str(len(number)), left=str(_ID_DIGITS - len(number)))], refused=True)
    state.partial = ""
    try:
        state.id_number = id_number.check(number, today)
    except IdRefused as refused:
        return Move([Reply(refused.citizen_text), say(again, **values)], refused=True)
    return Move(to="taken")


async def send_code(identity: Identity, conversation: str, state: State) -> Move:
    """Whoever it is, they hear the same."""
    try:
        state.code_tail = await identity.begin(conversation, state.id_number, state.channel)
    except Locked as locked:
        return Move([Reply(locked.citizen_text)], to=DONE, offer_person=True)
    finally:
        state.proving, state.id_number = state.id_number, ""
    return Move(to="code")
