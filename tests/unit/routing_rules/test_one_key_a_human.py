"""A human keeps one key in an occurrence, under whatever refs later events name it."""

from datetime import timedelta

from routing_rules.case import Case
from routing_rules.casework import decide
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import DutyState
from tests.builders import NOW, POLICE, a_person, an_event, at_home, police, staffordshire
from tests.unit.routing_rules.register_events import ASHA, BELLA, known_from, link, registration
from tests.unit.routing_rules.test_registered import VERIFIED

NAME = {"given": "Tod", "family": "Example"}
BORN = "2023-02-02"
KNOWN = known_from(
    link(ASHA, BELLA), registration(BELLA, name=NAME, date_of_birth=BORN, **at_home())
)


def test_a_child_of_the_register_whom_an_update_names_without_a_number_is_told_about_once() -> None:
    victim = a_person(**VERIFIED, **at_home())
    child = a_person("child_present", ref="tod", name=NAME, date_of_birth=BORN, **at_home())
    first = an_event(POLICE, police(victim))
    later = NOW + timedelta(minutes=1)
    second = an_event(POLICE, police(victim, child), event_id="e2", time=later)

    case = Case(occurrence_id(occurrence_key(first)))
    for event in (first, second):
        case, _ = decide(case, event, staffordshire(), event.time, KNOWN)

    about_child = [
        held.recipient
        for held in case.duties
        if held.state is not DutyState.WITHDRAWN and held.about and held.about["name"] == NAME
    ]
    assert sorted(about_child) == ["R1E:health-visiting:E07000193", "Y90004:gp"]
    assert case.person_keys is not None
    assert case.person_keys["tod"] == f"nhs:{BELLA}"
