"""Column types that mean the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Numeric
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant, in and out; SQLite would forget the zone.

    Raises:
        ValueError: a naive datetime was given.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what the driver stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone: give an aware datetime")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        return None if value is None else value.astimezone(UTC)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        """Return what reads the instant; of SQLite's text at once, which takes a tenth as long."""
        if dialect.name == "sqlite":
            return _read_text
        return super().result_processor(dialect, coltype)


def _read_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class Hundredths(TypeDecorator[Decimal]):
    """A decimal with two places; on SQLite, which would make a float of it, whole hundredths.

    Raises:
        ValueError: the value has more places than two.
    """

    impl = Numeric(20, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return what the column is made of."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else Numeric(20, 2))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        """Return what the driver stores."""
        if value is None:
            return None
        if value != round(value, 2):
            raise ValueError("more than two places after the point")
        return int(value.scaleb(2)) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return the decimal with its two places."""
        if value is None or dialect.name != "sqlite":
            return cast(Decimal | None, value)
        return Decimal(value).scaleb(-2)


def words_of(enum: type[StrEnum]) -> Enum:
    """Return a text column that holds the values of an enum and gives its members back."""
    return Enum(
        enum,
        native_enum=False,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )
