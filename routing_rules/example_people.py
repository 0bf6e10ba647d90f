"""The people of an example event: the one that it is about, and whoever must stand beside them.

Everything is synthetic: NHS numbers begin 999, postcodes ZZ99, and nobody has a real name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from routing_rules.cases_data import number_for
from routing_rules.example_pathways import OF_ALL_ALIKE, outcome_of
from routing_rules.example_times import Moments, Unbuildable
from routing_rules.gap_point import Point
from routing_rules.promises import PERPETRATOR_NAMED
from schemas.values import Role

ABOUT = "p1"
"""The ref of whom an example is about."""
PATIENT = "patient"
OTHER_REF = "p1-as-"
"""How the other refs of the same human begin: they are told about under one of them."""
_COUNTED = "attendances in "
_FULL = {"given": "Alex", "family": "Example"}
_NO_NAME = {"given": "Mum"}
_BYSTANDER = {"sex": "male", "pregnant": "no"}
_TRACED = {"nhs_number": number_for("patient"), "nhs_number_status": "verified"}
_ACCOMPANYING = frozenset({Role.ACCOMPANYING_ADULT.value, Role.PARENT.value})

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of an example by what the events need of them.

    `registered` is what the register must know of the one whom it is about, None if nothing;
    `parents` are the NHS numbers of those in the event who are its parents there.
    """

    people: tuple[Plain, ...]
    number: str | None
    registered: Plain | None
    parents: tuple[str, ...]


def role_code(word: str) -> str:
    """A role as it travels."""
    return word.replace(" ", "_")


def cast_of(point: Point, moments: Moments) -> Cast:
    """The people that make an event be as the point says.

    Raises:
        Unbuildable: no people can.
    """
    number = _number(point, moments)
    person = _person(point, moments, number)
    parents = point.flags("parent's role")
    registered = None
    if parents:
        registered = {**person, "nhs_number_status": "verified"}
    elif point.flags("flags"):
        registered = {key: person[key] for key in _IDENTITY if key in person}
    own = [] if parents else [person]
    others = [*_other_refs(point, person), *_parents(parents)]
    people = [*own, *others]
    people += _bystanders(point, people)
    numbers = tuple(number_for(f"parent {role_code(role)}") for role in parents)
    return Cast(tuple(people), number, registered, numbers)


_IDENTITY = ("ref", "role", "nhs_number", "nhs_number_status", "date_of_birth")


def _number(point: Point, moments: Moments) -> str | None:
    """The NHS number, if they need one: trusted only where attendances can be counted."""
    needed = bool(point.flags("flags")) or _has_other_refs(point)
    if point.flags("flags") and not (is_counted(point) or _is_registered_child(point)):
        raise Unbuildable("the register flags, by name alone, only children whom it knows as such")
    if is_counted(point) or point.flags("parent's role"):
        return number_for("example")
    if needed and moments.born is None and not _is_registered_child(point):
        raise Unbuildable("without a trusted NHS number and an age nobody can be matched")
    return number_for("example") if needed else None


def is_counted(point: Point) -> bool:
    """Whether it is known how often they attended (no count at all: they may have a number)."""
    windows = [name for name in point.space.numbers if name.startswith(_COUNTED)]
    return not windows or any(point.number(name) is not None for name in windows)


def _is_registered_child(point: Point) -> bool:
    return point.word("role") == "child known to register"


def _has_other_refs(point: Point) -> bool:
    return any(True for _ in _other_roles(point))


def _other_roles(point: Point) -> Iterator[Role]:
    role = point.word("role")
    if point.word("also victim") == "yes" and role != "victim":
        yield Role.VICTIM
    if point.word("also alleged perpetrator") == "yes" and role != "alleged perpetrator":
        yield Role.ALLEGED_PERPETRATOR


