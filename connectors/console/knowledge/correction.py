"""What the page that corrects an import shows: the original with marks beside the clauses, and the check."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from base import aside
from connectors.console.kit.catalog import Catalog
from connectors.console.kit.forms import Form
from connectors.console.kit.labels import CLAUSE_KINDS
from connectors.console.knowledge.findings import highlighted, marked, recheck
from connectors.console.knowledge.scans import Scans, beside, pages
from connectors.console.knowledge.typed_documents import Found
from knowledge.documents.document import Completeness


async def checked(found: Found) -> list[Completeness]:
    """Of every document of a form; raises HTTPBadRequest when there is none in it."""
    if not isinstance(found.get("documents"), list) or not found["documents"]:
        raise web.HTTPBadRequest
    return await aside.think(lambda: [recheck(document) for document in found["documents"]])


async def correction(form: Form, found: Found, catalog: Catalog, scans: Scans | None = None) -> dict[str, Any]:
    """The context of `correction.html`; `scans` keep the pictures of what was recognised."""
    kept = [scans.of(document) if scans else None for document in found["documents"]]
    checks = await checked(found)
    originals = await aside.think(
        lambda: [
            highlighted(one["original"], check, scan)
            for one, check, scan in zip(found["documents"], checks, kept, strict=True)
        ]
    )
    return {
        "form": form,
        "found": found,
        "checks": checks,
        "originals": originals,
        "marked": marked,
        "beside": await aside.think(
            lambda: [beside(document, scan) for document, scan in zip(found["documents"], kept, strict=True)]
        ),
        "pages": [pages(scan) for scan in kept],
        "why": form.get("why"),
        "places": await catalog.places(),
        "documents": await catalog.documents(),
        "clause_kinds": CLAUSE_KINDS,
    }
