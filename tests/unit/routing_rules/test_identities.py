"""Which numbers are one person's: joined, parted, protected, in any order of arrival."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing_rules.explain import Casebook
from routing_rules.known import Identity
from routing_rules.register import Register
from routing_rules.register_family import children_of
from routing_rules.register_history import attendances_within
from routing_rules.register_identities import Identities, identities_from
from routing_rules.register_people import person_as_at
from routing_rules.register_problems import ProblemKind
from schemas.events import Event
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.registration import IdentityChange
from schemas.values import EventType
from tests.builders import (
    EMERGENCY,
    NOW,
    POLICE,
    a_person,
    an_event,
    at_home,
    attendance,
    police,
    staffordshire,
)
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.pregnancies import standing
from tests.unit.routing_rules.register_events import (
    ASHA,
    BELLA,
    CARL,
    DORA,
    ToldEvent,
    booking,
    link,
    registration,
    told,
)

DAY = timedelta(days=1)
AT = NOW - 30 * DAY


def change(
    from_: str | None, to: str | None, reason: str = "merged", *, days: int = 0, **known: Any
) -> ToldEvent:
    """A change of identity that was recorded so many days after the first."""
    at = AT + days * DAY
    event = known.pop("event", {})
    data = {"from": from_, "to": to, "reason": reason, "recorded_at": at.isoformat(), **known}
    read = IdentityChange.model_validate({**data, "recorded_at": at})
    return told(read, at, **event)


def who(*events: ToldEvent) -> Identities:
    register = Register()
    rows = [row for event in events for row in register.apply(event).rows]
    return identities_from([row for row in rows if isinstance(row, Identity)])


CHANGES = [
    change(ASHA, BELLA),
    change(BELLA, CARL, "corrected", days=1),
    change(ASHA, BELLA, "unmerged", days=2),
    change(ASHA, CARL, days=3),
    change(CARL, DORA, days=3),
    change(DORA, ASHA, days=4),
    change(DORA, None, "protected", days=1),
    change(CARL, DORA, "unmerged", days=5),
]


@given(st.lists(st.sampled_from(CHANGES), unique_by=lambda one: one.id), st.randoms())
@settings(deadline=None)
def test_who_is_who_does_not_depend_on_the_order(events: list[ToldEvent], random: Any) -> None:
    shuffled = [*events]
    random.shuffle(shuffled)

    assert who(*events) == who(*shuffled)
    for number in (ASHA, BELLA, CARL, DORA):
        one = who(*events).number_of(number)
        assert who(*events).number_of(one) == one


def test_chains_are_followed_to_the_number_that_holds() -> None:
    found = who(change(ASHA, BELLA), change(BELLA, CARL))

    assert found.same_as(BELLA) == {ASHA, BELLA, CARL}
    assert found.number_of(ASHA) == CARL


def test_what_was_parted_later_is_two_again_and_an_earlier_parting_parts_nothing() -> None:
    assert not who(change(ASHA, BELLA), change(BELLA, ASHA, "unmerged", days=1)).holds
    assert who(change(ASHA, BELLA, days=1), change(ASHA, BELLA, "unmerged")).holds


def test_a_parting_gives_back_what_held_before_the_join() -> None:
    again = change(ASHA, CARL, "unmerged", days=2)

    assert who(change(ASHA, BELLA), change(ASHA, CARL, days=1), again).holds == {ASHA: BELLA}


def test_a_withdrawn_change_never_was() -> None:
    gone = change(ASHA, BELLA, status="entered_in_error")

    assert not who(change(ASHA, BELLA), gone).holds


def test_protection_outranks_whatever_joins_before_or_after() -> None:
    found = who(
        change(ASHA, BELLA, days=5), change(BELLA, None, "protected"), change(BELLA, CARL, days=9)
    )

    assert not found.holds
    assert found.protected == {BELLA}


def test_a_protected_row_does_not_keep_the_number_that_it_may_name() -> None:
    [row] = Register().apply(change(ASHA, BELLA, "protected")).rows

    assert BELLA not in repr(row)


def test_a_frequent_attender_under_two_numbers_is_counted_as_one() -> None:
    kept = [came(number, place, hours=9 * place + 1) for place, number in enumerate([ASHA, BELLA])]
    counts = []
    for events in ([MERGED, *kept], [*kept, MERGED], [*kept, MERGED, PARTED]):
        casebook = after_all(events)
        known = casebook.register.known_about([ASHA, BELLA])
        counts.append(max(attendances_within(known, n, NOW, 30) for n in (ASHA, BELLA)))

    assert counts == [2, 2, 1]


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (change(None, BELLA), ProblemKind.IDENTITY_UNUSABLE),
        (change(ASHA, None), ProblemKind.IDENTITY_UNUSABLE),
        (change(ASHA, BELLA, "unknown"), ProblemKind.IDENTITY_UNUSABLE),
        (change(ASHA, ASHA), ProblemKind.IDENTITY_OF_ONESELF),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_told(event: ToldEvent, kind: ProblemKind) -> None:
    applied = Register().apply(event)

    assert applied.rows == ()
    assert [problem.kind for problem in applied.problems] == [kind]


def test_a_circle_joins_nobody_and_is_told_once() -> None:
    register = Register()
    events = [change(ASHA, BELLA), change(BELLA, ASHA, days=1)]

    problems = [p.kind for event in events for p in register.apply(event).problems]
    again = [p for event in events for p in register.apply(event).problems]

    assert problems == [ProblemKind.IDENTITY_CYCLE] * 2
    assert again == []
    assert who(*events).holds == {}


def test_two_ends_at_one_moment_contradict_each_other() -> None:
    found = who(change(ASHA, BELLA), change(ASHA, CARL))

    assert not found.holds
    assert {problem.kind for problem in found.problems} == {ProblemKind.CONTRADICTORY}


CHAIN = [change(ASHA, BELLA), change(BELLA, CARL, days=1)]


@given(st.permutations([*CHAIN, change(ASHA, CARL, "unmerged", days=2)]))
@settings(max_examples=6)
def test_a_parting_of_two_who_are_joined_by_way_of_a_third_is_told(events: list[ToldEvent]) -> None:
    """Two people's records would go on being read as one, and whoever asked would not know."""
    register = Register()
    problems = [problem for event in events for problem in register.apply(event).problems]

    assert [(p.kind, p.about, p.other) for p in problems] == [
        (ProblemKind.STILL_JOINED, ASHA, CARL)
    ]
    assert register.same_as(ASHA) == {ASHA, BELLA, CARL}


