"""When an occurrence is to be looked at again though nobody tells anything new of it."""

from datetime import datetime

from routing_rules.facts import Facts
from routing_rules.onward_arrivals import wait_for_arrival
from routing_rules.rulebook import Rulebook
from schemas.events import EmergencyAttendance
from schemas.onward_referral import OnwardReferral


def look_again_at(facts: Facts, rulebook: Rulebook) -> datetime | None:
    """When what waits for a departure, or an arrival, waits no longer (UTC), if it waits at all."""
    data = facts.data
    if isinstance(data, OnwardReferral):
        wait = wait_for_arrival(data, facts.occurred_at, facts.known, rulebook.settings)
        return wait.look_again_at(str(facts.event["arrival"]))
    if not isinstance(data, EmergencyAttendance) or data.arrived_at is None:
        return None
    if facts.event["departure"] != "awaited":
        return None
    return data.arrived_at + rulebook.settings.departure_overdue_after
