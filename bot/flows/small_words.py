"""Small words with a fixed meaning while something is being done: yes, no, back, later, never mind. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.understood import NO_GUESS, Guess
from language import putting_off, stance
from language.aloud.sounds import toneless
from language.meant import versions
from language.numbers.digit_runs import digit_text, with_other_tail
from language.numbers.numerals import AS_DIGITS, AS_SAID
from language.person_wanted import wants_person

_YES_SOUNDS = re.compile(
    r"(?:an |wo |na |en |dui |xing |zhong |dou |jiu )*"
    r"(?:ti jiao|tong yi|dui|dui de|mei cuo|shi de|jiu shi zhe ge|ke yi)"
    r"(?: (?:ti jiao|tong yi|mei cuo|dui|de|ba|le|a|ya))*"
)
"""The clear ones as a recogniser writes them ("对提角", "俺通意"): the sound counts, and nothing may be left over."""
_NO_SOUNDS = re.compile(
    r"(?:(?:xian |an |wo |you )?bu (?:ti jiao|tong yi|dui|shi)(?: (?:de|le|a|ya|ba|zhe ge))*(?: |$))+"
)
_YES_KEY, _NO_KEY = "1", "2"
_SHORT = 12
"""Characters: so few that ask in no word of asking are an answer ("高血压和糖尿病")."""
_LIKELY, _SURE = 0.5, 0.7
"""How likely a kind of reply must be to be believed; and for words in it to count for nothing."""
_HOLD_NOTHING = ("later", "wait", "dontknow", "cancel", "repeat", "person")
_MUMBLE = re.compile(r"^[嗯唔哦啊]+[。.]?$")
_NODS = re.compile(r"(?:嗯|唔|哦|噢|啊|好|好的|好嘞|好吧|行|行吧|中|可以|知道|明白|谢谢|[了吧啊呀，, ])+")
_COMMITS = re.compile(
    r"(?:那|就|我|俺|都|好|好的|行|嗯|对|是|可以|[，, ])*"
    r"(?:同意|承诺|答应|提交|确认|交|办)(?:上去|上|了|吧|呗|啊|[，, ])*"
)
_CORRECTS = re.compile(
    r"^(?:哎?呀?|等等|等一下)?[，, ]*(?:不对|不是|错了|说错了|改一下|改成|应该是|改)(?:[，, 。]|的|了|啊|呀)*"
)
_BACK = re.compile(r"上一步|退回|返回|回到上|上一个|倒回去")
_WRONG = r"不对|不是|错了|(?:填|写|记|说|打|输|弄|搞|报|听)(?:的?(?:不对|错了?)|错)"
_AGAIN_FROM_THE_START = r"重新?[填写说来报输]"
_ANEW = re.compile(
    rf"(?:哎呀?|哦|噢|等等|等一下|刚才|上面|前面|那个|这个|我|俺|都|[，, ])*(?:{_WRONG}|{_AGAIN_FROM_THE_START})"
    rf"(?:的|了|啊|呀|吧|一?[遍下次]|[，, 。]|我|俺|给我|让我|要|想|{_WRONG}|{_AGAIN_FROM_THE_START})*"
)
_AWAY = re.compile(r"人工|真人|找个?人|工作人员|坐席|客服|再见|拜拜|挂了|不说了|不聊了")
_CODE_DIGITS = 6
_CODE = re.compile(r"[0-9](?:[\s,，.。、\-—]*[0-9]){2,}")
_AGAIN = re.compile(r"重新?发|再发|没有?(?:收到|收着|来)|收不[到着]|发.{0,2}一?遍|过期")
_ASKS = re.compile(
    r"[吗呢？?]|不$|多[长久大远快]|(?:不|没)(?:啊|呀)?[。？]?$|啥|什么|怎么|咋|多少|几[天个次年种家所位样]|哪(?:[里儿个些家]|$)|为什么|能不能|要不要|用不用|是不是"
    r"|([一-龥])[不没]\1"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One message while an errand is open, in simplified characters. `intent` is Rasa's."""

    text: str
    intent: str
    channel: str
    typed: str = ""
    """The words in the characters they were typed in, where `text` has others; "" else."""
    is_spoken: bool = False
    """Recognised speech: a name may have been misheard."""
    kind: Guess = NO_GUESS
    """What kind of reply it was learnt to be: value, question, later ... (bot/components/learnt.py)."""

    @property
    def bare(self) -> str:
        return self.text.strip(" 。.，,！!？?、~")

    @property
    def is_yes(self) -> bool:
        return self._says_yes or (self.intent == "affirm" and len(self.bare) <= 6 and not self.is_no)

    @property
    def _says_yes(self) -> bool:
        return stance.says_yes(self.bare) or self.bare == _YES_KEY or self._sounds_like(_YES_SOUNDS)

    @property
    def is_clear_yes(self) -> bool:
        """More than a "嗯", and said: what something is committed on. A guess commits nothing ("在")."""
        return self._says_yes and not _MUMBLE.match(self.bare)

    @property
    def only_nods(self) -> bool:
        """As much a sign of having listened as a yes: "好的", "嗯，知道了"."""
        return nods(self.bare)

    @property
    def commits(self) -> bool:
        """What is said to a read-back, and too early before it: "同意", "好，提交吧"."""
        return bool(_COMMITS.fullmatch(self.bare))

    @property
    def is_no(self) -> bool:
        if stance.says_no(self.bare) or self.bare == _NO_KEY or self._sounds_like(_NO_SOUNDS):
            return True
        return self.intent == "deny" and len(self.bare) <= 6

    def _sounds_like(self, words: re.Pattern[str]) -> bool:
        return not re.search(r"[0-9A-Za-z]", self.bare) and bool(words.fullmatch(toneless(self.bare)))

    @property
    def goes_back(self) -> bool:
        return bool(_BACK.search(self.text))

    @property
    def puts_off(self) -> bool:
        """In words; not where it was learnt to answer, to ask or to look for something: "先搁县医院看了五天"."""
        means_else = self.kind.name in ("value", "question", "wait", "change") and self.kind.confidence >= _SURE
        return putting_off.puts_off(self.text) and not means_else

    @property
    def drops(self) -> bool:
        return stance.drops(self.text)

    @property
    def drops_only(self) -> bool:
        """And says nothing else: what was begun may be forgotten."""
        return stance.drops_only(self.bare)

    @property
    def only_wishes_to_drop(self) -> bool:
        """And decides nothing: asked about before anything is forgotten."""
        return self.drops_only and not stance.decides_to_drop(self.bare)

    def refused_by_them(self, *, of_them: bool) -> bool:
        """Somebody else does not want it. `of_them`: it is they who were just asked for."""
        return stance.says_they_refuse(self.text, of_them=of_them)

    @property
    def wants_person(self) -> bool:
        return wants_person(self.text)

    @property
    def begins_anew(self) -> bool:
        """Takes the last answer back and says no other: "重新填", "不对，填错了"."""
        return bool(_ANEW.fullmatch(self.bare))

    @property
    def seems_to_drop(self) -> bool:
        """Only the engine thinks so: counts when it was no answer either."""
        return self.intent == "cancel"

    @property
    def wants_away(self) -> bool:
        """To a person, or goodbye."""
        return bool(_AWAY.search(self.text))

    @property
    def corrects(self) -> bool:
        return bool(_CORRECTS.match(self.text))

    @property
    def names_a_mistake(self) -> bool:
        """ "先别交，日期不对" says what has to be done first."""
        return bool(
            re.search(r"(?<!对)不对(?!劲)|错了|说错|填错|改成|换成|应该是|去掉|[改换划抹]掉|打错|输错|按错", self.text)
        )

    @property
    def correction(self) -> str:
        """What follows "不对，"."""
        return _CORRECTS.sub("", self.text).strip(" ，,。")

    @property
    def wants_code_again(self) -> bool:
        return bool(_AGAIN.search(self.text))

    @property
    def asks(self) -> bool:
        """Is likeliest a question; where nothing was learnt, sounds like one ("叫个啥丽景湾，杭州" is none)."""
        sounds = sounds_like_question(self.text)
        if self.kind.confidence < _LIKELY:
            return sounds
        is_long = len(self.bare) > _SHORT and self.kind.confidence >= _SURE
        return self.kind.name == "question" and (sounds or is_long)

    @property
    def holds_nothing(self) -> bool:
        """Most likely meant to hold no answer, whatever words are in it: "等一下，我先接个电话"."""
        return self.kind.name in _HOLD_NOTHING and self.kind.confidence >= _SURE

    @property
    def may_hold_nothing(self) -> bool:
        """Likelier than not: enough where any words would be kept."""
        return self.kind.name in _HOLD_NOTHING and self.kind.confidence >= _LIKELY

    def seems(self, kind: str, least: float = 0.5) -> bool:
        """Whether it is likeliest a reply of this kind."""
        return self.kind.is_likely(kind, least)

    @property
    def digits(self) -> str:
        return digits(self.text)

    @property
    def code(self) -> str:
        """The digits of a one-time code or a part of one, what was said last; "再发一遍" has none."""
        said = list(versions(self.text)) or [self.text]
        for at, one in enumerate(said):
            if whole := _whole_code(one):  # "…零九，后头俩念倒了，是九零": its end may have been said anew
                return (with_other_tail(whole, said[0], self.text) or whole) if at else whole
        return max(_runs(self.text), key=len, default="")

    @property
    def by_keys(self) -> bool:
        """Keyed or typed: nothing but digits and the characters that stand for X."""
        return bool(re.fullmatch(r"[0-9Xx*×＊\s\-]+", self.text))


