"""What is told by its name or in the words it is always told in: "单位是建设路小学", "自己掏了4120.5", "孩子叫陈果果".

So told, it is an answer whatever is being asked, in however long a sentence. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.flows.identify.relatives import NO_NAME, SURNAMES
from bot.flows.small_words import sounds_like_question
from casework.filings.items import Field
from language.meant import TAKES_BACK

_ENDS = "，,。；;！!？?、 "
_REST = rf"[^{_ENDS}]"
_IS = (
    r"(?:的?(?:名称|名字|名))?(?:呢|啊|嘛)?[，, ]?"
    r"(?:(?:就|应该|还)?是|叫做?|在|写上?|填上?|记|报|[:：])(?:的|成|在|是)*[，, ]?"
)
_NAME = rf"(?!{NO_NAME})[{SURNAMES}][\u3400-\u9fff]{{1,2}}"
_CHILD = (
    r"(?:孩子|小孩儿?|娃娃?|宝宝|宝贝|婴儿|新生儿|孙子|孙女|外孙女?|儿子|闺女|女儿|老[大二三]|[他她]|大名|名字|姓名)"
)
_ORGANISATION = (
    r"(?:小学|中学|[一二三四五六七八九十]中|高中|学校|学院|大学|幼儿园|公司|集团|[一-龥]厂|煤矿|合作社|超市|商场|酒店|宾馆|饭店"
    r"|银行|支行|信用社|[一-龥]局|[一-龥]所|委员会|居委会|村委会?|办事处|事务所|研究院|研究所|服务中心|供电所|派出所|法院|检察院)"
)
_HOSPITAL = r"(?:医院|卫生院|保健院|附院|总院|分院|卫生服务中心)"
_PLACE = re.compile(
    r"[\u4e00-\u9fff](?:[市县区镇乡村庄寨屯](?![里上么])|街道)|社区|小区|花园|家属院|[路街巷](?=[0-9零一二三四五六七八九十])|号楼|单元|大队"
)
_JOBS = r"(?:上班|工作|干活|打工|教书|教学|当(?:老师|护士|会计|工人|保安|教师)|任教|就职|做工)"
_ROLES = r"(?:老师|教师|职工|员工|工人|护士|会计|司机|教职工|人|正式工|合同工)"
_EMPLOYER = (
    re.compile(rf"(?:工作|我们?|俺们?|咱|用人)?的?单位{_IS}(?P<value>{_REST}{{2,30}})"),
    re.compile(rf"(?:我|俺|咱)?(?:就|是|现在|一直)*在(?P<value>[^{_ENDS}在]{{2,24}}?){_JOBS}"),
    re.compile(rf"(?:我|俺|咱)(?:就|也)?是(?P<value>[^{_ENDS}是]{{2,24}}?{_ORGANISATION})的(?:一个|一名)?{_ROLES}?"),
)
_ALONE = re.compile(rf"(?:^|(?<=[{_ENDS}]))(?P<value>[^{_ENDS}我俺在是的]{{1,22}}{_ORGANISATION})(?=[{_ENDS}]|$)")
"""An organisation's name and nothing else in its clause."""
_NEW_ADDRESS = re.compile(
    rf"(?:(?:新的?)?(?:住址|地址|家)(?:{_IS}|改成|换成|改为|变成)|(?:搬|住|迁)(?:到|在|去|进)了?|(?:改|换)(?:成|为|到))"
    rf"(?P<value>{_REST}{{3,40}})"
)
_TOWN = re.compile(
    rf"(?:(?:住址|地址|户口|户籍|家)(?:{_IS}|落?在)|住(?:在|的是)?|(?:^|(?<=[{_ENDS}])))(?P<value>{_REST}{{3,30}})"
)
_NAMED_TOWN = re.compile(rf"(?:(?:住址|地址|户口|户籍|家)(?:{_IS}|落?在)|住(?:在|的是))(?P<value>{_REST}{{3,30}})")
_PHONE = re.compile(
    r"(?:联系|回)?(?:电话|手机)(?:号码|号)?(?:就|是|打|用|留|写|填|:|：|[，, ])*(?P<value>1[3-9][0-9]{9})(?![0-9])"
)
_CHILDS_NAME = re.compile(
    rf"{_CHILD}[^{_ENDS}我俺]{{0,6}}?(?:就?叫|取名叫?|起名叫?|名字?是|名叫)(?P<value>{_NAME})(?=[{_ENDS}的吧啊呀]|$)"
)
_NEW_NAME = re.compile(
    rf"(?:(?:改|换)(?:成|为|回)|(?:应该|应当|正确的?|对的)(?:就?是|叫|写)|(?:其实|本来|身份证上)(?:就?是|叫)|名字{_IS})"
    rf"(?P<value>{_NAME})(?=[{_ENDS}的吧啊呀]|$)"
)
_SUM = (
    r"(?P<value>[0-9]{2,7}(?:\.[0-9]{1,2})?"
    r"|[零〇一二三四五六七八九十百千万两]{3,}(?:[元块][零〇一二三四五六七八九十角毛分]*)?)"
)
_ROUGHLY = (
    r"(?!\s*(?:[0-9一二三四五六七八九十百千万几]|多|来[块元]|左右|上下|好几"
    r"|(?:元|块钱?)(?:多|左右|上下)|[年月号日天回次]))"
)
_OWN = r"(?:自己|自个儿?|个人|本人|自付|自费|先垫|垫付|先付|自掏|先掏|自理)"
_PAID = (
    re.compile(
        rf"{_OWN}(?:[一-龥]{{0,6}}?(?:掏|付|垫|花|交|出|拿|担))?"
        rf"(?:了|的|过|是|一共|总共|共|钱|腰包|部分|[，, :：])*{_SUM}{_ROUGHLY}"
    ),
    re.compile(
        rf"(?<![0-9.约]){_SUM}(?:元|块钱?)?(?:都|全)?是?(?:我|俺)?(?:自己|自个儿?|个人)(?:先)?(?:掏|付|垫|花|交|出)的"
    ),
)
_NAMED_HOSPITAL = re.compile(
    rf"(?:就诊|看病|住院|转出|生产|建档|转诊)?的?医院{_IS}(?P<value>[^{_ENDS}不没]{{2,20}}{_HOSPITAL})"
)


