"""Finding the recipient of a tell line: by the person and who cares for them, not by place."""

from routing_rules.directory import Directory, Team
from routing_rules.document import Place, Tell, Unless
from routing_rules.facts import Facts, PersonFacts
from routing_rules.invitees import and_those_named
from routing_rules.no_team import NoTeam, NoTeamReason
from schemas.community import CommunityContact, NotBrought, RelapsePlan, TransferIn
from schemas.events import AnyEventData, EmergencyAttendance
from schemas.maternity import OfPregnancy, PregnancyEnded
from schemas.onward_referral import OnwardReferral
from schemas.social_care import SocialCareReferral
from schemas.values import SchoolType, Service

SCHOOL_TYPES = {
    Unless.HOME_EDUCATED: SchoolType.HOME_EDUCATED,
    Unless.NO_SCHOOL: SchoolType.NONE,
    Unless.INDEPENDENT_SCHOOL: SchoolType.INDEPENDENT,
}
TRUSTS = {
    Place.MIDWIFERY_TRUST: Service.MIDWIFERY,
    Place.HEALTH_VISITING_TRUST: Service.HEALTH_VISITING,
    Place.SCHOOL_NURSING_TRUST: Service.SCHOOL_NURSING,
    Place.CAMHS_TRUST: Service.CAMHS,
    Place.ADULT_MENTAL_HEALTH_TRUST: Service.ADULT_MENTAL_HEALTH,
}
"""The service that a trust provides where somebody lives."""


def find_recipients(
    tell: Tell, facts: Facts, person: PersonFacts, directory: Directory
) -> tuple[tuple[Service, Team | NoTeam], ...]:
    """Everybody whom a tell line names for this person; at least one, or why there is none."""
    if tell.place is not Place.EVERY_HOSPITAL:
        service, found = find_recipient(tell, facts, person, directory)
        everybody = and_those_named(found, tell, facts, directory)
        return tuple((service, team) for team in everybody)
    teams = directory.teams_everywhere(tell.service, facts.on)
    if not teams:
        return ((tell.service, NoTeam(NoTeamReason.COUNTY_NOT_SERVED, tell.service)),)
    return tuple((tell.service, team) for team in teams)


def find_recipient(
    tell: Tell, facts: Facts, person: PersonFacts, directory: Directory
) -> tuple[Service, Team | NoTeam]:
    """The service that a tell line names for this person, and its team or why there is none.

    A pupil whose tell line says what is done of an independent school is told about to the team
    of the home district, whatever kinds of school are its own (report, para 3.8).
    """
    service, place, school_type = tell.service, tell.place, person.school_type
    for instead in tell.instead:
        if _applies(instead.when, facts, person):
            service, place = instead.service, instead.place
            if instead.when is Unless.INDEPENDENT_SCHOOL:
                school_type = SchoolType.UNKNOWN
            break
    if place is Place.HOME_DISTRICT and service is Service.HEALTH_VISITING:
        nurse = _family_nurse(facts, person, directory)
        if nurse is not None:
            return service, nurse
    area = directory.team_of_area(service, person.postcode, person.practice, facts.on)
    if place is Place.HOME_DISTRICT and area is not None:
        return service, area
    if place is Place.HOME_DISTRICT:
        decides = school_type if service is Service.SCHOOL_NURSING else None
        return service, directory.team_of_district(
            service, person.district, facts.on, school_type=decides
        )
    return service, _team(service, place, facts, person, directory)


def _family_nurse(facts: Facts, person: PersonFacts, directory: Directory) -> Team | None:
    """The family nurses of a family that has one; of a move or its end the health visitor hears."""
    if not person.has_family_nurse or isinstance(facts.data, TransferIn):
        return None
    return directory.family_nurse(person.district, facts.on)


def _applies(when: Unless, facts: Facts, person: PersonFacts) -> bool:
    if when is Unless.NO_BOOKING:
        return _booked_with(facts, person) is None
    return person.school_type is SCHOOL_TYPES[when]


def _team(
    service: Service, place: Place, facts: Facts, person: PersonFacts, directory: Directory
) -> Team | NoTeam:
    match place:
        case Place.BOOKED_PROVIDER:
            return directory.team_of_organisation(service, _booked_with(facts, person), facts.on)
        case Place.REGISTERED_PRACTICE:
            return directory.practice(person.practice, facts.on)
        case Place.SCHOOL:
            return directory.team_of_school(service, person.school_urn, facts.on)
        case Place.ATTENDING_HOSPITAL:
            return directory.team_of_site(service, _site(facts.data), facts.on)
        case Place.SENDING_ORGANISATION:
            return directory.team_of_organisation(service, _sender(facts), facts.on)
        case _:
            return _of_trust_or_elsewhere(service, place, facts, person, directory)


def _of_trust_or_elsewhere(
    service: Service, place: Place, facts: Facts, person: PersonFacts, directory: Directory
) -> Team | NoTeam:
    if place is Place.FORMER_DISTRICT:
        return _of_former_district(service, facts, directory)
    if place is Place.FAMILY_NURSES:
        nurses = directory.family_nurse(person.district, facts.on)
        area = directory.team_of_area(service, person.postcode, person.practice, facts.on)
        return nurses or area or directory.team_of_district(service, person.district, facts.on)
    provides = TRUSTS.get(place)
    if provides is None:
        return directory.county_team(service, facts.on)
    area = directory.team_of_area(provides, person.postcode, person.practice, facts.on)
    if area is not None:
        return directory.team_of_organisation(service, area.organisation, facts.on)
    return directory.team_of_trust(service, provides, person.district, facts.on)


def _of_former_district(service: Service, facts: Facts, directory: Directory) -> Team | NoTeam:
    """The team of where a family lived before it moved."""
    district = facts.data.from_district if isinstance(facts.data, TransferIn) else None
    if district is None:
        return NoTeam(NoTeamReason.FORMER_DISTRICT_UNKNOWN, service)
    team = directory.team_of_district(service, district, facts.on)
    return (
        team if isinstance(team, Team) else NoTeam(NoTeamReason.FORMER_DISTRICT_NOT_SERVED, service)
    )


def _site(data: AnyEventData) -> str | None:
    """Where the patient was seen; of somebody who was sent on, where from."""
    match data:
        case EmergencyAttendance():
            return data.site
        case OnwardReferral():
            return data.from_site
        case _:
            return None


def _booked_with(facts: Facts, person: PersonFacts) -> str | None:
    """The maternity provider of a person; where none is known, whose pregnancy's event it is."""
    of_the_event = facts.data.provider if isinstance(facts.data, OfPregnancy) else None
    return person.provider or of_the_event


def _sender(facts: Facts) -> str | None:
    """Whose staff wrote it, by the event's own word: of a copied referral, who referred.

    Where the word is missing it is the organisation of the source; not of a copied referral, which
    comes from whoever received it.
    """
    match facts.data:
        case SocialCareReferral():
            return facts.data.referred_by
        case OfPregnancy() | PregnancyEnded() | RelapsePlan() | CommunityContact() | NotBrought():
            return facts.data.provider or facts.sender
        case _:
            return None
