"""Whatever arrives, in whatever order: the same is owed, and every change follows."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing_rules.case import HeldDuty
from routing_rules.casework import decide
from routing_rules.explain import Casebook
from schemas.events import Event
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import DutyState, NotificationKind
from tests.builders import (
    a_person,
    at_home,
    staffordshire,
)
from tests.unit.routing_rules.test_casework import LATER, VICTIM, an_update, standing, told_in_turn

PEOPLE = {
    "victim": VICTIM | {"pregnant": "yes", "maternity_provider": "RJF"},
    "child": a_person(
        "child_present", ref="child", number=5, date_of_birth="2020-01-01", **at_home()
    ),
    "pupil": a_person(
        "child_elsewhere", ref="pupil", number=6, date_of_birth="2014-01-01", **at_home()
    ),
    "accused": a_person("alleged_perpetrator", ref="accused", number=7, **at_home("E07000197")),
    "lost": a_person("child_present", ref="lost", number=8, date_of_birth="2021-01-01"),
}


@st.composite
def tellings(draw: st.DrawFn) -> list[Event]:
    """Several events of one incident, each naming some of the same people."""
    count = draw(st.integers(1, 4))
    events = []
    for number in range(count):
        names = draw(st.sets(st.sampled_from(sorted(PEOPLE)), min_size=1))
        in_error = draw(st.sets(st.sampled_from(sorted(names)), max_size=1))
        people = [
            PEOPLE[name] | ({"status": "entered_in_error"} if name in in_error else {})
            for name in sorted(names)
        ]
        known: dict[str, Any] = {"status": draw(st.sampled_from(["new", "updated", "cancelled"]))}
        if draw(st.booleans()):
            known["summary"] = draw(st.sampled_from(["One summary", "Another"]))
        events.append(an_update(number, *people, **known))
    return events


once_quickly = settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow]
)


@once_quickly
@given(data=st.data(), events=tellings())
def test_in_any_order_of_arrival_the_same_is_owed(data: st.DataObject, events: list[Event]) -> None:
    shuffled = data.draw(st.permutations(events))

    in_order, _ = told_in_turn(*events)
    other, _ = told_in_turn(*shuffled)

    assert standing(in_order).keys() == standing(other).keys()
    fingerprints = {key: held.fingerprint for key, held in standing(in_order).items()}
    assert {key: held.fingerprint for key, held in standing(other).items()} == fingerprints


@once_quickly
@given(data=st.data(), events=tellings())
def test_an_event_that_is_repeated_changes_nothing(
    data: st.DataObject, events: list[Event]
) -> None:
    casebook = Casebook(staffordshire())
    for event in events:
        casebook.receive(event, LATER)
    before = {key: case.duties for key, case in casebook.cases.items()}

    repeated = data.draw(st.sampled_from(events))

    assert casebook.receive(repeated, LATER) is None
    case = casebook.cases[occurrence_id(occurrence_key(repeated))]
    _, outcome = decide(case, repeated, staffordshire(), LATER)
    assert outcome.changes == ()
    assert {key: case.duties for key, case in casebook.cases.items()} == before


@once_quickly
@given(events=tellings())
def test_every_change_follows_from_the_one_before(events: list[Event]) -> None:
    """Ids never repeat, revisions count up, updates are never due later, ids are stable."""
    _, outcomes = told_in_turn(*events)
    seen: dict[str, HeldDuty] = {}
    notifications: set[str] = set()
    for change in (change for outcome in outcomes for change in outcome.changes):
        held, told = change.held, change.notification
        assert str(held.notification_id) not in notifications
        notifications.add(str(held.notification_id))
        before = seen.get(str(held.duty_id))
        assert held.revision == (before.revision + 1 if before else 1)
        assert held.state is not DutyState.OWED or told["kind"] != "withdraw"
        if before is not None and told["kind"] == NotificationKind.UPDATE:
            assert held.respond_by <= before.respond_by
            assert told["supersedes"] == str(before.notification_id)
        seen[str(held.duty_id)] = held
    assert told_in_turn(*events)[1] == outcomes


@once_quickly
@given(events=tellings())
def test_an_older_event_that_comes_late_only_adds(events: list[Event]) -> None:
    late, rest = events[0], events[1:]
    if not rest:
        return
    before, _ = told_in_turn(*rest)
    after, outcomes = told_in_turn(*rest, late)

    withdrawn = [c for c in outcomes[-1].changes if c.notification["kind"] == "withdraw"]
    assert withdrawn == []
    assert standing(before).keys() <= standing(after).keys()
