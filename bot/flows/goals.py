"""What a first sentence wants: to query, to file, to authorise; and whether for oneself or for somebody else. Pure."""

from __future__ import annotations

import re

from bot.flows.identify.relatives import KIN, same_person, somebody
from bot.flows.identify.whose_number import owner_of_number
from bot.flows.query.drugs import drug_asked
from bot.flows.state import State
from bot.understood import NO_GUESS, Guess
from casework.filings.items import Items
from language.aloud.sounds import toneless
from language.id_number import find as id_number_in

INTENTS = {
    "query_mine": "query",
    "file_item": "file",
    "authorise": "authorise",
    "revoke_authorisation": "revoke",
    "prove_identity": "prove",
    "resume_errand": "resume",
    "withdraw_filing": "withdraw",
}
"""Rasa's intent → the errand's kind."""

_QUERIES = {
    "progress": r"进度|进展|办到哪|哪一步|办[完好成]了?没|办得咋样|办得怎么样|我办的|那件事|交上去的|工单|批到哪|"
    r"批下来没|过了还是没过|"
    r"(?:没|有)个?信儿?|走到哪|(?:递|交|报)上去.{0,12}(?:啥时候|多咱|几时|什么时候|半个?月|咋样)|受理号",
    "balance": r"余额|余饿|账户|帐户|卡[里上内]|还有多少钱|几个钱|剩.{0,3}钱|钱还有|个账|[我俺的]的?钱$|账上|"
    r"[出进支刷扣划]了?过?几[回次笔](?!院|医院)|折子.{0,12}(?:多少|攒|打钱)|(?:钱不够|扣钱|多扣).{0,14}(?:还有|现在).{0,3}多少|(?:医保|看病的?)卡.{0,12}(?:还有|有).{0,3}(?:多少|几个)",
    "chronic": r"慢特病|慢病|慢性病|慢兵|特病|门慢",
    "settlements": r"花(?:过|了|的)?钱的?记录|(?:看病|就医)的?记录|"
    r"(?<!办)结算(?!备)|报销?了多少|报销.{0,8}(?:记录|到哪|下来|打|到账)|报的.{0,3}钱|结账单|"
    r"(?:药费|医药费|医疗费|报的|报销的|报销).{0,8}(?:下来|到账|到卡|打(?:过来|给我|到))了?没|"
    r"花了?(?:人家|他们)?(?:多少|哪些钱)|(?:统筹|公家|国家|医保).{0,3}(?:付|掏|报|给).{0,4}多少|一笔.{0,6}(?:一笔|不是我)|"
    r"(?:那回|那次|上回|上次).{0,10}(?:算进去|报了|抱了|花的?钱)|(?:那回|那次|上回|上次).{0,8}报的",
    "remote": r"备案|背案|备安|异地",
    "drugs": r"药品|目录|这个药|啥药|什么药",
    "contributions": r"交(?:够|满|了|有)*(?:多少|几)年|[缴交]费?年限|"
    r"缴费|交费|缴纳|欠.{0,4}费|欠.{0,4}钱|交了|交上|交到|哪年断|断缴|交没|缴没|交钱|没落下?|到账没",
    "status": r"[停断]没[停断]|[停断]了?没|停没|是不是停|刷不[出了]|状态|参保|在保|正常|停了|停保|暂停|医保信息|断没断|"
    r"有效|管用|生效|还有没有保|职工的还是居民|居民的还是职工|算没算上|算上没",
    "family": r"(?:查|看看?)[^，,。]{0,6}(?:有没有|还有|有[啥哪几])[^，,。]{0,3}授权|"
    r"谁.{0,3}授权|授权.{0,4}(?:谁|记录|有哪)|帮谁办|替谁|谁.{0,4}[替帮给][我俺]|代办人",
}
_HEARD_AS = {
    "yu e": "balance",
    "zhang hu": "balance",
    "jin du": "progress",
    "jiao fei": "contributions",
    "jie suan": "settlements",
    "zhuang tai": "status",
    "yao pin mu lu": "drugs",
}
"""The same as recognition writes it by its sound: "鱼额", "帐护", "进渡"."""
_AWAITED = re.compile(
    r"(?:打电话|打[0-9]{5,12}|来电|跟你们|给你们|找你们)(?:说|反映|登记|问)过?的.{0,8}(?:没|咋|怎么|啥)|[回来]电|回话|打过?来|打给|联系我|处理|有信|结果|登记的|反映的|投诉的|到哪了|(?:投诉|举报|建议|意见).{0,4}[怎咋]"
    r"|(?:我|俺)(?:的|那|这|上回|上次|上个?月)[^，,。]{0,8}(?:钱|款|津贴|报销)[^，,。]{0,6}"
    r"(?:啥时候|多咱|什么时候|哪天|几时|多久|几天|咋还不|怎么还不|咋还没|怎么还没)[^，,。]{0,4}(?:到|下来|打|发|给|来)"
)
"""What a call back or a complaint came to."""
_ACTS_FOR = re.compile(
    rf"(?:(?:替|帮)(?:我|俺|咱)?(?:家|们)?(?:里|的)?(?:{KIN}))"
    rf"|(?<!授权)(?<!委托)(?<!权)给(?:我|俺|咱)?(?:家|们)?(?:里|的)?(?:{KIN})(?:办|申请|查|报|弄|跑)"
)
_ALSO = r"[，,。、；; ]+(?=(?:查|看看|问问|报|备个|办个?|申请)(?!了|过|的))"
_THEN = re.compile(
    r"[，,。、；; ]*(?:然后|完了|接着|还有(?:就是|一[个样件]事?)?[，, ]*)?"
    r"(?:再(?:就是|一[个样件]事?|有|者)?|还(?:要|想|得|需要?|请)|也(?:要|得|想)|顺[便带]|捎带(?:着)?|另外|然后|最后|对了|还有(?:就是)?"
    r"|(?:第?[一二三两]|头一)(?:是|来|[个件样](?:事|是)?|呢)|其[一二三])[，, ：:]*(?:要|想|得|请|麻烦)?(?:你|您)?"
    r"(?=给|帮|替|把|查|办|问|看|改|申请|登记|备[个上案])"
)