def _whole_code(text: str) -> str:
    """Six digits in a row, or in parts with nothing else between: of "137590，135790" the last."""
    runs = _runs(text)
    clauses = [one for clause in re.split(r"[,，。；;]", text) for one in _runs(clause)]
    whole = [one for one in (*runs, *clauses, "".join(runs)) if len(one) == _CODE_DIGITS]
    return whole[-1] if whole else ""


def _runs(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).translate(AS_DIGITS)
    return [re.sub(r"[^0-9]", "", one) for one in _CODE.findall(plain)]


def nods(text: str) -> bool:
    return bool(_NODS.fullmatch(text.strip(" 。.！!~")))


def sounds_like_question(text: str) -> bool:
    return bool(_ASKS.search(text.strip(" 。.")))


def before_question(text: str) -> tuple[str, str]:
    """What is told and what is asked behind it: "北京昌平。那回来还给报不？" → both; ("", "") where it is not so."""
    parts = [part for part in re.findall(r"[^，,。；;！!？?…]+[，,。；;！!？?…]*", text) if part.strip(" ，,。")]
    asked = next((at for at, part in enumerate(parts) if sounds_like_question(part.strip(" ，,；;"))), 0)
    if not asked:
        return "", ""
    return "".join(parts[:asked]).strip(" ，,；;。"), "".join(parts[asked:]).strip(" ，,；;")


