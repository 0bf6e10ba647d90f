"""Families with a family nurse: she is told instead of the health visitor, while there is one."""

from datetime import date
from typing import Any

import pytest

from routing_rules.decision import Decision
from routing_rules.rulebook import Rulebook, load_rulebook
from routing_rules.source_text import RulebookInvalid
from schemas.values import EventType, Service
from tests.builders import (
    EMERGENCY,
    a_person,
    an_event,
    at_home,
    attendance,
    rulebook_files,
    staffordshire,
)
from tests.unit.routing_rules.learned_events import decision
from tests.unit.routing_rules.register_events import BELLA, registration

NURSE = "R1E:health-visiting:family-nurse"
VISITOR = "R1E:health-visiting:E07000193"
TABLE = "directory/teams.csv"
BORN = {"nhs_number": BELLA, "nhs_number_status": "verified", "date_of_birth": "2024-10-12"}
TODDLER = a_person("patient", **BORN, **at_home())


def with_nurses(until: str = "") -> Rulebook:
    """The shipped rulebook, whose family nurses go on until that day."""
    files = rulebook_files("staffordshire")
    return load_rulebook({**files, TABLE: files[TABLE].replace("2017-03-31", until)})


def visitors(decided: Decision) -> set[str]:
    return {d.recipient for d in decided.duties if d.service is Service.HEALTH_VISITING}


def attends(rulebook: Rulebook, *, family_nurse: Any = True, **home: Any) -> set[str]:
    event = an_event(EMERGENCY, attendance(TODDLER | home))
    known = registration(BELLA, record={"family_nurse": family_nurse}, date_of_birth="2024-10-12")
    return visitors(decision(event, known, rulebook=rulebook))


def test_the_family_nurse_is_told_instead_of_the_health_visitor() -> None:
    assert attends(with_nurses()) == {NURSE}


@pytest.mark.parametrize("family_nurse", [False, None])
def test_without_one_or_where_nobody_says_the_health_visitor_is_told(family_nurse: Any) -> None:
    assert attends(with_nurses(), family_nurse=family_nurse) == {VISITOR}


def test_where_there_are_none_the_health_visitor_is_told() -> None:
    lichfield = at_home("E07000194")

    assert attends(with_nurses(), **lichfield) == {"R1E:health-visiting:E07000194"}


def test_when_the_programme_has_ended_the_health_visitor_is_told() -> None:
    """The same child before and after: two days, two recipients."""
    assert attends(with_nurses(until="2026-03-06")) == {NURSE}
    assert attends(with_nurses(until="2026-03-05")) == {VISITOR}
    directory = staffordshire().directory
    last = directory.family_nurse("E07000193", date(2017, 3, 31))
    assert last is not None
    assert last.recipient == NURSE
    assert directory.family_nurse("E07000193", date(2017, 4, 1)) is None


def test_at_the_end_of_the_programme_the_health_visitor_takes_over() -> None:
    child = {**TODDLER, "role": "child_elsewhere"}
    data = {"transfer_id": "T1", "reason": "family_nurse_graduation", "people": [child]}
    known = registration(BELLA, record={"family_nurse": True}, date_of_birth="2024-10-12")

    decided = decision(an_event(EventType.TRANSFER_IN, data), known, rulebook=with_nurses())

    assert visitors(decided) == {VISITOR}


def test_family_nurses_serve_a_district_that_is_listed() -> None:
    files = rulebook_files("staffordshire")
    wrong = files[TABLE].replace("family-nurse:E07000193", "family-nurse:E0799")

    with pytest.raises(RulebookInvalid, match="'E0799' is not a home district that is listed"):
        load_rulebook({**files, TABLE: wrong})
