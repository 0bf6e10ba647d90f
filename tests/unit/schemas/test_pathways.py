"""The events of the pathways: what each costs when a part of it cannot be read, and its name."""

import copy
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schemas.events import DATA_MODELS, Event, RegisterData
from schemas.folding import fold
from schemas.maternity import Baby, Birth, PregnancyEnded
from schemas.occurrence import is_cancelled, occurred_at, occurrence_key
from schemas.reasons import Reason
from schemas.registration import IdentityChange
from schemas.shape import people_of, shape_of
from schemas.social_care import ConferenceInvitation
from schemas.values import BabyOutcome, EventType, InvitationAnswer, Role
from tests.documented import DOCUMENTED, PATHWAYS, people_in
from tests.unit.schemas.letters import Raw, accepted, binary, changed, refused, warned

TYPES = pytest.mark.parametrize("event_type", PATHWAYS, ids=str)
NOT_REQUIRED = [
    (event_type, name)
    for event_type, event in PATHWAYS.items()
    for name in event["data"]
    if name not in shape_of(DATA_MODELS[event_type]).required
    and name not in {"mother", "people", "babies", "invitees", "from", "to"}
]
PUBLISHED = datetime(2026, 3, 6, 16, 5, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


def test_every_type_of_event_has_a_documented_example() -> None:
    assert set(DOCUMENTED) == set(EventType)


@TYPES
def test_both_modes_give_the_same(event_type: EventType) -> None:
    event = PATHWAYS[event_type]
    body, headers = binary(event)
    publisher = event["source"].rsplit(":", 1)[-1]
    read = accepted(body, headers, publisher=publisher, family=event_type.split(".")[1])
    assert (read.data, read.warnings) == (accepted(event).data, ())


@pytest.mark.parametrize(("event_type", "name"), NOT_REQUIRED)
def test_a_value_that_cannot_be_used_costs_only_itself(event_type: EventType, name: str) -> None:
    good = accepted(PATHWAYS[event_type])
    shape = shape_of(DATA_MODELS[event_type])

    event = accepted(changed(PATHWAYS[event_type], f"data.{name}", {"odd": [1]}))

    assert f"data.{name}" in warned(event)
    left = DATA_MODELS[event_type].model_fields[_in_model(name)]
    value: Any = getattr(event.data, _in_model(name))
    assert [*value] == ["unknown"] if name in shape.open_lists else value == left.default
    others = {other for other in type(good.data).model_fields if other != _in_model(name)}
    assert event.data.model_dump(include=others) == good.data.model_dump(include=others)


def _in_model(name: str) -> str:
    return f"{name}_" if name in {"for", "from"} else name


@TYPES
def test_an_unknown_field_is_ignored_and_a_nul_replaced(event_type: EventType) -> None:
    event = PATHWAYS[event_type]
    data = {**event["data"], "colour": "blue", "headline": "a\0b"}

    read = accepted({**event, "data": data})

    assert warned(read) == {
        "data.colour": Reason.UNKNOWN_FIELD,
        "data.headline": Reason.UNHOLDABLE,
    }
    assert read.data.headline == "a\ufffdb"


@TYPES
def test_everybody_needs_a_known_role_and_a_ref_of_their_own(event_type: EventType) -> None:
    event = copy.deepcopy(PATHWAYS[event_type])
    people = people_in(event)
    if not people:
        return
    people[-1]["role"] = "witness"
    if people[-1] is not event["data"].get("patient"):
        assert refused(event).reason == Reason.UNKNOWN_ROLE
    people[-1]["role"], people[-1]["ref"] = "parent", people[0]["ref"]
    if len(people) > 1:
        assert refused(event).reason == Reason.REPEATED_REF


@pytest.mark.parametrize("name", ["patient", "mother", "people"])
def test_an_event_about_nobody_is_refused(name: str) -> None:
    for event_type, event in PATHWAYS.items():
        if name in shape_of(DATA_MODELS[event_type]).required:
            path = f"data.{name}"
            unreadable: tuple[Any, ...] = (..., None, [], 3)
            for value in unreadable:
                refusal = refused(changed(event, path, value))
                assert (refusal.field, refusal.reason) == (path, Reason.NO_PEOPLE)


def test_the_end_of_a_pregnancy_need_not_say_whose_it_was() -> None:
    event = accepted(PATHWAYS[EventType.MATERNITY_ENDED])
    assert isinstance(event.data, PregnancyEnded)
    assert people_of(event.data) == []


def test_babies_are_people_with_an_outcome_of_their_own() -> None:
    event = accepted(
        changed(PATHWAYS[EventType.MATERNITY_BIRTH], "data.babies.1.outcome", "asleep")
    )
    assert isinstance(event.data, Birth)
    assert [baby.outcome for baby in event.data.babies] == [BabyOutcome.LIVE, BabyOutcome.UNKNOWN]
    assert [type(person) for _, person in people_of(event.data)][1:] == [Baby, Baby]
    assert warned(event) == {"data.babies.1.outcome": Reason.NOT_USABLE}


def test_an_invitee_that_cannot_be_read_was_still_invited() -> None:
    event = accepted(
        changed(PATHWAYS[EventType.CONFERENCE_INVITATION], "data.invitees.0", "the midwife")
    )
    assert isinstance(event.data, ConferenceInvitation)
    assert len(event.data.invitees) == 3
    assert event.data.invitees[0].answer is InvitationAnswer.UNKNOWN
    assert warned(event) == {"data.invitees.0": Reason.NOT_USABLE}


@pytest.mark.parametrize(
    ("event_type", "name"),
    [
        (EventType.RELAPSE_PLAN, "patient"),
        (EventType.ONWARD_REFERRAL, "patient"),
        (EventType.MATERNITY_CONCERN, "mother"),
        (EventType.MATERNITY_BIRTH, "mother"),
    ],
)
def test_a_patient_of_another_role_is_read_as_the_patient(event_type: EventType, name: str) -> None:
    event = accepted(changed(PATHWAYS[event_type], f"data.{name}.role", "parent"))
    assert people_of(event.data)[0][1].role is Role.PATIENT
    assert warned(event) == {f"data.{name}.role": Reason.WRONG_PATIENT_ROLE}


def test_a_baby_is_not_the_patient_whose_birth_it_is() -> None:
    birth = changed(PATHWAYS[EventType.MATERNITY_BIRTH], "data.babies.0.role", "patient")
    event = accepted(birth)
    assert isinstance(event.data, Birth)
    assert event.data.babies[0].role is Role.CHILD_PRESENT
    assert warned(event) == {"data.babies.0.role": Reason.BABY_NOT_PATIENT}


def test_the_mother_of_a_booking_has_whatever_role_is_written() -> None:
    booking = DOCUMENTED[EventType.MATERNITY_BOOKING]
    assert accepted(changed(booking, "data.mother.role", "parent")).warnings == ()


@pytest.mark.parametrize("status", ["cancelled", "entered_in_error"])
@TYPES
def test_every_event_can_be_taken_back(event_type: EventType, status: str) -> None:
    event = accepted(changed(PATHWAYS[event_type], "data.status", status))
    assert event.warnings == ()
    assert is_cancelled(event.data)


KEYS = {
    EventType.ONWARD_REFERRAL:
        "emergency|rjf-tamworth-miu|onward-referral|RJF-TAMWORTH-REF-0001",
    EventType.MATERNITY_CONCERN: "maternity|rjf-maternity|concern|MAT-0301|2026-03-06",
    EventType.MATERNITY_APPOINTMENT_MISSED:
        "maternity|rjf-maternity|appointment-missed|MAT-0301|2026-03-05",
    EventType.MATERNITY_BIRTH: "maternity|rjf-maternity|birth|MAT-0301",
    EventType.MATERNITY_ENDED: "maternity|rjf-maternity|ended|MAT-0301",
    EventType.MATERNITY_POSTNATAL_TRANSFER:
        "maternity|rjf-maternity|postnatal-transfer|MAT-0301",
    EventType.CHILD_STATUS:
        "social-care|staffordshire-social-care|child-status|STF-PLAN-0001|2026-03-06",
    EventType.CONFERENCE_INVITATION:
        "social-care|staffordshire-social-care|conference-invitation|STF-CONF-0001",
    EventType.CONFERENCE_OUTCOME:
        "social-care|staffordshire-social-care|conference-outcome|STF-CONF-0001",
    EventType.SOCIAL_CARE_REFERRAL:
        "social-care|staffordshire-social-care|referral|STF-MARF-0001",
    EventType.EXPLOITATION_RISK:
        "social-care|staffordshire-social-care|exploitation-risk|STF-EXP-0001",
    EventType.TRANSFER_IN: "community|r1e-community|transfer-in|R1E-MOVE-0001",
    EventType.RELAPSE_PLAN: "community|rre-mental-health|relapse-plan|RRE-PLAN-0001|2026-03-04",
    EventType.COMMUNITY_CONTACT: "community|r1e-sexual-health|contact|R1E-CONTACT-0001",
    EventType.NOT_BROUGHT: "community|r1e-community|not-brought|R1E-APPT-0001",
    EventType.ASSESSMENT_DUE: "community|r1e-looked-after|assessment-due|R1E-RHA-0001",
    EventType.REGISTRATION_IDENTITY:
        "registration|registration|identity|{}|2026-03-06 15:00:00+00:00",
}  # fmt: skip


@TYPES
def test_an_occurrence_is_named_by_its_type_and_reference(event_type: EventType) -> None:
    event = accepted(PATHWAYS[event_type])
    number = event.data.from_ if isinstance(event.data, IdentityChange) else ""
    assert occurrence_key(event) == KEYS[event_type].format(number)


@pytest.mark.parametrize(
    ("event_type", "name"),
    [
        (event_type, name)
        for event_type, names in {
            EventType.ONWARD_REFERRAL: ["referral_id"],
            EventType.MATERNITY_CONCERN: ["pregnancy_id", "identified_on"],
            EventType.MATERNITY_ENDED: ["pregnancy_id"],
            EventType.CHILD_STATUS: ["plan_reference", "changed_on"],
            EventType.RELAPSE_PLAN: ["plan_id", "agreed_on"],
            EventType.REGISTRATION_IDENTITY: ["from", "to", "recorded_at"],
        }.items()
        for name in names
    ],
)
def test_an_event_without_its_reference_stands_for_itself(event_type: EventType, name: str) -> None:
    event = accepted(changed(PATHWAYS[event_type], f"data.{name}", ...))
    ends = {"from", "to"}
    assert warned(event) == {
        f"data.{name}": Reason.NOT_REGISTERED if name in ends else Reason.NO_REFERENCE
    }
    assert occurrence_key(event).split("|")[2:] == ["event", event.id]


def test_a_protected_identity_need_not_lead_anywhere() -> None:
    data = {**PATHWAYS[EventType.REGISTRATION_IDENTITY]["data"], "reason": "protected"}
    del data["to"]
    event = accepted({**PATHWAYS[EventType.REGISTRATION_IDENTITY], "data": data})
    assert event.warnings == ()
    assert isinstance(event.data, RegisterData)
    assert isinstance(event.data, IdentityChange)
    assert event.data.numbers == (data["from"],)


def _noon(day: int) -> datetime:
    return datetime.combine(datetime(2026, 3, day, tzinfo=UTC).date(), time(12), LONDON)


@pytest.mark.parametrize(
    ("event_type", "happened"),
    [
        (EventType.ONWARD_REFERRAL, datetime(2026, 3, 6, 15, 50, tzinfo=UTC)),
        (EventType.MATERNITY_CONCERN, _noon(6)),
        (EventType.MATERNITY_APPOINTMENT_MISSED, _noon(5)),
        (EventType.MATERNITY_ENDED, _noon(4)),
        (EventType.MATERNITY_POSTNATAL_TRANSFER, PUBLISHED),
        (EventType.CONFERENCE_INVITATION, _noon(6)),
        (EventType.TRANSFER_IN, PUBLISHED),
        (EventType.COMMUNITY_CONTACT, datetime(2026, 3, 6, 15, 30, tzinfo=UTC)),
        (EventType.ASSESSMENT_DUE, PUBLISHED),
    ],
)
def test_what_lies_ahead_is_not_when_it_happened(event_type: EventType, happened: datetime) -> None:
    event: Event = accepted(PATHWAYS[event_type])
    assert occurred_at(event.data, event.time) == happened


def test_a_mother_who_is_named_anew_has_not_left_by_that() -> None:
    event: Raw = copy.deepcopy(PATHWAYS[EventType.MATERNITY_APPOINTMENT_MISSED])
    later: Raw = copy.deepcopy(event)
    later["data"]["mother"] = {"ref": "other", "role": "patient"}
    first, second = accepted(event), accepted({**later, "id": "2", "time": "2026-03-07T09:00:00Z"})

    told: Any = fold([second, first])

    assert told.mother.ref == "other"
    assert [person.ref for person in told.people] == ["mother"]