def phone_named(words: str) -> str:
    """The number that is said to be a telephone's: "电话158…"."""
    return _one_of((_PHONE,))(words)


def labelled(field: Field, words: str) -> str:
    """What the words tell of this field by its name; "" where they do not, or tell two things."""
    if field.kind not in _FRAMES and field.id not in _BY_ID:
        return ""
    if TAKES_BACK.search(words) and field.id not in ("new_address", "new_name"):
        return ""  # what is put right is read by who corrects
    read = _BY_ID.get(field.id) or _FRAMES[field.kind]
    return read(words)


def is_named(field: Field, words: str) -> bool:
    """It is told by its name, and not only by what can be nothing else: enough to take another answer's place."""
    if field.id == "town":
        return bool(_place(_NAMED_TOWN)(words))
    return bool(labelled(field, words)) and (not tells_alone(field, words) or bool(_one_of(_EMPLOYER)(words)))


def tells_alone(field: Field, words: str) -> bool:
    """An organisation is named in a clause of its own, where the employer is asked for."""
    return field.id == "employer" and bool(_ALONE.search(words))


def has_own_words(field: Field, words: str) -> str:
    """What of an answer to the open question for free words is that answer: 建设路小学 of "我说了呀，建设路小学，
    电话158…". All of it where nothing else can be told apart."""
    if named := "" if tells_alone(field, words) and not _one_of(_EMPLOYER)(words) else labelled(field, words):
        return named
    parts = [part for part in re.split(rf"[{_ENDS}]+", words) if part]
    own = [part for part in parts if not (_SAYS_NOTHING.fullmatch(part) or _OF_PHONE.search(part))]
    return "，".join(own).rstrip("的") if own and len(own) < len(parts) else words


_SAYS_NOTHING = re.compile(
    r"(?:我|俺|咱)?(?:不是|刚才|刚刚|早就|都|已经|前面|上面|一开始|就|不)*(?:说|讲|报|告诉|写|填)(?:你|您|你们)?过?了?"
    r"(?:的|吗|嘛|呀|啊|啦|呢)*"
    r"|(?:哎呀?|唉|嗨|哦|噢|那个|那|好吧?|行|嗯+)+|(?:咱|那|就)?(?:接着|继续)(?:给我|给俺)?(?:办|弄|来|填|说)(?:吧|呗)?"
    r"|(?:我|俺)?(?:又|可|也)?(?:没|不是|没有)(?:问|查|说|要)[^，,。]{0,8}"
)
_OF_PHONE = re.compile(r"(?<![0-9])1[0-9]{10}(?![0-9])")


def _one_of(patterns: tuple[re.Pattern[str], ...]) -> Callable[[str], str]:
    def read(words: str) -> str:
        for pattern in patterns:
            found = {match["value"].rstrip("的吧啊呀哈了") for match in pattern.finditer(words)}
            found = {value for value in found if not sounds_like_question(value)}
            if found:
                return found.pop() if len(found) == 1 else ""
        return ""

    return read


def _employer(words: str) -> str:
    found = _one_of(_EMPLOYER)(words) or _one_of((_ALONE,))(words)
    return "" if re.search(r"单位$|哪|孩子|[0-9]{5}", found) else found


def _place(pattern: re.Pattern[str]) -> Callable[[str], str]:
    """With the clauses behind it that still name a part of the place."""

    def read(words: str) -> str:
        for match in pattern.finditer(words):
            if not _PLACE.search(match["value"]) or sounds_like_question(match["value"]):
                continue
            told = [match["value"]]
            for part in re.split(rf"[{_ENDS}]+", words[match.end() :]):
                if part and not (_PLACE.search(part) and not _OF_PHONE.search(part)):
                    break
                told += [part] if part else []
            return "".join(told).rstrip("的吧啊呀哈了")
        return ""

    return read


def _paid(words: str) -> str:
    found = _one_of(_PAID)(words)
    return f"{found}元" if found and found[-1] not in "元块角毛分" else found


_BY_ID: Mapping[str, Callable[[str], str]] = {
    "employer": _employer,
    "new_address": _place(_NEW_ADDRESS),
    "town": _place(_TOWN),
    "name": _one_of((_CHILDS_NAME,)),
    "new_name": _one_of((_NEW_NAME,)),
}
_FRAMES: Mapping[str, Callable[[str], str]] = {
    "money": _paid,
    "hospital": _one_of((_NAMED_HOSPITAL,)),
}
