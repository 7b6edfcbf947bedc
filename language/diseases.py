"""The name of a disease as somebody says it: kept as it was said, never made another one. Pure.

read_disease("俺娘有乙肝肝硬化，还有高血压三级")  ->  "乙肝肝硬化、高血压三级"
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from base import yaml_files
from language.aloud.sounds import closest
from language.meant import versions
from language.unclear import Unclear, Why

_TABLE = Path(__file__).parent / "data" / "diseases.yaml"
_SOUNDS_LIKE = 0.4
_SAME_SOUND = 0.16
"""A syllable: one confusable sound in three. No disease that exists is called 糖料病."""
_BETWEEN = re.compile(
    r"(?:[，,。；;、！!？?…\s]|\.{2,})+|(?:还|也|又)(?:有|得了|查出)(?:个)?|(?<!共)(?:以及|加上|外加)|和(?!谐)"
    r"|(?<!相)跟(?!腱|骨|痛)|并(?=有)"
)
_LEAD = re.compile(
    r"^(?:大?前年|去年|头年|年时|上年|今年|年[前初底]|上个?月|这个?月|上周|前阵子?|以前|从前|早先|[一二三四五六七八九十\d]+月份?"
    r"|那个|这个|嗯+|啊|哦|只|光|就|是|要|留|主要|应该|我家|俺家|我们?|俺们?|他|她|咱|自己|本人|老伴儿?|妈妈?|爸爸?"
    r"|俺娘|俺爹|娘(?=有|得|是|患)|爹(?=有|得|是|患)|孩子|老人|家里|"
    r"有点儿?|有|轻微|老(?=糖尿病|高血压|哮喘)|得了?|得的|得过|患有?|患了|查出来?|查的|诊断|确诊|为"
    r"|说是?|医生|大夫|医院|想|要|来|去|申请|申报"
    r"|申办|办理?|报|认定|写|填|选|叫|的|了|多年|[\d一二两三四五六七八九十几]+多?年|老毛病|"
    r"[：:]|这种病?|那种病?|病种|门诊)+"
)
_TAIL = re.compile(
    r"(?:[。.!！ ]|吧|呢|啊|呀|哈|的|了|都|有|过(?!敏)|这个病?|那个病?|这种病?|病种|(?<=[病症炎癌])(?:这|那)?病"
    r"|慢特?病|门慢|好?[\d一二两三四五六七八九十几]+多?年|好多年|很多年|多少年|多年|好久|很久|要办|咋办|能办吗?)+$"
)
_ENDS = re.compile(
    r"(?:病|症|炎|癌|瘤|疮|疹|癣|疣|痔|瘫|痫|梗|梗死|梗塞|出血|积水|腹水|硬化|衰竭|[心肾肝肺]衰|结石"
    r"|综合[征症]|中风|卒中|透析|移植|[甲乙丙丁戊]肝|脂肪肝|骨折|狼疮|"
    r"结核|哮喘|痛风|障碍|增生|突出|狭窄|扩张|畸形|缺损|内障|光眼|贫血|帕金森|痴呆|不全|异常|萎缩|损伤|坏死"
    r"|脱落|病变|变性|中毒|感染|息肉|囊肿|肥大|脱垂|溃疡|"
    r"关闭|不遂|风湿|甲亢|甲减|早搏|房颤|高压|高血脂|血栓|栓塞|气肿|水肿|肿大|纤维化|钙化|麻痹|曲张"
    r"|不齐|聋|结节|疝气?|[烧烫]伤|截肢|治疗|排异|截瘫|支架|搭桥|放疗|化疗|术后|[羊][角癫羔][风疯]|慢支|肺心"
    r"|阻肺|尘肺|[矽硅]肺|疏松|供血不足|发育不良|绞痛|神经痛|偏头痛|疾病|尿|血压高|血糖高|血脂高|高血压|高血糖)"
)
_MORE = re.compile(
    r"(?:尿毒症期|代偿期|失代偿期|恢复期|[\dⅠⅡⅢIⅣ一二三四1-4]+[级期型度]|早期|中期|晚期|重度|轻度|中度"
    r"|极高危|高危|后遗症|并发症|伴.+"
    r"|合并.+|[（(].+[）)])*$"
)
_GENERAL = re.compile(
    r"(?:癌症?|肿瘤|恶性肿瘤|慢性?病|慢特病|特病|大病|重病|重症|疾病|病|心脏病|毛病|老毛病|并发症|炎症?)"
)
"""True of many; left out when a particular one is named beside it."""
_NO_NAME = re.compile(
    r"(?:慢性?病|慢特病|门诊慢病|特病|大病|重病|重症|疾病|病|毛病|老毛病|炎症?|症|什么病|啥病|哪种病"
    r"|[不没].*|看病|治病|有病|得病|生病|.*长(?:了)?(?:个)?(?:瘤|东西|疙瘩|包).*|.*瘤子|.*毛病|.*(?:上"
    r"|里|方面|这块|那块|身上)的?(?:有)?(?:个)?病|.*不好"
    r"|.*(?:舒服|难受|疼|(?<!绞)(?<!神经)(?<!偏头)痛(?![风经])|知道|不清).*)"
)
_IN_OTHER_WORDS = re.compile(r"也?就是(?:说|叫)?(?!还|有)|也叫|医学上叫|学名|大夫说是|医生说是")
"""What follows says the same again, more exactly."""
_DENIED = re.compile(r"^(?:我|俺|他|她)?(?:没有?|不是|没得)")
_PUT_ASIDE = re.compile(r"(?:先|就|也|都)?(?:不办|不报|不申请|不要了?|够不上|够不着|不够格|以后再)")
"""高血压够不上，先不办: another one is meant."""
_SYMPTOMS = ("血糖高", "高血糖")
"""Measured in several diseases; what else is told may name the one."""
_DONE = re.compile(r"[放装下安做换打扎](?:了|过|的)?.{0,3}(?:支架|桥|胰岛素|肾|肝)")
"""What was done about it is no disease."""
_SPEAKS = re.compile(r"[吗怎咋啥么哪你您谁]|多少|什么|怎么|可以|能不能|报销|材料|手续|窗口")
_TELLS_ELSE = re.compile(r"这[回次]是|是(?![^，,。]*[吗么])[\u4e00-\u9fff]{2,}")
"""Something is named in the other's place, and what, was not understood."""
_LONGEST = 24


