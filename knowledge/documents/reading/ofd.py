"""OFD (GB/T 33190-2016), the layout format of official documents: a zip of XML with characters at places on pages.

Its pages are given the shape of pdfplumber's, so everything learnt on PDF holds here, too: columns, double
printing, watermarks, ruled tables. Lengths are millimetres in the file and points in here. Annotations are set aside,
with a note.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree
from pdfplumber.container import Container
from pdfplumber.table import TableFinder, TableSettings

from knowledge.documents.reading import pdf
from knowledge.documents.reading.block import Block, BlockKind, Reading
from knowledge.documents.reading.package import checked, without_types
from knowledge.documents.refusals import BrokenFile, OutlinedOfd, ScannedPdf, TooLarge, UnknownFormat

_POINTS = 72 / 25.4
_A4 = (0.0, 0.0, 210.0, 297.0)
_LEAST_PATHS = 20
_MOST_REPEATED = 10_000
_STRAIGHT = 0.5
"""Points by which a line may be off and still be level or upright."""
_TEXT, _PATH, _IMAGE = "TextObject", "PathObject", "ImageObject"

Matrix = tuple[float, float, float, float, float, float]
_PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Page(Container):
    """One page as pdfplumber would have it."""

    def __init__(self, number: int, box: tuple[float, ...], objects: dict[str, list[dict[str, Any]]]) -> None:
        self.page_number = number
        self.width, self.height = box[2] * _POINTS, box[3] * _POINTS
        self.bbox = (0.0, 0.0, self.width, self.height)
        self.annots: list[Any] = []
        self.paths = 0
        self._objects = objects

    @property
    def objects(self) -> dict[str, list[dict[str, Any]]]:
        """Characters, rules and pictures."""
        return self._objects

    @property
    def images(self) -> list[dict[str, Any]]:
        """Pictures on the page."""
        return self._objects.get("image", [])

    def find_tables(self, settings: dict[str, Any]) -> list[Any]:
        """Tables by their rules."""
        finder = TableFinder(self, TableSettings.resolve(settings))  # type: ignore[arg-type]  # uses only these members
        return list(finder.tables)

    def filter(self, wanted: Any) -> Page:
        """The same page with fewer things on it."""
        kept = {kind: [thing for thing in things if wanted(thing)] for kind, things in self._objects.items()}
        return Page(self.page_number, (0, 0, self.width / _POINTS, self.height / _POINTS), kept)

    def close(self) -> None:
        """Nothing is held."""


def page_of_characters(number: int, width: float, height: float, characters: list[dict[str, Any]]) -> Page:
    """A page that holds nothing else, in points."""
    objects: dict[str, list[dict[str, Any]]] = {"char": characters, "line": [], "rect": [], "image": []}
    return Page(number, (0.0, 0.0, width / _POINTS, height / _POINTS), objects)


def read(data: bytes) -> Reading:
    """Raises a Refused: BrokenFile, EncryptedFile, ZipBomb, UnknownFormat, OutlinedOfd, ScannedPdf or TooLarge."""
    package = checked(data)
    if "OFD.xml" not in package.namelist():
        raise UnknownFormat("no OFD.xml")
    try:
        files = _Files(package)
        pages, notes = _pages(files)
        if not any(page.chars for page in pages):
            raise (OutlinedOfd if sum(page.paths for page in pages) > _LEAST_PATHS else ScannedPdf)
        reading = pdf.assembled(pages)
    except (KeyError, ValueError, IndexError, AttributeError, etree.XMLSyntaxError, zipfile.BadZipFile) as error:
        raise BrokenFile("ofd") from error
    drawn = [page.page_number for page in pages if not page.chars and page.paths > _LEAST_PATHS]
    said = [f"第 {'、'.join(map(str, drawn))} 页的字是图形（只有笔画），没有读取。"] if drawn else []
    if notes:
        said.append("文件有批注（盖在页面上的说明），没有列入条款。")
    aside = [Block(BlockKind.NOISE, note, noise="批注") for note in notes]
    return Reading([*reading.blocks, *aside], [*reading.notes, *said])


class _Files:
    """The files of the package, found as they name each other."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._names = {name.lstrip("/").lower(): name for name in package.namelist()}

    def has(self, path: str) -> bool:
        return path.lower() in self._names

    def tree(self, path: str) -> Any:
        """Raises KeyError for a file that is not there."""
        content = without_types(self._package, self._package.getinfo(self._names[path.lower()]))
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _beside(path: str, location: str) -> str:
    """A location (ST_Loc) as the file at `path` means it: from the root with a slash, else from its own folder."""
    location = location.strip().replace("\\", "/")
    if location.startswith("/"):
        return posixpath.normpath(location).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), location)).lstrip("/")


