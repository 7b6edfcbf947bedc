"""To whom tickets are dispatched: the counties and zones of the city (`tenant.yaml`), which have their own offices."""

from __future__ import annotations

from base.tenant import TENANT

COUNTIES = TENANT.areas
CITY = "市本级"
"""How the city's own bureau is called; its tickets have no county."""
