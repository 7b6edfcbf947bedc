"""From a published answer to what is read and what is said. Nothing is stated here that the quotes do not state.

The written form: the quoted sentences, who they hold for, the source line. The spoken form: from which year and place,
then the short spoken answer that staff approved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from base.messages import Source
from base.tenant import TENANT
from knowledge.models import TopicKind
from knowledge.retrieval import scopes
from knowledge.retrieval.snapshot import KnownAnswer, KnownClause, KnownDocument, KnownQuote, KnownTopic, Snapshot

PERSON_TEXT = "要问清楚，可以说“转人工”，或者留下电话，由工作人员回复您。"
PERSON_SPOKEN = "要问清楚，请说转人工，或者留下电话，让工作人员回您。"
MORE_TEXT = "想看更多，请说“还有呢”。"
_SPOKEN_TITLE = 20
"""Characters of a title that are read out."""
_PART_CHARS = 120
_INSURANCES = {"residents": "居民医保", "employees": "职工医保"}
_ZOUCHENG = "zoucheng"


@dataclass(frozen=True, slots=True)
class Part:
    """One portion of an answer: what fits on a screen, and in one breath."""

    text: str
    spoken: str


def first_part(snapshot: Snapshot, answer: KnownAnswer, place: str) -> Part:
    """The quoted sentences, each under its own document; where and for whom they hold; and the source line."""
    lead = [quote for quote in answer.quotes if quote.leads]
    documents = list(dict.fromkeys(quote.clause.document for quote in lead))
    preface = _preface(snapshot, answer, place)
    if answer.written:
        said = [(answer.written, documents)]
    else:
        said = [(_quoted([q for q in lead if q.clause.document is document]), [document]) for document in documents]
    lines = []
    for number, (words, written_in) in enumerate(said):
        origin = "和".join(f"{document.issuer}{document.issue_date.year}年的文件" for document in written_in)
        whose = f"，说的是{whose}" if (whose := _whose(written_in, words)) else ""
        lines += [words, f"{'' if number else preface}这是{origin}写的{whose}。"]
    spoken = f"{preface}按{_spoken_origin(snapshot, documents, _whose(documents, answer.spoken))}，{answer.spoken}"
    return Part("\n".join([*lines, source_line(lead)]), spoken)


def _whose(documents: list[KnownDocument], words: str) -> str:
    """居民医保, where all the documents are by their titles about one insurance, and the words do not say so."""
    own = {scopes.insured([document.title]) for document in documents}
    its = next(iter(own), frozenset[str]())
    if len(own) != 1 or len(its) != 1 or scopes.insured([words]):
        return ""
    return _INSURANCES[next(iter(its))]


def _spoken_origin(snapshot: Snapshot, documents: list[KnownDocument], whose: str) -> str:
    """济宁市2023年和2021年的文件: all that the sentence rests on."""
    years: dict[str, list[str]] = {}
    for document in documents:
        years.setdefault(_name(snapshot, document.place), []).append(f"{document.issue_date.year}年")
    return "和".join(f"{name}{'和'.join(dict.fromkeys(its))}" for name, its in years.items()) + f"{whose}的文件"


def more_parts(answer: KnownAnswer) -> list[Part]:
    """What follows when the citizen asks for more: the context, then the rest of the clauses, word for word."""
    context = [quote for quote in answer.quotes if not quote.leads]
    parts: list[Part] = []
    if answer.more_spoken or context:
        chunks = _chunks([quote.text for quote in context]) or [""]
        spoken = [answer.more_spoken or chunks[0], *chunks[1:]]
        parts += [Part(chunk or said, said) for chunk, said in zip(chunks, spoken, strict=True)]
    said = "".join(quote.text for quote in answer.quotes)
    for clause in dict.fromkeys(quote.clause for quote in answer.quotes):
        if clause.number.startswith("list"):
            continue
        quotes = [quote.text for quote in answer.quotes if quote.clause is clause]
        rest = [s for s in clause.sentences if not _is_said(s, said, quotes) and not _is_overhead(s, clause)]
        label = f"{clause.document.doc_no} {clause_label(clause)}还写着："
        parts += [Part(f"{label}\n{chunk}", f"文件里还说，{chunk}") for chunk in _chunks(rest)]
    return parts


def whole_parts(answer: KnownAnswer) -> list[Part]:
    """The clauses that lead the answer, each from its first word to its last, in portions."""
    parts: list[Part] = []
    for quote in _one_per_clause([quote for quote in answer.quotes if quote.leads]):
        clause = quote.clause
        chunks = _chunks(list(clause.sentences))
        name = f"{clause.document.doc_no} {clause_label(clause)}全文"
        for number, chunk in enumerate(chunks, 1):
            of = f"（第{number}段，共{len(chunks)}段）" if len(chunks) > 1 else ""
            heard = f"{clause_label(clause)}的全文是，{chunk}" if number == 1 else chunk
            parts.append(Part(f"{name}{of}：\n{chunk}", heard))
    return parts


def hours_part(hours: str, on: date) -> Part:
    """When a person answers, as `language.calendar.service_hours` shows it."""
    said = f"人工服务时间是{hours}。"
    where = f"（来源：本局公布的人工服务时间，{on.year}年{on.month}月{on.day}日查）"
    rest = f"别的时间，医保助手和{TENANT.hotline}也一直答得上政策。"
    return Part(f"{said}{rest}大厅的地址，我手里的文件没有写。\n{where}", f"{said}别的时间，您也可以随时问我。")


def other_year_part(year: int, said: Part, years: list[int], earliest: int) -> Part:
    """Asked for the rules of a year from which nothing here says it; `years` are those that do say it, in `said`."""
    known = "我手里没有那一年的文件" if year < earliest else "我手里那一年的文件没有写"
    unknown = f"{year}年是怎么规定的，{known}，不能乱说。"
    which = "、".join(f"{one}年" for one in years)
    text = f"{unknown}写这件事的是{which}的文件：\n{said.text}\n{PERSON_TEXT}"
    return Part(text, f"{unknown}{said.spoken}{PERSON_SPOKEN}")


def year_alone_part(year: int) -> Part:
    """A year, and nothing that was talked about."""
    asks = f"您想问{year}年的哪件事？请把年份和事情一块儿说，比如“{year}年异地就医备案怎么办”。"
    return Part(asks, f"您想问{year}年的哪件事？请把年份和事情一块儿说。")


def which_matter_part() -> Part:
    """To "怎么办" with nothing talked about."""
    asks = "您说的是哪件事？请把事情一块儿说，比如“异地备案怎么办”。"
    return Part(asks, "您说的是哪件事？请把事情一块儿说，我好给您查。")


def gap_part(snapshot: Snapshot, topic: KnownTopic, answer: KnownAnswer | None, place: str) -> Part:
    """What can be said of a question that no document answers in full, and that a person can say more."""
    if topic.kind is TopicKind.OUTSIDE:
        text = f"{topic.missing}，医保热线答不了。医保的事，您接着问。需要找人，请说“转人工”。"
        return Part(text, f"{topic.missing}，我这里答不了。医保的事您接着问，要找人请说转人工。")
    known = topic.true_of >= {document.id for document in snapshot.documents}
    return not_stated_part(snapshot, topic.missing, answer, place, known=known)


def not_stated_part(
    snapshot: Snapshot, missing: str, answer: KnownAnswer | None, place: str, *, known: bool = True
) -> Part:
    """What can be said, then what no document says, and that a person can say more. `known`: somebody has read every
    document that is on air and knows that none says it; else it only was not found."""
    unknown = (
        f"{missing}，我手里的文件没有写，不能乱说。" if known else f"{missing}，我在手里的文件里没查到，不能乱说。"
    )
    if answer is None:
        return Part(f"{unknown}\n{PERSON_TEXT}", f"{unknown}{PERSON_SPOKEN}")
    told = first_part(snapshot, answer, place)
    return Part(f"{told.text}\n{unknown}\n{PERSON_TEXT}", f"{told.spoken}{unknown}{PERSON_SPOKEN}")


def no_rule_part(snapshot: Snapshot, place: str) -> Part:
    """A known question, but the documents of this place say nothing about it."""
    unknown = f"这一条，{_name(snapshot, place)}的文件里没有写，别处的规定不能套用。"
    return Part(f"{unknown}\n{PERSON_TEXT}", f"{unknown}{PERSON_SPOKEN}")


def elsewhere_part(name: str) -> Part:
    """Insured where we have no documents."""
    unknown = f"{name}的医保规定我这里没有，{TENANT.city}的规定不能套用，要问{name}当地的医保部门。"
    return Part(f"{unknown}\n{PERSON_TEXT}", f"{unknown}{PERSON_SPOKEN}")


def unknown_part(near: KnownDocument | None = None) -> Part:
    """Nothing found that is near enough; `near` is the document that says something of the kind."""
    unknown = "这个问题，我在手里的文件里没查到，不能乱说。"
    told = f"《{near.title}》里写了相近的事，您可以点开看看。" if near else ""
    said = f"《{near.title}》里写了相近的事。" if near and len(near.title) <= _SPOKEN_TITLE else ""
    return Part(f"{unknown}{told}\n{PERSON_TEXT}", f"{unknown}{said}{PERSON_SPOKEN}")


def not_found_of(questions: list[str]) -> Part:
    """Of several questions, those nothing was found for, in the citizen's words."""
    asked = "、".join(f"“{question}”" for question in questions)
    said = "，还有，".join(questions)
    unknown = "，我在手里的文件里没查到，不能乱说。"
    return Part(f"您问的{asked}{unknown}\n{PERSON_TEXT}", f"您问的，{said}{unknown}{PERSON_SPOKEN}")


