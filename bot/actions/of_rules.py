"""Whether a sentence of one's own asks what the rule is, or what stands in one's own records: "我断了半年咋补" asks the
first, "我断没断" the second. By its words. Pure.

Who asks about the rule gives no number for that; looking theirs up is offered besides.
"""

from __future__ import annotations

import re

from bot.actions.protocol import Turn
from bot.flows.goals import only_asks_rules, query_kind
from bot.flows.identify.relatives import somebody
from bot.flows.small_words import sounds_like_question
from bot.flows.wished import LOOKED_UP, says_plainly, wants_looking_up
from bot.flows.wording import say
from language.following import and_what_of

_IF_SO = r"[^，,。]{0,10}?(?:吗|么|不(?![一-龥])|不呢|没(?![一-龥])|行不行|中不中)"
_LOOKS = re.compile(r"(?<!检)查|看看|看一?[眼下]|瞅|瞧|[给帮替](?:我|俺|咱)[^，,。]{0,4}看(?!病)|念")
_RECORDED = re.compile(
    r"(?:交|缴|批|停|断|掉|办|到|打|报|补|生效|下来|通过)(?:上|好|完|了|下来|过)*没(?!交|缴|批|停|办|报|备)"
    r"|余额|还?剩(?:多少|几)|还有(?:多少|几|没有)|有没有?(?:交|断|停|欠|生效)|进度|记录|到(?:哪|几月)|交到"
    r"|(?:交|缴)了?(?:多少|几)(?:年|个?月|钱)|是不是(?:停|断)|状态|花了多少|报了多少|[备办]过[^，,。]{0,4}[吗没]"
)
"""What only one's own records tell."""
_OF_PROCEDURE = re.compile(
    r"(?:要|用|带|拿|需要?|准备|交)[^，,。]{0,4}(?:啥|什么|哪些|几样)(?:材料|手续|证|东西|条件|资料)"
    r"|(?:材料|手续|条件|流程|规定|政策)[^，,。]{0,6}(?:啥|什么|哪些|咋|怎|要求)|啥(?:材料|手续|条件)"
)
"""Of the rule, whatever is to be looked up."""
_OF_RULE = re.compile(
    rf"(?:能|可以|许|准)(?:不能|再)?[^，,。]{{0,10}}?(?:补|借|转|退|取|买|给|代|替|领|继承|兑|提现|取现|共用|一起用)[^，,。]{{0,8}}(?:吗|么|不|行)|能提现"
    rf"|(?:给|让|替|帮)[^，,。]{{1,8}}(?:用|刷|花|买药|看病|缴|交)[^，,。]{{0,4}}(?:行不|行吗|中不|可以|能行|成不|合适)"
    rf"|会不会[^，,。]*(?:没|清|废|过期|停|断|收|扣|涨|变|作)|会[^，,。]{{0,6}}(?:没了|清零|作废|过期|收回)"
    rf"|(?:还|用|要|得|需要?|必须|非得)(?:不用|不要|再|继续|接着|得|用|要)*(?:交|缴|备案|补|办|审|取消|登记){_IF_SO}"
    r"|[用要需]不[用要需]|(?:咋|怎么|如何)(?:个)?(?:补|交|缴|转|退|续|办|接|弄|算|报|用|取)|(?:怎么|咋)办(?!得|的|到)"
    r"|[里上的]钱[^，,。]{0,8}(?:(?:能|可以|许|让)[^，,。]{0,6}(?:用|花|刷|使)(?:吗|么|不|行)|(?:能不能|可不可以)(?:用|花|刷|使))"
    r"|(?:能|可以)(?:不能|不可以)?(?:用|花|刷|使)[^，,。]{1,8}[里上的](?:卡|账户|户头|钱)[^，,。]{0,4}(?:吗|么|不|$)"
    r"|够不够|够[吗么不]|[还得要]差(?:几|多少)|差[几多]|(?:得|要|交|缴)(?:够|满)(?:多少|几)年"
    r"|(?:得|要|需要)?等(?:多久|多长|几|多少)"
)


def asks_rule(text: str) -> bool:
    """ "退休了还用交医保吗", "我的卡里钱给俺孙子用行不", "查一下我异地备案要啥材料"; not "查查我的年限够不够"."""
    if _OF_PROCEDURE.search(text):
        return True
    return not _LOOKS.search(text) and not _RECORDED.search(text) and bool(_OF_RULE.search(text))


def has_records(text: str) -> bool:
    """Whether something of their own goes with the rule they ask for, that can be looked up."""
    return query_kind(text) in LOOKED_UP and bool(_OWN.search(text))


_NAMES_RULE = re.compile(
    r"(?:比例|标准|起付线|门槛费?|限额|封顶线|范围|条件|流程|政策|规定|办法)(?:呢|是多少|是啥)?[。？?]?$"
    r"|^[^我俺咱给帮替办申要想去来]{1,6}(?<!手工)报销[。]?$"
)


def names_rule(text: str) -> bool:
    """ "单精子注射报销比例", "生孩子报销": a matter by its name, and no wish to have it done."""
    return bool(_NAMES_RULE.search(text)) and not says_plainly(text)


