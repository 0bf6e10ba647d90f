from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

import pytest

from services.sandbox.county import County
from services.sandbox.county_days import as_days_pass
from services.sandbox.county_emergency import attendance
from services.sandbox.county_hours import CONTACTS_A_DAY, PROFILES, next_contact
from services.sandbox.county_incidents import incident
from services.sandbox.county_marac import marac_outcome
from services.sandbox.county_places import places_of
from tests.builders import staffordshire

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
HOURS = [MONDAY + timedelta(hours=hour) for hour in range(24 * 7)]


def test_the_shares_are_of_a_hundred_and_the_mean_of_a_week() -> None:
    assert sum(profile.share for profile in PROFILES.values()) == 100
    for profile in PROFILES.values():
        mean = sum(profile.weight(hour) for hour in HOURS) / len(HOURS)
        assert mean == pytest.approx(profile.share)


def test_conferences_keep_office_hours_and_police_are_called_at_night() -> None:
    saturday_night = MONDAY + timedelta(days=5, hours=22)
    tuesday_morning = MONDAY + timedelta(days=1, hours=10)

    assert PROFILES[marac_outcome].weight(saturday_night) == 0
    assert PROFILES[marac_outcome].weight(tuesday_morning) > 0
    police, department = PROFILES[incident], PROFILES[attendance]
    assert police.weight(saturday_night) > 2 * police.weight(tuesday_morning)
    assert department.weight(tuesday_morning) > department.weight(MONDAY + timedelta(hours=4))


def test_there_are_126_contacts_a_day() -> None:
    chance, at, contacts = Random(1), MONDAY, 0
    while at < MONDAY + timedelta(days=28):
        at = next_contact(at, chance)
        contacts += 1

    assert contacts / 28 == pytest.approx(CONTACTS_A_DAY, rel=0.05)


def test_days_pass_in_order_and_with_what_was_due_in_them() -> None:
    county = County(places_of(staffordshire(), MONDAY.date()), 1, minute=timedelta(minutes=1))

    days = list(islice(as_days_pass(county, MONDAY), 600))

    times = [at for at, _ in days]
    assert times == sorted(times)
    assert timedelta(days=1) < times[-1] - times[0] < timedelta(days=4)
    happened = [m for _, m in days if m.family in {"police", "emergency", "marac"}]
    assert len({m.key for m in happened}) < len(happened)
