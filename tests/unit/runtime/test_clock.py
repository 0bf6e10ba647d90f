from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from services.runtime.clock import FileClock, FixedClock, SystemClock, choose_clock
from services.runtime.errors import PermanentError

_FRIDAY = datetime(2026, 3, 6, 22, 40, tzinfo=UTC)


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock(_FRIDAY)

    before = clock.now()
    clock.advance(timedelta(hours=4))

    assert (before, clock.now()) == (_FRIDAY, _FRIDAY + timedelta(hours=4))


def test_a_fixed_clock_answers_in_utc_whatever_zone_it_was_set_in() -> None:
    clock = FixedClock(_FRIDAY)

    clock.set(datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=1))))

    assert clock.now().isoformat() == "2026-07-01T11:00:00+00:00"


def test_a_time_without_a_zone_is_refused() -> None:
    naive = _FRIDAY.replace(tzinfo=None)

    with pytest.raises(ValueError, match="without its zone"):
        FixedClock(naive)


def test_a_file_clock_is_moved_for_everyone_who_reads_the_file(tmp_path: Path) -> None:
    mine, yours = FileClock(tmp_path / "now"), FileClock(tmp_path / "now")

    mine.set(_FRIDAY)
    mine.advance(timedelta(days=3))

    assert yours.now() == _FRIDAY + timedelta(days=3)


@pytest.mark.parametrize("held", [None, "", "Friday", "2026-03-06T22:40:00"])
def test_a_file_that_holds_no_moment_is_an_error(tmp_path: Path, held: str | None) -> None:
    file = tmp_path / "now"
    if held is not None:
        file.write_text(held, "ascii")

    with pytest.raises(PermanentError, match="holds no aware ISO 8601 time"):
        FileClock(file).now()


def test_the_machine_tells_the_time_unless_a_file_is_named(tmp_path: Path) -> None:
    assert choose_clock(None) == SystemClock()
    assert choose_clock(tmp_path / "now") == FileClock(tmp_path / "now")
