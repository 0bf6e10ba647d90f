"""The places of the synthetic county, as its rulebook's directory lists them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from routing_rules.directory import Directory, Team, holds_on
from routing_rules.rulebook import Rulebook
from schemas.values import Family, Service

_SITE = "site:"


@dataclass(frozen=True, slots=True)
class School:
    """A school: its URN, if it has one, and its kind."""

    urn: str | None
    type: str


@dataclass(frozen=True, slots=True)
class District:
    """A home district, its practices and schools, and who cares for those who live there."""

    code: str
    practices: tuple[str, ...]
    schools: tuple[School, ...]
    organisations: Mapping[Service, str]
    """The organisation of each service's team for the district."""
    health_visitors: str | None = None
    """The district's health-visiting team."""


@dataclass(frozen=True, slots=True)
class Site:
    """A hospital's emergency department or minor injuries unit, and the publisher it sends by."""

    code: str
    publisher: str
    department: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where the county's people live and where things happen; never empty."""

    districts: tuple[District, ...]
    sites: tuple[Site, ...]
    police: str
    """The publisher of police notifications."""
    marac: str
    """The publisher of conference outcomes."""
    registration: str | None = None
    """The publisher of registrations and family links, if there is one."""
    maternity: Mapping[str, str] = field(default_factory=dict)
    """The publisher of each provider that maternity bookings come from."""
    social_care: str | None = None
    """The publisher of children's social care, if there is one."""
    community: Mapping[str, str] = field(default_factory=dict)
    """By what a service of the community publishes (`sexual-health`): its publisher."""
    former_district: str | None = None
    """A neighbouring district, from which families move into the county."""

    def topics(self) -> Mapping[str, str]:
        """The family of events of every publisher that the county has."""
        one_each = {self.police: Family.POLICE, self.marac: Family.MARAC}
        if self.registration is not None:
            one_each[self.registration] = Family.REGISTRATION
        if self.social_care is not None:
            one_each[self.social_care] = Family.SOCIAL_CARE
        return {
            **{site.publisher: Family.EMERGENCY.value for site in self.sites},
            **dict.fromkeys(self.maternity.values(), Family.MATERNITY.value),
            **dict.fromkeys(self.community.values(), Family.COMMUNITY.value),
            **{publisher: family.value for publisher, family in one_each.items()},
        }


def places_of(rulebook: Rulebook, on: date) -> Places:
    """The places of a rulebook's county on a day, in a fixed order.

    Raises `LookupError` if the rulebook lacks a publisher, or a district its practices: such a
    county cannot be simulated.
    """
    publishers = {family: _publishers(rulebook, family) for family in Family}
    directory = rulebook.directory
    places = Places(
        districts=tuple(
            _district(directory, code, on) for code in sorted(rulebook.settings.county)
        ),
        sites=tuple(_sites(directory, publishers[Family.EMERGENCY], on)),
        police=_first(publishers[Family.POLICE], "publisher of police events"),
        marac=_first(publishers[Family.MARAC], "publisher of MARAC outcomes"),
        registration=next(iter(publishers[Family.REGISTRATION]), None),
        maternity={_provider(each): each for each in publishers[Family.MATERNITY]},
        social_care=next(iter(publishers[Family.SOCIAL_CARE]), None),
        community={each.partition("-")[2]: each for each in publishers[Family.COMMUNITY]},
        former_district=next(iter(sorted(rulebook.settings.neighbours)), None),
    )
    _first(places.sites, "publisher of emergency attendances")
    for district in places.districts:
        _first(district.practices, f"practice in {district.code}")
    return places


def _provider(publisher: str) -> str:
    """The organisation that `rje-maternity` publishes for."""
    return publisher.partition("-")[0].upper()


def _publishers(rulebook: Rulebook, family: Family) -> tuple[str, ...]:
    sources = rulebook.settings.sources
    return tuple(source.publisher for source in sources if source.family is family)


def _district(directory: Directory, code: str, on: date) -> District:
    practices = (entry for known in directory.practices.values() for entry in known)
    schools = (entry for known in directory.schools.values() for entry in known)
    found = {service: directory.team_of_district(service, code, on) for service in Service}
    teams = {service: team for service, team in found.items() if isinstance(team, Team)}
    visitors = teams.get(Service.HEALTH_VISITING)
    return District(
        code=code,
        practices=tuple(
            sorted(each.code for each in practices if each.district == code and holds_on(each, on))
        ),
        schools=tuple(
            School(each.urn, each.type.value)
            for each in sorted(schools, key=lambda school: school.urn)
            if each.district == code and holds_on(each, on)
        ),
        organisations={service: team.organisation for service, team in teams.items()},
        health_visitors=visitors.recipient if visitors else None,
    )


def _sites(directory: Directory, publishers: Iterable[str], on: date) -> Iterable[Site]:
    """The sites that publish: a site's publisher is named as it is, in small letters."""
    known = {
        serves.removeprefix(_SITE)
        for (service, serves), teams in directory.served.items()
        if service is Service.EMERGENCY and any(holds_on(team, on) for team in teams)
    }
    for code in sorted(known):
        if code.lower() in set(publishers):
            yield Site(code, code.lower(), "miu" if code.endswith("MIU") else "ed")


def _first(found: tuple[object, ...], what: str) -> str:
    if not found:
        raise LookupError(f"the rulebook has no {what}")
    return str(found[0])
