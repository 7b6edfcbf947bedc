"""Between a form and a content: names of form fields are paths ("answers.0.quotes.2.text").

`nested` makes the typed fields into the shape that `knowledge.authoring.content.parse` takes and that the templates
show, so a form that was refused looks as it was typed, with each complaint under its field's path.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_LINES = {"wordings", "tags", "audience", "aliases", "clauses", "gaps", "variants", "path"}
"""Typed one a line in one field."""
_FLAGS = {"caller_facing", "searchable", "adds"}
_NONE_WHEN_EMPTY = {"valid_from", "valid_until", "issue_date", "superseded_by", "gap"}
_LISTS = "lists"
"""Names a list of rows that the form shows: when all its rows are gone, it is empty, and not left as it was."""
_OUR_OWN = {"csrf", "base", "key", "why", "then"}
"""Fields of the form that are no part of the content."""


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Typed fields as nested dicts and lists. Rows are numbered anew, in the order of their numbers."""
    tree: dict[str, Any] = {}
    shown: set[str] = set()
    for path, value in pairs:
        parts = path.split(".")
        if path == _LISTS:
            shown.add(value)
            continue
        if parts[0] in _OUR_OWN:
            continue
        at = tree
        for part in parts[:-1]:
            below = at.setdefault(part, {})
            if not isinstance(below, dict):  # "a" and "a.b" in one form: nobody typed that
                break
            at = below
        else:
            at[parts[-1]] = _value(parts[-1], value)
    return {**{name: [] for name in shown}, **{name: _rows(below) for name, below in tree.items()}}


def _value(name: str, typed: str) -> Any:
    text = typed.replace("\r\n", "\n")
    if name in _LINES:
        return [line.strip() for line in text.splitlines() if line.strip()]
    if name in _FLAGS:
        return text == "yes"
    if name in _NONE_WHEN_EMPTY and not text.strip():
        return None
    return text


def _rows(tree: Any) -> Any:
    """A dict whose keys are all numbers is a list."""
    if not isinstance(tree, dict):
        return tree
    if tree and all(key.isdecimal() and len(key) < 20 for key in tree):
        return [_rows(tree[key]) for key in sorted(tree, key=int)]
    return {key: _rows(below) for key, below in tree.items()}


def with_defaults(typed: Mapping[str, Any], start: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, over what the content had: fields that the form does not show stay as they were."""
    return {**start, **typed}
