"""What somebody who is being helped says of the thing itself: yes, no, not now, not at all, "she does not want it".

One place for every step that asks. From the words alone, and only from what they plainly say: a guess about any of
these would hand in or lose somebody's case. Pure; also imported by the dialogue engine (Python 3.10).
"""

from __future__ import annotations

import re

END = r"(?:了|吧|啦|啊|呀|哈|呢|呗|哩|咧|嘞)*(?:$|[，,。.；;！!、\s])"
OBJECT = r"(?:这个|这件事?|这事|那个|它|(?:异地)?备案|慢特?病|报销|申请|(?:医保|跨省)?转移(?:接续)?|参保|救助)?"
"""Not a kind of a group: "不办转诊，改办长期" gives nothing up."""
ASKS = re.compile(
    r"[吗么？?]|怎么|咋|怎样|啥样|什么|为啥|为什么|能不能|可不可以|行不行|要不要|用不用|好不好|会不会|算不算|多[久少长]|哪"
    r"|(?:办|交|行|成|能|中)不(?:$|[，,。])|要是|如果|假如|万一|的话"
)
"""Then it is a question, or only supposed."""
_NOT_SO = r"(?:不是|没说|没有说|没想|不想|不要|没要|别|甭|不能|不会|不用|谁说|哪能|可别|怕|又不|并不)"
_NOT_SO += r"(?:要|想|说|让|叫|是|把)*"

# --- yes and no --------------------------------------------------------------------------------------------------

_YES_WORDS = (
    r"嗯|唔|哦|噢|啊|哎|诶|那?(?:行|中|好)|对|是|是的|是这样|是这个|是嘞|是哩|对嘞|[都全]?对着|对头|都?没错|没有错|不错|一点不错|错不了|可以|行|中|成|妥|管|"
    r"好|好嘞|好咧|好的|同意|愿意|确认|确定|就这样|就这个|就它|就这|就是|就是这样|就是这个|是这么回事|都对|全对|都行|都可以|都没错|都没问题|"
    r"没问题|没有问题|没毛病|可不是嘛?|没意见|没有意见|没有不对的?|没啥不对的?|没啥问题|没有别的|必须的?|当然|要|就行|yes|ok|okay"
)
_DOES = (
    r"(?:那|就|你|您|恁|先|快|赶紧|直接|麻烦|帮|给|替|我|俺|咱|咱们|这样|这么|照|按|照这个|按这个|样|个|把它|全部|一起|请|现在|马上|可以)*"
    r"(?:提交|交|办|报|递|弄|确认|同意|点(?=上)|按(?=上))(?:上去|上|了|去|这个|这些|它|一下|给你们|就是|就行|好)*"
)
_PAUSE = r"[，,、 。.!！~的了吧啊呀哈呢呗啦哩嘞]"
THANKS = re.compile(r"(?:谢谢|多谢|麻烦|辛苦)(?:你|您|恁|你们|了|啊|啦|哈)*")
_BESIDES = re.compile(
    r"(?:^|(?<=[，,。！! ]))(?:唉|哎呀?|咳|嗐|不打紧|不要紧|没关系|没啥|没事儿?|"
    r"(?:你|恁)?(?:快点儿?|快些|赶紧的?|抓紧|麻利点?))(?:吧|啊|的|了|呗)*(?=$|[，,。！! ])"
)
"""Sighs and hurry, as a clause of their own: they say neither yes nor no."""
_YES = re.compile(rf"(?:(?:{_YES_WORDS}|{_DOES}){_PAUSE}*)+", re.IGNORECASE)
_NO_WORDS = (
    r"不|不对|不是|不行|不中|不成|不同意|不愿意|不要|不用|不可以|不收回|不提交|不交|没有|错|错了|别|有不对|有错|有不对的(?:地方)?|有错的?(?:地方)?|"
    r"有个不对|有一[个样处]不对|不大对|不太对|不全对|不都对"
)
_NO = re.compile(rf"(?:(?:{_NO_WORDS}){_PAUSE}*)+")


