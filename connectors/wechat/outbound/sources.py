"""The sources of an answer as links: a tap opens the document at its clause, the sentence that answers marked.

    （依据：<a href="https://…/documents/…?clause=…&mark=…#…">济医保字〔2023〕25号 第8条</a>，2023年）

Pure. A message holds 2048 bytes and an address counts, so a sentence is named by its beginning and its end: the page
finds the whole of it (`knowledge.public.marking`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from base.messages import Reply, Source
from connectors.web.pages.links import source_link

MAX_LINK_BYTES = 900
_FIRST, _LAST = 10, 6
_MOST_SENTENCES = 3
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；\n]*")
_TAG = re.compile(r"<(?=\s*/?\s*a\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Links:
    """How sources are linked. `address`: how citizens reach this service, https://host; "" where they cannot: then a
    source is text. `marks`: whether the address names the sentences, or only the clause."""

    address: str = ""
    marks: bool = True


PLAIN = Links()


def with_sources(reply: Reply, links: Links) -> str:
    """The reply's words, and below them the sources that the words do not name themselves; linked where they can be.

    Only we make links: what looks like one in the words (somebody's own, read back to them) is shown as it is.
    """
    text = _TAG.sub("＜", reply.text.strip())
    below: dict[str, str] = {}
    for source in reply.sources:
        label = " ".join(part for part in (source.doc_no, source.clause) if part)
        if not label or label in below:
            continue
        named = _named(source).search(text)
        if named is None:
            below[label] = _link(source, label, links)
        elif not _is_linked(text, named.start()):
            text = text[: named.start()] + _link(source, named[0], links) + text[named.end() :]
    return text + (f"\n\n依据：{'；'.join(below.values())}" if below else "")


def _named(source: Source) -> re.Pattern[str]:
    """ "济医保字〔2023〕25号 第8条", also "《…通知》（济医保字〔2023〕25号）第8条"."""
    return re.compile(rf"{re.escape(source.doc_no)}[）)]?\s?{re.escape(source.clause)}(?!\d)")


def _link(source: Source, label: str, links: Links) -> str:
    if not links.address:
        return label
    path = source_link(replace(source, quotes=_short(source.quotes) if links.marks else ()))
    link = f'<a href="{links.address}{path}">{label}</a>'
    return link if path and len(link.encode()) <= MAX_LINK_BYTES else label


def _is_linked(text: str, at: int) -> bool:
    """Whether a place in the text is inside a link already."""
    return text.rfind("<a ", 0, at) > text.rfind("</a>", 0, at)


def _short(quotes: Sequence[str]) -> tuple[str, ...]:
    """ "在省内跨市就医的参保人员，不再需要办理备案。" → "在省内跨市就医的参保…理备案。" """
    sentences = [match[0].strip() for quote in quotes for match in _SENTENCE.finditer(quote)]
    return tuple(
        one if len(one) <= _FIRST + _LAST + 1 else f"{one[:_FIRST]}…{one[-_LAST:]}"
        for one in sentences[:_MOST_SENTENCES]
        if one
    )
