from typing import Any

import pytest

from routing_rules.register import Register
from routing_rules.register_family import children_of
from routing_rules.register_problems import ProblemKind, RegisterProblem
from tests.unit.routing_rules.register_events import (
    ASHA,
    AT,
    BELLA,
    CARL,
    ToldEvent,
    days,
    known_from,
    link,
    registration,
)

MOTHER = registration(ASHA, date_of_birth="1990-01-01")
DAUGHTER = registration(BELLA, date_of_birth="2015-04-11", gp_practice="Y90001")
PARENT_OF = link(ASHA, BELLA)


def children(*events: ToldEvent) -> list[str]:
    return [child.nhs_number for child in children_of(known_from(*events), ASHA, AT)]


def problems(*events: ToldEvent) -> list[RegisterProblem]:
    register = Register()
    return [problem for event in events for problem in register.apply(event).problems]


def test_a_child_is_found_with_what_the_register_knows_of_it() -> None:
    register = Register()
    for event in (MOTHER, DAUGHTER, PARENT_OF):
        register.apply(event)
    (child,) = children_of(register.known_about([ASHA]), ASHA, AT)
    assert child.nhs_number == BELLA
    assert child.registered is not None
    assert child.registered.gp_practice == "Y90001"
    assert children_of(register.known_about([BELLA]), BELLA, AT) == ()


def test_a_link_may_be_written_from_either_end() -> None:
    assert children(MOTHER, DAUGHTER, link(BELLA, ASHA, "child")) == [BELLA]
    assert children(link(ASHA, CARL), link(BELLA, ASHA, "child")) == sorted([BELLA, CARL])


def test_a_child_who_is_only_linked_is_a_child_of_unknown_age() -> None:
    (child,) = children_of(known_from(PARENT_OF), ASHA, AT)
    assert child.registered is None
    assert children(registration(BELLA), PARENT_OF) == [BELLA]


@pytest.mark.parametrize("relation", ["sibling", "partner", "former_partner", "carer", "child"])
def test_only_a_parent_has_children(relation: str) -> None:
    assert children(DAUGHTER, link(ASHA, BELLA, relation)) == []


@pytest.mark.parametrize(
    ("known", "is_child"),
    [
        ({"date_of_birth": "2008-03-07"}, True),
        ({"date_of_birth": "2008-03-06"}, False),
        ({"date_of_birth": "2026-03-06"}, True),
        ({"date_of_birth": "2026-03-07"}, False),
        ({"date_of_birth": "1890-01-01"}, True),
        ({"record": {"deceased_on": "2026-03-05"}}, False),
        ({"record": {"deceased_on": "2026-03-06"}}, True),
    ],
)
def test_a_child_is_born_alive_and_not_known_to_be_grown_up(
    known: dict[str, Any], is_child: bool
) -> None:
    assert bool(children(PARENT_OF, registration(BELLA, **known))) is is_child


def test_parenthood_counts_before_it_was_recorded_and_until_it_ended() -> None:
    assert children(link(ASHA, BELLA, at=days(9))) == [BELLA]
    assert children(PARENT_OF, link(ASHA, BELLA, at=days(-9), ended_at=AT.isoformat())) == []
    later = days(9).isoformat()
    assert children(PARENT_OF, link(ASHA, BELLA, at=days(-9), ended_at=later)) == [BELLA]


def test_the_later_record_of_two_people_wins_whichever_way_it_is_written() -> None:
    ended = link(BELLA, ASHA, "child", at=days(-9), ended_at=days(-10).isoformat())
    assert children(ended, PARENT_OF) == []
    turned = link(BELLA, ASHA, "parent", at=days(-9))
    assert children(turned, PARENT_OF) == []
    assert children(turned, PARENT_OF, link(ASHA, BELLA, at=days(-8))) == [BELLA]


def test_another_relation_leaves_parenthood_alone() -> None:
    assert children(PARENT_OF, link(ASHA, BELLA, "carer", at=days(-9))) == [BELLA]


def test_a_link_entered_in_error_is_withdrawn() -> None:
    withdrawal = link(ASHA, BELLA, at=days(-9), status="entered_in_error")
    assert children(withdrawal, PARENT_OF) == []
    assert children(PARENT_OF, link(BELLA, ASHA, "unknown", at=days(-9), status="cancelled")) == []
    of_another = link(ASHA, BELLA, at=days(-9), status="cancelled", event={"publisher": "other"})
    assert children(PARENT_OF, of_another) == [BELLA]
    of_carer = link(ASHA, BELLA, "carer", at=days(-9), status="cancelled")
    assert children(PARENT_OF, of_carer) == [BELLA]
    assert children(withdrawal, PARENT_OF, link(ASHA, BELLA, at=days(-8))) == [BELLA]


def test_a_pregnancy_is_no_child_yet() -> None:
    assert children(link(ASHA, "MAT-7781")) == []


@pytest.mark.parametrize("born", ["1999-12-31", "1989-12-31", "1850-01-01"])
def test_a_parent_less_than_ten_years_older_is_not_used_and_reported(born: str) -> None:
    child = registration(BELLA, date_of_birth=born)
    told = RegisterProblem(ASHA, ProblemKind.PARENT_TOO_YOUNG, "date_of_birth", BELLA)
    for events in (
        (MOTHER, child, PARENT_OF),
        (PARENT_OF, MOTHER, child),
        (PARENT_OF, child, MOTHER),
    ):
        assert children(*events) == []
        assert problems(*events) == [told]
    assert problems(MOTHER, PARENT_OF, registration(BELLA, date_of_birth="2000-01-01")) == []


def test_contradicting_links_are_not_used_and_reported_once() -> None:
    turned = link(BELLA, ASHA, "parent")
    one, other = sorted([ASHA, BELLA])
    assert children(PARENT_OF, turned) == []
    told = RegisterProblem(one, ProblemKind.CONTRADICTORY, "is", other)
    assert problems(PARENT_OF, turned) == [told]


@pytest.mark.parametrize(
    ("bad", "about", "kind", "field"),
    [
        (link(ASHA, ASHA), ASHA, ProblemKind.LINK_TO_ONESELF, "to"),
        (link(ASHA, f"{ASHA[:3]} {ASHA[3:]}"), ASHA, ProblemKind.LINK_TO_ONESELF, "to"),
        (link(ASHA, None), ASHA, ProblemKind.LINK_END_UNUSABLE, "to"),
        (link(None, BELLA), BELLA, ProblemKind.LINK_END_UNUSABLE, "from"),
        (
            link(None, None, event={"id": "e|1"}),
            "urn:fieldfare:source:registration|e|1",
            ProblemKind.LINK_END_UNUSABLE,
            "from",
        ),
    ],
)
def test_a_link_that_cannot_be_is_refused_and_reported(
    bad: ToldEvent, about: str, kind: ProblemKind, field: str
) -> None:
    applied = Register().apply(bad)
    assert (applied.rows, applied.affected) == ((), frozenset())
    assert applied.problems == (RegisterProblem(about, kind, field),)


def test_a_link_that_does_not_say_what_it_is_is_reported() -> None:
    told = RegisterProblem(ASHA, ProblemKind.LINK_UNKNOWN, "is", BELLA)
    assert problems(link(ASHA, BELLA, "unknown")) == [told]