def source_part(answer: KnownAnswer) -> Part:
    """Which document, by whom, from when: for 哪个文件说的. Clauses of one document are named together."""
    clauses: dict[KnownDocument, list[str]] = {}
    for quote in _one_per_clause([quote for quote in answer.quotes if quote.leads]):
        clauses.setdefault(quote.clause.document, []).append(clause_label(quote.clause))
    lines, spoken = [], []
    for document, labels in clauses.items():
        issued = f"{document.issue_date.year}年{document.issue_date.month}月{document.issue_date.day}日"
        lines.append(f"{document.issuer}{issued}《{document.title}》（{document.doc_no}）{'、'.join(labels)}")
        said = "和".join(labels)
        spoken.append(f"{document.issuer}{document.issue_date.year}年的文件，{document.doc_no}，{said}")
    return Part("依据：\n" + "\n".join(lines), "是" + "；还有".join(spoken) + "。")


def sources(answer: KnownAnswer) -> tuple[Source, ...]:
    """The documents and clauses behind an answer, each once."""
    lead = [quote for quote in answer.quotes if quote.leads]
    return tuple(
        _source(quote.clause, tuple(other.text for other in lead if other.clause is quote.clause))
        for quote in _one_per_clause(lead)
    )


def source_of(clause: KnownClause) -> Source:
    """A clause that is pointed to and not quoted."""
    return _source(clause, ())


