"""Where the register keeps its rows: each once, and found by what it is about."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

R = TypeVar("R")


@dataclass(slots=True)
class Shelf(Generic[R]):
    """Rows of one kind: `name` is what is unique of a row, `labels` what it is found by."""

    name: Callable[[R], Hashable]
    labels: Callable[[R], Iterable[Hashable]]
    order: Callable[[R], Any]
    _rows: dict[Hashable, R] = field(default_factory=dict)
    _names: dict[Hashable, set[Hashable]] = field(default_factory=dict)

    def find(self, name: Hashable) -> R | None:
        """The row of this name, if it is here."""
        return self._rows.get(name)

    def put(self, row: R) -> None:
        """Keep a row, in the place of one of the same name."""
        name = self.name(row)
        former = self._rows.get(name)
        for label in self.labels(former) if former is not None else ():
            self._names[label].discard(name)
        self._rows[name] = row
        for label in self.labels(row):
            self._names.setdefault(label, set()).add(name)

    def take(self, row: R) -> None:
        """Put a row away, if it is here."""
        if self._rows.pop(self.name(row), None) is not None:
            for label in self.labels(row):
                self._names[label].discard(self.name(row))

    def everything(self) -> tuple[R, ...]:
        """All rows, in an order that is always the same."""
        return tuple(sorted(self._rows.values(), key=self.order))

    def under(self, labels: Iterable[Hashable]) -> tuple[R, ...]:
        """The rows with any of these labels, each once, in an order that is always the same."""
        names = {name for label in labels for name in self._names.get(label, ())}
        if not names:
            return ()
        return tuple(sorted((self._rows[name] for name in names), key=self.order))


def by_number(
    numbers: Iterable[str], find: Callable[[str], tuple[R, ...]]
) -> Mapping[str, tuple[R, ...]]:
    """What there is under each number, without those under which there is nothing."""
    return {number: rows for number in sorted(numbers) if (rows := find(number))}
