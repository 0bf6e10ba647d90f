"""What in a registration cannot stand is at once a duty of MASH."""

from datetime import timedelta
from uuid import UUID

from routing_rules.case import DutyChange
from routing_rules.register_exceptions import owe_register_problem
from routing_rules.register_problems import ProblemKind, RegisterProblem
from tests.builders import NOW, nhs_number, staffordshire
from tests.unit.schemas.letters import accepted, registration

OCCURRENCE = UUID(int=7)
EVENT = accepted(registration())
SOMEBODY = nhs_number(1)
ANOTHER = nhs_number(2)


def owed_for(
    about: str = SOMEBODY,
    kind: ProblemKind = ProblemKind.CONTRADICTORY,
    field: str = "gp_practice",
    other: str = "",
) -> DutyChange:
    problem = RegisterProblem(about, kind, field, other)
    (change,) = owe_register_problem(OCCURRENCE, problem, EVENT, staffordshire(), NOW)
    return change


def test_it_is_a_routine_exception_that_asks_mash_to_act() -> None:
    told = owed_for().notification

    assert (told["recipient"], told["kind"], told["urgency"], told["about"]) == (
        "MASH:mash",
        "exception",
        "routine",
        None,
    )
    assert told["asks"] == ["acknowledge", "act"]
    assert told["event"] == {
        "source": EVENT.source,
        "id": EVENT.id,
        "type": EVENT.type.value,
        "occurred_at": "2026-01-05T09:00:00+00:00",
    }


def test_it_names_whose_record_it_is_the_field_and_the_reason_but_no_value() -> None:
    assert owed_for().notification["content"] == {
        "nhs_number": SOMEBODY,
        "field": "gp_practice",
        "reason": ProblemKind.CONTRADICTORY.value,
    }


def test_of_a_link_it_names_both_ends() -> None:
    assert owed_for(other=ANOTHER).notification["content"] == {
        "nhs_number": SOMEBODY,
        "other_nhs_number": ANOTHER,
        "field": "gp_practice",
        "reason": ProblemKind.CONTRADICTORY.value,
    }


def test_where_nobody_can_be_named_no_number_is_told() -> None:
    told = owed_for(about=f"{EVENT.source}|{EVENT.id}", kind=ProblemKind.NO_NHS_NUMBER)

    assert told.notification["content"] == {
        "field": "gp_practice",
        "reason": ProblemKind.NO_NHS_NUMBER.value,
    }


def test_its_clock_starts_when_the_event_was_published() -> None:
    problem = RegisterProblem(SOMEBODY, ProblemKind.CONTRADICTORY, "gp_practice")
    later = NOW + timedelta(days=60)
    (change,) = owe_register_problem(OCCURRENCE, problem, EVENT, staffordshire(), later)

    assert change.held.respond_by == owed_for().held.respond_by
    assert change.late


def test_each_problem_is_a_duty_of_its_own_and_the_same_one_always_the_same() -> None:
    ids = [
        owed_for().held.duty_id,
        owed_for(about=ANOTHER).held.duty_id,
        owed_for(field="name").held.duty_id,
        owed_for(kind=ProblemKind.UNVERIFIED).held.duty_id,
        owed_for(other=ANOTHER).held.duty_id,
    ]

    assert len(set(ids)) == 5
    assert len({owed_for(field=field).held.person_key for field in ("name", "school")}) == 2
    assert SOMEBODY not in owed_for().held.person_key
    assert owed_for().held.duty_id == ids[0]
