"""Columns: for one field, which rows of conditions each of its values lets through, as bits.

A row is a rule or a withhold block; row n is bit n. A row that does not test the field lets every
value through. The rows that hold for an event are then the bitwise "and" over its columns, which
costs hardly more for 1,000 rows than for ten.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from routing_rules.conditions import FeatureInvalid, holds
from routing_rules.document import Condition
from routing_rules.vocabulary import Features, FeatureValue, Field, FieldKind

Row = Sequence[Condition]
"""The conditions of one block on one event, or on one person: all must hold."""


class Column(Protocol):
    """One field's rows by its value."""

    def rows(self, value: FeatureValue) -> int:
        """The rows that let the value through; KeyError or TypeError when it is none."""
        ...


@dataclass(frozen=True, slots=True)
class FlagsColumn:
    """Rows that do not test the field, and for each flag the rows that ask for it."""

    untested: int
    by_flag: Mapping[str, int]

    def rows(self, value: FeatureValue) -> int:
        """The rows that let these flags through."""
        if not isinstance(value, frozenset):
            raise TypeError
        rows = self.untested
        for flag in value:
            rows |= self.by_flag[flag]
        return rows


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """Rows by the pieces into which `cuts` divide the numbers: all numbers of one are alike.

    Piece n is from `cuts[n - 1]` to below `cuts[n]`.
    """

    low: int
    high: int
    cuts: tuple[int, ...]
    pieces: tuple[int, ...]
    unknown: int

    def rows(self, value: FeatureValue) -> int:
        """The rows that let this number, or unknown, through."""
        if value is None:
            return self.unknown
        if not isinstance(value, int) or not self.low <= value <= self.high:
            raise TypeError
        return self.pieces[bisect_right(self.cuts, value)]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of all fields of an event, or of a person; choices are plain mappings."""

    all_rows: int
    choices: tuple[tuple[str, Mapping[FeatureValue, int]], ...]
    others: tuple[tuple[str, Column], ...]

    def rows(self, features: Features) -> int:
        """The rows all of whose conditions hold.

        Raises `FeatureInvalid` when a field has no feature or one outside its values, whether or
        not a row tests it: a mistake must never look like "does not match".
        """
        rows, name = self.all_rows, ""
        try:
            for name, by_word in self.choices:
                rows &= by_word[features[name]]
            for name, column in self.others:
                rows &= column.rows(features[name])
        except (KeyError, TypeError):
            message = f"the feature '{name}' is missing, or is none of the field's values"
            raise FeatureInvalid(message) from None  # whose message would hold the value
        return rows


def build_columns(rows: Sequence[Row], fields: Mapping[str, Field]) -> Columns:
    """The columns of these fields for these rows.

    Raises `FeatureInvalid` when a row tests a field that is not there, or twice, or a value that
    the field does not have (the loader lets no such row through).
    """
    tests: dict[str, dict[int, Condition]] = {name: {} for name in fields}
    for number, row in enumerate(rows):
        for condition in row:
            _check(condition, fields)
            if 1 << number in tests[condition.field]:
                raise FeatureInvalid(f"one block tests '{condition.field}' twice")
            tests[condition.field][1 << number] = condition
    all_rows = (1 << len(rows)) - 1
    choices = [field for field in fields.values() if field.kind is FieldKind.CHOICE]
    others = [field for field in fields.values() if field.kind is not FieldKind.CHOICE]
    return Columns(
        all_rows,
        tuple((each.name, _by_word(each, tests[each.name], all_rows)) for each in choices),
        tuple((each.name, _column(each, tests[each.name], all_rows)) for each in others),
    )


def cuts_of(conditions: Sequence[Condition]) -> tuple[int, ...]:
    """Where the phrases of these conditions divide the numbers: each cut begins a new piece."""
    ranges = [each for condition in conditions for each in condition.ranges]
    return tuple(sorted({each.low for each in ranges} | {each.high + 1 for each in ranges}))


def _check(condition: Condition, fields: Mapping[str, Field]) -> None:
    field = fields.get(condition.field)
    if field is None:
        raise FeatureInvalid(f"there is no field '{condition.field}'")
    is_number = not condition.words
    possible = all(field.low <= each.low <= each.high <= field.high for each in condition.ranges)
    of_its_kind = is_number == (field.kind is FieldKind.NUMBER)
    if not (possible and of_its_kind and condition.words <= set(field.values)):
        raise FeatureInvalid(f"a condition on '{condition.field}' does not fit the field")


def _rows(tests: Mapping[int, Condition], field: Field, value: FeatureValue) -> int:
    features = {field.name: value}
    return sum(row for row, condition in tests.items() if holds(condition, features))


def _by_word(
    field: Field, tests: Mapping[int, Condition], all_rows: int
) -> Mapping[FeatureValue, int]:
    untested = all_rows - sum(tests)
    return {word: untested | _rows(tests, field, word) for word in field.values}


def _column(field: Field, tests: Mapping[int, Condition], all_rows: int) -> Column:
    untested = all_rows - sum(tests)
    if field.kind is FieldKind.FLAGS:
        by_flag = {word: _rows(tests, field, frozenset({word})) for word in field.values}
        return FlagsColumn(untested, by_flag)
    cuts = cuts_of(tuple(tests.values()))
    pieces = tuple(untested | _rows(tests, field, first) for first in (field.low - 1, *cuts))
    return NumberColumn(
        field.low, field.high, cuts, pieces, unknown=untested | _rows(tests, field, None)
    )
