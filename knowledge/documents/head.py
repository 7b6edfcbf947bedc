"""The head of an official document: who issued it, its number (文号), its title, and to whom it is addressed.

济宁市医疗保障局文件                                        or, as sites and gazettes print it,
济医保字〔2023〕25号                                        the title first and the number below it
济宁市医疗保障局关于实施医保服务二十项便民措施的通知
各县（市、区）医疗保障局，……：
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.documents import numbering, printed_dates
from knowledge.documents.document import NonClause
from knowledge.documents.issuers import apart, is_organisation, names_of
from knowledge.documents.lines import Paragraph

FACTS = "网页信息"
_LONGEST = 15
"""Paragraphs a head may have."""
_LONGEST_TITLE = 120
_SHORTEST_NAME = 6
_LONGEST_ADDRESSEES = 500
_OPEN, _CLOSE = r"[〔\[［【(（﹝〈<]", r"[〕\]］】)）﹞〉>]"
_YEAR = rf"{_OPEN}\s*(?:19|20)\d{{2}}年?\s*{_CLOSE}"
_NUMBER = rf"[\u4e00-\u9fff]{{2,15}}{_YEAR}第?\s*\d{{1,4}}\s*号"
DOC_NO = re.compile(_NUMBER)
_NOTICE_NO = re.compile(r"[（(]?((?:(?:19|20)\d{2}年)?第\d{1,4}号)[）)]?")
"""Of a 公告 or 令: 2026年第3号, 第31号."""
_ORDER_NO = re.compile(r"(?:中华人民共和国)?([\u4e00-\u9fff]{1,20}令)\s*[（(]?(第\s*\d{1,4}\s*号)[）)]?")
"""Of a 令 in one line: 国务院令第735号, 国令第707号."""
_REGISTRATION = re.compile(r"(?:登记号[：:])?[A-Z]{2,6}[-－—–]?(?:19|20)\d{2}[-－—–]?\d{2,8}")
"""Number of a rule in the register of its government: JNCR-2026-0020001, SDPR-2026-0130001."""
_LABELLED = re.compile(r"(?:发文字号|文件编号|文件字号|文号|编号)[：:]|签发人[：:].{2,12}$")
_NEXT_FACT = re.compile(
    r"(?<=[^\s【\[])(?=[【\[]?(?:索\s*引\s*号|(?:主题|组配|公开)分类|(?:发文|发布|制发|制定|成文)(?:机关|机构|单位|日期|时间|字号)"
    r"|(?:生成|印发|签发|生效|失效)日期|(?<!发)文号|(?:公文|信息|文件)?(?:标题|名称)|(?:时|有)效性|效力状态|公开方式|主题词|关键词)[】\]]?[：:])"
)
"""Where a line of a page's facts begins the next: 发文机关：…局成文日期：…."""
_FORM = re.compile(
    r"(?:特急|急件|加急|平急|内部|公开|绝密|机密|秘密)(?:[★☆].{0,6})?|\d{1,7}|[（(]此件.*[）)]|签发人.*|(?:主动|依申请|不予)公开"
)
_OF_PAGE = re.compile(
    r"(?:(?:访问|阅读|浏览|点击)(?:量|率|数|次数)?|信息来源|来源|(?:发布|更新)(?:时间|日期)|时间|作者|责任?编辑?)[：:].{0,40}"
    r"|[^。；]{0,20}(?:19|20)\d{2}[-/年.]\d{1,2}[-/月.]\d{1,2}日?\s*\d{1,2}:\d{2}(?::\d{2})?[^。；]{0,40}"
)
"""What a site prints around a text, where somebody copied a page into Word: 访问量：687."""
_ATTACHED = re.compile(r"附\s*[件表]\s*[\d一二三四五六七八九十]{1,3}\s*[：:]?")
_ISSUER_IN_TITLE = re.compile(
    r"^([\u4e00-\u9fff]{2,24}?(?:局|厅|委员会|办公室|中心|政府|部|院))(?:[\u4e00-\u9fff]{0,24})?(?:关于|印发|转发|公告|通告|令)"
)
_ABOUT = re.compile(r"关于|印发|转发")
_TITLE_END = re.compile(
    r"(?:通知|意见|方案|办法|规定|细则|公告|通告|决定|批复|答复|函|报告|条例|措施|指南|规程|规范|标准|预案|规划|计划|纲要|章程|目录|须知|命令|规则|决议|公报|纪要|解读|问答|办事指南)(?:[（(].{1,12}[）)])*$"
)
_FOOTNOTE = re.compile(r"[\[［]\d{1,2}[\]］]$")
_ANNOUNCES = re.compile(r"^(?:为|根据|按照?|依据|经|现将?|现就|近[日期])|(?:如下|[项定求知告])[：:]$")
"""What introduces the text (现就有关事项通告如下：), and addresses nobody."""
_ONE_ADDRESSEE = re.compile(
    r"[\u4e00-\u9fff（）()、，,]{1,40}(?:医院|卫生院|公司|学校|大学|学院|协会|学会|街道|[乡镇厅]|支队|大队|银行|法院)[：:]"
)
_ORDERED = re.compile(r"(?:中华人民共和国)?([\u4e00-\u9fff]{2,20}令)(第\s*\d{1,4}\s*号)公布")
"""By which order a regulation was published, in the brackets below its title."""


