"""Identification: a named person has traced who somebody in an occurrence is.

The publisher knew a person only by what was said to them. Whoever traces the NHS number adds it to
the case; the publisher's event stays as it arrived.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from routing_rules.humans import usable_nhs_number
from routing_rules.subjects import people_of, with_people
from schemas.events import AnyEventData
from schemas.person import Person
from schemas.values import NhsNumberStatus


@dataclass(frozen=True, slots=True)
class Identification:
    """The traced NHS number and date of birth of the person with this ref."""

    ref: str
    nhs_number: str
    date_of_birth: date


def identified(data: AnyEventData, told: Iterable[Identification]) -> AnyEventData:
    """The data with everybody who was traced; of one person the last telling counts.

    A number that the publisher has checked stands. A ref that the events do not name stays without
    effect, until one does.
    """
    by_ref = {each.ref: each for each in told}
    if not by_ref:
        return data
    people = [_identified(person, by_ref.get(person.ref)) for person in people_of(data)]
    return with_people(data, people)


def _identified(person: Person, traced: Identification | None) -> Person:
    if traced is None or usable_nhs_number(person) is not None:
        return person
    return person.model_copy(
        update={
            "nhs_number": traced.nhs_number,
            "nhs_number_status": NhsNumberStatus.TRACED,
            "date_of_birth": traced.date_of_birth,
        }
    )
