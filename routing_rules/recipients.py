"""Finding the recipient of a tell line: by the person and who cares for them, not by place."""

from routing_rules.directory import Directory, Team
from routing_rules.document import Place, Tell, Unless
from routing_rules.facts import Facts, PersonFacts
from routing_rules.no_team import NoTeam
from schemas.events import EmergencyAttendance
from schemas.values import SchoolType, Service

_SCHOOL_TYPES = {
    Unless.HOME_EDUCATED: SchoolType.HOME_EDUCATED,
    Unless.NO_SCHOOL: SchoolType.NONE,
}
_TRUSTS = {
    Place.MIDWIFERY_TRUST: Service.MIDWIFERY,
    Place.HEALTH_VISITING_TRUST: Service.HEALTH_VISITING,
    Place.SCHOOL_NURSING_TRUST: Service.SCHOOL_NURSING,
    Place.CAMHS_TRUST: Service.CAMHS,
    Place.ADULT_MENTAL_HEALTH_TRUST: Service.ADULT_MENTAL_HEALTH,
}
"""The service that a trust provides where somebody lives."""


def find_recipient(
    tell: Tell, facts: Facts, person: PersonFacts, directory: Directory
) -> tuple[Service, Team | NoTeam]:
    """The service that a tell line names for this person, and its team or why there is none."""
    service, place = tell.service, tell.place
    for instead in tell.instead:
        if _applies(instead.when, person):
            service, place = instead.service, instead.place
            break
    return service, _team(service, place, facts, person, directory)


def _applies(when: Unless, person: PersonFacts) -> bool:
    if when is Unless.NO_BOOKING:
        return person.provider is None
    return person.school_type is _SCHOOL_TYPES[when]


def _team(
    service: Service, place: Place, facts: Facts, person: PersonFacts, directory: Directory
) -> Team | NoTeam:
    match place:
        case Place.BOOKED_PROVIDER:
            return directory.team_of_organisation(service, person.provider, facts.on)
        case Place.REGISTERED_PRACTICE:
            return directory.practice(person.practice, facts.on)
        case Place.HOME_DISTRICT:
            school = person.school_type if service is Service.SCHOOL_NURSING else None
            return directory.team_of_district(
                service, person.district, facts.on, school_type=school
            )
        case Place.SCHOOL:
            return directory.team_of_school(service, person.school_urn, facts.on)
        case Place.ATTENDING_HOSPITAL:
            data = facts.data
            site = data.site if isinstance(data, EmergencyAttendance) else None
            return directory.team_of_site(service, site, facts.on)
        case _:
            return _of_trust_or_county(service, place, facts, person, directory)


def _of_trust_or_county(
    service: Service, place: Place, facts: Facts, person: PersonFacts, directory: Directory
) -> Team | NoTeam:
    provides = _TRUSTS.get(place)
    if provides is None:
        return directory.county_team(service, facts.on)
    return directory.team_of_trust(service, provides, person.district, facts.on)
