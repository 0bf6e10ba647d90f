"""Children whom an event names without a number, and whom the register knows by their parents."""

from collections.abc import Iterable, Iterator, Sequence

from routing_rules.humans import Token, named_as
from routing_rules.register_family import Child
from routing_rules.register_people import RegisteredPerson
from schemas.person import Person


def named_without_number(
    people: Sequence[Person], children: Iterable[Child]
) -> Iterator[tuple[int, RegisteredPerson]]:
    """The places of people who are such a child, by full name and date of birth, and its record.

    `children` are those of people in the event. Where two of them are called and born the same,
    nobody can tell which is meant, so neither is.
    """
    records: dict[Token, list[RegisteredPerson]] = {}
    for child in children:
        known = child.registered
        token = named_as(known.name, known.date_of_birth) if known else None
        if known is not None and token is not None:
            records.setdefault(token, []).append(known)
    for place, person in enumerate(people):
        token = named_as(person.name, person.date_of_birth) if not person.nhs_number else None
        same = records.get(token, []) if token else []
        if len(same) == 1:
            yield place, same[0]