def _pages(files: _Files) -> tuple[list[Page], list[str]]:
    pages: list[Page] = []
    notes: list[str] = []
    for root in _all(files.tree("OFD.xml"), "DocRoot"):
        path = _beside("OFD.xml", root.text or "")
        document = files.tree(path)
        box = _numbers(_text(document, "PhysicalBox")) or _A4
        templates = {one.get("ID"): _beside(path, one.get("BaseLoc", "")) for one in _all(document, "TemplatePage")}
        listed = [one for one in _all(document, "Page") if one.get("BaseLoc")]
        if len(pages) + len(listed) > pdf.MOST_PAGES:
            raise TooLarge("pages")
        for one in listed:
            pages.append(_page(files, _beside(path, one.get("BaseLoc", "")), len(pages) + 1, box, templates))
        location = _text(document, "Annotations")
        if location and files.has(_beside(path, location)):
            notes += _annotations(files, _beside(path, location))
    return pages, notes


def _page(files: _Files, path: str, number: int, usual: tuple[float, ...], templates: dict[Any, str]) -> Page:
    tree = files.tree(path)
    box = _numbers(_text(tree, "PhysicalBox")) or usual
    objects: dict[str, list[dict[str, Any]]] = {"char": [], "line": [], "rect": [], "image": []}
    layers = [tree]
    for template in _all(tree, "Template"):
        below = templates.get(template.get("TemplateID"), "")
        if below and files.has(below):
            layers.append(files.tree(below))
    paths = 0
    for layer in layers:
        for thing in layer.iter():
            name = etree.QName(thing).localname if isinstance(thing.tag, str) else ""
            if name == _TEXT and thing.get("Visible", "true") != "false":
                objects["char"] += _characters(thing)
            elif name == _PATH:
                paths += 1
                objects["line"] += _rules(thing)
            elif name == _IMAGE:
                objects["image"].append({"object_type": "image"})
    page = Page(number, box, objects)
    page.paths = paths
    return page


def _annotations(files: _Files, path: str) -> list[str]:
    """The words of annotations, one text for each; seals and links say none."""
    texts = []
    for location in _all(files.tree(path), "FileLoc"):
        beside = _beside(path, location.text or "")
        for note in _all(files.tree(beside), "Annot") if files.has(beside) else ():
            words = ["".join(code.text or "" for code in _all(one, "TextCode")) for one in _all(note, _TEXT)]
            remark = _text(note, "Remark")
            texts.append("".join(words).strip() or remark)
    return [text for text in texts if text]


def _characters(thing: Any) -> Iterator[dict[str, Any]]:
    """The characters of a text object, each at its place."""
    box = _numbers(thing.get("Boundary", "")) or (0.0, 0.0, 0.0, 0.0)
    matrix = _matrix(thing)
    size = _number(thing.get("Size", ""), 3.5)
    color = _color(thing)
    for code in _all(thing, "TextCode"):
        text = code.text or ""
        x, y = _number(code.get("X", ""), 0.0), _number(code.get("Y", ""), size)
        right, down = _steps(code.get("DeltaX", "")), _steps(code.get("DeltaY", ""))
        for at, character in enumerate(text):
            if not character.isspace():
                yield _character(character, x, y, size, matrix, box, color)
            wide = size * (0.5 if character.isascii() else 1.0)
            x += right[at] if at < len(right) else (0.0 if down else wide)
            y += down[at] if at < len(down) else 0.0


