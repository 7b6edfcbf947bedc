"""What words of danger are also said of: things, anger, an old illness, somebody in hospital or who cannot come.

Each question here is asked of a sign that was found (`signs`) and of the words around it, and says yes only
where nothing else in the message speaks for danger: a card that fell into water is answered, the child behind it is not
forgotten. Text comes written in one way (的 for 得, no 儿 behind a word). Pure.
"""

from __future__ import annotations

import re

_ALMOST = r"(?:我|俺|人|咱|头|脑袋)*(?:都|真|简直|就)*(?:快要?|要|差点|差一点|眼看)?(?:我|俺)?"
_IRKED = re.compile(
    r"(?:"
    r"(?:排队?|等|跑|听|看|绕|问|转|忙|气|急|愁|烦|逼|填|办|说|讲|念|算|弄|整|搞|折腾|吵|花|催)的"
    r"|(?:账单|费用|价格|价钱|单子|数字|药价|这价)(?:我|俺)?(?:都|就)*(?:快|差点|要)"
    r"|[把被](?:我|俺|人|你们|恁|窗口|客服)(?:我|俺|人)?(?:都|快|要|给)*(?:气|急|饿|绕|转|逼|折腾|忙|烦|愁|整|弄|搞|说|问|催|吵)(?:的)?"
    rf"){_ALMOST}$"
)
"""What makes somebody "faint" in a manner of speaking."""
_ALMOST_HUNGRY = re.compile(r"(?:(?:快|要)(?:我|俺)?饿|困)$")
_TAKES_SUGAR = re.compile(r"糖|胰岛素|手抖|救")
_TOO_MUCH_TO_READ = re.compile(
    r"[看听搞弄整]不(?:太)?(?:懂|明白|清楚)|不明白|不懂|这么[多长]|那么[多长]|太[多长绕乱](?!血)|太复杂|复杂|绕来绕去|绕口|啥意思|什么意思|一大堆"
)
_DAZED = re.compile(r"^(?:我|俺|真|都|彻底|给|听|看|直接|快|要|头|也|更)*[晕昏]了")
_HAPPENED = re.compile(r"^(?:晕|昏|厥)(?:倒|厥|迷|死|在)|^.{0,4}(?:地上|倒了|叫不|没反应)")
_ERRANDS = re.compile(
    r"[跑来去]了?(?:你们这|你这|窗口|大厅|医保局|那)?(?:[一二两三四五六七八九十几好多\d]+)[趟回次遍]|没办[成下了]|办不[成下了]|不给办|没报[成下]|不给报|踢皮球|推来推去|白跑|排了.{1,4}小时"
)
_OF_A_PATIENT = re.compile(r"医院|大夫|医生|看病|治|住院|急诊|血吐|一口|大口|几口|好多|直吐|一直|不停|刚|现在|突然|黑")
_SPITS = re.compile(r"^(?:我|俺|真|都|真是|快|要|简直|气|的|想)*吐血了?(?:呀|啊|啦)*$")
_PRESSED = re.compile(
    r"(?:压|愁|钱|债|负担|费用|花|账单|房贷|贷款)[^□]{0,3}的?(?:我|俺|人|咱|全家|一家人?|家里)*(?:都|快|要|实在)*(?:我|俺)?$"
)
_PANTS = re.compile(r"^(?:喘不[过上]|透不过|断气|没气|气|快断气)")
_SPITS_FIRST = re.compile(r"^(?:我|俺|真|都|真是|快|要|简直|气|的|想)*吐血")
_MERELY_ANGRY = re.compile(
    r"(?:我|俺|人|真|真是|真要|可|都|快|要|把|被|让|叫|给|你们|恁|你|窗口|大厅|的人|这帮人|这些人|那个|人家|简直|能|活活|老子|啊|唉"
    r"|哎呀?|，|,|。|！|!| )*"
    r"(?:气|急|烦|累|恼|笑|愁|吵|坑|忙|困|吓|难|麻烦|折腾|憋屈|绕|逼)死"
    r"(?:我|俺|人|个人|老子|老百姓|了|啦|咯|个|的|啊|呀|真|都|，|,|。|！|!| )*"
)
"""The whole of what is said, and nothing beside it."""
_UNANSWERED = re.compile(
    r"(?:你们|窗口|医保局|医保办|客服).{0,8}(?:打不通|打不进|没人接|不接|没人理|不理|没人管|不管|不给办|不办|踢皮球|推来推去)"
)
"""A complaint, beside which "somebody will die of it" is said in anger."""
_IN_ANGER = re.compile(r"出人命|要死了|没命了")
_BEARS = re.compile(r"撑不住|挺不住|挺不过|不撑了")
_SUFFERS = re.compile(
    r"(?:爸|妈|爹|娘|爷|奶|姥|老伴|老头|老婆|老公|媳妇|孩子|娃|儿子|闺女|女儿|病人|老人|他|她)(?:都|也|已经|眼看|快|要|实在|真)*$"
)