_VALUE_WRONG = re.compile(
    r"(?:还|好像|应该|那个?|这个?|上面|里面|里头|我|俺|看看|等等|等一下|哎呀?|[，,、 ])*"
    r"(?:(?:有|是)?(?:个|一?个|一?[处样项些点]|几[处样个])?(?:地方|东西|内容|信息|写|填|记)?的?(?:不大|不太|不全|不都|不)对"
    r"|有?(?:个|一?个|一?[处样项些点])?(?:地方|写|填|记|弄|说)?(?:的)?错了?|有误|不准)(?:的?地方|的)?"
    r"|(?:我|俺)?(?:要|想|得|还要)?(?:修改|更正|更改|改)(?:一下|下|改|个地方|一[处个样]|内容|信息|答案)"
    r"|(?:我|俺)(?:要|想|得)改"
)


def says_wrong(text: str) -> bool:
    """Nothing but that something of what was read back is wrong: "有不对的", "我要改一下", "不对"."""
    return bool(re.fullmatch(rf"(?:{_VALUE_WRONG.pattern}){_PAUSE}*", text.strip(" ，,。.！!~")))


_SELF_UNWILLING = re.compile(
    r"(?:^|[，,。；; ])(?:那|唉|哎|不行?|可|就|我|俺|咱|自己|本人|还|还是|现在|又|真|可是|其实|突然|[，,])*"
    r"(?:不(?:愿意?|乐意|情愿|同意|答应|赞成|想|肯)|反悔|后悔|变卦|改(?:了)?主意)(?:了|再)*"
    rf"(?:这么|就这样|让你们)?(?:提交|交|办|报|弄|申请|备案|搞)?(?:上去|出去)?{OBJECT}{END}"
    rf"|(?:没|没有|谁)(?:人)?(?:说|让|叫)(?:过)?(?:要|让|叫)?(?:你们?|恁)?(?:给(?:我|俺))?(?:办|交|提交|报|申请){OBJECT}{END}"
)


def says_unwilling(text: str) -> bool:
    """They who speak do not want what is being asked for: "不，我不愿意", "我不同意交", "我反悔了"."""
    return bool(_SELF_UNWILLING.search(text)) and not ASKS.search(text) and not _NOT_REFUSED.search(text)


def says_yes(text: str) -> bool:
    """Nothing but agreement: "没错，就交这个吧", "中", "嗯嗯对"."""
    words = _BESIDES.sub("", THANKS.sub("", text)).strip(" ，,。.！!~")
    return bool(words) and bool(_YES.fullmatch(words))


def says_no(text: str) -> bool:
    """Nothing but a no."""
    return bool(_NO.fullmatch(THANKS.sub("", text).strip(" ，,。.！!~"))) and not says_yes(text)


_DECLINES = re.compile(
    r"(?:那|就|还是|先|算了|唉|哎|嗯|哦|谢谢|多谢|我|俺|[，, ])*"
    r"(?:(?:不用|不要|不必|不需要|用不着)(?:了|啦|吧|哈|谢谢|多谢|你|您|[，, ])*)+"
)


def declines(text: str) -> bool:
    """Nothing but that it is not needed: "不用了", "那不用了，谢谢"."""
    return bool(_DECLINES.fullmatch(text.strip(" ，,。.！!~")))


# --- not at all --------------------------------------------------------------------------------------------------

_GIVES_UP = (
    rf"(?:不|别|甭|不要|不想|不用|不打算|不准备|不再)(?:再)?(?:给我|给俺)?(?:办|交|提交|报|申请|弄|搞|查|整|备|授权|填|继续)(?:下去|上去|出去)?{OBJECT}{END}"
    rf"|(?:别|不|甭)(?:再)?[叫让][他她](?:看|查|管|办|弄)(?:我|俺)?的?{END}"
    rf"|(?<![结打清计预换核划])算了(?!没|吗|么|多少|几|\d)|拉倒|罢了|(?:取消掉?|撤销|撤回|撤掉|撤了|作废|删掉|删了){OBJECT}{END}|当我没说|到此为止|打住"
    rf"|(?:都|全|把)?(?:给我|给俺)?(?:记的|填的|说的|写的|刚才的|这些|那些)?(?:都|全)(?:给我|给俺)?(?:删|清)(?:了|掉|空)?{END}"
)
_DROPS = re.compile(_GIVES_UP)
_DROPS_ONLY = re.compile(
    r"(?:那|我|俺|咱|就|还是|唉|哎|[，,。 ])*"
    rf"(?:(?:{_GIVES_UP}|算了|不办|不查|不弄|不搞|不交|取消|撤销|撤回|(?:都|全|也)?不要|[别不]留)"
    r"(?:了|吧|啊|呀|哈|呢|我|俺|咱|那就|就|还是|[，,。 ])*)+"
)
_AFTER_ALL = re.compile(
    r"算了[，,。 ]*(?:还是|就|改|管到|办到|到|那就|写|要)|"
    r"(?:还是|又想|那就|接着|继续|不过|但是|可是|而是|改成|换成|改办)(?:.{0,4})(?:办|交|提交|报|弄|查|等)"
)
_DENIED = re.compile(
    rf"{_NOT_SO}(?:不办|不交|不报|不弄|取消|作废|撤|删|算了)|不(?:办|交)(?:不行|不中|不成|也得|可不)"
    r"|(?:(?<![要是好行能])不|别|甭)(?:用|必|再)?(?:给我|给俺)?(?:撤|取消|作废|删|清)"
)
"""Not dropped: "不撤了", "算了，不撤了"; "要不撤了吧" is."""


