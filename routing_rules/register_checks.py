"""Everything in the register about one person that cannot stand."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from routing_rules.known import Known
from routing_rules.register_bookings import booking_problems
from routing_rules.register_family import parenthoods
from routing_rules.register_fold import has_unconfirmed
from routing_rules.register_people import person_as_at
from routing_rules.register_pregnancies import has_unclear_loss
from routing_rules.register_problems import ProblemKind, RegisterProblem

_EVER = datetime.max.replace(tzinfo=UTC)


def problems_of(known: Known, nhs_numbers: Iterable[str]) -> frozenset[RegisterProblem]:
    """What cannot stand of all that is known about these people, whatever came in first.

    A contradiction that a later record has settled is none any more.
    """
    return frozenset(
        problem for nhs_number in nhs_numbers for problem in _problems_of(known, nhs_number)
    )


def _problems_of(known: Known, nhs_number: str) -> Iterator[RegisterProblem]:
    rows = known.registrations.get(nhs_number, ())
    person = person_as_at(known, nhs_number, _EVER) if len(rows) > 1 else None
    for field in person.contradicted if person else ():
        yield RegisterProblem(nhs_number, ProblemKind.CONTRADICTORY, field)
    if has_unconfirmed(rows):
        yield RegisterProblem(nhs_number, ProblemKind.UNVERIFIED, "person.nhs_number")
    for tie in parenthoods(known, nhs_number):
        if isinstance(tie, RegisterProblem):
            yield tie
    yield from booking_problems(known, nhs_number)
    if has_unclear_loss(known, nhs_number):
        yield RegisterProblem(nhs_number, ProblemKind.WHOSE_LOSS, "outcome")