@pytest.mark.parametrize(
    "later",
    [
        [change(ASHA, BELLA, "unmerged", days=2)],
        [change(BELLA, ASHA, "unmerged", days=2)],
        [change(ASHA, CARL, "unmerged", days=-1)],
        [change(ASHA, BELLA, "unmerged", days=2), change(ASHA, CARL, "unmerged", days=3)],
        [change(ASHA, DORA, "unmerged", days=2)],
    ],
    ids=["as joined", "the other way", "joined later", "parted before", "never joined"],
)
def test_a_parting_that_is_so_is_no_problem(later: list[ToldEvent]) -> None:
    assert not who(*CHAIN, *later).problems


def knowing(*events: ToldEvent) -> Register:
    register = Register()
    for event in events:
        register.apply(event)
    return register


def came(number: str, place: int, *, hours: int = 0) -> Event:
    patient = a_person("patient", nhs_number=number, nhs_number_status="verified")
    at = NOW - hours * timedelta(hours=1)
    times = {"arrived_at": at.isoformat(), "departed_at": None}
    data = attendance(patient, attendance_id=f"A{place}", **times)
    return an_event(EMERGENCY, data, event_id=f"a{place}", time=at)


def test_history_links_and_registrations_of_both_are_one_persons() -> None:
    register = knowing(
        registration(ASHA, gp_practice="Y90004"),
        registration(BELLA, at=AT, school={"urn": "900006", "type": "state"}),
        link(ASHA, CARL),
        change(ASHA, BELLA),
    )
    for place, number in enumerate((ASHA, BELLA)):
        event = came(number, place, hours=place + 1)
        key = occurrence_id(occurrence_key(event))
        register.attended(key, event.data, event.time)  # type: ignore[arg-type]

    known = register.known_about([ASHA])

    person = person_as_at(known, BELLA, NOW)
    assert person
    assert person.gp_practice == "Y90004"
    assert person.school
    assert person.school.urn == "900006"
    assert [child.nhs_number for child in children_of(known, BELLA, NOW)] == [CARL]
    assert attendances_within(known, BELLA, NOW, 30) == 2
    assert person_as_at(known, ASHA, NOW) is None


def test_nothing_leads_to_a_protected_child_nor_from_it() -> None:
    register = knowing(
        registration(BELLA, name={"given": "Old", "family": "Name"}),
        link(ASHA, BELLA),
        link(DORA, CARL),
        change(BELLA, CARL, "protected"),
    )

    mother = register.known_about([ASHA])
    assert children_of(mother, ASHA, NOW) == ()
    assert BELLA not in repr(mother)
    assert "Old" not in repr(mother)
    after = register.known_about([CARL])
    assert BELLA not in repr(after)
    assert ASHA not in repr(after)
    before = register.known_about([BELLA])
    assert CARL not in repr(before)
    assert ASHA not in repr(before)
    assert register.apply(change(CARL, BELLA)).problems == ()
    assert register.same_as(CARL) == {CARL}


