"""A reply as JSON between the service and Rasa, and back. Rasa carries `custom` through without looking inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from base.messages import Button, Link, Reply, Source
from base.tenant import fill


def reply_to_json(reply: Reply) -> dict[str, Any]:
    """The shape Rasa knows: text, buttons, and everything of ours under `custom`."""
    custom = {
        "spoken": reply.spoken,
        "sources": [_source_to_json(source) for source in reply.sources],
        "links": [{"title": link.title, "url": link.url} for link in reply.links],
        "end": reply.end,
        "pace": reply.pace,
        "transfer": reply.transfer,
        "takes_time": reply.takes_time,
        "not_understood": reply.not_understood,
        "emergency": reply.emergency,
    }
    return {
        "text": reply.text,
        "buttons": [{"title": button.title, "payload": button.payload} for button in reply.buttons],
        "custom": {key: value for key, value in custom.items() if value not in ("", [], False, None)},
    }


def reply_from_json(message: Mapping[str, Any]) -> Reply:
    """One message of Rasa's → a reply. Raises KeyError, TypeError or ValueError on anything else."""
    custom = message.get("custom") or {}
    pace = custom.get("pace")
    return Reply(
        text=fill(_text(message["text"])),
        spoken=fill(_text(custom.get("spoken", ""))),
        sources=tuple(_source_from_json(source) for source in custom.get("sources", ())),
        buttons=tuple(Button(_text(b["title"]), _text(b["payload"])) for b in message.get("buttons") or ()),
        links=tuple(Link(_text(one["title"]), _text(one["url"])) for one in custom.get("links", ())),
        end=custom.get("end") is True,
        pace=None if pace is None else float(pace),
        transfer=custom.get("transfer") is True,
        takes_time=custom.get("takes_time") is True,
        not_understood=custom.get("not_understood") is True,
        emergency=custom.get("emergency") is True,
    )


def _source_to_json(source: Source) -> dict[str, Any]:
    fields: dict[str, Any] = {"doc_no": source.doc_no, "clause": source.clause, "title": source.title}
    known = {"document": source.document, "clause_id": source.clause_id, "quotes": list(source.quotes)}
    return fields | {key: value for key, value in known.items() if value}


def _source_from_json(source: Mapping[str, Any]) -> Source:
    """What a page needs to show the clause may be missing."""
    return Source(
        _text(source["doc_no"]),
        _text(source["clause"]),
        _text(source["title"]),
        _text(source.get("document", "")),
        _text(source.get("clause_id", "")),
        tuple(map(_text, source.get("quotes", ()))),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
