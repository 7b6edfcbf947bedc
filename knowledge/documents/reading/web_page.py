"""What of a page saved from a government site is the document, and what is the site around it.

Menus, the line of places (当前位置), sharing, counters and the registration line are set aside as NOISE, with their
kind, so staff see them and no clause holds them. What the site prints about the document (索引号, 发文字号, 成文日期)
becomes NOISE of the kind 网页信息, which the head is read from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from lxml import html

from knowledge.documents.numbering import label
from knowledge.documents.reading.block import Block, BlockKind
from knowledge.documents.reading.word import main_part

FACTS = "网页信息"
SITE = "网页栏目与链接"
_FACT_LABELS = re.compile(
    r"(?:索引号|信息索引号?|统一编号|登记号|发文字号|文号|文件编号|发文号|文件字号|发文文号|公文文号|成文日期|成文时间|发文日期|发文时间|生成日期|制发日期"
    r"|印发日期|签发日期|发布日期|发布时间|公开日期|公开时间|生效日期|实施日期|施行日期|废止日期|失效日期|终止日期|截止日期|标题|名称|公文名称|信息名称|文件名称|文件标题"
    r"|发文机关|发文机构|发文单位|发布机构|发布机关|发布单位|公开机构|公开机关|制发机关|制定机关|成文机关|信息来源|来源|发表时间|发表日期|更新时间|更新日期|录入时间|主题分类|主题词|主题|体裁|体裁分类|文种|组配分类|公开方式"
    r"|公开类型|公开范围|公开属性|公开时限|公开形式|公开责任部门|时效|时效性|有效性|有效期|效力状态|是否有效|文件状态|状态|关键词|关键字|内容概述|内容概要|信息概要|概述|摘要|分类|信息分类|栏目分类"
    r"|信息类别|类别|服务对象|公文种类|规范性文件编号|规范性文件登记号|所属主题|责任部门|责任编辑|作者|浏览次数|浏览量|点击数|点击量|阅读次数|阅读量|访问量|字体|字号|字体大小|浏览字号|语种|信息格式|记录形式|载体类型)"
)
_FACT = re.compile(rf"(?:[【\[](?=[^】\]]*[】\]]))?({_FACT_LABELS.pattern})(?:[】\]][：:]?|[：:])(.*)", re.DOTALL)
_FACT_BEGINS = re.compile(
    rf"[【\[]({_FACT_LABELS.pattern})[】\]][：:]?|(?<![\u4e00-\u9fff])({_FACT_LABELS.pattern})[：:]"
    r"|((?:信息)?来源|浏览(?:次数|量|字号)|点击[数量]|阅读(?:次数|量)|访问量|字体大小|责任编辑)[：:]"
)
_NAMES = {
    *("nav", "navbar", "navigation", "menu", "menus", "mainmenu", "submenu", "header", "footer", "foot", "topbar"),
    *(
        "breadcrumb",
        "breadcrumbs",
        "crumb",
        "crumbs",
        "position",
        "dqwz",
        "weizhi",
        "share",
        "bdsharebuttonbox",
        "jiathis",
    ),
    *(
        "sidebar",
        "copyright",
        "search",
        "searchbox",
        "login",
        "banner",
        "friendlink",
        "links",
        "link",
        "yqlj",
        "toolbar",
    ),
    *(
        "tools",
        "fontsize",
        "qrcode",
        "ewm",
        "erweima",
        "related",
        "relevant",
        "xgbd",
        "xgwj",
        "xgxx",
        "recommend",
        "pagination",
    ),
    *("fenye", "comment", "comments", "print", "top", "bottom", "currentpath", "location", "wza", "gotop", "backtop"),
}
_FURNITURE = {"nav", "footer", "aside", "menu"}
_HOLDS = {"div", "ul", "ol", "dl", "table", "section", "td", "p", "header", "form", "center", "tr"}
_MOST_OF_TEXT = 0.3
"""An element with more of the page's sentences than this is no furniture, whatever its name."""
_CHROME = re.compile(
    r"(?:[您你]?的?(?:当前|现在|所在)的?(?:位置|所在)|[您你]所在位置|位置[：:]|首页\s*(?:$|[>＞»›/\\-])|.*[>＞»›]\s*(?:正文|内容|详细|详情)?$"
    r"|[【\[(（]?(?:打印|关闭|收藏|我要纠错|纠错)(?:本页|本文|窗口|此页|页面)?[】\])）]?|[【\[]?\s*字?[体号]?[：:]?\s*[【\[（(]?\s*(?:超大|大|中|小|默认)(?:\s+|[】\]]|$)"
    r"|(?:A?\s*[+＋-]?\s*[大中小]\s*){2,}|[-—\d]*\s*次$|[^\w]+$|扫码|听全文|关注\s*[·•]|相关附件|.*解读\s*\d{4}-\d{2}-\d{2}$|【(?:音频|视频|图文|文字|专家|政策)解读】|【一图读懂】"
    r"|分享到?|浏览|点击|阅读(?:次数|量|数)|来源[：:]|信息来源[：:]|作者[：:]|责任编辑|编辑[：:]|审核[：:]|发布(?:日期|时间|人|单位|机构)?[：:]"
    r"|(?:日期|时间)[：:]\s*\d{4}|版权所有|©|copyright|主办(?:单位)?[：:]|承办(?:单位)?[：:]|维护[：:]|.*(?:ICP备|公网安备|网站标识码)"
    r"|网站地图|网站声明|关于我们|联系我们|技术支持|扫一扫|上一[篇条]|下一[篇条]|(?:相关|关联)(?:链接|阅读|文章|附件|解读|文件|新闻|稿件|信息)|(?:图文|视频|专家|文字|政策)解读[：:]|智能问答|政务邮箱|[Xx×✖]$|您访问的链接|下载地址|继续访问|网站帮助|隐私声明|.*技术支持[：:]|返回(?:顶部|首页|列表)|无障碍|长者(?:模式|版)|繁[體体]"
    r"|适老|微博|微信|手机版|客户端|登录|注册|english|站内搜索|搜索|友情链接|政府网站|今天是|欢迎|设为首页|加入收藏|TOP$|\d{4}-\d{2}-\d{2}(?:\s+\d{2}:\d{2}(?::\d{2})?)?(?:\s|$))",
    re.IGNORECASE,
)
_ATTACHMENT = re.compile(r"附\s*[件表]\s*(?:[\d一二三四五六七八九十]+\s*[：:]?)?")
_DOCUMENTS_OWN = re.compile(r"[。；;]|^附\s*[件表]|日(?:印发)?$|(?:局|委|会|政府|办公室|中心|厅)$")
_LONGEST_CHROME = 80
_SHORTEST_HEAD = 6
_LEAST_FACTS = 3
_OFFICE = re.compile(r"(?:局|委|会|政府|办公室|中心|厅|部|院)$")
_MOST_LINES = 5
"""Lines of a title."""
_SOON = 9
"""Blocks between the title that a site prints and the document's own: dates, counters, links to explanations."""
_HEAD_LINE = re.compile(
    r"文件$|[〔﹝\[［【（(]\s*[12０-９]?\d{2,4}\s*[〕﹞\]］】）)]\s*第?\s*\d{1,4}\s*号|^[A-Z]{2,6}[-－—–]?(?:19|20)\d{2}|第\s*\d{1,4}\s*号$"
)
_TITLE_ENDS = re.compile(
    r"(?:通知|意见|方案|办法|规定|细则|公告|通告|决定|决议|命令|令|批复|函|报告|条例|措施|指南|规程|标准|规则|纪要|公报|目录|清单|解读|问答)(?:[（(].{1,12}[）)])?$"
)
_CONTENT = re.compile(
    r"[。；;]|^(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十百]+[章条])|^附\s*件|\d{4}年\d{1,2}月\d{1,2}日|[：:]$"
)