def _character(
    text: str, x: float, y: float, size: float, matrix: Matrix, box: tuple[float, ...], color: tuple[float, ...]
) -> dict[str, Any]:
    """A character as pdfplumber describes it; `x` and `y` are the left end of its base line, in its object."""
    a, b, c, d, e, f = matrix
    left = (box[0] + a * x + c * y + e) * _POINTS
    base = (box[1] + b * x + d * y + f) * _POINTS
    height = size * max(abs(d), abs(c)) * _POINTS
    width = size * max(abs(a), abs(b)) * _POINTS * (0.5 if text.isascii() else 1.0)
    top = base - 0.88 * height
    return {
        "object_type": "char", "text": text, "x0": left, "x1": left + width, "top": top, "bottom": top + height,
        "doctop": top, "size": height, "height": height, "width": width, "upright": True, "fontname": "",
        "matrix": (a, b, c, d, left, base), "non_stroking_color": color, "direction": 1,
    }  # fmt: skip


def _rules(thing: Any) -> Iterator[dict[str, Any]]:
    """The level and upright lines of a path (AbbreviatedData: M x y L x y … C), as rules of tables."""
    box = _numbers(thing.get("Boundary", "")) or (0.0, 0.0, 0.0, 0.0)
    a, b, c, d, e, f = _matrix(thing)
    at = start = (0.0, 0.0)
    for command, numbers in re.findall(r"([SMLCBQA])([^SMLCBQA]*)", _text(thing, "AbbreviatedData")):
        values = _numbers(numbers)
        if command in "SM" and len(values) >= 2:
            at = start = values[0], values[1]
        elif command == "C" or (command == "L" and len(values) >= 2):
            to = start if command == "C" else (values[0], values[1])
            ends = [(box[0] + a * x + c * y + e, box[1] + b * x + d * y + f) for x, y in (at, to)]
            yield from _rule([(x * _POINTS, y * _POINTS) for x, y in ends])
            at = to
        elif values:
            at = values[-2], values[-1]


def _rule(ends: list[tuple[float, float]]) -> Iterator[dict[str, Any]]:
    (x0, x1), (top, bottom) = sorted(x for x, _ in ends), sorted(y for _, y in ends)
    if min(x1 - x0, bottom - top) < _STRAIGHT < max(x1 - x0, bottom - top):
        level = x1 - x0 > bottom - top
        yield {
            "object_type": "line", "x0": x0, "x1": x1, "top": top, "bottom": top if level else bottom,
            "doctop": top, "width": x1 - x0, "height": bottom - top, "pts": ends,
        }  # fmt: skip


def _steps(text: str) -> list[float]:
    """Distances between characters; "g 3 5.2" says 5.2 three times."""
    words = text.split()
    out: list[float] = []
    at = 0
    while at < len(words):
        if words[at] == "g" and at + 2 < len(words):
            out += [float(words[at + 2])] * min(int(words[at + 1]), _MOST_REPEATED)
            at += 3
        else:
            out.append(float(words[at]))
            at += 1
    return out


def _matrix(thing: Any) -> Matrix:
    values = _numbers(thing.get("CTM", ""))
    return (values[0], values[1], values[2], values[3], values[4], values[5]) if len(values) == 6 else _PLAIN


def _color(thing: Any) -> tuple[float, ...]:
    """The fill colour from 0 to 1; half transparent ones are pale."""
    fill = next(iter(_all(thing, "FillColor")), None)
    if fill is None:
        return (0.0,)
    values = tuple(min(value, 255.0) / 255 for value in _numbers(fill.get("Value", ""))) or (0.0,)
    alpha = min(_number(fill.get("Alpha", thing.get("Alpha", "")), 255.0), 255.0) / 255
    return tuple(1 - alpha * (1 - value) for value in values)


def _all(tree: Any, name: str) -> list[Any]:
    return list(tree.iter(f"{{*}}{name}"))


def _text(tree: Any, name: str) -> str:
    return next(((one.text or "").strip() for one in _all(tree, name)), "")


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(word) for word in re.findall(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", text))


def _number(text: str, default: float) -> float:
    return next(iter(_numbers(text)), default)
