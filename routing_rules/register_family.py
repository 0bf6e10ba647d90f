"""Who is whose child, as far as the register knows.

Parenthood is timeless: a link counts for what happened before it was recorded, until it ended.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from routing_rules.ages import ADULT_AGE, age_at
from routing_rules.known import Known, Link
from routing_rules.register_fold import is_taken_back, last_word
from routing_rules.register_people import RegisteredPerson, date_of_birth, person_as_at
from routing_rules.register_pregnancies import births_of, is_lost_baby
from routing_rules.register_problems import ProblemKind, RegisterProblem
from routing_rules.working_time import LONDON
from schemas.values import Relation

_YOUNGEST_PARENT = 10
_PARENTHOOD = frozenset({Relation.PARENT, Relation.CHILD})


@dataclass(frozen=True, slots=True)
class Child:
    """A child whom the register knows; `registered` is None if it knows no more than the link."""

    nhs_number: str
    registered: RegisteredPerson | None


@dataclass(frozen=True, slots=True)
class Parenthood:
    """One is the parent of the other, until `ended_at` (UTC) if that is given."""

    parent: str
    child: str
    ended_at: datetime | None = None


def children_of(known: Known, nhs_number: str, at: datetime) -> tuple[Child, ...]:
    """The children of a person at a time (aware), by NHS number.

    Under eighteen or of unknown age, born and not deceased before that day in London. Whom a
    birth tells of is hers from then on; a baby that was lost is nobody's child to be told about.
    """
    ties = (tie for tie in parenthoods(known, nhs_number) if isinstance(tie, Parenthood))
    numbers = sorted(
        tie.child
        for tie in ties
        if tie.parent == nhs_number and (tie.ended_at is None or at < tie.ended_at)
    )
    children = (Child(number, registered_or_born(known, number, at)) for number in numbers)
    return tuple(
        child
        for child in children
        if _is_a_child(child.registered, at)
        and not is_lost_baby(known, child.nhs_number)
        and _is_born(known, child.nhs_number, at)
    )


def is_of_parenthood(link: Link) -> bool:
    """Whether a link says that one end is the parent of the other."""
    return link.relation in _PARENTHOOD


def child_ends(link: Link) -> tuple[str, ...]:
    """The end that a link says is the child, if it is an NHS number."""
    if not is_of_parenthood(link):
        return ()
    child = _parenthood(link).child
    return (child,) if child in link.ends else ()


def parenthoods(known: Known, nhs_number: str) -> Iterator[Parenthood | RegisterProblem]:
    """Each parent and child of a person, ended or not, or why the link is not used."""
    for other, links in sorted(_by_other_end(known, nhs_number).items()):
        standing = standing_links(links)
        told = {_parenthood(link) for link in last_word(standing)} if standing else set()
        if len(told) > 1:
            yield _contradictory(nhs_number, other)
        for tie in told if len(told) == 1 else ():
            yield tie if _is_possible(known, tie) else _too_young(tie)
    yield from _by_birth(known, nhs_number)


def _by_birth(known: Known, nhs_number: str) -> Iterator[Parenthood]:
    """What births say; a link of the same two, ended or not, says more."""
    linked = {
        other
        for other, links in _by_other_end(known, nhs_number).items()
        if any(is_of_parenthood(link) for link in standing_links(links))
    }
    ties = {
        Parenthood(birth.mother, baby.nhs_number)
        for birth in births_of(known, nhs_number)
        if birth.mother is not None
        for baby in birth.babies
        if baby.nhs_number is not None
        and baby.nhs_number != birth.mother
        and nhs_number in (birth.mother, baby.nhs_number)
        and not {birth.mother, baby.nhs_number} & linked
    }
    yield from sorted(ties, key=lambda tie: (tie.parent, tie.child))


def registered_or_born(known: Known, nhs_number: str, at: datetime) -> RegisteredPerson | None:
    """What is registered of somebody at a time (aware), or else what their birth tells."""
    registered = person_as_at(known, nhs_number, at)
    if registered is not None:
        return registered
    for birth in births_of(known, nhs_number):
        for baby in birth.babies:
            if baby.nhs_number == nhs_number:
                born = baby.date_of_birth or birth.ended_at.astimezone(LONDON).date()
                return RegisteredPerson(nhs_number, name=baby.name, date_of_birth=born)
    return None


def _is_born(known: Known, nhs_number: str, at: datetime) -> bool:
    """Whether a child was born by the day of a time, as far as a birth says."""
    day = at.astimezone(LONDON).date()
    born = [birth.ended_at for birth in births_of(known, nhs_number) if birth.mother != nhs_number]
    return all(each.astimezone(LONDON).date() <= day for each in born)


def _by_other_end(known: Known, nhs_number: str) -> Mapping[str, Sequence[Link]]:
    """The links that speak of parent and child, or take something back, by the other end."""
    pairs: dict[str, list[Link]] = {}
    for link in known.links.get(nhs_number, ()):
        others = [end for end in link.ends if end != nhs_number]
        if others and (is_of_parenthood(link) or link.told.withdraws):
            pairs.setdefault(others[0], []).append(link)
    return pairs


def standing_links(links: Sequence[Link]) -> list[Link]:
    """The links that were not withdrawn; one that says nothing of the relation withdraws all."""
    gone = [
        link.told
        for link in links
        if link.told.withdraws and link.relation in {*_PARENTHOOD, Relation.UNKNOWN}
    ]
    return [
        link for link in links if not link.told.withdraws and not is_taken_back(link.told, gone)
    ]


def _parenthood(link: Link) -> Parenthood:
    if link.relation is Relation.PARENT:
        return Parenthood(link.from_, link.to, link.ended_at)
    return Parenthood(link.to, link.from_, link.ended_at)


def _is_possible(known: Known, tie: Parenthood) -> bool:
    """Whether the parent is old enough, as far as dates of birth are known."""
    parent = date_of_birth(known, tie.parent)
    child = date_of_birth(known, tie.child)
    if parent is None or child is None:
        return True
    age = age_at(parent, child)
    return age is not None and age >= _YOUNGEST_PARENT


def _contradictory(one: str, other: str) -> RegisterProblem:
    """The same, from whichever end it is seen."""
    return RegisterProblem(min(one, other), ProblemKind.CONTRADICTORY, "is", max(one, other))


def _too_young(tie: Parenthood) -> RegisterProblem:
    return RegisterProblem(tie.parent, ProblemKind.PARENT_TOO_YOUNG, "date_of_birth", tie.child)


def _is_a_child(registered: RegisteredPerson | None, at: datetime) -> bool:
    if registered is None:
        return True
    day = at.astimezone(LONDON).date()
    born, died = registered.date_of_birth, registered.deceased_on
    if (born and born > day) or (died and died < day):
        return False
    age = age_at(born, day)
    return age is None or age < ADULT_AGE