_UNNAMED, _OTHERWISE_NAMED, _OF_SEVERAL = 0.3, 0.4, 0.6
_BRIEFLY_OTHERWISE = 0.75
_QUERY_UNNAMED, _QUERY_OTHERWISE_NAMED = 0.4, 0.6
"""How likely a guess must be where the words name nothing, something else, or one of several. By what was right on
sentences of writers whom the learner had not seen: of those above, 9 in 10 and more."""
_TELLS_WHICH, _BRIEF = 10, 16
"""Characters: fewer do not tell which of several kinds is meant ("办备案"), or say by their own words what it is."""


_LOOKS_AT_GRANTED = re.compile(
    r"(?:查|看|有没有|还有|有(?:几|哪|啥|什么))[^，,。 ]{0,8}(?:授权(?!书|一下|给|她|他)|代办人)"
    r"|授权[^，,。]{0,5}(?:还有|有没有|有(?:几|哪|啥|什么)|还在|还剩|都有谁|给了谁|给谁了)"
)
_ENDS_GRANTED = re.compile(r"收回|取消|撤|作废|停掉|(?:要|想|给|再)[^，,。]{0,3}(?:授权|委托)(?:给|让)")
_WHAT_IS_OPEN = re.compile(
    r"(?:有没有|还有|有(?:啥|什么|哪些|哪几|几)|还剩)[^，,。]{0,6}(?:(?:正|还)?在办|办着|没办[完好成]|没弄[完好]|没批|没结)"
    r"|(?:在办|办着|没办[完好成])的?(?:事|件)?[^，,。]{0,3}(?:还有|有没有|有(?:啥|什么|哪些|哪几|几))"
)
"""Asks which of theirs are open, and goes on with none."""


def goal(intent: str, text: str, channel: str, items: Items, guess: Guess = NO_GUESS) -> State:
    """The errand a message begins. `intent` must be one of INTENTS. `guess`: the matter that was learnt to be meant."""
    state = State(kind=INTENTS[intent], channel=channel, said=text)
    note_whose(state, text)
    state.mentioned_id = id_number_in(text)
    looks = state.kind in ("revoke", "authorise", "query") and _LOOKS_AT_GRANTED.search(text)
    if looks and not _ENDS_GRANTED.search(text):
        state.kind, state.what = "query", "family"
    elif state.kind in ("resume", "query") and _WHAT_IS_OPEN.search(text):
        state.kind, state.what = "query", "progress"
    elif state.kind == "query":
        state.what = _looked_up(text, guess)
    elif state.kind == "file":
        named = [item.id for item in items.named(text)]
        if guess.name in items.items and guess.confidence >= _surer(named, guess.name, text):
            named = [guess.name]
        state.what = named[0] if len(named) == 1 else ""
        state.offered = named if len(named) > 1 else []
    return state


def _surer(named: list[str], guess: str, text: str) -> float:
    if len(named) > 1:
        return _OF_SEVERAL if guess in named and len(text) > _TELLS_WHICH else 1.1
    if not named:
        return _UNNAMED
    return _BRIEFLY_OTHERWISE if len(text) <= _BRIEF else _OTHERWISE_NAMED


def _looked_up(text: str, guess: Guess) -> str:
    kind = query_kind(text) or ""
    return guess.name if guess.confidence >= (_QUERY_OTHERWISE_NAMED if kind else _QUERY_UNNAMED) else kind


