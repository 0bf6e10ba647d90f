"""Folding what events told into what holds: the later record wins, whatever came in first.

Nothing here depends on the order of rows, and nothing is chosen by chance: where two records of
the same time contradict each other, neither holds until a later one says more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pydantic import JsonValue

from routing_rules.known import Recorded, Registration, Told

BORN = "date_of_birth"
R = TypeVar("R", bound=Recorded)


@dataclass(frozen=True, slots=True)
class Settled:
    """What holds of one field; a contradicted one is not known."""

    value: JsonValue
    is_contradicted: bool = False


def last_word(rows: Sequence[R]) -> list[R]:
    """The rows with the latest `recorded_at`; of a publisher's corrections only the last.

    A correction (`updated`) outranks what its own publisher told of the same time, and nobody
    else's record.
    """
    if len(rows) == 1:
        return [*rows]
    latest = max(row.recorded_at for row in rows)
    last = [row for row in rows if row.recorded_at == latest]
    ranks: dict[str, tuple[datetime, int]] = {}
    for row in last:
        if row.told.corrects:
            rank = ranks.get(row.told.publisher, row.told.place)
            ranks[row.told.publisher] = max(rank, row.told.place)
    return [row for row in last if _is_uncorrected(row.told, ranks.get(row.told.publisher))]


def is_taken_back(told: Told, withdrawals: Iterable[Told]) -> bool:
    """Whether its publisher withdrew it: at the same time as it was published, or later.

    The withdrawals are those of the same occurrence; one that comes in first counts as well.
    """
    return any(
        gone.publisher == told.publisher and gone.place >= told.place for gone in withdrawals
    )


def confirmed(rows: Sequence[Registration]) -> list[Registration]:
    """The registrations that stand and belong to the person whose NHS number they give.

    A verified number does; another only with the date of birth of the verified ones.
    """
    standing = _standing(rows)
    verified = [row for row in standing if row.verified]
    if len(verified) == len(standing):
        return verified
    born = settled(verified, BORN)
    if born is None or born.value is None:
        return verified
    return [row for row in standing if row.verified or row.fields.get(BORN) == born.value]


def has_unconfirmed(rows: Sequence[Registration]) -> bool:
    """Whether there are registrations that stand and cannot be used."""
    return len(_standing(rows)) > len(confirmed(rows))


def settled(rows: Sequence[Registration], name: str) -> Settled | None:
    """What the last record that gives a field says of it; None where none gives it."""
    giving = [row for row in rows if name in row.fields]
    if not giving:
        return None
    if len(giving) == 1:
        return Settled(giving[0].fields[name])
    values = [row.fields[name] for row in last_word(giving)]
    if any(value != values[0] for value in values):
        return Settled(None, is_contradicted=True)
    return Settled(values[0])


def _standing(rows: Sequence[Registration]) -> list[Registration]:
    withdrawn = [row for row in rows if row.told.withdraws]
    if not withdrawn:
        return [*rows]
    return [
        row
        for row in rows
        if not row.told.withdraws
        and not is_taken_back(
            row.told, [gone.told for gone in withdrawn if gone.recorded_at == row.recorded_at]
        )
    ]


def _is_uncorrected(told: Told, corrected: tuple[datetime, int] | None) -> bool:
    return corrected is None or (told.corrects and told.place == corrected)