@dataclass
class Page:
    """One page. `notes` are sentences for staff, complete once `arrange` has run."""

    titles: list[str]
    sentences: int
    notes: list[str] = field(default_factory=list)
    counts: dict[html.HtmlElement, int] = field(default_factory=dict)
    """The last number of every ordered list, while its items are met in order."""
    has_facts: bool = False
    """Whether a table of facts was met: a table with a single one more may follow."""
    named: str = ""
    """The title that the site gives to this page alone, whatever it ends in."""
    main: html.HtmlElement | None = None
    is_below: bool = False
    """Whether the element of the document has ended: short lines are the site's again."""

    @classmethod
    def of(cls, tree: html.HtmlElement) -> Page:
        named = [one.get("content", "") for one in tree.iter("meta") if one.get("name", "").lower() == "articletitle"]
        titles = [*named, *("".join(one.itertext()) for tag in ("h1", "title") for one in tree.iter(tag))]
        main = main_part.find(tree)
        if main is not None:
            main_part.reveal(main)
        name = _plain_title(named[0]) if named and not _is_chrome(named[0]) else ""
        return cls([_plain_title(title) for title in titles[:8]], _sentence_length(tree), named=name, main=main)

    def ends_with(self, element: html.HtmlElement) -> bool:
        """Whether the document ends where this element does."""
        return element is self.main

    def beside(self, text: str) -> str:
        """Why a line below the document is the site's; "" for its attachments, signature and sentences."""
        line = text.strip()
        if self.is_below and _ATTACHMENT.fullmatch(line):
            self.is_below = False
        if not self.is_below or not line or len(line) > _LONGEST_CHROME:
            return ""
        return "" if _DOCUMENTS_OWN.search(line) or label(line) else SITE

    def furniture(self, element: html.HtmlElement) -> str:
        """Why this element is no part of the document; "" when it may be."""
        if element.tag not in _HOLDS and element.tag not in _FURNITURE:
            return ""
        words = re.split(r"[^a-z]+", f"{element.get('class', '')} {element.get('id', '')}".lower())
        named = element.tag in _FURNITURE or not _NAMES.isdisjoint(words)
        if not named and element.tag in ("td", "p", "tr", "center"):
            return ""
        if named:
            little = _sentence_length(element) <= _MOST_OF_TEXT * self.sentences
            return SITE if little and next(element.iter("h1"), None) is None else ""
        return SITE if element.tag in ("ul", "ol", "dl", "table", "div") and _is_links(element) else ""

    def table(self, element: html.HtmlElement, rows: list[Block], noise: str) -> Iterator[Block]:
        """The rows of a table; of one that the site prints about the document, its facts."""
        facts = list(_facts(rows, self.has_facts))
        if facts:
            self.has_facts = True
            yield from (Block(BlockKind.NOISE, fact, noise=FACTS) for fact in facts)
        elif noise or _is_links(element):
            for row in rows:
                yield Block(BlockKind.NOISE, "\n".join(cell for cell in row.cells if cell), noise=noise or SITE)
        else:
            yield from rows

    def arrange(self, blocks: list[Block]) -> list[Block]:
        """Set aside what stands before the document and behind it."""
        blocks = list(_with_facts(blocks))
        seen = [at for at, block in enumerate(blocks) if block.kind is BlockKind.ROW or _is_content(block)]
        first, last = (seen[0], seen[-1]) if seen else (0, len(blocks))
        start = _again(blocks, self._start(blocks, first))
        out = []
        for at, block in enumerate(blocks):
            short = block.kind is BlockKind.PARAGRAPH and len(block.text) <= _LONGEST_CHROME
            chrome = short and _is_chrome(block.text)
            before = at < start and not (_HEAD_LINE.search(block.text.strip()) and at >= start - 6)
            outside = at < first or at > last
            if block.kind is BlockKind.ROW and at < start:
                block = Block(BlockKind.NOISE, " ".join(filter(None, block.cells)), noise=SITE)
            elif block.kind is BlockKind.PARAGRAPH and (before or (chrome and outside)):
                block = replace(block, kind=BlockKind.NOISE, noise=SITE)
            out.append(block)
        if any(block.noise == SITE for block in out):
            self.notes.append("网页的栏目、链接、分享等文字没有列入条款，列在“未列入条款的文字”里。")
        titles = [title for title in self.titles if title and (title == self.named or _TITLE_ENDS.search(title))]
        if titles and (
            titles[0] == self.named or not any(_bare(block.text) == titles[0] for block in out if not block.noise)
        ):
            out.insert(0, Block(BlockKind.NOISE, f"标题：{titles[0]}", noise=FACTS))
        return out

    def _start(self, blocks: list[Block], first: int) -> int:
        """Where the document begins: at the title that the page names, else at the first line like a head."""
        facts_at = [at for at, block in enumerate(blocks) if block.noise == FACTS]
        upto = range(min(max(first, (facts_at or [0])[-1] + _MOST_LINES) + 1, len(blocks)))
        free = [at for at in upto if blocks[at].kind is BlockKind.PARAGRAPH]
        facts = [_bare(block.text)[3:] for block in blocks if block.noise == FACTS and block.text.startswith("标题")]
        for title in (*facts, *self.titles):
            for at in free:
                text = _bare(blocks[at].text)
                if text and text != title and title.startswith(text):  # a title in several lines
                    text = _bare("".join(blocks[n].text for n in range(at, min(at + 5, len(blocks)))))
                if len(text) > 5 and text.startswith(title) and (title == self.named or _TITLE_ENDS.search(title)):
                    return at
                if len(text) > 5 and title.startswith(text) and _TITLE_ENDS.search(text):
                    return at
        if not any(blocks[at].noise for at in upto) and not any(_is_chrome(blocks[at].text) for at in free):
            return 0
        for at in free:
            text = blocks[at].text.strip()
            if not _is_chrome(text) and (_HEAD_LINE.search(text) or _TITLE_ENDS.search(text) or at == first):
                return self._first_of_head(blocks, at)
        return 0

    def _first_of_head(self, blocks: list[Block], at: int) -> int:
        """The first of the lines of a head that stand together above the line where it was known."""
        while at:
            above = blocks[at - 1]
            if above.noise or len(above.text.strip()) < _SHORTEST_HEAD or _is_chrome(above.text):
                return at
            at -= 1
        return at


