"""Where on a web page the document stands: the innermost element that holds nearly all of the page's sentences."""

from __future__ import annotations

import re
from itertools import islice

from lxml import html

HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_UNSAID = {"head", "script", "style", "noscript", "template"}
_HOLDS = {"html", "body", "main", "article", "section", "div", "form", "center", "table", "tbody", "tr", "td"}
_NEARLY_ALL = 0.8
_LEAST_SHOWN = 0.2
_LEAST_LINES = 3
"""An element with fewer lines is a paragraph of the document, however long, and not the place of all of them."""


def find(tree: html.HtmlElement) -> html.HtmlElement | None:
    """None where nothing is said, or only by the page as a whole."""
    said, all_said = _said(tree, hidden=False), _said(tree, hidden=True)
    if said[tree] < _LEAST_SHOWN * all_said[tree]:
        said = all_said
    at, found = tree, None
    while at is not None:
        inner = (child for child in at if said[child] and said[child] >= _NEARLY_ALL * said[tree])
        at = next((child for child in inner if child.tag in _HOLDS and _has_lines(child)), None)
        found = at if at is not None else found
    return found


def reveal(main: html.HtmlElement) -> None:
    """Saved pages hide their text until a script has run, which here none does: what says nearly all is shown."""
    for element in (main, *main.iterancestors()):
        element.attrib.pop("hidden", None)
        if HIDDEN.search(element.get("style", "")):
            element.set("style", HIDDEN.sub("", element.get("style")))


def _said(tree: html.HtmlElement, *, hidden: bool) -> dict[html.HtmlElement, int]:
    """The characters of sentences in every element, counted from the innermost outwards, with what is hidden or not:
    many sites have a second copy of the text for reading it aloud."""
    out: dict[html.HtmlElement, int] = {}
    for element in reversed(list(tree.iter())):
        silent = not isinstance(element.tag, str) or element.tag in _UNSAID
        silent = silent or (not hidden and HIDDEN.search(element.get("style", "")) is not None)
        out[element] = 0 if silent else _length(element.text) + sum(out[one] + _length(one.tail) for one in element)
    return out


def _length(text: str | None) -> int:
    return len(text) if text and "。" in text else 0


def _has_lines(element: html.HtmlElement) -> bool:
    lines = (line for line in element.iter("p", "br", "div", "li", "tr") if line is not element)
    return sum(1 for _ in islice(lines, _LEAST_LINES)) == _LEAST_LINES
