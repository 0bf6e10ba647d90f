import pytest

from routing_rules.cases_data import Defaults, EventReader, Written
from routing_rules.source_text import Entries, Position, Problems, read_yaml
from routing_rules.subjects import people_of, subject_of
from schemas.events import REGISTER_MODELS, RegisterData
from schemas.maternity import AppointmentMissed, Birth
from schemas.occurrence import missing_references, occurred_at
from schemas.values import EventType, Role
from tests.builders import NOW
from tests.documented import ROUTED_PATHWAYS


@pytest.mark.parametrize("event_type", REGISTER_MODELS)
def test_no_case_is_written_of_what_is_for_the_register(event_type: EventType) -> None:
    place = Position("cases/made.yaml", 1, 1)
    written = Written(event_type, Entries((), place), NOW, place)
    with pytest.raises(ValueError, match="no case is written of"):
        EventReader(Defaults(), Problems()).event(written)


@pytest.mark.parametrize("event_type", ROUTED_PATHWAYS, ids=str)
def test_a_case_of_any_pathway_need_say_only_what_matters(event_type: EventType) -> None:
    problems = Problems()
    text = "people: [{role: child_elsewhere}]\nsummary: it matters"
    node = read_yaml("cases/made.yaml", text, problems)
    assert isinstance(node, Entries)

    reader = EventReader(Defaults(), problems)
    event = reader.event(Written(event_type, node, NOW, Position("cases/made.yaml", 1, 1)))

    problems.raise_if_any()
    assert event is not None
    assert not isinstance(event.data, RegisterData)
    assert missing_references(event_type, event.data) == ()
    assert occurred_at(event.data, NOW).date() == NOW.date()
    subject = subject_of(event.data)
    assert subject is None or subject.nhs_number is not None
    assert people_of(event.data)[-1].role is Role.CHILD_ELSEWHERE


def test_a_case_counts_missed_appointments_and_names_babies() -> None:
    problems = Problems()
    missed = read_yaml("c.yaml", "missed_in_pregnancy: 2", problems)
    born = read_yaml("c.yaml", "babies: [{ref: one, order: 1}, {ref: two, order: 2}]", problems)
    assert isinstance(missed, Entries)
    assert isinstance(born, Entries)
    reader, place = EventReader(Defaults(), problems), Position("c.yaml", 1, 1)

    appointment = reader.event(Written(EventType.MATERNITY_APPOINTMENT_MISSED, missed, NOW, place))
    birth = reader.event(Written(EventType.MATERNITY_BIRTH, born, NOW, place))

    problems.raise_if_any()
    assert appointment is not None
    assert birth is not None
    assert isinstance(appointment.data, AppointmentMissed)
    assert appointment.data.missed_in_pregnancy == 2
    assert isinstance(birth.data, Birth)
    assert [(baby.ref, baby.role, baby.order) for baby in birth.data.babies] == [
        ("one", Role.CHILD_PRESENT, 1),
        ("two", Role.CHILD_PRESENT, 2),
    ]
