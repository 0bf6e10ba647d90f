"""Boxes do with bits what sets of points do."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.boxes import (
    Budget,
    BudgetSpent,
    Layout,
    Piece,
    is_covered,
    leftovers,
    met_by,
    widened,
    without,
)

LAYOUT = Layout({"colour": 3, "size": 1, "shape": 4, "weight": 2})
Point = tuple[int, ...]


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    piece = 0
    for name, size in LAYOUT.sizes.items():
        numbers = draw(st.sets(st.integers(0, size - 1), min_size=1))
        piece |= LAYOUT.values(name, numbers)
    return piece


def points(piece: Piece) -> set[Point]:
    return set(product(*(LAYOUT.numbers(name, piece) for name in LAYOUT.sizes)))


def many() -> Budget:
    return Budget(1_000_000)


@given(pieces(), st.lists(pieces(), max_size=6))
def test_what_is_left_is_what_no_box_covers_and_no_point_is_left_twice(
    piece: Piece, others: list[Piece]
) -> None:
    left = list(leftovers(piece, [LAYOUT.box(each) for each in others], many()))

    expected = points(piece).difference(*(points(each) for each in others))
    assert set().union(*(points(each) for each in left)) == expected
    assert sum(len(points(each)) for each in left) == len(expected)


@given(pieces(), st.lists(pieces(), max_size=6))
def test_a_piece_is_covered_when_nothing_is_left(piece: Piece, others: list[Piece]) -> None:
    boxes = [LAYOUT.box(each) for each in others]

    assert is_covered(piece, boxes, many()) is not bool(without([piece], boxes, many()))


@given(pieces(), pieces())
def test_a_box_meets_a_piece_when_they_share_a_point(piece: Piece, other: Piece) -> None:
    box = LAYOUT.box(other)

    assert box.meets(piece) is bool(points(piece) & points(other))
    assert met_by(piece, [box, box]) == ([box, box] if box.meets(piece) else [])


@given(st.integers(0, LAYOUT.everything))
def test_bits_are_a_piece_when_every_dimension_has_one(bits: int) -> None:
    assert LAYOUT.is_piece(bits) is all(bits & run for run in LAYOUT.runs.values())


@given(pieces(), pieces(), st.lists(pieces(), max_size=5))
def test_widening_stays_within_its_bound_and_meets_no_box(
    piece: Piece, more: Piece, others: list[Piece]
) -> None:
    boxes = [box for each in others if not (box := LAYOUT.box(each)).meets(piece)]
    bound = piece | more

    grown = widened(piece, bound, boxes, LAYOUT)

    assert points(piece) <= points(grown) <= points(bound)
    assert not any(box.meets(grown) for box in boxes)


@given(pieces())
def test_points_are_counted(piece: Piece) -> None:
    assert LAYOUT.points(piece) == len(points(piece))


def test_a_spent_budget_ends_the_search() -> None:
    with pytest.raises(BudgetSpent):
        list(leftovers(LAYOUT.everything, [], Budget(0)))


def test_a_piece_tests_the_dimensions_that_it_restricts() -> None:
    assert LAYOUT.tested(LAYOUT.only("shape", LAYOUT.values("shape", [0, 2]))) == ["shape"]
