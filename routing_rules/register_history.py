"""How often somebody came to an emergency department, and whether a rule has fired for them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from routing_rules.known import Firing, Known
from routing_rules.register_people import is_theirs


def attendances_within(known: Known, nhs_number: str, at: datetime, days: int) -> int:
    """How many unplanned attendances a person had in so many days up to a time (aware).

    Across sites, with one at that very time, each occurrence once; without those that were
    cancelled, planned follow-ups and confirmed arrivals of onward referrals (rules, "Semantics").
    """
    since = at - timedelta(days=days)
    attended = {
        row.occurrence_id
        for row in known.attendances.get(nhs_number, ())
        if row.counts and since < row.arrived_at <= at and is_theirs(known, nhs_number, row)
    }
    return len(attended)


def has_fired_before(earlier: Iterable[Firing], firing: Firing, *, days: int) -> bool:
    """Whether this firing's rule fired for its person in so many days up to it.

    `earlier` are what is known of that person. What it did in the same occurrence is left aside:
    deciding that again must fire again.
    """
    since = firing.occurred_at - timedelta(days=days)
    return any(
        row.rule == firing.rule
        and row.occurrence_id != firing.occurrence_id
        and since < row.occurred_at <= firing.occurred_at
        for row in earlier
    )
