"""Why the directory names no team: a closed set of reasons, each also a metric's label."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.values import SchoolType, Service


class NoTeamReason(StrEnum):
    """What the directory lacks, or what is not known about the person."""

    DISTRICT_UNKNOWN = "district_unknown"
    DISTRICT_NOT_SERVED = "district_not_served"
    DISTRICT_HAS_SEVERAL = "district_has_several"
    FORMER_DISTRICT_UNKNOWN = "former_district_unknown"
    FORMER_DISTRICT_NOT_SERVED = "former_district_not_served"
    SCHOOL_UNKNOWN = "school_unknown"
    SCHOOL_NOT_LISTED = "school_not_listed"
    SCHOOL_NOT_SERVED = "school_not_served"
    SCHOOL_TYPE_NOT_COMMISSIONED = "school_type_not_commissioned"
    SCHOOL_TYPE_DECIDES = "school_type_decides"
    SITE_UNKNOWN = "site_unknown"
    SITE_NOT_LISTED = "site_not_listed"
    SITE_NOT_SERVED = "site_not_served"
    PROVIDER_UNKNOWN = "provider_unknown"
    PROVIDER_NOT_LISTED = "provider_not_listed"
    PROVIDER_HAS_NO_TEAM = "provider_has_no_team"
    PROVIDER_HAS_SEVERAL = "provider_has_several"
    PRACTICE_UNKNOWN = "practice_unknown"
    PRACTICE_NOT_LISTED = "practice_not_listed"
    INVITEE_NOT_LISTED = "invitee_not_listed"
    INVITED_ELSEWHERE = "invited_elsewhere"
    COUNTY_NOT_SERVED = "county_not_served"
    RETURNED = "returned"


_IN_WORDS = {
    NoTeamReason.DISTRICT_UNKNOWN: "the home district is not known",
    NoTeamReason.DISTRICT_NOT_SERVED: "no {service} team serves the home district",
    NoTeamReason.DISTRICT_HAS_SEVERAL: (
        "several trusts share the home district, and nothing says whose {service} team is meant"
    ),
    NoTeamReason.FORMER_DISTRICT_UNKNOWN: "nobody says from where the family has moved",
    NoTeamReason.FORMER_DISTRICT_NOT_SERVED: (
        "no {service} team that is listed serves where the family lived"
    ),
    NoTeamReason.SCHOOL_UNKNOWN: "the school is not known",
    NoTeamReason.SCHOOL_NOT_LISTED: "the school is not in the directory",
    NoTeamReason.SCHOOL_NOT_SERVED: "no {service} team serves the school's district",
    NoTeamReason.SCHOOL_TYPE_NOT_COMMISSIONED: "no {service} is commissioned for {schools}",
    NoTeamReason.SCHOOL_TYPE_DECIDES: (
        "several {service} teams share the district by kind of school, which is not known"
    ),
    NoTeamReason.SITE_UNKNOWN: "the attending hospital is not known",
    NoTeamReason.SITE_NOT_LISTED: "the attending hospital is not in the directory",
    NoTeamReason.SITE_NOT_SERVED: "no {service} team serves the attending hospital",
    NoTeamReason.PROVIDER_UNKNOWN: "the provider is not known",
    NoTeamReason.PROVIDER_NOT_LISTED: "the provider is not in the directory",
    NoTeamReason.PROVIDER_HAS_NO_TEAM: "the provider has no {service} team in the directory",
    NoTeamReason.PROVIDER_HAS_SEVERAL: (
        "the provider has several {service} teams, and nothing says which"
    ),
    NoTeamReason.PRACTICE_UNKNOWN: "the practice is not known",
    NoTeamReason.PRACTICE_NOT_LISTED: "the practice is not in the directory",
    NoTeamReason.INVITEE_NOT_LISTED: (
        "the invitation names a {service} team that is not in the directory"
    ),
    NoTeamReason.INVITED_ELSEWHERE: (
        "the invitation names a practice that has none of the family for a patient"
    ),
    NoTeamReason.COUNTY_NOT_SERVED: "no {service} team serves the county",
    NoTeamReason.RETURNED: "returned as not ours by {recipient}",
}
_SERVICES = {Service.GP: "GP", Service.CAMHS: "CAMHS", Service.MASH: "MASH"}
_SCHOOLS = {
    SchoolType.STATE: "state schools",
    SchoolType.ACADEMY: "academies",
    SchoolType.PUPIL_REFERRAL_UNIT: "pupil referral units",
    SchoolType.SPECIAL: "special schools",
    SchoolType.INDEPENDENT: "independent schools",
    SchoolType.HOME_EDUCATED: "children who are educated at home",
    SchoolType.NONE: "children who have no school",
}


@dataclass(frozen=True, slots=True)
class NoTeam:
    """Nobody can be told of this service, and the reason why; it never says about whom or where.

    `recipient` is the team that returned it.
    """

    reason: NoTeamReason
    service: Service
    school_type: SchoolType | None = None
    recipient: str | None = None

    @property
    def because(self) -> str:
        """The reason in words: "no school nursing is commissioned for independent schools"."""
        service = _SERVICES.get(self.service, self.service.replace("-", " "))
        schools = "" if self.school_type is None else _SCHOOLS.get(self.school_type, "")
        return _IN_WORDS[self.reason].format(
            service=service, schools=schools, recipient=self.recipient
        )
