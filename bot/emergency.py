"""Is somebody in danger right now? Asked of every message before anything else, with nothing but this file.

A wrong yes costs a caller one sentence about 120; a wrong no may cost a life. So every sign counts, unless the same
message shows that it is over (去年, 住过院), is about money or rules (怎么报销, 视同备案), or denies it (没有胸口疼).
Words for "right now" (现在, 快不行了) outweigh one of these, because frightened people mention money too.
Spellings cover what speech recognition makes of the words (穿不上气, 晕道). Pure, no model, well under 1 ms.
"""

from __future__ import annotations

import re

MAX_CHARS = 500


def _any(*alternatives: str) -> str:
    return "|".join(f"(?:{alternative})" for alternative in alternatives)


_BREATH = _any(
    r"[喘穿船串川]不(?:[上过动出]来?)?[气汽七起]",
    r"[喘穿]不(?:动|过来|上来)",
    r"[喘出]气(?:困难|费劲)",
    r"呼吸(?:困难|不了|不上来)",
    r"上不来气|没(?:有)?(?:气了|呼吸)|憋死",
)
_CHEST = _any(
    r"(?:胸口|心口窝?|心窝|胸部|前胸|心脏|胸)[^，。？！]{0,5}"
    r"(?:疼|痛|藤|腾|绞|撕裂|压得|憋得|难受得?(?:厉害|很|不行|要命)|撑不住|扛不住)",
    r"胸口?[闷门]得?(?:厉害|很|慌|要命|难受)",
    r"心绞痛|心梗|心脏病(?:又|突然)?(?:犯|发作)",
    r"心脏难受[^。]{0,4}撑不住",
)
_FAINT = _any(
    r"[晕昏云][倒到道]|[晕昏](?:过去|死|厥)|昏迷|不省人事|失去意识|没(?:有)?知觉",
    r"[叫喊](?:他|她|人|都)?不(?:醒|应|答应)",
    # a person without reaction, not a phone or a payment code
    r"(?:人|爸|妈|爹|娘|老头子?|老太太?|孩子|爷|奶|老伴|倒)[^，。机码卡]{0,6}没(?:有)?反应",
    r"眼(?:前)?发?黑[^，。]{0,4}站不住",
)
_BLEEDING = _any(
    r"大出血|大流血|血流不止|止不住血",
    r"血(?:都|怎么|咋)?止不住",
    r"[吐咳][了着]?(?:好多|很多|一口|一盆)?血",
    r"(?:好多|很多|一地|满地|全是|都是)的?血",
)
_STROKE = _any(
    r"半边?身子?[^，。]{0,6}(?:不能动|动不了|动弹不|没知觉)",
    r"(?:突然|刚才?|一下子)[^，。]{0,10}(?:嘴歪|说不出话|话说不清|抬不起来)",
    r"嘴歪(?:眼斜|了)",
)
_SEIZURE = _any(
    r"抽(?:搐|过去|风)|口吐白沫|[噎呛]住",
    r"卡[住着在](?:了)?(?:喉咙|嗓子|气管)",
    r"脸都?(?:紫|青)了",
)
_POISON = _any(
    r"[喝吃](?:了|下)?(?:农药|敌敌畏|百草枯|老鼠药)",
    r"[吃吞]了?(?:一整?瓶|整瓶|一把)(?:安眠)?药|吃错了?药",
    r"煤气中毒|中毒了|触电|溺水|淹(?:着|住)了",
)
_INJURY = _any(
    r"(?:楼|房顶|梯子|高处|架子)上?(?:掉|摔|跌)下来?",
    r"(?:摔|撞)(?:倒|了)?[^，。]{0,8}(?:起不来|动不了|不能动|不动了|出血)",
)
_DESPAIR = _any(r"不想活|活不下去|割腕|要?自杀|跳楼(?!价)", r"(?<![笑累气])想死(?!你|我了)")
_DYING = _any(
    r"(?<![气急累烦饿热])(?:快|要)死了",
    r"人?快?不行了(?=$|[，。！!啊呀吧])",
    r"救命(?!钱|稻草|药)|羊水破",
)
_CALL_HELP = r"[叫喊派打]个?(?:一?辆)?(?:救护车|幺二零|一二零|120)"

_SIGNS = re.compile(
    _any(_BREATH, _CHEST, _FAINT, _BLEEDING, _STROKE, _SEIZURE, _POISON, _INJURY, _DESPAIR, _DYING, _CALL_HELP)
)
_NOW = re.compile(
    r"现在|正在|这会儿?|眼下|刚刚|刚才|马上|赶紧|赶快|(?<!先)救命(?!钱|稻草|药)|"
    r"快不行|不行了|快死|快来人|来人啊|快叫|快派|叫不醒|叫不应"
)
_PAST = re.compile(
    r"去年|前年|那年|上个?(?:月|周|星期|礼拜|回|次)|前(?:几|两|些)[天日]|前阵子|前段时间|年前|以前|之前|从前|"
    r"当时|当年|那[次回时]|昨[天晚]|[一二两三四五六七八九十几\d]+(?:年|个月)前|住过院|抢救了|出院|[昏晕]倒过|后遗症"
)
_OVER = re.compile(r"不[疼痛晕喘]了|(?<!不)好了|没事了|已经好|缓过来|抢救过来|醒过来了")
_RULES = re.compile(
    r"报销|[给能管咋么]报|报[不吗]|报多少|报的?(?:钱|费)|备案|被安|医保|医宝|一保|结算|结账|门诊|手续|材料|转院|慢性?[病并]|特病|"
    r"政策|规定|文件|条例|费用|花[了的]|多少钱|押金|发票|单据|视同|待遇|大厅|药箱|预案|住院费|补助|补贴|救助|的话|万一|如果|假如|要是"
)
_DENIAL = re.compile(r"(?:没有?|不是|并未|未|不会|不再|又没|从不)(?:了|再|怎么|出现|发生|感觉|觉得)?$")


def is_emergency(text: str) -> bool:
    """True if the message says that somebody is in danger of life now. `text`: simplified characters, any length."""
    compact = re.sub(r"\s+", "", text[:MAX_CHARS])
    if not any(_is_stated(compact, sign) for sign in _SIGNS.finditer(compact)):
        return False
    is_past, is_about_rules = bool(_PAST.search(compact)), bool(_RULES.search(compact))
    if _OVER.search(compact) or (is_past and is_about_rules):
        return False
    return not (is_past or is_about_rules) or bool(_NOW.search(compact))


def _is_stated(text: str, sign: re.Match[str]) -> bool:
    """A sign counts unless the words just before it deny it."""
    return not _DENIAL.search(text[max(0, sign.start() - 6) : sign.start()])
