"""Places: the values of what the directory is asked with, and the teams that it answers with.

A proof must look at every home district, booked provider, practice, school and hospital that makes
a difference in any of its directories, and at one of each kind that none of them lists. Everything
is as on one day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from routing_rules.directory import Directory, Team, holds_on
from routing_rules.document import Place
from routing_rules.no_team import NoTeam, NoTeamReason
from routing_rules.recipients import TRUSTS
from routing_rules.rulebook import Rulebook
from schemas.values import SchoolType, Service

UNLISTED_DISTRICT = "E99999999"
UNLISTED_PROVIDER = "ZZZ"
UNLISTED_PRACTICE = "Y99999"
UNLISTED_SCHOOL = "999999"
UNLISTED_SITE = "UNLISTED-SITE"
"""Codes that stand for all codes that no directory knows."""


class Asked(StrEnum):
    """The dimensions of a proof that the directory is asked with."""

    DISTRICT = "home district"
    PROVIDER = "booked provider"
    PRACTICE = "registered practice"
    SCHOOL = "school attended"
    SITE = "attending hospital"


DIMENSION_OF = {
    Place.BOOKED_PROVIDER: Asked.PROVIDER,
    Place.REGISTERED_PRACTICE: Asked.PRACTICE,
    Place.HOME_DISTRICT: Asked.DISTRICT,
    Place.FAMILY_NURSES: Asked.DISTRICT,
    Place.SCHOOL: Asked.SCHOOL,
    Place.ATTENDING_HOSPITAL: Asked.SITE,
    **dict.fromkeys(TRUSTS, Asked.DISTRICT),
}
"""Which dimension decides the team of a place; all others have one answer everywhere."""


@dataclass(frozen=True, slots=True)
class Pupil:
    """A school as an event can tell it: which one (None: not known), and of what kind."""

    urn: str | None
    claimed: SchoolType


@dataclass(frozen=True, slots=True)
class Places:
    """The values of each dimension, in order; None where it is not known, or there is none."""

    districts: tuple[str | None, ...]
    providers: tuple[str | None, ...]
    practices: tuple[str | None, ...]
    schools: tuple[Pupil, ...]
    sites: tuple[str | None, ...]

    def size(self, asked: Asked) -> int:
        """How many values a dimension has."""
        sizes = {
            Asked.DISTRICT: self.districts,
            Asked.PROVIDER: self.providers,
            Asked.PRACTICE: self.practices,
            Asked.SCHOOL: self.schools,
            Asked.SITE: self.sites,
        }
        return len(sizes[asked])


def places_of(rulebooks: Sequence[Rulebook], on: date, *, with_sites: bool) -> Places:
    """The places that these rulebooks tell apart on a day; only attendances have a site."""
    districts = {code for each in rulebooks for code in each.settings.districts}
    sites = {code for each in rulebooks for code in _served(each.directory, "site:", on)}
    return Places(
        districts=(*sorted(districts), UNLISTED_DISTRICT, None),
        providers=(*_providers(rulebooks, on), UNLISTED_PROVIDER, None),
        practices=tuple(_practices(rulebooks, on)),
        schools=tuple(_schools(rulebooks, on)),
        sites=(*sorted(sites), UNLISTED_SITE, None) if with_sites else (None,),
    )


def _providers(rulebooks: Sequence[Rulebook], on: date) -> list[str]:
    directories = [each.directory for each in rulebooks]
    listed = {code for each in directories for code in each.organisations}
    return sorted(listed | {c for each in directories for c in _served(each, "organisation:", on)})


def _served(directory: Directory, kind: str, on: date) -> Iterator[str]:
    """The codes of one kind that some team serves on a day."""
    for (_, serves), teams in directory.served.items():
        if serves.startswith(kind) and any(holds_on(team, on) for team in teams):
            yield serves.removeprefix(kind)


def _practices(rulebooks: Sequence[Rulebook], on: date) -> Iterable[str | None]:
    """One practice of each kind: which of the directories list it."""
    codes = sorted({code for each in rulebooks for code in each.directory.practices})
    kinds: dict[tuple[bool, ...], str | None] = {}
    for code in (*codes, UNLISTED_PRACTICE):
        listed = tuple(isinstance(r.directory.practice(code, on), Team) for r in rulebooks)
        kinds.setdefault(listed, code)
    return (*kinds.values(), None)


def _schools(rulebooks: Sequence[Rulebook], on: date) -> Iterable[Pupil]:
    """One school of each district and kind, and each kind that can be told of an unlisted one."""
    urns = sorted({urn for each in rulebooks for urn in each.directory.schools})
    kinds: dict[tuple[object, ...], Pupil] = {}
    for urn in (*urns, UNLISTED_SCHOOL, None):
        for claimed in SchoolType:
            pupil = Pupil(urn, claimed)
            kind = tuple(_kind_of_school(each.directory, pupil, on) for each in rulebooks)
            kinds.setdefault(kind, pupil)
    return kinds.values()


def _kind_of_school(directory: Directory, pupil: Pupil, on: date) -> tuple[object, ...]:
    listed = directory.school(pupil.urn, on)
    if listed is not None:
        return (listed.district, listed.type)
    return (pupil.urn is None, pupil.claimed)


def school_type(directory: Directory, pupil: Pupil, on: date) -> SchoolType:
    """The kind of school as rules see it: as listed, else as told."""
    listed = directory.school(pupil.urn, on)
    return pupil.claimed if listed is None else listed.type


Found = Team | NoTeam
Asking = Mapping[Asked, frozenset[int]]
"""For each dimension that matters, the numbers of the values with which it was asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the directory answers when it is asked with any of these values.

    `or_else`: what it is asked with is no dimension, so it may be any of these teams, or none.
    """

    found: Found
    asking: Asking
    or_else: tuple[Team, ...] = ()


def answers(
    service: Service, place: Place, directory: Directory, places: Places, on: date
) -> tuple[Answer, ...]:
    """Everything that the directory can answer for a service and a place, on a day."""
    if place not in DIMENSION_OF:
        return _everywhere(service, place, directory, on)
    if place is Place.HOME_DISTRICT:
        return _of_districts(service, directory, places, on)
    found = _of_each(service, place, directory, places, on)
    return tuple(
        Answer(one, {DIMENSION_OF[place]: numbers}) for one, numbers in _alike(found).items()
    )


def _of_each(
    service: Service, place: Place, directory: Directory, places: Places, on: date
) -> list[Found]:
    """The answer for each value of the dimension that decides."""
    match place:
        case Place.BOOKED_PROVIDER:
            return [directory.team_of_organisation(service, code, on) for code in places.providers]
        case Place.REGISTERED_PRACTICE:
            return [directory.practice(code, on) for code in places.practices]
        case Place.FAMILY_NURSES:
            return [directory.first_visitors(service, d, on) for d in places.districts]
        case Place.SCHOOL:
            return [directory.team_of_school(service, each.urn, on) for each in places.schools]
        case Place.ATTENDING_HOSPITAL:
            return [directory.team_of_site(service, code, on) for code in places.sites]
        case _:
            provides = TRUSTS[place]
            return [directory.team_of_trust(service, provides, d, on) for d in places.districts]


def _everywhere(
    service: Service, place: Place, directory: Directory, on: date
) -> tuple[Answer, ...]:
    """The one answer of the county, each of all hospitals, or that of what an event alone tells."""
    if place is Place.COUNTY:
        return (Answer(directory.county_team(service, on), {}),)
    if place is not Place.EVERY_HOSPITAL:
        return (unresolved(service, directory, on),)
    teams = directory.teams_everywhere(service, on)
    none = Answer(NoTeam(NoTeamReason.COUNTY_NOT_SERVED, service), {})
    return tuple(Answer(team, {}) for team in teams) or (none,)


def unresolved(service: Service, directory: Directory, on: date) -> Answer:
    """Some team of a service, or none: nothing may rest on its being told, nor on its not being."""
    teams = directory.teams_everywhere(service, on)
    return Answer(NoTeam(NoTeamReason.PROVIDER_UNKNOWN, service), {}, teams)


def of_home_alone(
    service: Service, directory: Directory, places: Places, on: date
) -> tuple[Answer, ...]:
    """By home district, whatever the kind of school: as for pupils of independent schools."""
    unknown = SchoolType.UNKNOWN
    found = [
        directory.team_of_district(service, code, on, school_type=unknown)
        for code in places.districts
    ]
    return tuple(Answer(one, {Asked.DISTRICT: numbers}) for one, numbers in _alike(found).items())


def _of_districts(
    service: Service, directory: Directory, places: Places, on: date
) -> tuple[Answer, ...]:
    """By home district; only for school nursing the kind of school decides as well."""
    if service is not Service.SCHOOL_NURSING:
        found = [directory.team_of_district(service, code, on) for code in places.districts]
        return tuple(
            Answer(one, {Asked.DISTRICT: numbers}) for one, numbers in _alike(found).items()
        )
    kinds = [school_type(directory, each, on) for each in places.schools]
    result: list[Answer] = []
    for number, code in enumerate(places.districts):
        by_kind = {
            kind: directory.team_of_district(service, code, on, school_type=kind)
            for kind in SchoolType
        }
        own = frozenset({number})
        result += [
            Answer(one, {Asked.DISTRICT: own, Asked.SCHOOL: numbers})
            for one, numbers in _alike([by_kind[kind] for kind in kinds]).items()
        ]
    return tuple(result)


def _alike(found: Sequence[Found]) -> Mapping[Found, frozenset[int]]:
    """The numbers of equal answers together; two lines of one recipient are one answer."""
    first: dict[object, Found] = {}
    numbers: dict[Found, set[int]] = {}
    for number, one in enumerate(found):
        name = one.recipient if isinstance(one, Team) else one
        numbers.setdefault(first.setdefault(name, one), set()).add(number)
    return {one: frozenset(of) for one, of in numbers.items()}
