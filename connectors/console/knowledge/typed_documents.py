"""Documents as the pages of an upload send them: fields to contents, with each complaint under its field's path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.console.kit.forms import Form
from knowledge.authoring import content as contents
from knowledge.authoring.content import ClauseContent, DocumentContent, InvalidContent
from knowledge.authoring.models import Kind

_HEAD = ("title", "doc_no", "issuer", "issue_date", "jurisdiction", "valid_from", "valid_until", "superseded_by")
WAS = "was"
"""The field of a clause that names the clause it was before: no part of its content."""
Found = dict[str, Any]
"""The pages' data: {"documents": [{title, …, original, clauses: […], others: […], sections: […]}]}."""


def parsed(form: Form, found: Mapping[str, Any]) -> list[tuple[DocumentContent, list[ClauseContent]]]:
    """Every document with its clauses; complaints go into `form.errors` under the fields' paths."""
    result = []
    for number, typed in enumerate(found.get("documents", [])):
        path = f"documents.{number}"
        document = _parse(form, Kind.DOCUMENT, {name: typed.get(name) for name in _HEAD}, path)
        clauses = []
        for position, row in enumerate(typed.get("clauses", [])):
            own = {"document": "new", "position": position, "caller_facing": row.get("searchable", False), **row}
            own.pop(WAS, None)
            clauses.append(_parse(form, Kind.CLAUSE, own, f"{path}.clauses.{position}"))
        result.append((document, clauses))
    return result  # type: ignore[return-value]  # None only beside an entry in form.errors


def _parse(form: Form, kind: Kind, data: Mapping[str, Any], path: str) -> contents.Content | None:
    try:
        return contents.parse(kind, data)
    except InvalidContent as problem:
        form.errors.update({f"{path}.{field}".rstrip("."): words for field, words in problem.fields.items()})
        return None