def drops(text: str) -> bool:
    """Not at all: "不办了", "算了，别办了"; not "不是不办", "不办了会怎样", "算了，还是办吧"."""
    found = _DROPS.search(text)
    if not found or _DENIED.search(text) or ASKS.search(text):
        return False
    return not _AFTER_ALL.search(text, found.start())


def drops_only(text: str) -> bool:
    """And says nothing else: then what was begun may be forgotten."""
    return drops(text) and bool(_DROPS_ONLY.fullmatch(text.strip(" 。.，,！!~")))


_DECIDES = re.compile(r"删|作废|清[掉空]|扔|当我没说|(?:都|全|也)不要了|[别不]留了")


def decides_to_drop(text: str) -> bool:
    """ "都删了", "作废吧", "当我没说": nothing of it is to stay. "不办了", "撤回" and "算了" leave open what becomes of
    what was told."""
    return drops(text) and bool(_DECIDES.search(text))


_OF_THEIRS = r"(?:身份证|证件|号码|证号|手机号|电话号|我的号|俺的号|(?:个人)?(?:信息|资料|隐私))"
_DELETES = (
    r"(?:删(?:了|掉|除)?|抹(?:了|掉)|清(?:了|掉|除|空)|销毁"
    r"|(?:别|不要|甭|不许|不准|不能)(?:再)?(?:给我|给俺)?(?:留|存|保存|记|保留)(?:着|了)?)"
)
_FORGETS = re.compile(
    rf"{_OF_THEIRS}.{{0,14}}{_DELETES}|{_DELETES}.{{0,6}}(?:我|俺|我们|俺家|刚才|那个|的|这个)*{_OF_THEIRS}"
)
_ASKS_HOW = re.compile(r"怎么删|咋删|能不能删|会不会|删不删|吗[？?]?$|删错|填错|写错")


def asks_to_forget(text: str) -> bool:
    """ "我身份证号你删了吧": what they told of themselves is not to be kept."""
    return bool(_FORGETS.search(text)) and not _ASKS_HOW.search(text)


_ONLY_DELETES = re.compile(
    rf"(?:那|就|你们?|您|赶紧|快|给我|给俺|把(?:它|这个?|那个?)|都|全|[，,。 ])*{_DELETES}(?:吧|了|啊|呗|[，,。！! ])*"
)


def only_says_delete(text: str) -> bool:
    """ "你删了吧": what, was said before."""
    return bool(_ONLY_DELETES.fullmatch(text.strip()))


