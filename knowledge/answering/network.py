"""What the documents say of the service network (1+21+N): a plan of 2021, told with its source and never as built.

Only the network is read from the file. Its contacts are those of offices among themselves, and stay unread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from base import yaml_files
from base.tenant import TENANT
from knowledge.authoring.seed import DATA

_FILE = DATA / "seed" / "stations.yaml"


@dataclass(frozen=True, slots=True)
class Told:
    """The documents' own words: exact quotes with the clause each stands in, and the places they are about ("": the
    network itself)."""

    place: str
    quotes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Network:
    """`name` 1+21+N, planned in `year` for `place`. `unknown`: what the documents leave open."""

    name: str
    place: str
    year: int
    plan: Told
    citywide: tuple[Told, ...]
    unknown: str

    @property
    def clauses(self) -> Iterable[str]:
        for told in (self.plan, *self.citywide):
            yield from (clause for clause, _ in told.quotes)


def load() -> Network:
    """From the seed file; blocking, a few milliseconds."""
    stations = yaml_files.read(_FILE)
    network: dict[str, Any] = stations["network"]
    return Network(
        name=network["name"],
        place=network["jurisdiction"],
        year=int(network["as_of"][:4]),
        plan=Told("", _quotes(network)),
        citywide=tuple(
            Told(row["place"], _quotes(row))
            for row in stations["citywide"]
            if row["jurisdiction"] == TENANT.jurisdiction
        ),
        unknown=network["built"],
    )


def _quotes(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((clause, text) for quote in row["quotes"] for clause, text in quote.items())
