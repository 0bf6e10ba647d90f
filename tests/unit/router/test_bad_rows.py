import pytest

from services.router.bad_rows import BadRowLimit, TooManyBadRows


def test_single_failures_far_apart_are_given_up_for_ever() -> None:
    limit = BadRowLimit(most=2, among=100, most_in_a_row=3)

    for _ in range(50):
        limit.note_bad()
        limit.note_good(60)


def test_failures_in_a_row_stop_the_router_at_the_last_allowed() -> None:
    limit = BadRowLimit(most=100, among=1000, most_in_a_row=3)
    limit.note_bad()
    limit.note_bad()

    with pytest.raises(TooManyBadRows, match="3 records in a row"):
        limit.note_bad()


def test_a_good_record_ends_a_row_of_failures() -> None:
    limit = BadRowLimit(most=100, among=1000, most_in_a_row=3)
    limit.note_bad()
    limit.note_bad()
    limit.note_good(1)
    limit.note_bad()

    limit.note_good(0)
    limit.note_bad()

    with pytest.raises(TooManyBadRows):
        limit.note_bad()


def test_scattered_failures_stop_the_router_when_they_are_too_many_among_the_last() -> None:
    limit = BadRowLimit(most=3, among=20, most_in_a_row=5)
    for _ in range(3):
        limit.note_bad()
        limit.note_good(2)

    with pytest.raises(TooManyBadRows, match="4 of the last 20"):
        limit.note_bad()