def printed(blocks: list[Block], notes: list[str]) -> list[Block]:
    """A page that a browser printed: its menus and facts are set aside as on the page itself; others as they are."""
    if sum(block.noise == FACTS for block in _with_facts(blocks)) < _LEAST_FACTS:
        return blocks
    page = Page([], 0, notes)
    return page.arrange(blocks)


def _again(blocks: list[Block], start: int) -> int:
    """Where the document's own head begins, when its title stands again below: the site prints it first."""
    free = [at for at in range(start, len(blocks)) if blocks[at].kind is BlockKind.PARAGRAPH][: _SOON + _MOST_LINES]
    free = [at for at in free if at == start or not _is_chrome(blocks[at].text)]
    title = _plain_title(blocks[start].text) if start < len(blocks) else ""
    if _OFFICE.search(title):  # who issued it stands above the title, and again as the signature
        return start
    for n in range(1, min(_SOON, len(free))):
        lines = [_bare(blocks[at].text) for at in free[n : n + _MOST_LINES]]
        if len(title) > 5 and any("".join(lines[:count]).startswith(title) for count in range(1, len(lines) + 1)):
            return _again(blocks, free[1])
    return start


def _with_facts(blocks: Iterable[Block]) -> Iterator[Block]:
    """Facts printed as lines (索引号：…), also where label and value stand in two blocks; only above the text."""
    label = ""
    above = True
    for block in blocks:
        text = _bare(block.text)
        fact = _FACT.match(text) if above and block.kind is not BlockKind.ROW and block.noise != FACTS else None
        if fact and len(text) < 200:
            if label:
                yield Block(BlockKind.NOISE, f"{label}：", noise=FACTS)
            label = "" if fact.group(2) else fact.group(1)
            if fact.group(2):
                yield from (Block(BlockKind.NOISE, one, noise=FACTS) for one in _each_fact(text))
            continue
        if label and block.kind is not BlockKind.ROW and len(text) < 100:
            yield Block(BlockKind.NOISE, f"{label}：{block.text.strip()}", noise=FACTS)
            label = ""
            continue
        if label:
            yield Block(BlockKind.NOISE, f"{label}：", noise=FACTS)
            label = ""
        above = above and not (block.kind is BlockKind.PARAGRAPH and "。" in text)
        yield block


