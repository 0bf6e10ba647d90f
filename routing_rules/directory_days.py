"""On which days a directory changes: between two of them it gives the same answers."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from routing_rules.directory import Dated, Directory

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DirectoryDays:
    """The days from which on a directory may answer otherwise than on the day before."""

    changes: tuple[date, ...]

    @classmethod
    def of(cls, directory: Directory) -> "DirectoryDays":
        """All first days of its lines, and all days after their last ones."""
        return cls(tuple(sorted(set(_changes(_lines(directory))))))

    def period(self, on: date) -> int:
        """Equal for two days between which no line of the directory begins or ends."""
        return bisect_right(self.changes, on)


def _lines(directory: Directory) -> Iterable[Dated]:
    tables: tuple[Iterable[Iterable[Dated]], ...] = (
        directory.served.values(),
        directory.by_organisation.values(),
        directory.by_recipient.values(),
        directory.practices.values(),
        directory.schools.values(),
        directory.handlers.values(),
    )
    return chain.from_iterable(chain.from_iterable(tables))


def _changes(lines: Iterable[Dated]) -> Iterator[date]:
    for line in lines:
        yield line.valid_from
        if line.valid_until is not None and line.valid_until < date.max:
            yield line.valid_until + _ONE_DAY
