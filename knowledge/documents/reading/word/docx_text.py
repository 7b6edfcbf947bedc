"""What one Word paragraph shows: its runs in order, without what is not printed, with fractions and powers kept."""

from __future__ import annotations

import re
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
DROPPED = {f"{W}del", f"{W}moveFrom", FALLBACK, f"{W}pPr", f"{W}rPr", f"{W}rt", f"{W}sdtPr", f"{W}txbxContent"}
"""Deleted and moved text, copies for older programs, properties, readings above characters, and text boxes."""
_CHARACTERS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}
_SYMBOLS = {"A8": "□", "6F": "□", "A3": "□", "FE": "☑", "52": "☑", "FC": "√", "50": "√"}
"""Boxes and ticks of the Wingdings fonts, as forms use them."""
_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_MARKER = re.compile(r"[\[(（〔]?注?\d{1,2}[\])）〕]?|[①-⑳*※]+")


class Styles:
    """The character styles of a document that hide what is written in them."""

    def __init__(self, elements: dict[str, Any]) -> None:
        self._hidden = {name for name, one in elements.items() if _is_on(one.find(f"{W}rPr/{W}vanish"))}

    def hide(self, properties: Any) -> bool:
        """Whether a run with these properties is not shown."""
        if properties is None:
            return False
        own = properties.find(f"{W}vanish")
        style = properties.find(f"{W}rStyle")
        if own is not None:
            return _is_on(own)
        return style is not None and style.get(f"{W}val") in self._hidden


def text(paragraph: Any, styles: Styles) -> str:
    """What a paragraph shows, its text boxes aside."""
    out: list[str] = []
    stack: list[Any] = [paragraph]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            out.append(element)
        elif element.tag == f"{W}r" and styles.hide(element.find(f"{W}rPr")):
            continue
        elif element.tag in (f"{W}t", f"{_M}t"):
            out.append(_raised(element, "".join(out[-4:])) if _is_raised(element) else element.text or "")
        elif element.tag in _CHARACTERS:
            out.append(_CHARACTERS[element.tag])
        elif element.tag == f"{W}sym":
            out.append(_SYMBOLS.get(element.get(f"{W}char", "")[-2:].upper(), ""))
        elif element.tag in _FORMULAS:
            stack += reversed(_formula(element))
        elif element.tag not in DROPPED and not is_placeholder(element):
            stack += reversed(element)
    return "".join(out)


def visible(body: Any, styles: Styles) -> list[str]:
    """All texts below an element that are printed, in no order; raised numbers aside, which may be marks of notes."""
    out: list[str] = []
    stack: list[Any] = [body]
    skipped = DROPPED - {f"{W}txbxContent"}
    while stack:
        element = stack.pop()
        if element.tag == f"{W}r" and styles.hide(element.find(f"{W}rPr")):
            continue
        if element.tag in (f"{W}t", f"{_M}t"):
            out.append("" if _is_raised(element) else element.text or "")
        elif element.tag not in skipped and not is_placeholder(element):
            row = element.tag == f"{W}tr" and element.find(f"{W}trPr/{W}del") is not None
            stack += [] if row else list(element)
    return out


def is_placeholder(element: Any) -> bool:
    """An empty content control shows "单击此处输入文字", which is nobody's text."""
    return element.tag == f"{W}sdt" and _is_on(element.find(f"{W}sdtPr/{W}showingPlcHdr"))


def is_deleted(paragraph: Any) -> bool:
    """Whether a tracked change takes the end of the paragraph away, or all it says."""
    if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
        return True
    gone = paragraph.find(f"{W}del") is not None or paragraph.find(f"{W}moveFrom") is not None
    return gone and not any(one.text for one in paragraph.iter(f"{W}t") if _stays(one))


def _stays(element: Any) -> bool:
    return not any(above.tag in (f"{W}del", f"{W}moveFrom") for above in element.iterancestors())


def _is_on(element: Any) -> bool:
    return element is not None and element.get(f"{W}val", "true") not in ("0", "false", "off")


def _is_raised(element: Any) -> bool:
    run = element.getparent()
    place = run.find(f"{W}rPr/{W}vertAlign") if run is not None else None
    return place is not None and place.get(f"{W}val") == "superscript"


def _raised(element: Any, before: str) -> str:
    """A power behind a number or unit stays one (10⁴, m²); the mark of a footnote is no digit of the amount."""
    raised = element.text or ""
    if re.search(r"[0-9A-Za-z)）⁰-⁹¹²³⁻]$", before) and re.fullmatch(r"[-−+]?[\dn]+", raised):
        return raised.translate(_RAISED)
    return "" if _MARKER.fullmatch(raised.strip()) else raised


def _formula(element: Any) -> list[Any]:
    """The children of a formula with the signs that stand for its shape."""
    part = {name: element.find(f"{_M}{name}") for name in ("num", "den", "e", "sup", "sub", "deg")}
    e, sup, sub = (part[name] if part[name] is not None else "" for name in ("e", "sup", "sub"))
    if element.tag == f"{_M}f" and part["num"] is not None and part["den"] is not None:
        return [*_grouped(part["num"]), "/", *_grouped(part["den"])]
    if element.tag in (f"{_M}sSup", f"{_M}sSubSup"):
        return [e, sub, "^", sup]
    if element.tag == f"{_M}rad":
        return ["√", *_grouped(e)]
    return list(element)


def _grouped(element: Any) -> list[Any]:
    """In brackets where it is more than a number or a word."""
    if isinstance(element, str):
        return [element]
    words = "".join(one.text or "" for one in element.iter(f"{_M}t"))
    return ["（", element, "）"] if re.search(r"[+＋\-−×÷*/]", words) else [element]


_FORMULAS = {f"{_M}{name}" for name in ("f", "sSup", "sSubSup", "rad")}