_FILING_BACK = re.compile(
    r"(?:撤回|撤销|撤掉|撤了|收回来)(?:来|去|掉)?(?:吧|了|呗|啊)*(?:$|[，,。！!])"
    r"|^(?:那|就|我|俺|想|要|给我|给俺|帮我|请|麻烦|替[^，,。]{1,4}?|[，, ])*"
    r"撤(?:回|销|掉)(?:[^，,。；;吗么？?要啥咋怎什能]{2,12})(?:$|[，,。！!])"
    r"|(?:刚才|刚刚|刚|才|前面|上午|今天|昨天).{0,6}(?:交|提交|报|申请|办|备)(?:的|上去的|过的)?.{0,8}(?:撤|取消|作废|不要了|不办了|收回)"
    r"|(?:把|给我把|帮我把).{0,12}(?:撤|收)(?:回|销|掉|了)|^(?:那就|那|就)?撤(?:回|销|掉)?[^，,。]{1,10}(?:那|这)[个件条份]"
    r"|(?:把|给我把|帮我把)(?:(?!钱|押金|费|款|保|卡)[^，,。]){0,12}退(?:掉|了|回来)"
    r"|(?:刚才|刚刚|刚|才)(?:那个|那件|办的|交的|报的|弄的|的)+(?:单子|申请|备案)?(?:就)?(?:作废|不算了?|退了?|退掉)"
    r"|(?<![费钱])(?:交错|报错|点错|弄错|填错)了?[，, ]*(?:那个|这个)?(?:给我|帮我)?(?:退回来?|撤|不要(?:这个|那个)?了)"
)
_CAN_IT_BE = re.compile(
    r"(?:那|这|这个|刚才的?|刚刚|刚?交(?:上去)?的|现在|我|俺|它|[，, ])*(?:还)?(?:能不能|可不可以|能|可以)"
    r"(?:再)?(?:给我|给俺)?(?:撤|取消|收回)(?:回|销|掉|了|来|去)*(?:吗|么|不|吧|[？?])*"
)
_ABOUT_OTHERS = re.compile(r"[别不]?[叫让][他她]|投诉|举报|授权|委托|建议|意见|代办")


def takes_filing_back(text: str) -> bool:
    """ "撤回", "把刚才交的撤了": what was handed in is meant."""
    if keeps_filing(text) or asks_if_withdrawn(text):
        return False
    if _CAN_IT_BE.fullmatch(text.strip(" 。.，,！!")):
        return True
    return bool(_FILING_BACK.search(text)) and not _ABOUT_OTHERS.search(text) and not asks_whether_to(text)


_KEEPS = re.compile(r"(?:(?<![要是好行能])不|别|甭|不要|不用|先别)(?:再|急着|忙着)?(?:给我|给俺|帮我|替我)?(?:撤|取消)")
_IF_WITHDRAWN = re.compile(
    r"没(?:有)?(?:给我|给俺|帮我|替我)?(?:把.{1,8})?撤(?:回|销|掉)?(?:了)?(?:吧|吗|么|[？?])|撤(?:回|销|掉|了|下来)*(?:没|不)撤|(?:撤回|撤销|撤掉|撤)了?(?:没有?|吗|么|是吧|没啊)|真(?:的)?撤了?(?:吗|么|没)|撤[成好]了?没"
)


def keeps_filing(text: str) -> bool:
    """ "那先别撤了": what was handed in stays."""
    return bool(_KEEPS.search(text)) and not ASKS.search(text) and not asks_if_withdrawn(text)


def asks_if_withdrawn(text: str) -> bool:
    """ "刚才撤没撤啊到底", "真撤了吗": asks, and takes nothing back."""
    return bool(_IF_WITHDRAWN.search(text)) and not re.search(r"[能可]以?.{0,6}撤", text)


_WHETHER = re.compile(
    r"(?:(?<![不想])要|用|需要|该|得|必须|应该|会).{0,8}(?:撤|取消|注销|作废).{0,6}(?:吗|不|么|[？?]|$)|(?:撤|取消|注销|作废).{0,6}(?:吗|么|[？?])"
    r"|(?:怎么|咋|如何|哪里|去哪).{0,6}(?:撤|取消|注销)|(?:撤|取消|注销).{0,4}(?:要什么|怎么|咋|流程|手续|后|以后|了会)"
)
_ASKED_OF_US = re.compile(r"帮我|给我|替我|给俺|帮俺|我要|俺要|我想|俺想|请你|麻烦")


def asks_whether_to(text: str) -> bool:
    """Asks about taking something back, and does not do it: "北京回来了备案要取消吗"."""
    return bool(_WHETHER.search(text)) and not _ASKED_OF_US.search(text)


# --- somebody else does not want it ------------------------------------------------------------------------------