def _each_fact(text: str) -> list[str]:
    """The facts of a line that has several (【文号】… 【成文日期】…), each as "label：value"."""
    found = list(_FACT_BEGINS.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [f"{next(filter(None, m.groups()))}：{text[m.end() : end]}" for m, end in zip(found, ends, strict=True)]


def _facts(rows: list[Block], more: bool) -> Iterator[str]:
    """ "label：value" of a table whose cells are that; nothing for any other table."""
    cells = [[cell.strip() for cell in dict.fromkeys(row.cells) if cell.strip()] for row in rows]
    flat = [cell for row in cells for cell in row]
    labels = [cell for cell in flat if _label(cell) or _FACT.match(_bare(cell))]
    if len(labels) < (1 if more and len(rows) < 3 else 3) or len(labels) * 2 + 2 * (not more) < len(flat):
        return
    for row in cells:
        at = 0
        while at < len(row):
            label = _label(row[at])
            value = row[at + 1] if label and at + 1 < len(row) and not _label(row[at + 1]) else ""
            yield f"{label}：{value}" if label else row[at]
            at += 2 if value else 1


def _label(cell: str) -> str:
    bare = _bare(cell).strip("：:【】[]")
    return bare if _FACT_LABELS.fullmatch(bare) else ""


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _is_content(block: Block) -> bool:
    text = block.text.strip()
    return block.kind is BlockKind.PARAGRAPH and _CONTENT.search(text) is not None and not _is_chrome(text)


def _is_chrome(text: str) -> bool:
    return _CHROME.match(text.strip().lstrip("【[（(|·•> ")) is not None


def _is_links(element: html.HtmlElement) -> bool:
    """Several links and little else; links to attachments are the document's own."""
    links = list(element.iter("a"))
    if len(links) < 3:
        return False
    whole = _bare("".join(element.itertext()))
    linked = sum(len(_bare("".join(link.itertext()))) for link in links)
    return "附件" not in whole and "。" not in whole and linked > 0.6 * len(whole)


def _sentence_length(element: html.HtmlElement) -> int:
    """Characters of the texts in it that are sentences."""
    return sum(len(text) for text in element.itertext() if isinstance(text, str) and "。" in text)


def _plain_title(text: str) -> str:
    """Without what a site that prints another's document puts before its title."""
    return re.sub(r"^[（(【\[](?:转载|转发|转)[】\])）]", "", _bare(text))