def same_errand(open_errand: State, wanted: State) -> bool:
    """ "我要办备案" in the middle of 备案 is no new errand, nor is talk of proof: it is a part of this one."""
    if wanted.kind in ("resume", "prove"):
        return True
    return wanted.kind == open_errand.kind and wanted.what in ("", open_errand.what)


def same_for_another(text: str, before: str, *, for_self: bool = False) -> str:
    """ "我老伴的呢" after "查余额": the query they asked for last; "" when the words say no such thing."""
    if not somebody(text) and not for_self:
        return ""
    return next((kind for part in reversed(before.split("，")) if (kind := query_kind(part))), "")


def wishes(text: str, items: Items) -> list[tuple[str, str]]:
    """ "查一下余额，再给俺备个案，再看看缴费": each as (intent, words), in their order; empty when it is one."""
    if looks := _looks_up_several(text):
        return looks
    parts = [part for part in re.split(f"{_THEN.pattern}|{_ALSO}", text) if part and part.strip("，,。、 ")]
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for part in parts:
        if intent := _intent(part, items):
            what = query_kind(part) if intent == "query_mine" else ",".join(item.id for item in items.named(part))
            found.setdefault((intent, what or ""), (intent, part))
    return list(found.values()) if len(found) > 1 else []


_SIDE_BY_SIDE = re.compile(r"[，,。、；; ]*(?:还有(?:就是)?|以及|另外|(?<!共)和|(?<!相)跟|[，,、；;]|再就是)[，, ]*")
_BRIEF_LOOK = 12
"""Characters of one of several things that are looked up, named side by side."""


def _looks_up_several(text: str) -> list[tuple[str, str]]:
    """ "余额和今年交了多少": each as a look-up of its own; empty where it is one, or the parts are no such things."""
    parts = [part for part in _SIDE_BY_SIDE.split(text.strip(" 。？?！!")) if part]
    kinds = [query_kind(part) for part in parts]
    if len(parts) < 2 or None in kinds or len(set(kinds)) < len(kinds) or asks_about_rules(text):
        return []
    is_wish = all(len(part) <= _BRIEF_LOOK for part in parts) and set(kinds) <= _PLAIN_KINDS
    return [("query_mine", part) for part in parts] if is_wish else []


def is_side_by_side(second: str) -> bool:
    """The second of two look-ups in one question ("余额和今年交了多少"), with no wish of its own: both are told."""
    return query_kind(second) in _PLAIN_KINDS and not re.search("查|看|瞅|瞧|问", second)


_PLAIN_KINDS = {"balance", "contributions", "settlements", "status", "progress"}
"""What is looked up by its name; the other kinds' words are as often said of the matter itself."""


_RULES = re.compile(
    r"怎么|咋|多久|多长|几[天年个次]|什么时候|啥时候|何时|多少|哪[里些儿]|能不能|可不可以|要不要|用不用|条件|材料|流程|比例|标准|[吗么？?]$"
)
_THEIR_OWN = re.compile(
    rf"我|俺|咱|自己|本人|[她他]|余额|账户|帐户|卡[里上内]|还剩|进度|办到|[了上好]没|查|瞧|瞅|看看|记录|状态|到期|资格|批|GD\d|{KIN}"
)


def asks_about_rules(text: str) -> bool:
    """ "2027年的交到什么时候" is a question for everybody, "我的交了没" is not."""
    return bool(_RULES.search(text)) and not _THEIR_OWN.search(text) or bool(_ASKS_FOR_RULES.search(text))


_ASKS_FOR_RULES = re.compile(
    r"(?:问问?|打听|咨询|了解|知道|听听|说说|讲讲)(?:一?下)?[^，,。]{0,12}(?:规定|政策)|(?:规定|政策)(?:是|有|上|咋|怎|啥|[吗呢？?]|$)"
)
_NOT_MINE = (
    r"(?:我|俺)?(?:不是|没有?|不|别)(?:要|想)?[查看](?:我|俺|咱)?(?:自己|自个儿?|个人|本人)?(?:的)?"
    r"(?:东西|信息|账)?(?:啊|呀|呢)*"
)
_ONLY_ASKS = re.compile(
    rf"(?:{_NOT_MINE}[，, ]*)?(?:我|俺)?(?:是|就是|只是|就|只)?(?:想|来|先)?(?:问问?|打听|咨询)(?:一下)?(?:下|的是)?"
    rf"(?:政策规定|政策|规定)(?:的|呢|啊|呀|而已)*(?:[，, ]*{_NOT_MINE}(?=[，,。]|$))?"
)


def only_asks_rules(text: str) -> bool:
    """ "我是问政策", and no question yet: a button's words, too."""
    return bool(_ONLY_ASKS.fullmatch(text.strip(" 。.，,！!")))


