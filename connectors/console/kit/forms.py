"""What staff typed: read field by field, each error kept beside its field, and every value kept for showing again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from multidict import MultiDict, MultiMapping

Typed = MultiMapping[Any]


@dataclass
class Form:
    """One submitted form. Read the fields, then look at `errors`; `values` is what the template shows again."""

    typed: Typed = field(default_factory=MultiDict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.errors

    def get(self, name: str) -> str:
        """As it was typed."""
        return str(self.typed.get(name, ""))

    def all(self, name: str) -> list[str]:
        return [str(value) for value in self.typed.getall(name, [])]

    def text(self, name: str, *, needed: str = "", most: int = 20_000) -> str:
        """Trimmed text with Unix line ends. `needed` is what is said when it is empty; empty = may be empty."""
        value = self.get(name).replace("\r\n", "\n").strip()
        if needed and not value:
            self.errors[name] = needed
        elif len(value) > most:
            self.errors[name] = f"这里最多写 {most} 个字，现在有 {len(value)} 个字。"
        return value

    def lines(self, name: str, *, needed: str = "", most: int = 500) -> tuple[str, ...]:
        """One entry a line, without empty and repeated ones."""
        found = dict.fromkeys(line.strip() for line in self.text(name, needed=needed).splitlines())
        found.pop("", None)
        if any(len(line) > most for line in found):
            self.errors[name] = f"每行最多 {most} 个字。"
        return tuple(found)

    def day(self, name: str) -> date | None:
        """A date as the browser's date field sends it; None when empty."""
        value = self.get(name).strip()
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.errors[name] = "日期请写成 2026-01-31 这样。"
            return None

    def period(self, first: str = "valid_from", last: str = "valid_until") -> tuple[date | None, date | None]:
        """Two dates in order."""
        since, until = self.day(first), self.day(last)
        if since and until and until < since:
            self.errors[last] = "截止日期不能早于开始日期。"
        return since, until

    def number(self, name: str, otherwise: int) -> int:
        """A whole number from a hidden field; `otherwise` when it is none."""
        try:
            return int(self.get(name))
        except ValueError:
            return otherwise

    def choice(self, name: str, choices: Mapping[str, str], *, needed: str = "请选一项。") -> str:
        """One of `choices`; the empty string with an error otherwise."""
        value = self.get(name)
        if value not in choices:
            self.errors[name] = needed
            return ""
        return value
