"""What is understood is routed: the rest becomes unknown, and the publisher is told where."""

from datetime import date
from typing import Any

import pytest

from schemas.events import Event, PoliceDomesticAbuse
from schemas.reasons import Reason
from schemas.values import NhsNumberStatus
from tests.unit.schemas.letters import (
    TODDLER,
    VICTIM,
    Raw,
    accepted,
    changed,
    emergency,
    first,
    marac,
    one,
    person,
    police,
    warned,
)


@pytest.mark.parametrize("message", [police(), emergency(), marac()])
def test_a_good_event_has_no_warnings(message: Raw) -> None:
    assert accepted(message).warnings == ()


@pytest.mark.parametrize(
    "number", ["9990000019", "9999999999", "0000000000", "999", "", "nine", "99900000181", {}, []]
)
def test_an_nhs_number_that_fails_its_check_is_dropped(number: object) -> None:
    event = accepted(one(nhs_number=number, nhs_number_status="verified"))
    assert warned(event) == {"data.people.0.nhs_number": Reason.NHS_NUMBER_FAILS}
    assert first(event).nhs_number is None
    assert first(event).nhs_number_status is NhsNumberStatus.ABSENT


@pytest.mark.parametrize("known", [{}, {"nhs_number": None}, {"nhs_number": "unknown"}])
@pytest.mark.parametrize("status", [{}, {"nhs_number_status": "verified"}])
def test_no_nhs_number_is_absent_without_a_word(known: Raw, status: Raw) -> None:
    event = accepted(one(**known, **status))
    assert event.warnings == ()
    assert first(event).nhs_number_status is NhsNumberStatus.ABSENT


def test_a_number_without_a_status_is_unverified() -> None:
    event = accepted(one(nhs_number=VICTIM))
    assert event.warnings == ()
    assert first(event).nhs_number_status is NhsNumberStatus.UNVERIFIED


def test_a_number_beside_the_word_absent_is_unverified() -> None:
    event = accepted(one(nhs_number=VICTIM, nhs_number_status="absent"))
    assert warned(event) == {"data.people.0.nhs_number_status": Reason.NO_NHS_NUMBER}
    assert first(event).nhs_number == VICTIM
    assert first(event).nhs_number_status is NhsNumberStatus.UNVERIFIED


@pytest.mark.parametrize("number", ["999 000 0018", "999-000-0018", "9990000018"])
def test_an_nhs_number_may_be_spaced(number: str) -> None:
    event = accepted(one(nhs_number=number))
    assert (first(event).nhs_number, event.warnings) == (VICTIM, ())


def test_an_nhs_number_written_as_a_number_is_read() -> None:
    event = accepted(one(nhs_number=int(TODDLER)))
    assert warned(event) == {"data.people.0.nhs_number": Reason.NUMBER_AS_TEXT}
    assert first(event).nhs_number == TODDLER


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("data.colour", "data.colour"),
        ("data.people.0.shoe_size", "data.people.0.shoe_size"),
        ("data.people.0.name.middle", "data.people.0.name.middle"),
        ("data.9990000018", "data.(unnamed)"),
        ("data.nhs999-000-0018", "data.(unnamed)"),
        ("data.Asha Example", "data.(unnamed)"),
        ("data." + "x" * 65, "data.(unnamed)"),
        ("data.", "data.(unnamed)"),
        ("data.é", "data.(unnamed)"),
    ],
)
def test_an_unknown_field_is_ignored(path: str, shown: str) -> None:
    event = accepted(changed(one(name={"given": "Asha"}), path, {"deep": ["er"]}))
    assert warned(event) == {shown: Reason.UNKNOWN_FIELD}


def test_unknown_attributes_of_the_envelope_are_extensions_and_allowed() -> None:
    assert accepted(police(traceparent="00-ab", partitionkey="x")).warnings == ()