def read_disease(text: str) -> str | None:
    """What was said to be the disease, several joined by 、; None when the words name none.

    Raises Unclear SOUND when they only sound like one of the list: `choices` holds it.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    said = list(versions(text))
    for version in said:
        found = _named(version)
        if not found and version != said[-1] and _TELLS_ELSE.search(version):
            return None  # "高血压，不是，那个办过了，这回是心脏不好": what was taken back is not kept
        if found:
            for name in found:
                if name not in known() and (likely := closest(name, _long_names(), _SAME_SOUND, whole=True)):
                    raise Unclear(Why.SOUND, (likely,))
            if any(name not in _SYMPTOMS and not _DONE.search(name) for name in found):
                return "、".join(found)
    described(text)
    symptoms = [name for name in _named(text) if name in _SYMPTOMS]
    if symptoms and len(symptoms) == len(_named(text)):
        raise Unclear(Why.SOUND, ("糖尿病",))  # measured in several diseases: which, is asked
    return "、".join(name for name in _named(text) if not _DONE.search(name)) or None


def described(text: str) -> None:
    """Raises Unclear with the disease that is told by its treatment (一个礼拜洗三回肾): asked, never written down."""
    for words, name in _table()["described"].items():
        if re.search(words, text):
            raise Unclear(Why.SOUND, (name,))


def sounding_like(text: str) -> None:
    """Raises Unclear with the name that a misheard word may have been; returns when there is none."""
    if likely := closest(text, _long_names(), _SOUNDS_LIKE):
        raise Unclear(Why.SOUND, (likely,))


def _named(text: str) -> Sequence[str]:
    found: list[str] = []
    for piece in _BETWEEN.split(text):
        name = _bare(piece)
        if name and found and _IN_OTHER_WORDS.match(piece):
            found.pop()
        if name and not _NO_NAME.fullmatch(name) and not _SPEAKS.search(name):
            found.append(name)
    found = list(dict.fromkeys(found))
    found = without_repeats(found)
    particular = [name for name in found if not _GENERAL.fullmatch(name)]
    return particular or found


def _bare(piece: str) -> str:
    if _DENIED.match(piece) or _PUT_ASIDE.search(piece) or _NO_NAME.fullmatch(piece.strip()):
        return ""
    lead = _LEAD.match(piece)
    start = lead.end() if lead else 0
    begins = known_at(piece[:start])
    name = _TAIL.sub("", piece[begins if begins is not None else start :]).strip()
    if not 1 < len(name) <= _LONGEST and name != "癌":
        return ""
    stem = _MORE.sub("", name)
    return name if _ENDS.search(stem[-6:]) and _ends_there(stem) or name in known() else ""


def _ends_there(stem: str) -> bool:
    """The disease is the last thing said of it: 肝炎 counts, 肝炎的药 does not."""
    return any(match.end() == len(stem) for match in re.finditer(rf"(?={_ENDS.pattern})", stem)) or bool(
        re.search(rf"{_ENDS.pattern}$", stem)
    )


def known_at(lead: str) -> int | None:
    """Where a known name begins inside what looked like words leading to one."""
    return next((at for name in known() if (at := lead.find(name)) >= 0), None)


def without_repeats(names: Sequence[str]) -> list[str]:
    """血压高 is left out beside 高血压."""
    folk: Mapping[str, str] = _table()["folk"]
    found = list(dict.fromkeys(names))
    return [name for name in found if folk.get(name) not in found]


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = yaml_files.read(_TABLE)
    return table


@cache
def known() -> Sequence[str]:
    """Every name of the table, the longest first."""
    return sorted({*_table()["names"], *_table()["folk"]}, key=len, reverse=True)


@cache
def _long_names() -> Sequence[str]:
    return [name for name in known() if len(name) > 2]


DISEASES = "|".join(name for name in known() if len(name) > 1)
"""For regular expressions."""
