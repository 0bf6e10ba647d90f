"""The directory: which team serves whom, where and when; and, where none does, why not.

Every entry holds from `valid_from` to `valid_until`, both days included. Look-ups cost one
dictionary access; dates are days in Europe/London. Codes are compared as they are written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from routing_rules.no_team import NoTeam, NoTeamReason
from routing_rules.postcode_parts import parts_of
from routing_rules.service_hours import ServiceHours
from routing_rules.source_text import Position
from routing_rules.standing_handlers import Handlers, handler_of, handlers_anywhere
from schemas.values import Family, SchoolType, Service

COUNTY = "*"
COMMISSIONER = "commissioner"
"""Whom a team serves that reads, once a week, which gaps there were in what is commissioned."""
FAMILY_NURSE = "family-nurse"
"""Before a district: families there who have a family nurse instead of a health visitor."""
PRACTICES = "practices"
"""What stands for all practices where queues are named by organisation."""


class Dated(Protocol):
    """An entry that holds from one day to another, both included."""

    @property
    def valid_from(self) -> date:
        """The first day on which it holds."""
        ...

    @property
    def valid_until(self) -> date | None:
        """The last day on which it holds; None until further notice."""
        ...


@dataclass(frozen=True, slots=True)
class Team:
    """One line of the directory: a team, and one of those whom it serves.

    `serves` is a district's ONS code, `family-nurse:` and that, `site:...`, `organisation:...`,
    `practice:...` or `postcode:...` (a part of a district), `commissioner`, or `*` for the county;
    it is empty for an out-of-hours contact.
    Without `school_types` the team serves whatever the kind of school. `out_of_hours` is the
    recipient to tell as well when it is closed.
    """

    recipient: str
    service: Service
    serves: str
    school_types: frozenset[SchoolType]
    organisation: str
    valid_from: date
    valid_until: date | None
    hours: ServiceHours
    out_of_hours: str | None
    position: Position


@dataclass(frozen=True, slots=True)
class PracticeEntry:
    """A general practice: its team of one, and the district that its patients live in."""

    code: str
    district: str
    team: Team
    valid_from: date
    valid_until: date | None
    position: Position


@dataclass(frozen=True, slots=True)
class SchoolEntry:
    """A school by its URN."""

    urn: str
    district: str
    type: SchoolType
    valid_from: date
    valid_until: date | None
    position: Position


_D = TypeVar("_D", bound=Dated)


def holds_on(entry: Dated, on: date) -> bool:
    """Whether an entry is in force on a day."""
    return entry.valid_from <= on and (entry.valid_until is None or on <= entry.valid_until)


@dataclass(frozen=True, slots=True)
class Directory:
    """Answers who must be told. `build_directory` makes it, with its look-up tables.

    Every question about a code that is None (not known) is answered by its own reason.
    """

    districts: Mapping[str, str]
    organisations: Mapping[str, str]
    served: Mapping[tuple[Service, str], Sequence[Team]]
    by_organisation: Mapping[tuple[Service, str], Sequence[Team]]
    by_recipient: Mapping[str, Sequence[Team]]
    practices: Mapping[str, Sequence[PracticeEntry]]
    schools: Mapping[str, Sequence[SchoolEntry]]
    handlers: Handlers = field(default_factory=dict)

    def team_of_district(
        self,
        service: Service,
        district: str | None,
        on: date,
        *,
        school_type: SchoolType | None = None,
    ) -> Team | NoTeam:
        """The team that serves a home district.

        Give `school_type` only where the kind of school decides. Unknown is not no: with an
        unknown kind the district's only team is meant, and where teams divide it, none is.
        """
        if district is None:
            return NoTeam(NoTeamReason.DISTRICT_UNKNOWN, service)
        teams = _in_force(self.served.get((service, district)), on)
        if not teams:
            return NoTeam(NoTeamReason.DISTRICT_NOT_SERVED, service)
        if school_type is None or school_type is SchoolType.UNKNOWN:
            if len(teams) > 1:
                return NoTeam(NoTeamReason.SCHOOL_TYPE_DECIDES, service)
            return teams[0]
        for team in teams:
            if not team.school_types or school_type in team.school_types:
                return team
        return NoTeam(NoTeamReason.SCHOOL_TYPE_NOT_COMMISSIONED, service, school_type)

    def team_of_area(
        self, service: Service, postcode: str | None, practice: str | None, on: date
    ) -> Team | None:
        """The team of the part of a district where somebody lives, or of their practice's patients.

        Of a postcode the whole counts first, then its sector, then its first half. None where no
        part is served by a team of its own: then the district's is meant.
        """
        for area in (*parts_of(postcode), f"practice:{practice}"):
            teams = _in_force(self.served.get((service, area)), on)
            if teams:
                return teams[0]
        return None

    def family_nurse(self, district: str | None, on: date) -> Team | None:
        """Who visits families that have a family nurse there, instead of a health visitor."""
        serves = f"{FAMILY_NURSE}:{district}"
        teams = _in_force(self.served.get((Service.HEALTH_VISITING, serves)), on)
        return teams[0] if teams else None

    def first_visitors(self, service: Service, district: str | None, on: date) -> Team | NoTeam:
        """The family nurses of a home district; where there are none, its health visitors."""
        return self.family_nurse(district, on) or self.team_of_district(service, district, on)

    def team_of_school(self, service: Service, urn: str | None, on: date) -> Team | NoTeam:
        """The team that serves a school: by the district and the kind that the directory says."""
        if urn is None:
            return NoTeam(NoTeamReason.SCHOOL_UNKNOWN, service)
        school = self.school(urn, on)
        if school is None:
            return NoTeam(NoTeamReason.SCHOOL_NOT_LISTED, service)
        found = self.team_of_district(service, school.district, on, school_type=school.type)
        if isinstance(found, NoTeam) and found.reason is NoTeamReason.DISTRICT_NOT_SERVED:
            return NoTeam(NoTeamReason.SCHOOL_NOT_SERVED, service)
        return found

    def team_of_site(self, service: Service, site: str | None, on: date) -> Team | NoTeam:
        """The team that serves a hospital site, else that of the site's organisation.

        The organisation is the one whose emergency team serves the site.
        """
        if site is None:
            return NoTeam(NoTeamReason.SITE_UNKNOWN, service)
        teams = _in_force(self.served.get((service, f"site:{site}")), on)
        if teams:
            return teams[0]
        emergency = _in_force(self.served.get((Service.EMERGENCY, f"site:{site}")), on)
        if not emergency:
            return NoTeam(NoTeamReason.SITE_NOT_LISTED, service)
        found = self.team_of_organisation(service, emergency[0].organisation, on)
        if isinstance(found, NoTeam) and found.reason is NoTeamReason.PROVIDER_HAS_NO_TEAM:
            return NoTeam(NoTeamReason.SITE_NOT_SERVED, service)
        return found

    def team_of_organisation(
        self, service: Service, organisation: str | None, on: date
    ) -> Team | NoTeam:
        """The team that serves an organisation, else its own team of that service.

        A booked maternity provider is found so, wherever its mothers live.
        """
        if organisation is None:
            return NoTeam(NoTeamReason.PROVIDER_UNKNOWN, service)
        teams = _in_force(self.served.get((service, f"organisation:{organisation}")), on)
        if teams:
            return teams[0]
        own = _in_force(self.by_organisation.get((service, organisation)), on)
        if not own:
            listed = organisation in self.organisations
            gap = NoTeamReason.PROVIDER_HAS_NO_TEAM if listed else NoTeamReason.PROVIDER_NOT_LISTED
            return NoTeam(gap, service)
        if any(team.recipient != own[0].recipient for team in own):
            return NoTeam(NoTeamReason.PROVIDER_HAS_SEVERAL, service)
        return own[0]

    def team_of_trust(
        self, service: Service, provides: Service, district: str | None, on: date
    ) -> Team | NoTeam:
        """The team of the trust that provides another service where somebody lives."""
        if district is None:
            return NoTeam(NoTeamReason.DISTRICT_UNKNOWN, service)
        teams = _in_force(self.served.get((provides, district)), on)
        trusts = {team.organisation for team in teams}
        if not trusts:
            return NoTeam(NoTeamReason.DISTRICT_NOT_SERVED, service)
        if len(trusts) > 1:
            return NoTeam(NoTeamReason.DISTRICT_HAS_SEVERAL, service)
        return self.team_of_organisation(service, trusts.pop(), on)

    def county_team(self, service: Service, on: date) -> Team | NoTeam:
        """The team that serves the whole county, as MASH does."""
        teams = _in_force(self.served.get((service, COUNTY)), on)
        return teams[0] if teams else NoTeam(NoTeamReason.COUNTY_NOT_SERVED, service)

    def commissioner(self, on: date) -> Team | None:
        """Who reads the weekly digest of gaps, if the directory names somebody."""
        teams = _in_force(self.served.get((Service.MASH, COMMISSIONER)), on)
        return teams[0] if teams else None

    def teams_everywhere(self, service: Service, on: date) -> tuple[Team, ...]:
        """Every team of a service that serves somebody on that day, each once, by recipient."""
        lines = (teams for (offered, _), teams in self.served.items() if offered is service)
        found = {team.recipient: team for teams in lines for team in _in_force(teams, on)}
        return tuple(found[recipient] for recipient in sorted(found))

    def practice(self, code: str | None, on: date) -> Team | NoTeam:
        """The team of a general practice."""
        if code is None:
            return NoTeam(NoTeamReason.PRACTICE_UNKNOWN, Service.GP)
        entries = _in_force(self.practices.get(code), on)
        return entries[0].team if entries else NoTeam(NoTeamReason.PRACTICE_NOT_LISTED, Service.GP)

    def district_of_practice(self, code: str | None, on: date) -> str | None:
        """The district of a practice: the last resort for where somebody lives."""
        entries = _in_force(None if code is None else self.practices.get(code), on)
        return entries[0].district if entries else None

    def school(self, urn: str | None, on: date) -> SchoolEntry | None:
        """The school with that URN."""
        entries = _in_force(None if urn is None else self.schools.get(urn), on)
        return entries[0] if entries else None

    def team_by_recipient(self, recipient: str, on: date) -> Team | None:
        """The team, practice or out-of-hours contact of that name."""
        teams = _in_force(self.by_recipient.get(recipient), on)
        return teams[0] if teams else None

    def standing_handler(
        self, gap: NoTeam, district: str | None, family: Family, on: date
    ) -> Team | None:
        """Who is told of a known gap in what is commissioned where somebody lives."""
        recipient = handler_of(self.handlers, gap, district, family, on)
        return None if recipient is None else self.team_by_recipient(recipient, on)

    def standing_handlers(self, service: Service, family: Family, on: date) -> tuple[Team, ...]:
        """Everybody who may be told instead of a service, wherever somebody lives."""
        named = sorted(handlers_anywhere(self.handlers, service, family, on))
        teams = (self.team_by_recipient(recipient, on) for recipient in named)
        return tuple(team for team in teams if team is not None)

    def queues(self, on: date) -> tuple[tuple[Service, str], ...]:
        """Every service and organisation that can be told on that day, sorted.

        All practices together are the one organisation `practices`, since they share a queue.
        """
        teams = (team for known in self.by_recipient.values() for team in _in_force(known, on))
        return tuple(
            sorted(
                {
                    (t.service, PRACTICES if t.service is Service.GP else t.organisation)
                    for t in teams
                }
            )
        )


def _in_force(entries: Iterable[_D] | None, on: date) -> Sequence[_D]:
    if entries is None:
        return ()
    return [entry for entry in entries if holds_on(entry, on)]
