"""From a published answer to what is read and what is said. Nothing is stated here that the quotes do not state.

The written form: the quoted sentences, who they hold for, the source line. The spoken form: from which year and place,
then the short spoken answer that staff approved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.models import TopicKind
from knowledge.snapshot import KnownAnswer, KnownClause, KnownQuote, KnownTopic, Snapshot
from service.messages import Source

PERSON_TEXT = "要问清楚，可以说“转人工”，或者留下电话，由工作人员回复您。"
PERSON_SPOKEN = "要问清楚，请说转人工，或者留下电话，让工作人员回您。"
MORE_TEXT = "想看更多，请说“还有呢”。"
_PART_CHARS = 120
_DEADLINE_OF_OFFICES = re.compile(r"^[（(]?完成时限")
_ZOUCHENG = "zoucheng"


@dataclass(frozen=True, slots=True)
class Part:
    """One portion of an answer: what fits on a screen, and in one breath."""

    text: str
    spoken: str


def first_part(snapshot: Snapshot, answer: KnownAnswer, place: str) -> Part:
    """The quoted sentences, where and for whom they hold, and the source line."""
    origin = answer.quotes[0].clause.document
    lead = [quote for quote in answer.quotes if quote.leads]
    preface = _preface(snapshot, answer, place)
    text = "\n".join(
        [
            answer.written or _quoted(lead),
            f"{preface}这是{origin.issuer}{origin.issue_date.year}年的文件写的。",
            source_line(lead),
        ]
    )
    return Part(text, f"{preface}按{_name(snapshot, origin.place)}{origin.issue_date.year}年的文件，{answer.spoken}")


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
        rest = [s for s in clause.sentences if s not in said and not _is_overhead(s, clause)]
        label = f"{clause.document.doc_no} {clause_label(clause)}还写着："
        parts += [Part(f"{label}\n{chunk}", f"文件里还说，{chunk}") for chunk in _chunks(rest)]
    return parts


def gap_part(snapshot: Snapshot, topic: KnownTopic, answer: KnownAnswer | None, place: str) -> Part:
    """What can be said of a question that no document answers in full, and that a person can say more."""
    if topic.kind is TopicKind.OUTSIDE:
        text = f"{topic.missing}，医保热线答不了。医保的事，您接着问。需要找人，请说“转人工”。"
        return Part(text, f"{topic.missing}，我这里答不了。医保的事您接着问，要找人请说转人工。")
    return not_stated_part(snapshot, topic.missing, answer, place)


def not_stated_part(snapshot: Snapshot, missing: str, answer: KnownAnswer | None, place: str) -> Part:
    """What can be said, then what no document says, and that a person can say more."""
    unknown = f"{missing}，我手里的文件没有写，不能乱说。"
    if answer is None:
        return Part(f"{unknown}\n{PERSON_TEXT}", f"{unknown}{PERSON_SPOKEN}")
    known = first_part(snapshot, answer, place)
    return Part(f"{known.text}\n{unknown}\n{PERSON_TEXT}", f"{known.spoken}{unknown}{PERSON_SPOKEN}")


def no_rule_part(snapshot: Snapshot, place: str) -> Part:
    """A known question, but the documents of this place say nothing about it."""
    unknown = f"这一条，{_name(snapshot, place)}的文件里没有写，别处的规定不能套用。"
    return Part(f"{unknown}\n{PERSON_TEXT}", f"{unknown}{PERSON_SPOKEN}")


def elsewhere_part(name: str) -> Part:
    """Insured where we have no documents."""
    unknown = f"{name}的医保规定我这里没有，济宁的规定不能套用，要问{name}当地的医保部门。"
    return Part(f"{unknown}\n{PERSON_TEXT}", f"{unknown}{PERSON_SPOKEN}")


def unknown_part() -> Part:
    """Nothing found that is near enough."""
    unknown = "这个问题，我手里的文件没有写，不能乱说。"
    return Part(f"{unknown}\n{PERSON_TEXT}", f"{unknown}{PERSON_SPOKEN}")


def source_part(answer: KnownAnswer) -> Part:
    """Which document, by whom, from when: for 哪个文件说的."""
    lines, spoken = [], []
    for quote in _one_per_clause([quote for quote in answer.quotes if quote.leads]):
        document = quote.clause.document
        issued = f"{document.issue_date.year}年{document.issue_date.month}月{document.issue_date.day}日"
        lines.append(f"{document.issuer}{issued}《{document.title}》（{document.doc_no}）{clause_label(quote.clause)}")
        spoken.append(
            f"{document.issuer}{document.issue_date.year}年的文件，{document.doc_no}，{clause_label(quote.clause)}"
        )
    return Part("依据：\n" + "\n".join(lines), "是" + "；还有".join(spoken) + "。")


def sources(answer: KnownAnswer) -> tuple[Source, ...]:
    """The documents and clauses behind an answer, each once."""
    lead = _one_per_clause([quote for quote in answer.quotes if quote.leads])
    return tuple(Source(q.clause.document.doc_no, clause_label(q.clause), q.clause.document.title) for q in lead)


def source_line(quotes: list[KnownQuote]) -> str:
    """（依据：济医保字〔2023〕25号 第8条，2023年）"""
    said = [
        f"{quote.clause.document.doc_no} {clause_label(quote.clause)}，{quote.clause.document.issue_date.year}年"
        for quote in _one_per_clause(quotes)
    ]
    return f"（依据：{'；'.join(said)}）"


def clause_label(clause: KnownClause) -> str:
    """How people would look the clause up: 第8条, 附件2第5条, 附件3清单1."""
    kind, _, rest = clause.number.partition("-")
    if match := re.fullmatch(r"m0?(\d+)", clause.number):
        return f"第{match[1]}条"
    if kind == "std" and rest.isdigit():
        return f"附件2第{int(rest)}条"
    if kind == "list":
        return f"附件{rest.replace('-', '清单', 1)}"
    return f"“{clause.heading}”"


def _quoted(quotes: list[KnownQuote]) -> str:
    lines = []
    for clause in dict.fromkeys(quote.clause for quote in quotes):
        mine = [quote.text for quote in quotes if quote.clause is clause]
        lines.append("；".join(mine) if clause.number.startswith("list") else "\n".join(map(_closed, mine)))
    return "\n".join(lines)


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
    """Office deadlines and the heading repeated in front of the text are no news to a citizen."""
    return bool(_DEADLINE_OF_OFFICES.match(sentence)) or clause.heading in sentence[: len(clause.heading) + 8]


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