VICTIM = a_person(nhs_number=ASHA, nhs_number_status="verified", **at_home(practice=None))
INCIDENT = an_event(POLICE, police(VICTIM), event_id="police", time=NOW)
KNOWN = [
    arriving(registration(BELLA, gp_practice="Y90004", at=AT)),
    arriving(registration(CARL, date_of_birth="2019-03-03", at=AT)),
    arriving(link(BELLA, CARL, at=AT)),
    arriving(booking(BELLA, at=AT)),
]
MERGED, PARTED = arriving(change(ASHA, BELLA)), arriving(change(ASHA, BELLA, "unmerged", days=1))


def after_all(events: Sequence[Event]) -> Casebook:
    casebook = Casebook(staffordshire())
    for place, event in enumerate(events):
        casebook.receive(event, NOW + timedelta(minutes=place))
    return casebook


@given(st.permutations([INCIDENT, *KNOWN, MERGED]))
@settings(max_examples=10, deadline=None)
def test_a_merge_tells_the_same_whenever_it_is_learned(events: Sequence[Event]) -> None:
    expected = standing(after_all([*KNOWN, MERGED, INCIDENT]), INCIDENT)

    assert standing(after_all(events), INCIDENT) == expected
    assert any("midwifery" in to for _, to in expected)
    assert any(ref.startswith("child-") for ref, _ in expected)


@given(st.permutations([INCIDENT, *KNOWN, MERGED, PARTED]))
@settings(max_examples=10, deadline=None)
def test_what_was_parted_is_told_as_if_it_had_never_been_joined(events: Sequence[Event]) -> None:
    expected = standing(after_all([*KNOWN, INCIDENT]), INCIDENT)

    assert standing(after_all(events), INCIDENT) == expected


CHILD = arriving(registration(CARL, date_of_birth="2019-03-03", at=AT))
OF_ASHA = arriving(link(ASHA, CARL, at=AT))
PROTECTED = arriving(change(CARL, DORA, "protected"))


@given(st.permutations([INCIDENT, CHILD, OF_ASHA, PROTECTED]))
@settings(max_examples=10, deadline=None)
def test_protection_takes_back_what_led_to_the_child_in_any_order(
    events: Sequence[Event],
) -> None:
    casebook = after_all(events)

    assert {ref for ref, _ in standing(casebook, INCIDENT)} == {"victim"}
    assert DORA not in repr(casebook.told)
    assert not any("protected" in repr(each) for each in casebook.told.values())


def test_a_child_who_is_given_another_number_keeps_ref_and_duties() -> None:
    corrected = arriving(change(CARL, DORA, "corrected"))
    before = after_all([CHILD, OF_ASHA, INCIDENT])
    told_before = standing(before, INCIDENT)

    casebook = after_all([CHILD, OF_ASHA, INCIDENT, corrected])

    assert standing(casebook, INCIDENT) == told_before
    children = [told for told in casebook.owed_for(INCIDENT) if DORA in repr(told["about"])]
    assert children
    assert CARL not in repr([told["about"] for told in casebook.owed_for(INCIDENT)])


def test_two_victims_who_turn_out_to_be_one_are_told_about_once() -> None:
    other = {**VICTIM, "ref": "victim2", "nhs_number": BELLA}
    both = an_event(POLICE, police(VICTIM, other, police_reference="2"), event_id="two", time=NOW)
    practice = arriving(registration(BELLA, gp_practice="Y90004", at=AT))
    alone = standing(after_all([practice, both]), both)
    assert {ref for ref, _ in alone} == {"victim", "victim2"}

    joined = after_all([practice, both, MERGED])
    parted = after_all([practice, both, MERGED, PARTED])

    assert len({ref for ref, _ in standing(joined, both)}) == 1
    assert standing(parted, both) == alone


def test_an_update_under_the_other_number_owes_nothing_twice() -> None:
    again = an_event(
        POLICE,
        police({**VICTIM, "ref": "again", "nhs_number": BELLA}),
        event_id="update",
        time=NOW + timedelta(minutes=1),
    )
    practice = arriving(registration(BELLA, gp_practice="Y90004", at=AT))

    casebook = after_all([practice, INCIDENT, MERGED, again])

    told = [(told["recipient"]) for told in casebook.owed_for(INCIDENT)]
    assert len(told) == len({*told})


def test_a_circle_is_a_duty_of_mash() -> None:
    circle = arriving(change(BELLA, ASHA, days=1))

    casebook = after_all([MERGED, circle])

    owed = [told for told in casebook.told.values() if told["service"] == "mash"]
    assert {told["content"]["reason"] for told in owed} == {ProblemKind.IDENTITY_CYCLE.value}  # type: ignore[index,call-overload]
    assert circle.type is EventType.REGISTRATION_IDENTITY
