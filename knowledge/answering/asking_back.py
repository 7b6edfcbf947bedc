"""One short question back: at most two topics that staff wrote, or what comes nearest in the documents, word for word.

Who hears only what a sentence is about ("您是想问“集中缴费”吗") must say yes before anything is known. So the
sentence itself is quoted, as what comes nearest and not as the answer, with the document it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.answering import composing, passage_answers
from knowledge.answering.passage_answers import Hit
from knowledge.answering.passage_names import LONGEST, name_of
from knowledge.answering.replies import Option, Unclear
from knowledge.models import TopicKind
from knowledge.retrieval import kinds
from knowledge.retrieval.kinds import Money, Thing
from knowledge.retrieval.normalise import plain
from knowledge.retrieval.passages import Passage, Passages
from knowledge.retrieval.snapshot import Snapshot

_OF_NOTHING = re.compile(
    "最多|最高|顶天|封顶线?|支付限额|报销限额|限额|上限|额度|一年|全年|每年|年度|一个|一共|总共|到底|医保|医疗保险|居民|职工|能报|给报|报销|支付|"
    "标准|多少|什么|请问|想问|[我俺咱您的能可以给报了是有到几钱块万元啊呢吗线那按]"
)
"""What a question about a ceiling says besides what the ceiling is of."""
_SECOND_FROM = 0.6
"""How likely a second sentence must be beside the first, to be offered as well."""


def of_topics(known: Snapshot, wanted: Sequence[str]) -> tuple[Option, ...]:
    """Two topics to choose from; () unless both are there and a matter of ours."""
    topics = [known.topics[key] for key in wanted if key in known.topics]
    options = tuple(Option(topic.id, topic.title) for topic in topics if topic.kind is not TopicKind.OUTSIDE)
    return options if len(options) == 2 else ()


def nearest(hits: Sequence[Hit], question: str) -> Unclear | None:
    """“最接近的是《…》里的这一条：……” of the first sentence, and of that of another clause when it is nearly as likely.
    None without hits."""
    if not hits:
        return None
    first = hits[0]
    others = (hit for hit in hits[1:] if hit.passage.clause is not first.passage.clause)
    likely = (hit for hit in others if hit.confidence >= _SECOND_FROM * first.confidence)
    second = next((hit for hit in likely if _name(hit) != _name(first)), None)  # two alike are no choice
    chosen = [first] if second is None else [first, second]
    told = [passage_answers.answer(hit.passage, question, hit.scope, judges=False) for hit in chosen]
    options = tuple(Option(hit.key, _name(hit), True) for hit in chosen)
    titles = [hit.passage.clause.document.title for hit in chosen]
    said = composing.nearest_part(told, titles)
    sources = tuple(dict.fromkeys(source for one in told for source in composing.sources(one)))
    return Unclear(said.text, said.spoken, options, first.confidence, sources)


def whose_ceiling(passages: Passages, hit: Hit | None, question: str) -> Unclear | None:
    """“您是想问：住院待遇？还是：普通门诊待遇？” to who asks how much is paid at most and not for what, where the
    document that comes first has a ceiling in several clauses: one of them would be taken for all. None for others."""
    if hit is None or kinds.money_asked(question) is not Money.CEILING or len(_OF_NOTHING.sub("", plain(question))) > 1:
        return None
    found: dict[str, Passage] = {}
    for one in passages.of_document(hit.passage.clause.document.id):
        if Thing.AMOUNT in one.holds and Money.CEILING in kinds.moneys(one.folded, one.near):
            found.setdefault(one.clause.id, one)
    if len(found) < 2 or hit.passage.clause.id not in found:
        return None
    other = next(one for clause, one in found.items() if clause != hit.passage.clause.id)
    chosen = sorted([found[hit.passage.clause.id], other], key=lambda one: list(found).index(one.clause.id))
    options = tuple(Option(passage_answers.key_of(one), _title(one)) for one in chosen)
    return unclear(options, hit.confidence) if options[0].title != options[1].title else None


def _title(passage: Passage) -> str:
    """What its clause is about, where its heading says that."""
    heading = passage_answers.unmarked(passage.clause.heading).rstrip("。：:")
    return heading if 2 <= len(heading) <= LONGEST else name_of(passage) or passage.clause.document.title


def _name(hit: Hit) -> str:
    return name_of(hit.passage) or hit.passage.clause.document.title


def unclear(options: tuple[Option, ...], confidence: float) -> Unclear:
    """“您是想问：……？还是：……？” of two options."""
    first, second = (option.title for option in options)
    return Unclear(f"您是想问：{first}？还是：{second}？", composing.asked_back(first, second), options, confidence)
