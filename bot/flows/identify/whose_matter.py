"""In somebody's own errand it comes out that the matter is a relative's: "是俺娘得的病", "闺女要备案，不是我".

What is told of them is never kept as the speaker's; where it is not clear whose it is, that is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from base.messages import Button, Reply
from bot.flows.identify.beside import for_oneself
from bot.flows.identify.relatives import KIN, NAME, OWNER, PRONOUNS, polite, same_person, somebody
from bot.flows.identify.whom import says_own
from bot.flows.small_words import Heard, sounds_like_question
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import say
from language.diseases import DISEASES

_ME = r"(?:我|俺|咱|本人|自己)(?:自己|自个儿?|本人|个人)?"
_LEAD = r"(?:哎?呀?|哦|噢|嗯|不对?|不是|错了|那个?|其实|就|都|这|这个|这件?事|事|也|[ ])*"
_WHO = rf"(?:{OWNER})?(?:{NAME})?[大小二三四五老亲表堂]?(?P<who>{KIN}|[他她](?!们)|别人|人家)(?:{NAME})?(?:自己|本人)?"
_END = r"(?:了|啊|呀|哩|吧|[，, ])*(?=$|[，,。；;！! ])"
_NOT_ME = re.compile(
    rf"不是(?:给|替|帮|为)?{_ME}(?:的(?:事|病|那个)?|要|办|备案?|申请|得|住|去|看病|有病|生病|用)*(?:的(?:病)?)?{_END}"
)
_I_DO_NOT = re.compile(rf"{_ME}(?:又|可|也|并|都)*(?:不|没)(?:住|在|去|有|得|用|办|生|备|病)")
_HELPS_ME = r"(?![^，,。；;]*(?:给|替|帮|带|领|陪|叫|让)(?:我|俺))"
_IS_THEIRS = re.compile(
    rf"{_LEAD}是(?:给|替|帮|为)?{_WHO}{_HELPS_ME}(?:的(?:病|事|备案)|得(?!让|叫)的?|要|想|有病|生病|住院|看的?病"
    r"|(?:办|申请|备)(?!的|了|过|好)|(?P<lives>住|在|去))"
    rf"|(?:这|那)个?(?:病|事|备案)(?:是|不是我的?[，,]?是){_WHO.replace('who', 'whose')}的{_END}"
)
_FOR_THEM = re.compile(
    rf"(?:^|[，,。；; ]){_LEAD}(?:我|俺)?(?:这?是|要|想|得)?(?:给|替|帮){_WHO}(?:办|申请|备|报|弄)(?!过|了|完|好)"
)
_OTHER_DAY = re.compile(r"上回|上次|以前|之前|那回|那次|那年|当时")
_ACTOR = re.compile(
    rf"{_LEAD}(?:是|给|替|帮|为)?{_WHO}(?:的(?:事|病|备案)?|要|得|住|在|去|办|想|有|备|申请|病|看)*{_END}"
    rf"|{_LEAD}(?:是|给|替|帮|为)?(?:{OWNER})?(?:{KIN})(?:的事|的病|要|得|住|在|去|办|想|有|备|申请|病)"
)
_I_TOO = re.compile(
    rf"(?:我|俺)(?:们|自己|俩|老两口)*(?:也|就|要|想|得|现在|常年|长期)*(?:跟|和|随|去|住|在|过去|搬|是|有(?!个)|{DISEASES})|跟着?[他她]"
)
_I_HELP = re.compile(
    r"[看带哄接送]着?个?(?:孩子|娃|小孩|孙)|照看|照顾|伺候|陪读|做饭|上班|工作|打工(?=.*(?:我|俺))|当(?:大夫|医生)"
)
_DID_IT = re.compile(r"[办查找开填交说弄报选定挂约问打]的|问|打听|商量|叫|让|听|[等陪]着?")
"""It is they who did or are to do something for the speaker: "是俺闺女在网上查的医院", "等等，我问问俺儿"."""
_OF_A_NUMBER = re.compile(r"手机|电话|号|身份证|微信|短信|验证码|登记的|[0-9零〇一二三四五六七八九幺]{5}")
_NOBODY = frozenset(("别人", "人家", *PRONOUNS))
_CLAUSES = re.compile(r"[，,。；;！!]+")
_PLACES = ("city", "city_away")
_PERSONAL = ("city", "city_away", "disease", "hospital", "date")
"""Kinds of answers that are the life of whom it is for."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """Whose it is said to be; `who` is "" where nobody is named. `is_clear`: it can be nobody else's; `denies_own`: and
    what was told before was not the speaker's either."""

    who: str
    is_clear: bool
    denies_own: bool = False


