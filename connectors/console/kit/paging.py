"""Long lists in pages: the numbers behind LIMIT and OFFSET, and the addresses of the neighbouring pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from aiohttp import web

PAGE_SIZE = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """One page of a list. `number` counts from 1."""

    rows: Sequence[T]
    total: int
    number: int
    request: web.BaseRequest

    @property
    def last(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    def address(self, number: int) -> str:
        """The same list and search, another page; after something was done with a list, that list."""
        here = self.request.rel_url if self.request.method == "GET" else self.request.rel_url.parent
        return str(here.update_query(page=str(number)))


def page_number(request: web.BaseRequest) -> int:
    """The page asked for; anything that is no page number is the first."""
    asked = request.query.get("page", "1")
    is_number = asked.isascii() and asked.isdecimal() and len(asked) <= 5
    return max(1, int(asked)) if is_number else 1


def offset(number: int) -> int:
    """How many rows come before this page."""
    return (number - 1) * PAGE_SIZE