_THEY = (
    r"(?:他|她|本人|人家|对方|老人家?|老头子?|老太太|老婆子?|老伴儿?|老公|对象|媳妇|爱人|丈夫|妻子|婆婆|公公|岳母|岳父|丈母娘|老丈人|奶奶|爷爷|"
    r"姥姥|姥爷|外婆|外公|父亲|母亲|爸爸?|妈妈?|爹|娘|儿子|闺女|女儿|姑娘|哥哥?|姐姐?|弟弟?|妹妹?|舅舅?|姑姑?|姨|叔叔?|婶子?|大爷|大娘|大妈)"
)
_BETWEEN = r"[^。；;？?！!我俺]{0,8}?"
_UNWILLING = (
    r"不同意|不答应|没同意|没答应|不赞成|反悔|变卦|改(?:了)?主意|后悔了|反对|拒绝|不点头|没点头|不认可|不情愿|不乐意|不高兴(?:办|让|叫)|不依|"
    r"死活不|说啥(?:也|都)不|"
    rf"(?:不让|不叫|不许|不准|不愿意?|不肯|不想|不要|不用|不给|先别|不|别|甭)(?:我|俺|咱|你们)?(?:再)?(?:给)?(?:她|他)?(?:办|弄|交|报|提交|申请|搞|授权|备案?|转|签字?|整){OBJECT}{END}"
    rf"|(?:不愿意?|不肯|不想|不要|不让|不许|不准|不干|不行|不中|不用){END}|说(?:了)?不{END}|说.{{0,6}}?(?:算了|拉倒|不行|不中|不成|(?:不用|不要)(?:再)?(?:了|办|弄|交|报|管){{0,2}}{END}|甭|别[办弄交报管])"
    r"|(?:不告诉|不肯说|不说|不给)(?:我|俺)?(?:验证码|号码|码|数字)"
    r"|(?:要|想|说)?(?:她|他)?自己(?:去|来|上)(?:窗口|大厅)?(?:办|交|弄)"
)
_REFUSED = re.compile(rf"(?P<who>{_THEY}){_BETWEEN}(?:{_UNWILLING})")
_NOT_REFUSED = re.compile(
    r"(?:不是|没说|没有说|没有|也没|又不是|并不是|不会|谁说|哪能|哪会|不可能)(?:她|他|俺|我)?(?:妈|娘|爸|爹)?"
    r"(?:不同意|不答应|不愿意|不乐意|不让|不肯|不想|不办|反对|拒绝|不行)|没(?:反对|拒绝|反悔|变卦|改主意)|说不[准清上好]|(?:能|会|用|识|认|看|听|走|动)不(?:了|上|清|见)"
)
_COMES_ROUND = re.compile(
    r"(?:现在|后来|又|这会儿|刚才|这回|说通)(?:又|就)?.{0,4}(?<!不)(?:同意|愿意|答应|乐意|点头|说行|说中)了"
)
_BARE_REFUSAL = re.compile(
    r"(?:还|又|也|就|都|死活|说啥|坚决|根本|压根)*(?:不同意|不答应|没同意|没答应|不乐意|不愿意|不肯|反悔|变卦|拒绝|不让办|不叫办|不给(?:我|俺)?(?:验证码|码)?|不告诉(?:我|俺)?)"
    r"(?:了|呢|啊|呀|哩|吧)*"
)


def says_they_refuse(text: str, *, of_them: bool = False) -> bool:
    """Somebody else does not want it: "我妈刚说她不让办"; not "我妈没说不同意", "她不同意咋办".

    `of_them`: they were just asked for, so that a bare "不同意" is told of them.
    """
    if ASKS.search(text) or _NOT_REFUSED.search(text) or _COMES_ROUND.search(text):
        return False
    return bool(_REFUSED.search(text)) or (of_them and bool(_BARE_REFUSAL.fullmatch(text.strip(" 。.，,！!"))))


_ANYBODY = re.compile(_THEY)


def who_refuses(text: str) -> str:
    """Who it is that does not want it, as they are called: "妈" of "俺妈不让办"; "" when nobody is named."""
    match = _REFUSED.search(text)
    if match is None:
        return ""
    named = _ANYBODY.findall(text[match.start() : match.end()])
    return named[0] if len(named) == 1 else match["who"]


_REFUSES_HELP = re.compile(
    r"(?:我|俺)(?:可)?(?:不(?:愿意?|同意|想|要|让|用|叫))(?:让|叫|要)?(?:他|她|你|别人|人家|闺女|儿子|女儿|孩子|媳妇|女婿)(?:来)?(?:替|帮|给)(?:我|俺)"
)


def refuses_help(text: str) -> bool:
    """The one whom it is for has taken the telephone: "我不愿意他替我弄"."""
    return bool(_REFUSES_HELP.search(text)) and not ASKS.search(text)
