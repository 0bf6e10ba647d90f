"""How rows of the register are stored: by kind and name, found by labels, their content as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from routing_rules.known import (
    Attendance,
    Booking,
    Ending,
    Firing,
    Identity,
    Link,
    Registration,
    Row,
    SentOn,
)

_KINDS: Mapping[str, type[Row]] = {
    "registration": Registration,
    "link": Link,
    "booking": Booking,
    "attendance": Attendance,
    "sent on": SentOn,
    "firing": Firing,
    "identity": Identity,
    "ending": Ending,
}
_READERS: Mapping[str, TypeAdapter[Any]] = {
    kind: TypeAdapter(row_type) for kind, row_type in _KINDS.items()
}


UNBORN_LABEL = "unborn|"
"""Before the name of a pregnancy, by whomever it is told."""


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row as it is stored. `labels` are NHS numbers and pregnancies."""

    kind: str
    name: str
    labels: tuple[str, ...]
    content: str


def stored_row(row: Row) -> StoredRow:
    """The row as it is stored; `row_from` reads it back."""
    kind = next(kind for kind, row_type in _KINDS.items() if isinstance(row, row_type))
    content = _READERS[kind].dump_json(row).decode()
    return StoredRow(kind, _name_of(row), _labels_of(row), content)


def row_from(kind: str, content: str) -> Row:
    """The row that was stored.

    Raises:
        ValueError: it is not one. The message holds nothing of what was stored.
    """
    try:
        row: Row = _READERS[kind].validate_json(content)
    except (KeyError, ValidationError):
        raise ValueError("not a row of the register as it was stored") from None
    return row


def pregnancy_label(row: Booking | Ending) -> str:
    """What all that is told of one pregnancy is found by."""
    return label_of_pregnancy(*row.pregnancy)


def label_of_pregnancy(publisher: str, pregnancy_id: str) -> str:
    """The same, from the publisher's name and its id of the pregnancy."""
    return f"pregnancy|{publisher}|{pregnancy_id}"


def unborn_label(row: Link | Booking | Ending) -> tuple[str, ...]:
    """What links to the unborn children of a pregnancy are found by, and all that is told of it."""
    return () if row.pregnancy_id is None else (label_of_unborn(row.pregnancy_id),)


def label_of_unborn(pregnancy_id: str) -> str:
    """The same, from the name of the pregnancy, whoever tells of it: a link says no publisher."""
    return f"{UNBORN_LABEL}{pregnancy_id}"


def _name_of(row: Row) -> str:
    match row:
        case Attendance() | SentOn() | Ending():
            return str(row.occurrence_id)
        case Firing():
            return f"{row.rule}|{row.nhs_number}|{row.occurrence_id}"
        case _:
            return row.told.event


def _labels_of(row: Row) -> tuple[str, ...]:
    match row:
        case Link():
            return (*row.ends, *unborn_label(row))
        case Booking():
            mother = (row.mother,) if row.mother else ()
            return (pregnancy_label(row), *mother, *unborn_label(row))
        case Ending():
            return (pregnancy_label(row), *row.numbers, *unborn_label(row))
        case Identity():
            return row.numbers
        case _:
            return (row.nhs_number,)