_ASKS_ON = re.compile(
    r"(?:得|能|可以|用|要|该|应该|需要|必须|还用|还得|还能|现在|怎么|咋|如何|啥时候|什么时候|几[天月号]|多久|多长|[在去到上]?哪|啥|什么"
    r"|来得及|来不及|能不能|要不要|用不用|行不行|算不算)"
)
_THE_WAY = re.compile(
    r"(?:手机|网上|网|app|小程序|微信|支付宝|窗口|电话)(?:上|里)?(?:能|可以|也能)?(?:自己)?查|哪(?:里|儿|个?地方)?(?:能|可以)?查|(?:怎么|咋|如何)(?:能|样)?查",
    re.IGNORECASE,
)
_OF_THEIR_CASE = re.compile(
    r"(?:我|俺|咱)(?:家)?(?:的|那个?|这个?)(?!种|样|情况)|余额|记录|进度|还剩|账上|卡[里上]|管用|有效|生效|到期|过期"
    r"|[办批报交缴备登停断](?:上|好|完|过|了|掉|下来)*没(?:有)?(?:$|[？?呢啊])|到哪|下来了?没|(?:停|断)了|几年了|多少年了"
)
"""What only their own records tell."""


def goes_on_about_rule(turn: Turn) -> bool:
    """ "那我得先备案吗", "那我能办吗" right behind what a document says, or behind word that only rules are asked; and
    "在手机上能查吗" at any time: of the rules, and nothing of theirs is asked for."""
    text = turn.text
    if _FOR_ME.search(text) or not (sounds_like_question(text) or _WHICH.search(text)):
        return False
    if _THE_WAY.search(text):
        return True
    is_known = bool(turn.slot("topic") or turn.slots.get("options"))
    told = is_known and any(reply.sources or reply.buttons for reply in turn.said_before)
    only_rules = any(only_asks_rules(said) for who, said in turn.transcript[-5:-1] if who == "citizen")
    return (told or only_rules) and bool(_ASKS_ON.search(text)) and not _OF_THEIR_CASE.search(text)


_WHICH = re.compile(r"哪|还是")
_FOR_ME = re.compile(r"(?:给|帮|替)(?:我|俺|咱)|查(?:一?下|查)|看看|瞅瞅|瞧瞧")
_OWN = re.compile(r"我|俺|咱")
_OF_WHOM = re.compile(r"(?:那|可|要是|[，, ])*(?:我|俺|咱)?(?:家)?[一-龥]{1,4}呢[？?]?")


def rule_for_another(turn: Turn) -> str:
    """The question once more, of somebody else: "俺娘呢" right behind the rule; "" to anything else."""
    told = any(reply.sources for reply in turn.said_before)
    asked = [text for who, text in turn.transcript[:-1] if who == "citizen"]
    whom = and_what_of(turn.text)
    if not (told and asked and whom and somebody(turn.text) and _OF_WHOM.fullmatch(turn.text.strip())):
        return ""
    return f"{whom}{asked[-1]}" if asks_rule(asked[-1]) else ""


_NOT_THEIRS = re.compile(
    r"(?:不是|不想|不要|没想|没说|没要|不用|不|别|甭)(?:要|是|让你|叫你)?(?:查|看)(?:我|俺|咱)?(?:自己|自个儿?|本人|个人)?(?:的|了)?(?:东西|信息|账)?"
    r"[，,。 ]+(?:就|只|光|我|俺|是|就是|只是|想|随便|来)*(?:问|打听|咨询|了解|知道)"
    r"|(?:不|别|先不|没法)(?:报|给|说|填|输)(?:我|俺|他|她)?(?:的)?(?:身份证|证件|号)[^，,。 ]{0,3}[，,。 ]*"
    r"(?:就|只|光|我|俺|是|想)*(?:问|打听|咨询|了解|知道)"
    r"|(?:就|只|光)(?:是)?(?:想)?(?:问|打听)[^，,。]{2,20}[，,。 ]+(?:我|俺)?(?:不是|不|没)(?:要|想)?(?:查|办)"
)


def wants_rule_only(text: str) -> bool:
    """ "不是查我的，就是问问规定", "我不报身份证，光问材料", "就问啥时候要弄，不是查我"."""
    return bool(_NOT_THEIRS.search(text))


_NOT_YET = re.compile(r"先(?:别|不)(?:给(?:我|俺))?办[，,。 ]*(?:就|只|光|我|俺|是|想|先)*(?:问|打听|咨询|了解|知道)")


def only_asks(text: str) -> bool:
    """The same, and "先别办，我就问材料", where nothing was begun."""
    return wants_rule_only(text) or bool(_NOT_YET.search(text))


def rule_asked_before(turn: Turn) -> str:
    """What of the last messages asked something: what they wanted to know when they were asked for a number."""
    asked = [text for who, text in turn.transcript[:-1] if who == "citizen" and asks_rule(text)]
    return asked[-1] if asked else ""


def names_no_drug(turn: Turn) -> bool:
    """ "缴费记录" to the question for a drug: it is what they want looked up."""
    asked = any(say("which_drug").text in reply.text for reply in turn.said_before)
    return asked and query_kind(turn.text) in LOOKED_UP


_FEW = 8
"""Characters."""
_STORY = 20
"""Characters: longer words about somebody tell of them; "我老伴的呢" asks for what is theirs."""
_LOST = re.compile(r"丢|坏|折了|断了|消磁|挂失|补[办卡]|不认|读不")
"""Happens to cards: nothing of it can be looked up."""


def looks_nothing_up(text: str) -> bool:
    """ "我当时没刷卡，都结完账走人了" tells something, whatever the engine made of it."""
    is_told = len(text) > _FEW or bool(_LOST.search(text))
    return is_told and not wants_looking_up(text) and (len(text) > _STORY or not somebody(text))