UNKNOWN_BY_FIELD = [
    (police(), "data.risk", "hihg", "not_assessed"),
    (police(), "data.risk", 7, "not_assessed"),
    (police(), "data.status", "perhaps", "new"),
    (police(), "data.children_present", True, "unknown"),
    (police(), "data.district", ["E07"], None),
    (police(), "data.location", "1 Test Road", None),
    (police(), "data.incident_at", "2026-03-06T22:10:00", None),
    (police(), "data.incident_at", "20260306", None),
    (police(), "data.reported_at", 1775000000.5, None),
    (police(), "data.encompass_sent", "perhaps", None),
    (police(), "data.prior_incidents_12_months", -1, None),
    (police(), "data.prior_incidents_12_months", "3", None),
    (police(), "data.prior_incidents_12_months", True, None),
    (police(), "data.narrative", "x" * 100_001, None),
    (police(), "data.safe_contact", "  ", None),
    (police(), "data.headline", "", None),
    (police(), "data.people.0.sex", "f", "unknown"),
    (police(), "data.people.0.pregnant", True, "unknown"),
    (police(), "data.people.0.status", "gone", "active"),
    (police(), "data.people.0.nhs_number_status", "sure", "absent"),
    (police(), "data.people.0.date_of_birth", "11/04/1996", None),
    (police(), "data.people.0.date_of_birth", "1996-02-30", None),
    (police(), "data.people.0.date_of_birth", "0", None),
    (police(), "data.people.0.date_of_birth", "00000000", None),
    (police(), "data.people.0.date_of_birth", "1996-04-11T00:00:00Z", None),
    (police(), "data.people.0.date_of_birth", 0.5, None),
    (police(), "data.people.0.order", 0, None),
    (police(), "data.people.0.name", "Asha Example", None),
    (police(), "data.people.0.address", [], None),
    (police(), "data.people.0.address_restricted", "perhaps", None),
    (police(), "data.people.0.gp_practice", "x" * 101, None),
    (police(), "data.people.0.school", "900001", None),
    (police(), "data.people.0.relationships", 7, ()),
    (emergency(), "data.department", "icu", "unknown"),
    (emergency(), "data.status", "gone", "unknown"),
    (emergency(), "data.category", 4, "unknown"),
    (emergency(), "data.disposal", {}, "unknown"),
    (emergency(), "data.perceived_risk", "medium", "unknown"),
    (emergency(), "data.parent_contacted", "maybe", "not_recorded"),
    (emergency(), "data.codes", "77386006", ()),
    (marac(), "data.repeat", 7, None),
    (marac(), "data.met_on", "05/03/2026", None),
    (marac(), "data.actions.0.status", "forgotten", "unknown"),
    (marac(), "data.actions.0.due_on", "soon", None),
]


@pytest.mark.parametrize(("message", "path", "value", "read_as"), UNKNOWN_BY_FIELD)
def test_an_unusable_value_becomes_unknown(
    message: Raw, path: str, value: object, read_as: object
) -> None:
    event = accepted(changed(message, path, value))
    reason = warned(event)[path]
    assert reason in {Reason.NOT_USABLE, Reason.NO_REFERENCE}
    assert read_at(event, path) == read_as


def read_at(event: Event, path: str) -> object:
    found: Any = event.data
    for step in path.split(".")[1:]:
        found = found[int(step)] if step.isdigit() else getattr(found, step)
    return found


@pytest.mark.parametrize(
    "name",
    ["date_of_birth", "expected_due_date", "pregnancy_id", "order", "maternity_provider", "name",
     "address", "address_restricted", "gp_practice", "school"],
)  # fmt: skip
def test_the_word_unknown_is_not_known_without_a_word(name: str) -> None:
    event = accepted(one(**{name: "unknown"}))
    assert (getattr(first(event), name), event.warnings) == (None, ())


