"""Unborn children: who carries them, and those whose mother must never be told about."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from schemas.person import Person
from schemas.values import Pregnant, Role, Sex


class Carried(NamedTuple):
    """Who carries an unborn child, if that is known; and who may, in any case."""

    mother: Person | None
    may_carry: tuple[Person, ...]


def carried_by(unborn: Person, present: Sequence[Person], humans: Mapping[str, str]) -> Carried:
    """Who carries an unborn child of an event.

    The same pregnancy says so first, then a link with somebody pregnant (or possibly, or of whom
    nothing is known), then that only one person is pregnant, or possibly is. A link alone may be
    the father's, so it counts only where just one of those linked can be the mother. `humans` says
    which refs are one human (`humans_of`): a mother who stands there twice is one.
    """
    able = tuple(person for person in present if _can_carry(person))
    linked = [person for person in able if _are_linked(person, unborn)]
    for among in (
        [p for p in able if p.pregnancy_id and p.pregnancy_id == unborn.pregnancy_id],
        [p for p in linked if p.pregnant is Pregnant.YES],
        [p for p in linked if p.pregnant is Pregnant.POSSIBLE],
        linked,
        [p for p in able if p.pregnant is Pregnant.YES],
        [p for p in able if p.pregnant is Pregnant.POSSIBLE],
    ):
        if len({humans[person.ref] for person in among}) == 1:
            return Carried(among[0], able)
    return Carried(None, able)


def _can_carry(person: Person) -> bool:
    if person.role is Role.UNBORN or person.sex is Sex.MALE:
        return False
    return person.pregnant is not Pregnant.NO


def _are_linked(person: Person, unborn: Person) -> bool:
    return any(link.to == person.ref for link in unborn.relationships) or any(
        link.to == unborn.ref for link in person.relationships
    )


def unborn_of(mother: Person) -> Person:
    """The unborn child that nobody named, of somebody who is pregnant, or may be."""
    return Person.model_construct(
        ref=f"{mother.ref}/unborn",
        role=Role.UNBORN,
        pregnancy_id=mother.pregnancy_id,
        expected_due_date=mother.expected_due_date,
    )


def unborn_key(unborn: Person) -> str | None:
    """Pregnancy and order: what names an unborn child, where the pregnancy has an id."""
    if unborn.pregnancy_id is None:
        return None
    return f"unborn:{unborn.pregnancy_id}:{unborn.order or 1}"
