"""Plans that were made for a child before its birth."""

from datetime import datetime

from routing_rules.known import Known
from routing_rules.register_people import active_flags, person_as_at
from routing_rules.register_pregnancies import births_of
from routing_rules.working_time import LONDON
from schemas.registration import FlagKind, FlagState


def has_unborn_plan(known: Known, nhs_number: str, at: datetime) -> bool:
    """Whether a plan that was made for somebody before the birth still counts at a time (aware).

    It was registered of the mother, was active on the day of the birth, and nobody has recorded
    its end since, of her or of the child.
    """
    if _has_ended(known, nhs_number, at):
        return False
    return any(
        birth.mother is not None
        and birth.mother != nhs_number
        and (before := person_as_at(known, birth.mother, birth.ended_at)) is not None
        and FlagKind.UNBORN_PLAN in active_flags(before, birth.ended_at)
        and not _has_ended(known, birth.mother, at)
        for birth in births_of(known, nhs_number)
        if birth.ended_at.astimezone(LONDON).date() <= at.astimezone(LONDON).date()
    )


def _has_ended(known: Known, nhs_number: str, at: datetime) -> bool:
    person = person_as_at(known, nhs_number, at)
    plans = [f for f in person.flags if f.kind is FlagKind.UNBORN_PLAN] if person else []
    return bool(plans) and all(flag.state is FlagState.ENDED for flag in plans)
