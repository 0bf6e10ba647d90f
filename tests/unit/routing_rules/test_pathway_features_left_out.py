"""What an event must name and does not is unknown, so that a rule can still name it."""

import pytest

from schemas.values import EventType
from tests.documented import PATHWAYS
from tests.unit.routing_rules.test_facts import gathered

UNKNOWN = frozenset({"unknown"})


@pytest.mark.parametrize(
    ("event", "left_out", "field"),
    [
        (EventType.MATERNITY_CONCERN, "concerns", "concerns"),
        (EventType.CONFERENCE_INVITATION, "invitees", "invited"),
        (EventType.MATERNITY_POSTNATAL_TRANSFER, "babies", "outcomes"),
    ],
)
def test_what_is_left_out_is_unknown(event: EventType, left_out: str, field: str) -> None:
    data = {**PATHWAYS[event]["data"], left_out: []}

    assert gathered(event, data).event[field] == UNKNOWN


def test_a_baby_entered_in_error_has_no_outcome() -> None:
    data = PATHWAYS[EventType.MATERNITY_POSTNATAL_TRANSFER]["data"]
    (baby,) = data["babies"]
    babies = [baby, {**baby, "ref": "twin", "outcome": "died", "status": "entered_in_error"}]

    told = gathered(EventType.MATERNITY_POSTNATAL_TRANSFER, {**data, "babies": babies})

    assert told.event["outcomes"] == frozenset({"live"})