def _source(clause: KnownClause, quotes: tuple[str, ...]) -> Source:
    document = clause.document
    return Source(document.doc_no, clause_label(clause), document.title, document.id, clause.id, quotes)


def source_line(quotes: list[KnownQuote]) -> str:
    """（依据：济医保字〔2023〕25号 第8条，2023年）"""
    said = [
        f"{quote.clause.document.doc_no} {clause_label(quote.clause)}，{quote.clause.document.issue_date.year}年"
        for quote in _one_per_clause(quotes)
    ]
    return f"（依据：{'；'.join(said)}）"


def clause_label(clause: KnownClause) -> str:
    """How people would look the clause up: 第8条, 附件2第5条, 附件3清单1."""
    return label(clause.number, clause.heading)


def label(number: str, heading: str) -> str:
    """`clause_label`, from a clause's number and heading."""
    kind, _, rest = number.partition("-")
    if match := re.fullmatch(r"[mt]0*(\d+)", number):
        return f"第{match[1]}条"
    if kind == "std" and rest.isdigit() and int(rest):
        return f"附件2第{int(rest)}条"
    if kind == "list":
        return f"附件{rest.replace('-', '清单', 1)}"
    return f"“{heading}”"


def _quoted(quotes: list[KnownQuote]) -> str:
    """Sentences a line each; items of lists in one sentence that names the lists they stand in."""
    lines: list[str] = []
    lists: dict[str, list[str]] = {}
    for clause in dict.fromkeys(quote.clause for quote in quotes):
        mine = [quote.text for quote in quotes if quote.clause is clause]
        if clause.number.startswith("list"):
            lists.setdefault("；".join(dict.fromkeys(map(_item, mine))), []).append(f"《{clause.heading}》")
        else:
            lines += map(_closed, mine)
    lines += [
        f"{'、'.join(headings)}里{'都' if len(headings) > 1 else ''}有：{items}。" for items, headings in lists.items()
    ]
    return "\n".join(lines)