def test_the_word_unknown_is_not_known_within_objects_and_lists() -> None:
    home = {"lines": ["1 Test Road"], "postcode": "unknown", "district": "unknown"}
    school = {"urn": "unknown", "type": "unknown"}
    event = accepted(one(address=home, school=school, relationships="unknown"))
    assert event.warnings == ()
    assert (first(event).address.district, first(event).school.urn) == (None, None)
    assert first(event).relationships == ()
    assert accepted(police({"risk": "unknown"})).warnings == ()


@pytest.mark.parametrize("name", ["sex", "pregnant", "status", "order", "relationships"])
def test_null_is_not_known_without_a_word(name: str) -> None:
    assert accepted(one(**{name: None})).warnings == ()
    assert accepted(emergency({"people": None})).warnings == ()


def test_a_number_where_text_is_expected_is_read_as_text() -> None:
    people = [
        person(ref=1, relationships=[{"to": 2, "is": "parent"}]),  # type: ignore[arg-type]
        person(ref=2, role="child_present"),  # type: ignore[arg-type]
    ]
    event = accepted(police({"people": people, "police_reference": 77}))
    assert set(warned(event).values()) == {Reason.NUMBER_AS_TEXT}
    assert isinstance(event.data, PoliceDomesticAbuse)
    assert event.data.people[0].relationships[0].to == event.data.people[1].ref == "2"
    assert event.data.police_reference == "77"


@pytest.mark.parametrize("role", ["sibling", ...])
def test_the_patients_role_is_patient(role: str) -> None:
    event = accepted(changed(emergency(), "data.patient.role", role))
    assert warned(event) == {"data.patient.role": Reason.WRONG_PATIENT_ROLE}
    assert event.data.patient.role == "patient"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("message", "path", "value"),
    [
        (police(), "data.people.0.date_of_birth", "2026-03-08"),
        (police(), "data.people.0.date_of_birth", "1889-01-01"),
        (police(), "data.people.0.expected_due_date", "2027-03-09"),
        (police(), "data.people.0.expected_due_date", "2025-03-01"),
        (police(), "data.incident_at", "2026-03-08T22:40:01+00:00"),
        (police(), "data.incident_at", "0001-01-01T00:00:00+14:00"),
        (police(), "data.reported_at", "9999-12-31T23:59:59-14:00"),
        (emergency(), "data.arrived_at", "2062-03-06T22:40:00Z"),
        (emergency(), "data.patient.date_of_birth", "2062-03-06"),
        (marac(), "data.actions.0.due_on", "9999-12-31"),
        (marac(), "data.flag_until", "9999-12-31"),
    ],
)
def test_an_implausible_date_becomes_unknown(message: Raw, path: str, value: str) -> None:
    event = accepted(changed(message, path, value))
    assert warned(event) == {path: Reason.NOT_PLAUSIBLE}
    assert read_at(event, path) is None


@pytest.mark.parametrize("born", ["2026-03-07", "2026-03-06", "1926-03-06"])
def test_a_plausible_date_is_kept(born: str) -> None:
    event = accepted(one(date_of_birth=born))
    assert (first(event).date_of_birth, event.warnings) == (date.fromisoformat(born), ())


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (police(), "police_reference"),
        (emergency(), "attendance_id"),
        (marac(), "case_number"),
        (marac(), "met_on"),
    ],
)
@pytest.mark.parametrize("value", [..., None, "unknown", {}])
def test_an_event_without_its_reference_is_accepted(message: Raw, name: str, value: object) -> None:
    event = accepted(
        changed(message | {"data": message["data"] | {name: 0}}, f"data.{name}", value)
    )
    assert warned(event) == {f"data.{name}": Reason.NO_REFERENCE}


def test_several_problems_cost_only_themselves() -> None:
    people = [person(nhs_number="1", sex="?", shoe=4), person("p2", date_of_birth="2090-01-01")]
    event = accepted(police({"people": people, "risk": "?", "status": "cancelled"}))
    assert set(warned(event)) == {
        "data.risk",
        "data.people.0.nhs_number",
        "data.people.0.sex",
        "data.people.0.shoe",
        "data.people.1.date_of_birth",
    }
    assert event.data.status == "cancelled"
