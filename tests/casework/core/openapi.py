"""As much of JSON Schema as docs/core-api.yaml uses; a word it does not know is an error, so nothing goes unchecked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from base.settings import ROOT

Json = Any
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
KNOWN = {
    *("$ref", "description", "type", "required", "properties", "additionalProperties", "items", "enum", "pattern"),
    *("format", "minLength", "maxLength", "minimum", "maximum"),
}


class Page:
    """The interface page."""

    def __init__(self) -> None:
        self.whole: dict[str, Json] = yaml.safe_load((ROOT / "docs" / "core-api.yaml").read_text("utf-8"))
        self.paths: dict[str, Json] = {path: methods["post"] for path, methods in self.whole["paths"].items()}

    def resolved(self, node: Json) -> Json:
        """What a `$ref` stands for; what stands beside it comes on top."""
        if "$ref" not in node:
            return node
        found: Json = self.whole
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return {**self.resolved(found), **{name: value for name, value in node.items() if name != "$ref"}}

    def request(self, path: str) -> Json:
        return self._schema(self.paths[path]["requestBody"])

    def answer(self, path: str, status: int) -> Json:
        answers = self.paths[path]["responses"]
        return self._schema(answers.get(str(status), answers["default"]))

    def _schema(self, node: Json) -> Json:
        return self.resolved(self.resolved(node)["content"]["application/json"]["schema"])

    def faults(self, value: Json, schema: Json, where: str = "$") -> Iterator[str]:
        """What of the value the schema does not allow."""
        schema = self.resolved(schema)
        assert set(schema) <= KNOWN, f"teach this check {set(schema) - KNOWN}"
        types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        if not any(type(value) is TYPES[name] for name in types):
            yield f"{where}: type {type(value).__name__}"
        elif isinstance(value, dict):
            yield from self._object_faults(value, schema, where)
        elif isinstance(value, list):
            for entry in value:
                yield from self.faults(entry, schema["items"], f"{where}[]")
        elif value is not None and not _allowed(value, schema):
            yield f"{where}: value"

    def _object_faults(self, value: Json, schema: Json, where: str) -> Iterator[str]:
        for name in set(schema.get("required", [])) - set(value):
            yield f"{where}.{name}: missing"
        for name, entry in value.items():
            known = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if known is None:
                yield f"{where}.{name}: not in the page"
            else:
                yield from self.faults(entry, known, f"{where}.{name}")


def _allowed(value: str | int, schema: Json) -> bool:
    if value not in schema.get("enum", [value]):
        return False
    if isinstance(value, int):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        return False
    if not re.search(schema.get("pattern", ""), value) or not _is_text(value):
        return False
    return schema.get("format") != "date" or _is_day(value)


def _is_text(value: str) -> bool:
    """Half of a surrogate pair is a string in Python only."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _is_day(value: str) -> bool:
    """A full-date of RFC 3339."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