def _item(row: str) -> str:
    """A row of a list without the name that the next column repeats: "生育津贴支付 生育津贴支付(初审)"."""
    words = row.split()
    return " ".join(word for word, then in zip(words, [*words[1:], ""], strict=True) if not then.startswith(word))


def _is_said(sentence: str, said: str, quotes: list[str]) -> bool:
    """Whether it was quoted, or most of it."""
    return sentence in said or any(quote in sentence and 2 * len(quote) >= len(sentence) for quote in quotes)


def _closed(quote: str) -> str:
    """A quote that stops inside its sentence is closed with a full stop; its words stay as they are."""
    return quote if quote[-1:] in "。！？；：”）)" else quote.rstrip("，,、") + "。"


def _preface(snapshot: Snapshot, answer: KnownAnswer, place: str) -> str:
    """Said when the caller's own place has no rule and the one above it answers."""
    if answer.place == place or _ZOUCHENG in place:
        return ""
    return f"{_name(snapshot, place)}的文件没有单独写。"


def _name(snapshot: Snapshot, place: str) -> str:
    return snapshot.places[place][0] if place in snapshot.places else "您那里"


def _one_per_clause(quotes: list[KnownQuote]) -> list[KnownQuote]:
    return list({quote.clause.id: quote for quote in reversed(quotes)}.values())[::-1]


def _is_overhead(sentence: str, clause: KnownClause) -> bool:
    """The heading repeated in front of the text is no news."""
    return bool(clause.heading) and clause.heading in sentence[: len(clause.heading) + 8]


def _chunks(sentences: list[str]) -> list[str]:
    """Sentences in portions of about _PART_CHARS, none cut."""
    chunks: list[str] = []
    for sentence in sentences:
        if chunks and len(chunks[-1]) + len(sentence) <= _PART_CHARS:
            joint = "" if chunks[-1][-1] in "。；！？」”）" else "；"
            chunks[-1] += joint + sentence
        else:
            chunks.append(sentence)
    return chunks


def asked_back(first: str, second: str) -> str:
    """A question back between two topics. Two sentences, so that each can be spoken ahead whatever the other one is."""
    return f"您是想问，{first}？还是想问，{second}？"


def nearest_part(told: Sequence[KnownAnswer], titles: Sequence[str]) -> Part:
    """What comes nearest, quoted and named, and the question whether it is meant: one or two of them."""
    if len(told) == 1:
        text = f"没有查到正好写这个的。最接近的是《{titles[0]}》里的这一条：\n{told[0].written}\n您问的是这个吗？"
        return Part(text, f"没有查到正好写这个的。最接近的一条是：{ended(told[0].spoken)}您问的是这个吗？")
    lines = [
        f"{number}《{title}》：\n{one.written}"
        for number, title, one in zip(("第一条，", "第二条，"), titles, told, strict=True)
    ]
    text = "\n".join(["没有查到正好写这个的。最接近的有两条。", *lines, "您问的是第一条，还是第二条？"])
    first, second = (ended(one.spoken) for one in told)
    return Part(text, f"最接近的有两条。第一条，{first}第二条，{second}您问的是第一条，还是第二条？")


def ended(said: str) -> str:
    """With a full stop, whatever it ended with."""
    return said.rstrip("，,；;：:。 ") + "。"


def asked_back_of_each(titles: Sequence[str]) -> list[str]:
    """Each title in both places; a voice cuts the second by the length of what came before."""
    shortest, longest = min(titles, key=len, default=""), max(titles, key=len, default="")
    first = [asked_back(title, shortest) for title in titles]
    return first + [asked_back(before, title) for before in (shortest, longest) for title in titles]