_OF_THINGS = ("drowning", "injury", "child_swallowed", "burn", "poison", "electric")
"""Kinds of what befalls things as well."""
_CHRONIC = ("breathing", "chest", "unconscious", "seizure", "stroke", "bleeding", "sugar", "pressure", "pain")
_NEAR = 6
"""Characters before a sign in which its frequency may stand."""
_WHERE = 4
"""Characters between what befell a thing and water that is a sign itself: "掉下水道里捞"."""
_PERSON = re.compile("[人孩娃爹娘爸妈爷奶姥孙儿女哥弟姐妹他她我俺]|老[头太伴公婆]")
_SOMEBODY = (
    r"孩子|娃|儿子|闺女|孙子|孙女|狗|猫|老鼠|小孩|他|她|我|俺|人家"
    r"|机器|洗衣机|柜员机|取款机|自助机|提款机|车|门|水|开水|热水|火"
)
_THING = (
    r"(?:(?<![被让叫给门腿手脚腰指头膊身子机器])卡|存折|折子|钱包|钱夹|手机|老年机|电话机?|(?:身份|残疾|退休|结婚|慢病|医保|出生|诊断|低保|驾驶)证"
    r"|户口本|户口簿|病历本?|医保本|处方|发票|单子|单据|收据|小票|车票|材料|钥匙|书包|挎包|提包|背包|布包|手包|包包|兜子?|现金|眼镜"
    r"|老花镜|助听器|假牙|拐杖|拐棍|药盒|药瓶|化验单|片子|[uU]盾|文件|袋子|雨伞|帽子|手表|照片|回执|证明|票|证|(?<![根日])本|钱)"
)
_THEN = (
    rf"(?:不小心|不慎|没拿[稳住]|刚才|刚刚|刚|昨天|昨晚|今天|今早|前天|全|都|也|又|一块|一起|丢|弄|搞|在|从兜里|从手里|从桥上|从楼上|从车上|里|还是|给"
    rf"|[被让叫给](?:(?:俺|我|他|她)?(?:家|们家)?的?(?:{_SOMEBODY}))?)*"
)
_BEFALLS = r"(?:掉|落|摔|滑|泡|跌|沉|淹|冲|漂|吞|吃|咬|断|折|烫|烧|压|轧|碾|扔|甩|撞|砸|夹|绞|电)"
_OF_A_THING = re.compile(f"{_THING}{_THEN}{_BEFALLS}")
_AFTER_IT = re.compile(
    r"(?:[捞捡够找取抓拾追救抢骑坐和跟同玩摸办补交刷掏]|拿着?|揣着?|攥着?|带着?|抱着?|背着|提着|拎着|连人带)"
    r"(?:[我俺他她你]的?|这|那|个|一?[张个本]|医保|社保|银行|身份)*$"
)
_THE_BODY = re.compile(r"^断?[了的]?(?:手|腿|胳膊|指|脚|头|脸|人)")

