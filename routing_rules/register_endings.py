"""The rows of births, of pregnancies that ended, and of changes of identity."""

from datetime import UTC, datetime
from uuid import UUID

from routing_rules.humans import usable_nhs_number
from routing_rules.known import Ending, Identity, Newborn
from routing_rules.register_problems import ProblemKind, RegisterProblem
from routing_rules.register_rows import RegisterEvent, event_name, told_by
from schemas.maternity import Baby, Birth, PregnancyEnded
from schemas.registration import IdentityChange
from schemas.values import (
    EventStatus,
    IdentityReason,
    PersonStatus,
    PregnancyOutcome,
)

_GONE = (EventStatus.CANCELLED, EventStatus.ENTERED_IN_ERROR)


def ending_of(
    occurrence_id: UUID, publisher: str, told: Birth | PregnancyEnded, ended_at: datetime
) -> Ending:
    """The row of a birth or an end as all its events tell it; `ended_at` is aware.

    A mother who was entered in error says nothing about whose the pregnancy was.
    """
    mother = told.mother
    if mother is not None and mother.status is PersonStatus.ENTERED_IN_ERROR:
        mother = None
    return Ending(
        occurrence_id=occurrence_id,
        publisher=publisher,
        pregnancy_id=told.pregnancy_id or (mother.pregnancy_id if mother else None),
        mother=mother.nhs_number if mother else None,
        ended_at=ended_at.astimezone(UTC),
        outcome=PregnancyOutcome.BIRTH if isinstance(told, Birth) else told.outcome,
        babies=_babies(told.babies) if isinstance(told, Birth) else (),
        stands=told.status not in _GONE,
        verified=mother is None or usable_nhs_number(mother) is not None,
        date_of_birth=mother.date_of_birth if mother else None,
    )


def identity_of(event: RegisterEvent, data: IdentityChange) -> Identity | RegisterProblem:
    """The row of a change of identity, if it says from what to what; one withdrawn need not.

    Of a protected one only the number is kept from which nothing may lead.
    """
    from_, told = data.from_, told_by(event, data.status)
    if from_ is None:
        return RegisterProblem(event_name(event), ProblemKind.IDENTITY_UNUSABLE, "from")
    if not told.withdraws:
        if data.reason is IdentityReason.UNKNOWN:
            return RegisterProblem(from_, ProblemKind.IDENTITY_UNUSABLE, "reason")
        if data.lacks_an_end:
            return RegisterProblem(from_, ProblemKind.IDENTITY_UNUSABLE, "to")
        if data.to == from_ and data.reason is not IdentityReason.PROTECTED:
            return RegisterProblem(from_, ProblemKind.IDENTITY_OF_ONESELF, "to")
    recorded_at = (data.recorded_at or event.time).astimezone(UTC)
    is_protected = data.reason is IdentityReason.PROTECTED
    return Identity(from_, None if is_protected else data.to, data.reason, recorded_at, told)


def _babies(babies: tuple[Baby, ...]) -> tuple[Newborn, ...]:
    """Those who were born, in order; one without an order has its place in the list."""
    standing = [each for each in babies if each.status is not PersonStatus.ENTERED_IN_ERROR]
    orders = [baby.order or place for place, baby in enumerate(standing, start=1)]
    if len({*orders}) < len(orders):
        orders = [*range(1, len(standing) + 1)]
    return tuple(
        Newborn(
            order=order,
            outcome=baby.outcome,
            nhs_number=usable_nhs_number(baby),
            name=baby.name,
            date_of_birth=baby.date_of_birth,
        )
        for order, baby in zip(orders, standing, strict=True)
    )
