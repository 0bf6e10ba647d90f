"""Between two changes of the directory it gives the same answers."""

from datetime import date, timedelta

from routing_rules.directory_days import DirectoryDays
from routing_rules.rulebook import load_rulebook
from tests.builders import rulebook_files, staffordshire

DAY = timedelta(days=1)


def test_a_line_begins_a_period_on_its_first_day_and_ends_it_after_its_last() -> None:
    files = dict(rulebook_files("staffordshire"))
    text = files["directory/teams.csv"]
    line = next(each for each in text.splitlines() if each.startswith("RJE:midwifery,"))
    _, service, _, *rest = line.split(",")
    rest[2:4] = ["2026-02-01", "2026-02-10"]
    until = ",".join(("RJE:midwifery", service, "organisation:RRE", *rest))
    ours = load_rulebook({**files, "directory/teams.csv": f"{text.rstrip()}\n{until}\n"})
    days = DirectoryDays.of(ours.directory)
    first, last = date(2026, 2, 1), date(2026, 2, 10)

    assert days.period(first - DAY) < days.period(first) == days.period(last)
    assert days.period(last) < days.period(last + DAY)


def test_days_on_which_nothing_changes_are_of_one_period() -> None:
    days = DirectoryDays.of(staffordshire().directory)

    assert days.changes == tuple(sorted(set(days.changes)))
    for earlier, later in zip(days.changes, days.changes[1:], strict=False):
        assert days.period(earlier) == days.period(later - DAY) < days.period(later)