_OFTEN = re.compile(
    r"经常|(?<![经非正异平日家])常(?!州|见|委|规|住)|时常|老是|总是|老爱|动不动|时不时|隔三差五|三天两头|有时|偶尔|隔几天"
    r"|老(?=[喘憋晕昏疼抽犯])|一(?:到|变|活动|走|累|上楼|冷|刮|干|动)[^□]{0,4}就"
)
_SUDDEN = re.compile(
    r"突然|忽然|刚|现在|这会|正在|今[天早晚夜儿]|加重|更|越来越|紫|受不了|不行了|救|120|快来|还没停|停不|又(?:[犯抽喘晕]|开始)"
)
_OF_BENEFITS = re.compile(
    r"慢病|慢特病|特病|门慢|大病|药费|药钱|的药|药能|药在|药报|报销|[能给可管]报|报[不吗多几咋销]|补助|救助|怎么[办报申]|咋[办报申]理?[^啊呀]|能办|可以办|"
    r"认定|申请|目录|待遇|长护"
)
_IN_HOSPITAL = re.compile(
    r"ICU|icu|重症|监护室|住着院|住院(?!要|需要|的?得|咋|怎么|手续|押金|带|用)|病房|插着管|呼吸机|在(?:省|市|县|区|人民|附|中)?(?:医院|立医院|民医院|属医院|医院里)"
)
_LIES_SENSELESS = re.compile(r"昏迷|没醒|昏睡|醒不|没意识|没有意识|没知觉|不省|不醒|植物")
_ASKS = re.compile(r"怎么|咋|能|吗|多少|啥|什么|可以|备案|费用|救助|报销|如何|[不没]$")
_ERRAND_FOR = re.compile(
    r"代办|代领|代取|代理|委托|上门|替(?:他|她|俺|我|老人|俺娘|俺爹)|帮(?:他|她|老人|俺娘|俺爹|我妈|我爸)[^，]{0,4}办"
    r"|(?:去|来|到)不了|[去来]不成|出不了门|出不去门|不能去|没法去|没法来|不用去|网上办|手机上办|本人[去到来]|刷脸|人脸|认证"
)
_HOME_BOUND = re.compile(
    r"断|折|不能动|动不了|动弹不|不会动|起不来|爬不起|走不了|不能走|不会走|不敢走|站不|抬不起|没劲|使不上|瘫|不听使唤|不好使|不管用|麻"
)
_ELSEWHERE = re.compile(r"地[上下]|厕所|茅房|路|楼|院|门口|大厅|窗口|浴室|澡堂|摔倒|滑倒|栽")
_STRUCK = re.compile(
    r"血|疼的|疼死|昏|晕|没反应|不醒|叫不|不吭|不吱|吐|喘|半边|嘴歪|说不|骨头露|露出|早上起来|睡醒|一觉|快点来"
)
_YEARS_BACK = re.compile(
    r"去年|前年|大前年|那年|年前|年头里|头年|上半年|下半年|上个月|年初|[一二两三四五六七八九十几半多\d]+个?(?:年|月)(?:多)?(?:了|前)"
)
_EVER_SINCE = re.compile(
    r"(?:一?直?到|至|直到)?(?:现在|如今|眼下|这会|今天)(?:也|都|还|没)|(?:一?直?到|至|直到)(?:现在|如今|今天)|还在"
)
_DEAF = re.compile(r"耳背|耳朵背|耳朵聋|聋|耳朵不[好中灵]|耳朵沉|耳沉|听不[见清着到]|听力")
_NO_ANSWER = re.compile(r"^[叫喊唤].{0,3}(?:不应|不答应|不理|没应声|不搭理|没回应|也?不吭声)|^[叫喊]不[应见]")
_BY_A_DOCTOR = re.compile(r"医院|护士|大夫|医生|药店|药房|诊所|卫生室|卫生院|村医|药师")
_TO_BE_BLAMED = re.compile(r"投诉|举报|告他|告它|起诉|赔|说法|反映|维权|谁负责|追责|曝光")
_ILL = re.compile(r"晕|吐|难受|昏|抽|喘|迷糊|不行|疼|慌|现在|刚|哆嗦|肿|疹|急|咋办")


def said_of_another(kind: str, text: str, start: int, end: int) -> str:
    """Why a sign of `kind` ("" for a word of harm of any) between `start` and `end` puts nobody in danger; "" if it
    may: it befell a thing, comes again and again, or somebody is looked after and an errand is asked about."""
    said = text[start:end]

    def of(*kinds: str) -> bool:
        return not kind or kind in kinds

    reach = 0 if kind else 1  # a word of harm stands behind what befell the thing: 水里
    if of(*_OF_THINGS) and is_of_a_thing(text, start - (_WHERE if kind == "drowning" else reach), end):
        return "thing"
    if of(*_CHRONIC) and is_chronic(text, text[max(0, start - _NEAR) : end]):
        return "chronic"
    if of("unconscious") and is_in_hospital(text, said):
        return "in_hospital"
    if of("unconscious") and is_hard_of_hearing(text, said if kind else text[max(0, start - 1) : end]):
        return "hard_of_hearing"
    if of("injury", "unconscious", "stroke") and is_errand_for_somebody(text, said):
        return "errand"
    if of("injury", "burn") and is_left_from_long_ago(text):
        return "long_ago"
    if not kind and is_said_of_errands(text):
        return "figure"
    return "malpractice" if kind == "poison" and is_malpractice(text, said) else ""


