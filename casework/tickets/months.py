"""A calendar month in Jining."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from base.clock import midnight


@dataclass(frozen=True, slots=True)
class Month:
    """`since` ≤ a time of the database (UTC, naive) < `until`."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def parsed(cls, text: str) -> Month | None:
        """From "2026-11"; None when it is no month that can be."""
        year, _, month = text.partition("-")
        is_month = len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdecimal()
        return cls(int(year), int(month)) if is_month and 2000 <= int(year) <= 2100 and 1 <= int(month) <= 12 else None

    @property
    def since(self) -> datetime:
        return _utc(self.year, self.month)

    @property
    def until(self) -> datetime:
        return _utc(self.next.year, self.next.month)

    @property
    def next(self) -> Month:
        return Month(self.year + 1, 1) if self.month == 12 else Month(self.year, self.month + 1)

    @property
    def before(self) -> Month:
        return Month(self.year - 1, 12) if self.month == 1 else Month(self.year, self.month - 1)

    @property
    def words(self) -> str:
        return f"{self.year}年{self.month}月"

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"


def _utc(year: int, month: int) -> datetime:
    return midnight(date(year, month, 1))