_IS_SO = re.compile(
    r"(?:我|俺|咱|他|她|人|现在|还|正|都|就)*(?:在[^，,。怎咋啥哪什几多]{1,8}|[^，,。怎咋啥哪什几多]*着)呢"
)
"""在北京呢, 住着院呢: told, not asked."""


def beside_question(text: str) -> tuple[str, str]:
    """What is told and what is asked, in whatever order; ("", "") where one of the two is missing."""
    parts = [part for part in re.findall(r"[^，,。；;！!？?…]+[，,。；;！!？?…]*", text) if part.strip(" ，,。")]
    asked = [
        part
        for part in parts
        if sounds_like_question(part.strip(" ，,；;")) and not _IS_SO.fullmatch(part.strip(" ，,；;"))
    ]
    told = [part for part in parts if part not in asked]
    if not asked or not told:
        return "", ""
    return "".join(told).strip(" ，,；;。"), "".join(asked).strip(" ，,；;")


def digits(text: str) -> str:
    """Every digit that was said, and X, in a row: "三七零八 九九" → "370899"; 叉, 星号 and * are X."""
    return re.sub(r"[^0-9X]", "", digit_text(text))


def read(text: str) -> str:
    """Digits as they are said: "9028" → "九零二八"."""
    return text.translate(AS_SAID)
