"""By when, and by whom else."""

from datetime import UTC, date, datetime

import pytest

from routing_rules.clocks import due_by, out_of_hours_contact
from routing_rules.directory import Team
from schemas.values import Service, Urgency
from tests.builders import NOW, staffordshire

ON = date(2026, 3, 6)
NIGHT = datetime(2026, 3, 6, 22, 0, tzinfo=UTC)


def team(recipient: str) -> Team:
    found = staffordshire().directory.team_by_recipient(recipient, ON)
    assert found is not None
    return found


def test_a_clock_runs_in_the_hours_of_the_team() -> None:
    visitors = team("R1E:health-visiting:E07000193")

    due = due_by(staffordshire(), Urgency.NEXT_WORKING_DAY, NOW, visitors)

    assert due == datetime(2026, 3, 9, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("recipient", "urgency", "at", "contact"),
    [
        ("RRE:camhs", Urgency.IMMEDIATE, NIGHT, "RRE:camhs:on-call"),
        ("RRE:camhs", Urgency.IMMEDIATE, NOW, None),
        ("RRE:camhs", Urgency.SAME_DAY, NIGHT, None),
        ("RRE:adult-mental-health", Urgency.IMMEDIATE, NIGHT, None),
        ("RJF:midwifery", Urgency.IMMEDIATE, NIGHT, None),
    ],
    ids=["closed", "open", "not immediate", "no contact", "never closed"],
)
def test_only_what_is_immediate_does_not_wait_for_a_closed_team(
    recipient: str, urgency: Urgency, at: datetime, contact: str | None
) -> None:
    found = out_of_hours_contact(staffordshire(), team(recipient), urgency, at, ON)

    assert (found.recipient if found else None) == contact


def test_the_contact_is_told_as_its_own_service() -> None:
    found = out_of_hours_contact(staffordshire(), team("MASH:mash"), Urgency.IMMEDIATE, NIGHT, ON)

    assert found is not None
    assert found.service is Service.SOCIAL_CARE