def question_of_rules(text: str) -> str:
    """What is asked by "我是问政策，备案管几年", "想问问政策上咋规定的"; "" where the words do not begin so."""
    match = _ONLY_ASKS.match(text)
    rest = text[match.end() :] if match else ""
    return rest.strip(" 。.，,！!") if rest[:1] in ("，", ",", " ", "。") else rest and text


_DO_IT = re.compile(
    r"^(?:那|就|要不|不然|先|也|顺便|麻烦|请|你|您|能不能|可以|[，, ])*(?:给|帮|替)(?:我|俺|咱)"
    r"(?:妈|爸|娘|爹|老伴|孩子|闺女|儿子)?(?:也|先|现在|一起|顺便)*(?P<does>办|备|弄|报|申请|登记|查|看看)"
    r"(?!完|好了|过了|了没|没有)(?!.*(?:怎么|咋|多久|几天|多少|哪))"
)
"""A wish that names nothing: it is for what was just asked about."""


def question_and_wish(text: str, items: Items) -> tuple[str, str, str] | None:
    """ "先问问异地备案管多久，再给查查余额" → (the question, the wish's intent, the wish); None when it is not both.

    In "异地备案管多久，给我办一个" the wish is for what was asked about."""
    then = _THEN.search(text)
    if then is not None:
        first, second = text[: then.start()], text[then.end() :]
        for question, wish in ((first, second), (second, first)):
            if asks_about_rules(question) and not asks_about_rules(wish) and (intent := _intent(wish, items)):
                return question, intent, wish
    for end in re.finditer(r"[，,。；;？?！!]+", text):
        question, wish = text[: end.start()], text[end.end() :]
        if asks_about_rules(question) and (does := _DO_IT.match(wish)):
            looks = bool(re.match("查|看", does["does"]))
            named = query_kind(question) if looks else items.named(question)
            if named:
                return (
                    question,
                    "query_mine" if looks else "file_item",
                    wish if _intent(wish, items) else f"{question}，{wish}",
                )
    return None


def _intent(part: str, items: Items) -> str:
    if re.search(r"(?<!检)查|看看|问问|多少|还剩|余额", part) and query_kind(part):
        return "query_mine"
    return "file_item" if items.named(part) and re.search(r"办|备|报|申请|登记|改|换|参|转|领", part) else ""


def acts_for_somebody(text: str) -> bool:
    """ "我要给我妈办事": wants to act for somebody, whatever is said of authorising; "授权给俺闺女" does not."""
    return bool(_ACTS_FOR.search(text))


_MOVED_TO = re.compile(
    r"(?:打|发|转|拨|退|汇|存|划|返|给|到|进|报|支付|领)[^，,。；;！!？?]{0,9}?(?:账户|帐户|账上|卡[里上内])"
    r"(?:(?:还是|或者?|、|和|跟)[^，,。；;！!？?]{0,6}?(?:账户|帐户|账上|卡[里上内]))?(?![^，,。；;！!？?]{0,4}(?:还有|剩|多少))"
)
"""Where money goes is no question of how much lies there: "津贴打到单位账上还是我卡上"."""
_NOT_LOOKED_UP = re.compile(
    r"(?:我|俺)?(?<![要是能想])(?:没有?|不是|不|别|谁|哪个)(?:再|要|想|让|叫|你|您|给|我|俺)*(?:问|查|看|打听|说)(?![到着出过见没])[^，,。；;！!？?]{0,10}"
)
"""What they say they did not ask for: "我没问余额"."""


def query_kind(text: str) -> str | None:
    if drug_asked(text):
        return "drugs"
    text = _NOT_LOOKED_UP.sub("", text)
    moved = _MOVED_TO.sub("", text)
    words_of = {kind: moved if kind == "balance" else text for kind in _QUERIES}
    found = next((kind for kind, words in _QUERIES.items() if re.search(words, words_of[kind])), None)
    if found or _AWAITED.search(text):
        return found or "progress"
    sounds = f" {toneless(re.sub(r'[^一-龥]', '', moved))} "
    return next((kind for heard, kind in _HEARD_AS.items() if f" {heard} " in sounds), None)


_NOT_FOR = re.compile(rf"不(?:是|查|问|办)(?:给|替|帮|查|问)?(?:我|俺|咱)?(?:家)?(?:{KIN})的?")
"""Whose it is not: "查俺的，不是俺娘的"."""


def note_whose(state: State, text: str) -> None:
    """Keep whom it is for, unless that is known, or it is who acts for themselves with the caller's help."""
    if state.relation:
        return
    text = _NOT_FOR.sub("", text)
    found = somebody(text)
    who = found.who if found else owner_of_number(text)
    if who and not (state.beside and same_person(state.beside, who)):
        state.relation, state.surname = who, found.surname if found else ""
