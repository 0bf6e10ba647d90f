"""An invitation that names teams itself: its footing tells whom the whole decision tells."""

import pytest
from pydantic_core import to_json

from routing_rules.explain import Casebook
from routing_rules.footing_reading import read_footing
from routing_rules.footing_replay import (
    FootedHistory,
    FootedPoint,
    standing_by_footings,
    tellings_of,
)
from routing_rules.footing_telling import Teller
from routing_rules.replaying import telling_of_owed
from schemas.values import EventType
from tests.builders import NOW, a_person, an_event, at_home, staffordshire

CHILD = a_person(
    "child_elsewhere",
    ref="child",
    number=3,
    date_of_birth="2023-02-02",
    maternity_provider="RJE",
    **at_home(),
)
BROTHER = a_person(
    "sibling", ref="brother", number=4, date_of_birth="2022-02-02", **at_home(practice="Y90016")
)
NAMED = [
    ("health_visiting", "R1E:health-visiting:E07000194", "awaited"),
    ("midwifery", "RJF:midwifery", "attending"),
    ("midwifery", "R9Z:midwifery", "awaited"),
    ("gp", "Y90016:gp", "awaited"),
    ("gp", "Y99999:gp", "unknown"),
]


@pytest.mark.parametrize("named", [NAMED[n : n + 2] for n in range(len(NAMED))])
@pytest.mark.parametrize("people", [[CHILD], [CHILD, BROTHER]])
def test_whoever_is_named_is_told_by_the_footing_as_well(
    named: list[tuple[str, str, str]], people: list[dict[str, object]]
) -> None:
    invitees = [
        {"service": service, "recipient": name, "answer": said} for service, name, said in named
    ]
    data = {"conference_id": "C-1", "conference": "initial", "invitees": invitees}
    event = an_event(EventType.CONFERENCE_INVITATION, {**data, "people": people}, time=NOW)

    outcome = Casebook(staffordshire()).receive(event, NOW)

    assert outcome is not None
    footing = read_footing(to_json(outcome.footing))
    assert footing is not None
    assert len(footing.invited) == len(named)
    occurrence_id = outcome.changes[0].held.duty_id
    points = (FootedPoint(footing, is_late=False),)
    history = FootedHistory(occurrence_id, event.type, points, frozenset())
    stands = standing_by_footings(history, Teller(staffordshire()))
    assert stands is not None
    assert set(tellings_of(stands)) == set(map(telling_of_owed, outcome.decision.duties))
