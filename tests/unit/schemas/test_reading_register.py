"""Registrations, family links and bookings: what is read, and what only costs itself."""

from datetime import date
from typing import Any

import pytest

from schemas.events import (
    DATA_MODELS,
    REGISTER_MODELS,
    ROUTED_MODELS,
    AnyEventData,
    Event,
    ReadData,
    RegisterData,
)
from schemas.maternity import MaternityBooking
from schemas.plausible import _dated_fields
from schemas.reasons import Reason
from schemas.registration import FamilyLink, FlagKind, FlagState, RegistrationPerson
from schemas.shape import shape_of
from schemas.values import EventType, Sex
from tests.unit.schemas.letters import (
    TODDLER,
    VICTIM,
    Raw,
    accepted,
    binary,
    booking,
    changed,
    emergency,
    family_link,
    marac,
    person,
    police,
    refused,
    registration,
    warned,
)

CHILD = person("p", "patient", nhs_number=TODDLER, nhs_number_status="verified")
NOT_A_NUMBER = "9990000019"


def of_person(event: Event) -> RegistrationPerson:
    assert isinstance(event.data, RegistrationPerson)
    return event.data


def of_link(event: Event) -> FamilyLink:
    assert isinstance(event.data, FamilyLink)
    return event.data


def of_booking(event: Event) -> MaternityBooking:
    assert isinstance(event.data, MaternityBooking)
    return event.data


@pytest.mark.parametrize("message", [registration(), family_link()])
def test_events_for_the_register_are_told_apart_from_those_that_are_routed(message: Raw) -> None:
    event = accepted(message)
    assert isinstance(event.data, RegisterData)
    assert not isinstance(event.data, AnyEventData)
    assert event.type in REGISTER_MODELS
    assert event.warnings == ()


@pytest.mark.parametrize("message", [police(), emergency(), marac()])
def test_what_is_routed_is_not_for_the_register(message: Raw) -> None:
    event = accepted(message)
    assert not isinstance(event.data, RegisterData)
    assert event.type in ROUTED_MODELS


def test_every_type_is_routed_or_for_the_register() -> None:
    assert set(DATA_MODELS) == set(EventType)
    assert not ROUTED_MODELS.keys() & REGISTER_MODELS.keys()


@pytest.mark.parametrize(
    ("message", "publisher"),
    [
        (registration({"person": CHILD | {"gp_practice": None}}), "registration"),
        (family_link(), "registration"),
        (booking(), "rje-maternity"),
    ],
)
def test_both_modes_give_the_same(message: Raw, publisher: str) -> None:
    body, headers = binary(message)
    family = message["type"].split(".")[1]
    read = accepted(body, headers, publisher=publisher, family=family)
    assert (read.data, read.warnings) == (accepted(message).data, ())


NULLABLE = [
    "name",
    "date_of_birth",
    "sex",
    "address",
    "address_restricted",
    "gp_practice",
    "school",
]


@pytest.mark.parametrize("name", NULLABLE)
@pytest.mark.parametrize("other", [{}, {"shoe_size": 4}], ids=["quickly", "carefully"])
def test_an_explicit_null_of_a_registration_survives(name: str, other: Raw) -> None:
    event = accepted(registration({"person": CHILD | {name: None}} | other))
    somebody = of_person(event).person
    assert name in somebody.model_fields_set
    assert getattr(somebody, name) is None
    assert set(warned(event)) == {f"data.{field}" for field in other}
    stored = event.data.model_dump_json(by_alias=True, exclude_unset=True)
    assert RegistrationPerson.model_validate_json(stored) == event.data


def test_what_is_left_out_or_unknown_is_not_cleared() -> None:
    event = accepted(registration({"person": CHILD | {"gp_practice": "unknown"}}))
    assert not {"gp_practice", "school", "sex"} & of_person(event).person.model_fields_set
    assert of_person(event).person.sex is Sex.UNKNOWN
    assert event.warnings == ()


@pytest.mark.parametrize("name", ["health_visiting_team", "family_nurse", "deceased_on"])
def test_an_explicit_null_beside_the_person_survives(name: str) -> None:
    event = accepted(registration({name: None}))
    assert name in of_person(event).model_fields_set
    assert event.warnings == ()


@pytest.mark.parametrize(
    ("message", "field"),
    [(registration(), "person"), (booking(), "mother")],
)
@pytest.mark.parametrize("value", [..., None, "kid", [], 3])
def test_a_registration_or_booking_of_nobody_is_refused(
    message: Raw, field: str, value: object
) -> None:
    refusal = refused(changed(message, f"data.{field}", value))
    assert (refusal.field, refusal.reason) == (f"data.{field}", Reason.NO_PEOPLE)


@pytest.mark.parametrize(("message", "field"), [(registration(), "person"), (booking(), "mother")])
def test_a_role_is_required_of_everybody(message: Raw, field: str) -> None:
    path = f"data.{field}.role"
    missing = refused(changed(message, path, ...))
    assert (missing.field, missing.reason) == (path, Reason.MISSING)
    unknown = refused(changed(message, path, "witness"))
    assert (unknown.field, unknown.reason) == (path, Reason.UNKNOWN_ROLE)


@pytest.mark.parametrize(("message", "field"), [(registration(), "person"), (booking(), "mother")])
def test_a_number_that_fails_is_dropped_and_the_rest_is_read(message: Raw, field: str) -> None:
    event = accepted(changed(message, f"data.{field}.nhs_number", NOT_A_NUMBER))
    assert warned(event) == {f"data.{field}.nhs_number": Reason.NHS_NUMBER_FAILS}
    assert getattr(event.data, field).nhs_number is None