def is_manner_of_speaking(kind: str, text: str, here: str, before: str, said: str, behind: str) -> bool:
    """ "排队排得我快晕了", "听晕了，这么多条", "吐血了，跑了五趟": not where it has happened to somebody. `here`: the
    part of the sign; `before`, `behind`: what stands around the words `said`."""
    if _IRKED.search(before) and not _HAPPENED.search(said + behind):
        return True
    if kind == "unconscious" and re.search("[晕昏]了", said):
        if _ALMOST_HUNGRY.search(before) and not (_HAPPENED.search(said + behind) or _TAKES_SUGAR.search(text)):
            return True
        if _DAZED.search(here) and _TOO_MUCH_TO_READ.search(text) and not _HAPPENED.search(said + behind):
            return True
    if kind == "bleeding" and _SPITS.search(here) and _ERRANDS.search(text) and not _OF_A_PATIENT.search(text):
        return True
    return bool(_IN_ANGER.search(said) and _UNANSWERED.search(text) and not _SUFFERS.search(before))


def is_said_of_errands(text: str) -> bool:
    """ "吐血了，跑了五趟"."""
    return bool(_SPITS_FIRST.match(text) and _ERRANDS.search(text)) and not _OF_A_PATIENT.search(text)


def is_merely_angry(text: str) -> bool:
    """ "快被你们气死了": a whole message that nobody who is in danger would leave at that."""
    return _MERELY_ANGRY.fullmatch(text.strip()) is not None


def is_only_of_a_thing(text: str) -> bool:
    """ "我卡被吞了": a thing came to harm, and behind that nobody is spoken of."""
    found = _OF_A_THING.search(text)
    return bool(found and is_of_a_thing(text, 0, len(text)) and not _PERSON.search(text[found.end() :]))


def is_out_of_breath_for_money(text: str, before: str, said: str) -> bool:
    """ "这药费压得俺喘不过气"."""
    worse = re.search(r"疼|汗|胸|紫|倒|晕|现在|刚|救|憋|哮|病人", text)
    return bool(_PANTS.search(said) and _PRESSED.search(before) and not worse)


def cannot_bear(before: str, said: str) -> bool:
    """ "撑不住了", of whoever pays; not of the ill."""
    return bool(_BEARS.search(said)) and not _SUFFERS.search(before)


def is_of_a_thing(text: str, start: int, end: int) -> bool:
    """ "医保卡掉水里了": what fell, was swallowed or broke is a thing, and nobody went after it or held it."""
    return any(
        start < found.end() <= end
        and not _PERSON.search(text[found.end() : end])
        and not _AFTER_IT.search(text[max(0, found.start() - 8) : found.start()])
        and not _THE_BODY.search(text[found.end() :])
        for found in _OF_A_THING.finditer(text)
    )


def is_chronic(text: str, near: str) -> bool:
    """ "经常喘不上气，能办慢病不": what comes again and again, in a question of benefits; nothing says that it is here.
    `near`: the sign, and a little before it."""
    return bool(_OFTEN.search(near) and _OF_BENEFITS.search(text) and not _SUDDEN.search(text))


def is_in_hospital(text: str, said: str) -> bool:
    """ "我爸在ICU还没醒，备案怎么补": those around them have all the help there is, and ask."""
    asks = _IN_HOSPITAL.search(text) and _ASKS.search(text)
    return bool(asks and _LIES_SENSELESS.search(said) and not re.search("突然|忽然|刚|没人管|快来|救命", text))


def is_errand_for_somebody(text: str, said: str) -> bool:
    """ "俺爹躺床上不能动，能代办吗": who cannot walk cannot come, for weeks; nobody found them on the floor."""
    if not (_ERRAND_FOR.search(text) and _HOME_BOUND.search(said)):
        return False
    return not (_ELSEWHERE.search(said) or _STRUCK.search(text) or _SUDDEN.search(text))


def is_left_from_long_ago(text: str) -> bool:
    """ "去年摔断腿了，到现在走不了路": "now" is only how long it has lasted."""
    since = _EVER_SINCE.sub("", text)
    return bool(_YEARS_BACK.search(text)) and since != text and not re.search("[又再]|" + _SUDDEN.pattern, since)


def is_hard_of_hearing(text: str, said: str) -> bool:
    """ "我爹耳背喊不应": who does not hear does not answer."""
    lies = re.search("躺|倒|地上|刚才|突然|忽然|醒|反应|睁", text)
    return bool(_NO_ANSWER.search(said) and _DEAF.search(text) and not lies)


def is_malpractice(text: str, said: str) -> bool:
    """ "医院给俺吃错药了我要投诉": who was given the wrong medicine, feels nothing of it and wants to complain."""
    return "错" in said and bool(_BY_A_DOCTOR.search(text) and _TO_BE_BLAMED.search(text)) and not _ILL.search(text)
