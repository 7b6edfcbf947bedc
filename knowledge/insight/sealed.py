"""Text that is sealed at rest: the questions of citizens, whose names no masking finds all of (张桂兰得了尿毒症…).

    seal_texts(database, vault)      once, before anything is written
    text: Mapped[str] = mapped_column(Sealed)

Readers and queries stay as they are: a column of this type is encrypted when it is written, and read as before. Equal
texts are equal sealed, so that the database can still count and group them: whoever has only the database learns that
two questions are the same, not what they are. What an earlier version wrote in clear is read, too.
"""

from __future__ import annotations

from typing import Any, Protocol

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from base.database import Database

MARK = "sealed:"
"""What a sealed text begins with."""
_ON_DIALECT = "yibao_texts"


class Vault(Protocol):
    """`base.personal_data.Vault`."""

    def seal_text(self, plain: str) -> str: ...
    def open_text(self, sealed: str) -> str:
        """Raises ValueError when it was not sealed with this key."""
        ...


def seal_texts(database: Database, vault: Vault) -> None:
    """From now on this database's sealed columns are."""
    setattr(database.engine.dialect, _ON_DIALECT, vault)


class Sealed(TypeDecorator[str]):
    """Text; in clear only where no vault was given, which is a test."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        vault: Vault | None = getattr(dialect, _ON_DIALECT, None)
        if not value or vault is None or value.startswith(MARK):
            return value
        return MARK + vault.seal_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        vault: Vault | None = getattr(dialect, _ON_DIALECT, None)
        if not isinstance(value, str) or vault is None or not value.startswith(MARK):
            return value
        return vault.open_text(value.removeprefix(MARK))