def told_of(text: str, kind: str = "") -> Theirs | None:
    """Whose matter a message in somebody's own errand says it is; None where it is their own, or nothing is said.
    `kind`: that of the answer which is asked for."""
    words = re.sub(r"\s", "，", text.strip(" 。.，,！!"))
    clauses = [one for one in _CLAUSES.split(words) if one]
    denies = [one for one in clauses if _NOT_ME.search(one)]
    if _OF_A_NUMBER.search(words) or (kind == "phone" and not re.search("事|病|办", words)):
        return None
    others = [one for one in clauses if one not in denies]
    if denies and not any(map(_I_TOO.search, others)):
        who = next((_who(found) for one in clauses if (found := _actor(_NOT_ME.sub("", one)))), "")
        is_said = bool(who or re.search("事|病|办|备|住", denies[0]) or kind in ("", *_PERSONAL))
        return Theirs(who, is_clear=bool(who), denies_own=True) if is_said else None
    is_theirs = next((found for one in clauses if (found := _IS_THEIRS.match(one))), None)
    if is_theirs and is_theirs["lives"] and not (kind in _PLACES or _I_DO_NOT.search(words)):
        is_theirs = None  # "是俺闺女在网上看的"
    is_theirs = is_theirs or (None if _OTHER_DAY.search(words) else _FOR_THEM.search(words))
    own = [one for one in clauses if _I_TOO.search(one) and not _I_DO_NOT.search(one)]
    if is_theirs and not own and not _I_HELP.search(words):
        who = _who(is_theirs)
        return Theirs(who, is_clear=bool(who), denies_own=bool(_I_DO_NOT.search(words)))
    return _lives(words, kind, bool(own))


def _lives(words: str, kind: str, is_own: bool) -> Theirs | None:
    """ "俺闺女住北京" where their own city is asked for, "俺娘的糖尿病" where it is their own illness."""
    if kind not in _PERSONAL or is_own or any(one.search(words) for one in (_I_HELP, _DID_IT, _OTHER_DAY)):
        return None
    found = somebody(words)
    if found is None or found.surname and found.who.startswith(found.surname):
        return None
    is_ill = kind == "disease" and re.search(DISEASES, words)
    return Theirs(found.who, is_clear=bool(is_ill))


def without_theirs(text: str) -> str:
    """俺是高血压 of "俺娘糖尿病，俺是高血压": what is told of somebody else is left out, where something is left."""
    clauses = [one for one in re.split(r"[，,。；;！! ]+", text) if one]
    own = [one for one in clauses if not (re.search(DISEASES, one) and somebody(one))]
    return "，".join(own) if own and len(own) < len(clauses) and re.search(DISEASES, "，".join(own)) else text


def _actor(clause: str) -> re.Match[str] | None:
    return _ACTOR.match(clause)


def _who(found: re.Match[str]) -> str:
    named = re.findall(KIN, found[0])
    who = found.groupdict().get("whose") or found["who"] or (named[0] if named else "")
    return "" if who in _NOBODY else who


def turns(state: State, heard: Heard, kind: str) -> Theirs | None:
    """Whose the open errand is after this message; None where it stays whose it was."""
    if state.kind not in ("file", "query") or state.relation or state.principal_id:
        return None
    if heard.asks and sounds_like_question(heard.bare.removesuffix("呢")):
        return None
    found = told_of(heard.text, kind)
    if found and not found.who and heard.may_hold_nothing or found and not found.is_clear and heard.holds_nothing:
        return None
    return None if found and state.beside and (not found.who or same_person(state.beside, found.who)) else found


def turn(state: State, who: str, words: str, *, is_begun: bool) -> Move:
    """It goes on as if it had been begun for them; `words` tell of them."""
    for_oneself(state)
    state.relation, state.beside, state.maybe, state.own_proof, state.told = who, "", "", False, {}
    if is_begun:
        state.said, state.heard = words, []
    else:
        state.said = f"{state.said}，{words}"
    return Move([say("theirs_after_all", who=polite(who))], to="start")


class WhoseMatter:
    """Whose it is, where that was not clear. Nothing of what was told is kept before."""

    async def enter(self, conversation: str, state: State) -> Move:
        own = Button("给我自己办", "给我自己办")
        if not state.maybe:
            asked = say("whose_matter_open")
            return Move([Reply(asked.text, asked.spoken, buttons=(own,))])
        who = polite(state.maybe)
        asked, theirs = say("whose_matter", who=who), f"给{who.removeprefix('您')}办"
        return Move([Reply(asked.text, asked.spoken, buttons=(Button(theirs, theirs), own))])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if heard.asks:
            return None
        if _LIVES_WITH.search(heard.text):
            state.maybe = ""
            state.heard = [*state.heard, heard.text]
            return Move([say("for_oneself")], to="start")
        if _MINE.fullmatch(heard.bare) or says_own(heard):
            state.maybe, state.heard = "", []
            return Move([say("for_oneself")], to="start")
        named = re.findall(KIN, _NOT_ME.sub("", heard.text))
        if not named and state.maybe and (_THEIRS.fullmatch(heard.bare) or _NOT_ME.search(heard.text)):
            named = [state.maybe]
        if not named:
            return Move([say("paused")], to=DONE) if heard.drops else None
        return turn(state, named[0], "，".join([*state.heard, heard.text]), is_begun=True)


_LIVES_WITH = re.compile(rf"(?:我|俺)?(?:是)?(?:跟|和|随)着?(?:(?:{OWNER})?(?:{KIN})|[他她])")
_DOES = r"(?:的(?:事|病)?|办|住|要办|得的|备案?|查|吧|呗|啊|哩|[，, ])*"
_MINE = re.compile(
    rf"(?:是|就|就是|那|办|嗯|[，, ])*(?:给|为)?(?:我|俺)(?:自己|自个儿?|本人)?{_DOES}"
    rf"(?:不是(?:给)?(?:{OWNER})?(?:{KIN}|[他她]){_DOES})?"
)
_THEIRS = re.compile(rf"(?:是|就|就是|那|办|嗯|对|[，, ])*(?:给|替|帮)?(?:[他她]|家里人|家人|老人){_DOES}")
