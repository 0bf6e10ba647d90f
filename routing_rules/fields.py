"""Fields that conditions of rules may test, and the words in which rules write their values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from schemas.values import EventType

FeatureValue = str | frozenset[str] | int | None
"""A choice's word, the set of flags that are present, or a number (None: unknown)."""
Features = Mapping[str, FeatureValue]
"""The value of every field of one event, or of one person in it, by the field's name."""


class FieldKind(StrEnum):
    """How a field's values are made."""

    CHOICE = "choice"
    FLAGS = "flags"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Field:
    """A field that conditions may test. `values` is empty for a number.

    A number's `low` and `high` are the least and the greatest value it can have; above or below
    is no possible fact. A number may always be unknown, which no phrase but `unknown` covers.
    """

    name: str
    kind: FieldKind
    values: tuple[str, ...] = ()
    low: int = 0
    high: int = 0

    @property
    def unknown(self) -> str | None:
        """The word for a value that is not known, where the field has one."""
        if self.kind is FieldKind.NUMBER:
            return "unknown"
        return next(
            (word for word in ("unknown", "not assessed", "not recorded") if word in self.values),
            None,
        )


def words(values: Iterable[str]) -> tuple[str, ...]:
    """The words of an enumeration as rules write them: `not_assessed` is `not assessed`."""
    return tuple(in_words(value) for value in values)


def in_words(value: str) -> str:
    """One value as rules write it."""
    return value.replace("_", " ")


def phrase_of(event_type: EventType) -> str:
    """How rules and notices name a kind of event: `social care child status`."""
    _, family, name, _ = event_type.value.split(".")
    return f"{family} {name}".replace("-", " ")


def choice(name: str, values: Iterable[str]) -> Field:
    """A field with exactly one of these values."""
    return Field(name, FieldKind.CHOICE, words(values))


def flags(name: str, values: Iterable[str]) -> Field:
    """A field with any of these values, or none."""
    return Field(name, FieldKind.FLAGS, words(values))


def yes_no(value: bool | None) -> str:
    """A yes or no that may not be known."""
    return "unknown" if value is None else ("yes" if value else "no")