@dataclass(frozen=True, slots=True)
class Head:
    """What was found, and how many paragraphs it took. Empty where nothing was found."""

    title: str
    doc_no: str
    issuer: str
    addressees: str
    length: int
    non_clauses: tuple[NonClause, ...]
    issued: date | None = None
    """The day that the page or a line below the title names; the signature's goes before it."""


def read(paragraphs: Sequence[Paragraph]) -> Head:
    """Read the head from the beginning of a document."""
    facts = _facts(paragraphs)
    length = _length(paragraphs, facts.get("标题", ""))
    lines = [paragraph for paragraph in paragraphs[:length] if not paragraph.noise]
    addressees = lines[-1].text if lines and _is_addressees(lines[-1].text) else ""
    body = lines[:-1] if addressees else lines
    numbers = [at for at, line in enumerate(body) if number_in(line.text)]
    doc_no = number_in(body[numbers[0]].text) if numbers else number_in(facts.get("文号", ""))
    if doc_no.startswith("第"):
        doc_no = _of_order(doc_no, body[numbers[0] - 1].text if numbers[:1] > [0] else "", facts.get("文号", ""))
    red = _red_head(body, numbers[0] if numbers else None)
    title_lines = [line for line in body[red:] if _what(line.text) == "文件头或标题" and not _is_dated(line.text)]
    ends = [at for at, line in enumerate(title_lines) if ends_title(line.text)]
    below = title_lines[ends[-1] + 1 :] if ends else []
    if below and all(all(map(is_organisation, names_of(line))) for line in below):  # signed below the title
        title_lines = title_lines[: ends[-1] + 1]
    title = "".join(line.text for line in title_lines)
    if facts.get("标题") and not _TITLE_END.search(title) and (not title or _TITLE_END.search(facts["标题"])):
        title = facts["标题"]
    heads = [_issuing(line) for line in body[:red]]
    issuer = "、".join(filter(None, heads)) or _issuer_of(title_lines, title)
    issuer = issuer or "、".join(name for line in below for name in names_of(line) if is_organisation(name))
    ordered = next(filter(None, (_order_in(line.text) for line in body if _is_dated(line.text))), "")
    doc_no = doc_no or ordered
    issuer = issuer or (doc_no.partition("令第")[0] if "令第" in doc_no else "")
    dated = [day for line in body if _is_dated(line.text) and (day := printed_dates.find(line.text))]
    issued = (dated[0] if dated else None) or printed_dates.find(facts.get("日期", ""))
    found = tuple(_non_clauses(paragraphs[:length], lines, addressees))
    office = facts.get("机关", "") if all(map(is_organisation, facts.get("机关", "").split())) else ""
    return Head(title, doc_no, issuer or office, addressees, length, found, issued)


def _order_in(line: str) -> str:
    """国务院令第746号 of （2021年7月27日中华人民共和国国务院令第746号公布）."""
    found = _ORDERED.search(re.sub(printed_dates.WRITTEN, " ", printed_dates.narrow(line)))
    return re.sub(r"\s", "", "".join(found.groups())) if found else ""


def _of_order(number: str, above: str, fact: str) -> str:
    """第707号 with the 令 that it counts: as the page says, else by the line above, 中华人民共和国国务院令."""
    said = number_in(fact)
    if said.endswith(number):
        return said
    return number_in(f"{above}{number}") or number


def number_in(text: str) -> str:
    """The document number that a line is, with the standard's brackets; "" for any other line."""
    line = printed_dates.narrow(text)
    line = _REGISTRATION.sub("", _LABELLED.sub("", line)).strip()
    line = re.sub(rf"^.{{2,60}}?文件(?={_NUMBER})", "", line)
    found = DOC_NO.match(line)
    if found and (found.end() == len(line) or DOC_NO.match(line[found.end() :].lstrip("、，, "))):
        number = re.sub(rf"({_OPEN})(?=\s*\d{{4}})", "〔", re.sub(rf"(?<=\d)年?\s*{_CLOSE}", "〕", found.group()))
        return re.sub(r"\s", "", number)
    order = _ORDER_NO.fullmatch(line)
    if order:
        return re.sub(r"\s", "", "".join(order.groups()))
    notice = _NOTICE_NO.fullmatch(line)
    return notice.group(1) if notice else ""


def issue_date(paragraphs: Sequence[Paragraph]) -> date | None:
    """The day of the signature (成文日期), else of the 印发 note, else of a paragraph that ends in a date."""
    texts = [printed_dates.narrow(line.text) for line in paragraphs if not line.noise or line.noise == "抄送、印发"]
    printed = [text for text in texts if re.search(r"日印发$", text)]
    signed = [text for text in texts if len(text) < 60 and re.search(rf"{printed_dates.WRITTEN}$", text)]
    signed += [text for text in texts if re.fullmatch(r"(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}", text)]
    own = [text for text in signed if re.fullmatch(rf"[\u4e00-\u9fff（）()、]{{0,60}}{printed_dates.WRITTEN}", text)]
    for text in [*own[:1], *printed[-1:], *signed]:
        day = printed_dates.find(text)
        if day:
            return day
    return None


def ends_title(text: str) -> bool:
    """Whether a line ends as titles do: 通知, 办法, 意见."""
    return _TITLE_END.search(_FOOTNOTE.sub("", text)) is not None


def is_title(text: str) -> bool:
    """A line that could be the title of a document or of an attachment: short, unnumbered, no sentence."""
    return len(text) <= 60 and not re.search(r"[。；;]|[：:]$", text) and numbering.label(text) is None


def _facts(paragraphs: Sequence[Paragraph]) -> Mapping[str, str]:
    """What a government site prints about the document, by the kind of fact; the nearest word for each wins."""
    labels = (
        ("文号", ("发文字号", "文号", "文件编号", "发文号", "文件字号", "发文文号", "公文文号")),
        ("标题", ("标题", "名称", "公文名称", "信息名称", "文件名称", "文件标题")),
        (
            "机关",
            (
                "发文机关",
                "发文机构",
                "制发机关",
                "制定机关",
                "成文机关",
                "发文单位",
                "发布机构",
                "发布机关",
                "发布单位",
            ),
        ),
        (
            "日期",
            (
                "成文日期",
                "成文时间",
                "发文日期",
                "发文时间",
                "印发日期",
                "生成日期",
                "制发日期",
                "签发日期",
                "发布日期",
            ),
        ),
    )
    printed: dict[str, str] = {}
    for paragraph in paragraphs:
        if paragraph.noise == FACTS:
            for fact in _NEXT_FACT.split(paragraph.text):
                label, _, value = fact.replace(":", "：", 1).partition("：")
                printed.setdefault(re.sub(r"[\s【】\[\]]", "", label), value.strip())
    return {kind: next((printed[word] for word in words if printed.get(word)), "") for kind, words in labels}


def _length(paragraphs: Sequence[Paragraph], named: str) -> int:
    """Where the head ends: behind the addressees, else before the first number or sentence.

    `named` is the title that a web page gives: what stands behind it is text, unless it is addressed to somebody.
    """
    seen, joined = 0, ""
    for at, paragraph in enumerate(paragraphs):
        if paragraph.noise:
            continue
        seen += 1
        text = paragraph.text
        if seen > _LONGEST:
            return at
        if _is_addressees(text):
            return at + 1
        long_title = len(text) <= _LONGEST_TITLE and _TITLE_END.search(text) and not re.search("[。；;]", text)
        if _is_mark(text):
            continue
        if paragraph.cells or numbering.label(text) or not (is_title(text) or long_title):
            return at
        joined += text
        complete = len(named) >= _SHORTEST_NAME and joined.endswith(named) and not _signed_below(paragraphs, at)
        if (complete or _TITLE_END.search(text)) and not _addressees_follow(paragraphs, at):
            return _behind_marks(paragraphs, at + 1)
    return len(paragraphs)


def _signed_below(paragraphs: Sequence[Paragraph], at: int) -> bool:
    following = next((line for line in paragraphs[at + 1 :] if not line.noise), None)
    return following is not None and all(map(is_organisation, names_of(following)))


def _behind_marks(paragraphs: Sequence[Paragraph], at: int) -> int:
    """Behind the number, the date and other marks printed below a title."""
    end = at
    for following in range(at, min(at + 8, len(paragraphs))):
        if paragraphs[following].noise:
            continue
        if not _is_mark(paragraphs[following].text):
            break
        end = following + 1
    return end


