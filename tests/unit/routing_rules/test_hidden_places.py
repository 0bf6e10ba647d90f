"""A child whose address is restricted cannot be found through what is told of anybody else."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing_rules.explain import Casebook
from routing_rules.returns import Return
from routing_rules.rulebook import Rulebook
from routing_rules.unplaced import Unplaced, why_unplaced
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import EventType, Service
from tests.builders import (
    EMERGENCY,
    MARAC,
    NOW,
    POLICE,
    a_person,
    an_event,
    at_home,
    attendance,
    conference,
    nhs_number,
    police,
    staffordshire,
)
from tests.families import tell_all
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.register_events import link, registration

HIDDEN = nhs_number(77)
PLACES = {"E07000199", "Tamworth", "Y90022", "900041", "HV-77", "Lane77x", "MPFT:hidden-team"}
"""Everything that says where the hidden child is."""
HOME: dict[str, Any] = {
    "address": {"lines": ["Lane77x"], "district": "E07000199"},
    "address_restricted": True,
    "gp_practice": "Y90022",
    "school": {"urn": "900041", "type": "state"},
}
TRANSFER = EventType.MATERNITY_POSTNATAL_TRANSFER
EVENTS = (
    POLICE,
    EMERGENCY,
    MARAC,
    TRANSFER,
    EventType.TRANSFER_IN,
    EventType.CONFERENCE_INVITATION,
    EventType.SOCIAL_CARE_REFERRAL,
    EventType.COMMUNITY_CONTACT,
    EventType.NOT_BROUGHT,
)


def told_by(kind: EventType, mother: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """The data of an event with both in it, and all that it can say of where the child is."""
    patient = {**mother, "role": "patient"}
    seen = {"setting": "gp", "provider": "Y90022", "patient": patient, "people": [child]}
    by_kind: dict[EventType, dict[str, Any]] = {
        POLICE: police(mother, child, location={"address": "Lane77x", "district": "E07000199"}),
        EMERGENCY: attendance(patient, child, concerns=["assault"]),
        MARAC: conference(mother, child),
        TRANSFER: {
            "pregnancy_id": "MAT-1",
            "mother": patient,
            "babies": [{**child, "outcome": "live"}],
            "gp_practice": "Y90022",
        },
        EventType.TRANSFER_IN: {
            "transfer_id": "T-1",
            "to_team": "MPFT:hidden-team",
            "to_district": "E07000199",
            "people": [{**mother, "role": "parent"}, child],
        },
        EventType.CONFERENCE_INVITATION: {
            "conference_id": "C-1",
            "people": [{**mother, "role": "parent"}, child],
            "invitees": [{"service": "school-nursing", "recipient": "MPFT:hidden-team"}],
        },
        EventType.SOCIAL_CARE_REFERRAL: {
            "referral_id": "R-1",
            "referred_by": "Y90022",
            "people": [mother, child],
        },
        EventType.COMMUNITY_CONTACT: {**seen, "contact_id": "C-1", "concerns": ["young_carer"]},
        EventType.NOT_BROUGHT: {**seen, "appointment_id": "A-1", "safeguarding_marker": "yes"},
    }
    return by_kind[kind]


@pytest.mark.parametrize("rulebook", [staffordshire, tell_all])
@given(
    kind=st.sampled_from(EVENTS),
    role=st.sampled_from(["child_present", "child_elsewhere", "sibling"]),
    born=st.sampled_from(["2019-03-03", "2024-01-01", None]),
    by_register=st.booleans(),
    pregnant=st.sampled_from(["yes", "no", "unknown"]),
)
@settings(max_examples=60, deadline=None)
def test_nothing_about_anybody_else_says_where_a_hidden_child_is(
    rulebook: Callable[[], Rulebook],
    kind: EventType,
    role: str,
    born: str | None,
    pregnant: str,
    *,
    by_register: bool,
) -> None:
    mother = a_person("victim", number=1, sex="female", pregnant=pregnant, **at_home())
    identity = {"nhs_number": HIDDEN, "nhs_number_status": "verified", "date_of_birth": born}
    child = a_person(role, ref="hidden", **identity, **({} if by_register else HOME))
    casebook = Casebook(rulebook())
    if by_register:
        at = NOW.replace(year=2025)
        record = {"health_visiting_team": "HV-77"}
        known = registration(HIDDEN, at=at, event=None, record=record, **HOME)
        casebook.receive(arriving(known), NOW)
        casebook.receive(arriving(link(nhs_number(1), HIDDEN, at=at)), NOW)

    casebook.receive(an_event(kind, told_by(kind, mother, child), time=NOW), NOW)

    notices = list(casebook.told.values())
    assert notices or rulebook is staffordshire
    others = [n for n in notices if (n["about"] or {}).get("nhs_number") != HIDDEN]  # type: ignore[union-attr]
    for notice in others:
        whole = json.dumps({name: value for name, value in notice.items() if name != "event"})
        assert not {place for place in PLACES if place in whole}, notice["service"]


@pytest.mark.parametrize(("is_hidden", "who"), [(True, "whoever was told"), (False, "Y90022:gp")])
def test_mash_is_not_told_which_practice_returned_the_mother_of_a_hidden_child(
    who: str, *, is_hidden: bool
) -> None:
    home = {**HOME, "address_restricted": is_hidden}
    mother = a_person("victim", number=1, **home)
    child = a_person("child_present", ref="child", number=77, **home)
    event = an_event(POLICE, police(mother, child), time=NOW)
    casebook = Casebook(staffordshire())
    casebook.receive(event, NOW)
    key = occurrence_id(occurrence_key(event))
    hers = f"nhs:{nhs_number(1)}"
    said = Return(hers, Service.GP, "Y90022:gp", None, is_by_hand=False, at=NOW)
    casebook.cases[key] = replace(casebook.cases[key], returns=(said,))

    decided = casebook.decide_again(key, NOW).decision

    [duty] = [d for d in decided.duties if d.instead_of is Service.GP]
    assert duty.because == f"returned as not ours by {who}"
    assert why_unplaced(duty) is Unplaced.NOT_OURS


def test_the_own_teams_of_the_child_still_learn_where_it_goes() -> None:
    mother = a_person("parent", number=1, **at_home())
    identity = {"nhs_number": HIDDEN, "nhs_number_status": "verified"}
    child = a_person("child_elsewhere", ref="hidden", **identity, **HOME)
    data = told_by(EventType.TRANSFER_IN, mother, child)
    casebook = Casebook(tell_all())

    casebook.receive(an_event(EventType.TRANSFER_IN, data, time=NOW), NOW)

    own = [n for n in casebook.told.values() if (n["about"] or {}).get("nhs_number") == HIDDEN]  # type: ignore[union-attr]
    assert "MPFT:hidden-team" in repr(own)