@pytest.mark.parametrize("value", [..., None, "unknown"])
def test_a_registration_without_a_number_registers_nothing_and_says_so(value: object) -> None:
    event = accepted(changed(registration(), "data.person.nhs_number", value))
    assert warned(event) == {"data.person.nhs_number": Reason.NOT_REGISTERED}


@pytest.mark.parametrize("value", [..., None, "unknown"])
def test_a_booking_may_leave_the_mothers_number_out(value: object) -> None:
    assert accepted(changed(booking(), "data.mother.nhs_number", value)).warnings == ()


@pytest.mark.parametrize("field", ["from", "to"])
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (NOT_A_NUMBER, Reason.NHS_NUMBER_FAILS),
        ("999 000 0019", Reason.NHS_NUMBER_FAILS),
        (..., Reason.NOT_REGISTERED),
        (None, Reason.NOT_REGISTERED),
        ("unknown", Reason.NOT_REGISTERED),
        ({}, Reason.NOT_REGISTERED),
    ],
)
def test_a_link_that_lacks_an_end_is_accepted_and_registers_nothing(
    field: str, value: object, reason: Reason
) -> None:
    event = accepted(changed(family_link(), f"data.{field}", value))
    assert warned(event) == {f"data.{field}": reason}
    assert len(of_link(event).numbers) == 1


@pytest.mark.parametrize(
    ("to", "read_as", "numbers"),
    [
        (f"{TODDLER[:3]} {TODDLER[3:6]} {TODDLER[6:]}", TODDLER, (VICTIM, TODDLER)),
        (f"{TODDLER[:3]}-{TODDLER[3:]}", TODDLER, (VICTIM, TODDLER)),
        (" MAT-7781 ", "MAT-7781", (VICTIM,)),
        ("123456789", "123456789", (VICTIM,)),
    ],
)
def test_the_other_end_is_a_number_or_names_a_pregnancy(
    to: str, read_as: str, numbers: tuple[str, ...]
) -> None:
    event = accepted(family_link({"to": to}))
    assert (of_link(event).to, of_link(event).numbers) == (read_as, numbers)
    assert event.warnings == ()


def test_a_relation_that_is_not_known_is_read_as_that() -> None:
    event = accepted(family_link({"is": "aunt"}))
    assert of_link(event).is_ == "unknown"
    assert warned(event) == {"data.is": Reason.NOT_USABLE}


DATES = [
    (registration(), "data.recorded_at", Reason.NO_REFERENCE),
    (registration({"flags": [{}]}), "data.flags.0.from", Reason.NOT_PLAUSIBLE),
    (registration({"flags": [{}]}), "data.flags.0.until", Reason.NOT_PLAUSIBLE),
    (registration(), "data.deceased_on", Reason.NOT_PLAUSIBLE),
    (family_link(), "data.recorded_at", Reason.NOT_PLAUSIBLE),
    (family_link(), "data.ended_at", Reason.NOT_PLAUSIBLE),
    (booking(), "data.booked_at", Reason.NOT_PLAUSIBLE),
    (booking(), "data.expected_due_date", Reason.NOT_PLAUSIBLE),
]


@pytest.mark.parametrize(("message", "path", "reason"), DATES)
@pytest.mark.parametrize("year", ["0001", "2206", "9999"])
def test_a_date_of_another_age_is_not_known(
    message: Raw, path: str, reason: Reason, year: str
) -> None:
    moment = path.endswith("_at")
    value = f"{year}-01-01" + ("T00:00:00+14:00" if moment else "")
    event = accepted(changed(message, path, value))
    assert warned(event) == {path: reason}
    again: Any = event.data.model_dump(mode="json", by_alias=True)
    for step in path.split(".")[1:]:
        again = again[int(step) if step.isdigit() else step]
    assert again is None


@pytest.mark.parametrize("model", DATA_MODELS.values())
def test_every_date_of_an_event_has_a_span(model: type[ReadData]) -> None:
    models = [model, *(part for _, part in (*shape_of(model).parts, *shape_of(model).lists))]
    for each in models:
        assert len(_dated_fields(each)) == len(shape_of(each).dates)


def test_a_link_may_end_within_the_year_and_a_flag_within_fifty() -> None:
    assert accepted(family_link({"ended_at": "2026-12-24T00:00:00Z"})).warnings == ()
    flags = [{"kind": "looked_after", "state": "active", "until": "2041-01-01"}]
    event = accepted(registration({"flags": flags}))
    assert of_person(event).flags[0].until == date(2041, 1, 1)
    assert event.warnings == ()


def test_a_pregnancy_of_sixty_weeks_has_no_due_date() -> None:
    event = accepted(
        booking({"booked_at": "2025-10-01T09:00:00Z", "expected_due_date": "2026-12-01"})
    )
    assert warned(event) == {"data.expected_due_date": Reason.NOT_PLAUSIBLE}
    assert of_booking(event).expected_due_date is None


def test_a_flag_that_cannot_be_read_is_not_none() -> None:
    good = {"kind": "looked_after", "state": "active"}
    event = accepted(registration({"flags": ["child protection", good | {"state": 7}]}))
    assert [(flag.kind, flag.state) for flag in of_person(event).flags] == [
        (FlagKind.UNKNOWN, FlagState.UNKNOWN),
        (FlagKind.LOOKED_AFTER, FlagState.UNKNOWN),
    ]
    assert set(warned(event)) == {"data.flags.0", "data.flags.1.state"}


def test_a_booking_without_its_reference_is_accepted() -> None:
    event = accepted(booking({"pregnancy_id": ...}))
    assert warned(event) == {"data.pregnancy_id": Reason.NO_REFERENCE}