def _is_mark(text: str) -> bool:
    """A number, a date in brackets or another mark of a head."""
    return _what(text) != "文件头或标题" or _is_dated(text)


def _is_dated(text: str) -> bool:
    """（2026年3月5日…通过） below a title, or nothing but a date."""
    plain = printed_dates.narrow(text)
    bare = re.fullmatch(printed_dates.WRITTEN, plain) is not None
    return bare or re.fullmatch(rf"[（(]{printed_dates.WRITTEN}.{{0,80}}[）)]", plain) is not None


def _addressees_follow(paragraphs: Sequence[Paragraph], at: int) -> bool:
    following = [paragraph for paragraph in paragraphs[at + 1 : at + 20] if not paragraph.noise]
    return any(_is_addressees(paragraph.text) for paragraph in following[:3])


def _is_addressees(text: str) -> bool:
    if len(text) > _LONGEST_ADDRESSEES or numbering.label(text):
        return False
    if _ANNOUNCES.search(text):
        return False
    if re.fullmatch(
        r"[\u4e00-\u9fff·]{2,8}(?:、[\u4e00-\u9fff·]{2,8})*等?(?:代表|委员|副?主席|同志|先生|女士)[：:]", text
    ):
        return True
    if _ONE_ADDRESSEE.fullmatch(text):
        return True
    return re.fullmatch(r"[^。；]*(?:各|局|部门|政府|单位|中心|机构|委员会|办公室)[^。；]*[：:]", text) is not None


def _red_head(body: Sequence[Paragraph], number_at: int | None) -> int:
    """How many lines are the issuer's, above number and title. A number below the title makes no red head of it."""
    end = 0
    for at, line in enumerate(body):
        text = line.text
        if (text.endswith("文件") and not _ABOUT.search(text)) or _is_mark(text):
            end = at + 1
        elif not (all(map(is_organisation, names_of(line))) and not _ABOUT.search(text)):
            break
        elif number_at is not None and number_at > at and not _title_between(body, at, number_at):
            end = at + 1
    return end


def _title_between(body: Sequence[Paragraph], at: int, number_at: int) -> bool:
    between = [line.text for line in body[at + 1 : number_at]]
    return any(_ABOUT.search(text) or _TITLE_END.search(text) for text in between)


def _issuing(line: Paragraph) -> str:
    """The offices of a line of a red head."""
    if number_in(line.text) and "文件" not in line.text:
        return ""
    text = re.sub(rf"{_NUMBER}.*$", "", printed_dates.narrow(line.text))
    text = re.sub(r"(?:行政)?(?:规范性)?文件$|令$", "", text)
    if text != line.text:
        return text if re.fullmatch(r"[\u4e00-\u9fff（）()、\s]{2,60}", text) else ""
    return "、".join(names_of(line)) if is_organisation(text) or len(names_of(line)) > 1 else ""


def _issuer_of(lines: Sequence[Paragraph], title: str) -> str:
    """Who issued it, by the words of the title before 关于: one office or several."""
    raw = " ".join(line.raw for line in lines)
    before = _ABOUT.split(raw)[0] if _ABOUT.search(raw) else ""
    words = [word for word in re.split(r"[\s\u3000、]+", before) if word]
    if words and all(map(is_organisation, words)):
        return "、".join(name for word in words for name in apart(word))
    joined = _ABOUT.split(title)[0] if _ABOUT.search(title) else ""
    if is_organisation(joined):
        return "、".join(apart(joined))
    match = _ISSUER_IN_TITLE.match(title)
    return match.group(1) if match else ""


def _what(text: str) -> str:
    """What a line of a head is, in Chinese; 文件头或标题 when it is no mark."""
    plain = printed_dates.narrow(text)
    if number_in(text):
        return "文号"
    if _REGISTRATION.fullmatch(plain):
        return "规范性文件登记号"
    if _ATTACHED.fullmatch(plain):
        return "附件编号"
    if _OF_PAGE.fullmatch(plain):
        return FACTS
    return "密级、份号等标记" if _FORM.fullmatch(plain) else "文件头或标题"


def _non_clauses(all_lines: Sequence[Paragraph], lines: Sequence[Paragraph], addressees: str) -> list[NonClause]:
    found = []
    for line in all_lines:
        if line.noise:
            what = line.noise
        elif addressees and line is lines[-1]:
            what = "主送机关"
        else:
            what = _what(line.text)
        found.append(NonClause(line.text, what))
    return found
