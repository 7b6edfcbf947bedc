"""Small words with a fixed meaning while something is being done: yes, no, back, later, never mind. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from service.digits import AS_DIGITS, AS_SAID
from service.sounds import toneless

_PAUSE = r"[，, 。.!！的了吧啊呀哈呢]"
_YES_WORDS = (
    r"嗯|唔|哦|啊|对|是|是这样|是这个|没错|不错|可以|行|好|中|同意|愿意|确认|确定|提交|就这样|就这么办|都对|全对|"
    r"没问题|办|办吧|要|就行|yes|ok"
)
_YES = re.compile(rf"^(?:(?:{_YES_WORDS}){_PAUSE}*)+$", re.IGNORECASE)
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
_MUMBLE = re.compile(r"^[嗯唔哦啊]+[。.]?$")
_NO_WORDS = "不|不对|不是|不行|不同意|不愿意|不要|不用|不可以|不收回|不提交|没有|错|别|有不对|有错"
_NO = re.compile(rf"^(?:(?:{_NO_WORDS}){_PAUSE}*)+$")
_CORRECTS = re.compile(
    r"^(?:哎?呀?|等等|等一下)?[，, ]*(?:不对|不是|错了|说错了|改一下|改成|应该是|改)(?:[，, 。]|的|了|啊|呀)*"
)
_BACK = re.compile(r"上一步|退回|返回|回到上|上一个|倒回去")
_LATER = re.compile(
    r"等会|等一会|待会|过会|一会儿再|回头再|改天|改日|以后再|明天再|下次再|先不办|先放|先停|先这样|有事.{0,4}先"
)
_NEVER_MIND = re.compile(
    r"^(?:那|我|俺)?(?:(?:算了|取消|不办了?|不要办|不查了?|不弄了|别办了?|不授权了?|不搞了)[，, 。.吧了啊呀]*)+$"
)
_AWAY = re.compile(r"人工|真人|找个?人|工作人员|坐席|客服|再见|拜拜|挂了|不说了|不聊了")
_CODE = re.compile(r"[0-9](?:[\s,，.。、\-—]*[0-9]){2,}")
_AGAIN = re.compile(r"重新?发|再发|没有?(?:收到|收着|来)|收不[到着]|发.{0,2}一?遍|过期")
_ASKS = re.compile(
    r"[吗呢？?]|不$|多[长久大远快]|(?:不|没)(?:啊|呀)?[。？]?$|啥|什么|怎么|咋|多少|几[天个次年种]|哪[里儿个些]|为什么|能不能|要不要|用不用|是不是"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One message while an errand is open. `intent` is Rasa's."""

    text: str
    intent: str
    channel: str

    @property
    def bare(self) -> str:
        return self.text.strip(" 。.，,！!？?、~")

    @property
    def is_yes(self) -> bool:
        if _YES.match(self.bare) or self.bare == _YES_KEY or self._sounds_like(_YES_SOUNDS):
            return True
        return self.intent == "affirm" and len(self.bare) <= 6 and not self.is_no

    @property
    def is_clear_yes(self) -> bool:
        """More than a "嗯": what something is committed on."""
        return self.is_yes and not _MUMBLE.match(self.bare)

    @property
    def is_no(self) -> bool:
        if _NO.match(self.bare) or self.bare == _NO_KEY or self._sounds_like(_NO_SOUNDS):
            return True
        return self.intent == "deny" and len(self.bare) <= 6

    def _sounds_like(self, words: re.Pattern[str]) -> bool:
        return not re.search(r"[0-9A-Za-z]", self.bare) and bool(words.fullmatch(toneless(self.bare)))

    @property
    def goes_back(self) -> bool:
        return bool(_BACK.search(self.text))

    @property
    def puts_off(self) -> bool:
        return bool(_LATER.search(self.text))

    @property
    def drops(self) -> bool:
        return bool(_NEVER_MIND.match(self.bare))

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
    def correction(self) -> str:
        """What follows "不对，"."""
        return _CORRECTS.sub("", self.text).strip(" ，,。")

    @property
    def wants_code_again(self) -> bool:
        return bool(_AGAIN.search(self.text))

    @property
    def asks(self) -> bool:
        """Sounds like a question."""
        return bool(_ASKS.search(self.text.strip(" 。.")))

    @property
    def digits(self) -> str:
        return digits(self.text)

    @property
    def code(self) -> str:
        """The digits of a one-time code or a part of one; "再发一遍" has none."""
        plain = unicodedata.normalize("NFKC", self.text).translate(AS_DIGITS)
        found = max(_CODE.findall(plain), key=len, default="")
        return re.sub(r"[^0-9]", "", found)

    @property
    def by_keys(self) -> bool:
        """Keyed or typed: nothing but digits and the characters that stand for X."""
        return bool(re.fullmatch(r"[0-9Xx*×＊\s\-]+", self.text))


def digits(text: str) -> str:
    """Every digit that was said, and X, in a row: "三七零八 九九" → "370899"; 叉, 星号 and * are X."""
    text = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"叉号?|埃克斯|星号?|[*×＊x]", "X", text.translate(AS_DIGITS))
    return re.sub(r"[^0-9X]", "", plain)


def read(text: str) -> str:
    """Digits as they are said: "9028" → "九零二八"."""
    return text.translate(AS_SAID)