def _other_refs(point: Point, person: Mapping[str, Any]) -> list[Plain]:
    same = {key: person[key] for key in _IDENTITY if key in person}
    if point.flags("parent's role"):
        # whom an event names by a number is not added, but a name and a birthday tell as much
        same = {key: person[key] for key in ("name", "date_of_birth") if key in person}
        if len(same) < 2 and _has_other_refs(point):
            raise Unbuildable("without an age nobody can be matched by their name")
    return [{**same, "ref": OTHER_REF + role, "role": role.value} for role in _other_roles(point)]


def _parents(roles: tuple[str, ...]) -> list[Plain]:
    return [_parent(role_code(role)) for role in roles]


def _parent(role: str) -> Plain:
    return {
        "ref": PATIENT if role == Role.PATIENT else f"parent-{role}",
        "role": role,
        "nhs_number": number_for(f"parent {role}"),
        "nhs_number_status": "verified",
        **_BYSTANDER,
    }


def _person(point: Point, moments: Moments, number: str | None) -> Plain:
    role = role_code(point.word("role"))
    person: Plain = {"ref": PATIENT if role == Role.PATIENT else ABOUT, "role": role}
    if number is not None:
        is_trusted = is_counted(point) or _is_registered_child(point)
        person |= {
            "nhs_number": number,
            "nhs_number_status": "verified" if is_trusted else "unverified",
        }
    person["name"] = _NO_NAME if _is_not_named(point) else _FULL
    if moments.born is not None:
        person["date_of_birth"] = moments.born.isoformat()
    for name in ("pregnant", "sex"):
        if point.word(name) != "unknown":
            person[name] = point.word(name)
    return person | _whereabouts(point) | outcome_of(point)


def _is_not_named(point: Point) -> bool:
    came_along = role_code(point.word("role")) in _ACCOMPANYING
    return (
        came_along
        and point.has("accompanying adult")
        and point.word("accompanying adult") == "not named"
    )


def _whereabouts(point: Point) -> Plain:
    """Home, practice, booking and school, as the directory will be asked with them."""
    told: Plain = {}
    if point.district is not None:
        address = {"lines": ["1 Test Road"], "postcode": "ZZ99 3CZ", "district": point.district}
        told["address"] = address
    if point.word("address restricted") != "unknown":
        told["address_restricted"] = point.word("address restricted") == "yes"
    if point.practice is not None:
        told["gp_practice"] = point.practice
    if point.provider is not None:
        told["maternity_provider"] = point.provider
    pupil = point.pupil
    if pupil.urn is not None or pupil.claimed != "unknown":
        told["school"] = {"type": pupil.claimed.value} | ({"urn": pupil.urn} if pupil.urn else {})
    return told


def _bystanders(point: Point, people: list[Plain]) -> Iterator[Plain]:
    """The patient, an alleged perpetrator and an accompanying adult, where they must be there."""
    roles = {person["role"] for person in people}
    if point.space.type not in OF_ALL_ALIKE and Role.PATIENT.value not in roles:
        traced = _TRACED if point.has("arrival") else {}
        yield {"ref": PATIENT, "role": Role.PATIENT.value, **traced, **_BYSTANDER}
    named = point.has(PERPETRATOR_NAMED) and point.word(PERPETRATOR_NAMED) == "yes"
    if named and Role.ALLEGED_PERPETRATOR.value not in roles:
        yield {"ref": "p8", "role": Role.ALLEGED_PERPETRATOR.value, **_BYSTANDER}
    if not point.has("accompanying adult"):
        return
    with_adult = point.word("accompanying adult")
    if with_adult != "not recorded" and not roles & _ACCOMPANYING:
        name = _FULL if with_adult == "named" else _NO_NAME
        role = Role.ACCOMPANYING_ADULT.value
        yield {"ref": "p9", "role": role, "name": {**name, "family": "Bystander"}, **_BYSTANDER}
    elif with_adult == "named":
        for person in people:
            if person["role"] in _ACCOMPANYING:
                person.setdefault("name", {"given": "Robin", "family": "Bystander"})
