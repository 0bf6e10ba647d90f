"""Who should be told of what, pathway by pathway: written from the product's words, not its rules.

Covered: every pathway of the inspection report that the rulebook routes, for the services that
`SERVICES` names. Not covered, and said by `NOT_COVERED`: what is MASH's own, out-of-hours contacts,
unborn children of the accused; urgency, content and handling of any duty.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.sandbox.county_truth_attendance import Attendance
from services.sandbox.county_truth_community import Community
from services.sandbox.county_truth_maternity import Maternity
from services.sandbox.county_truth_people import CHILD_OF_REGISTER, Someone
from services.sandbox.county_truth_recipients import MASH, Recipients, ToBeTold
from services.sandbox.county_truth_social_care import SocialCare
from services.sandbox.county_truth_teams import Teams

SERVICES = frozenset(
    {
        "midwifery",
        "health-visiting",
        "school-nursing",
        "gp",
        "camhs",
        "safeguarding",
        "paediatric-liaison",
        "social-care",
        "emergency",
        "adult-mental-health",
        "looked-after-health",
    }
)
"""The services of which the truth says who should be told."""
NOT_COVERED = (
    "P25, P27, P37, P42: no rule serves them (docs/pathways.md says why)",
    "P41, the daily list itself, and the weekly digest of gaps: the clock makes them",
    "P32, invitations to services that nobody can find, which are MASH's to pass on",
    "what is MASH's own: registers and events that differ, unreadable messages",
    "the out-of-hours contacts of teams that are closed, who hear besides",
    "the unborn child of somebody who is only accused: in this county no woman is",
    "family nurses, standing handlers and teams of a part of a district: the directory lists none",
    "how urgent, in what words and with what handling anybody is told",
)
"""What the truth deliberately says nothing about."""
_LONDON = ZoneInfo("Europe/London")
_CHILDREN_OF_UNKNOWN_AGE = {
    "child_present",
    "child_resident_not_present",
    "child_elsewhere",
    "sibling",
    "dependant",
    CHILD_OF_REGISTER,
}


class DomesticAbuse(Recipients):
    """P01 to P03, P10 and P11: police notifications and conferences about them."""

    def abuse(self, person: Someone) -> Iterator[ToBeTold]:
        """P01 to P03: the victim, an unborn child, and every child; never the accused."""
        if person.role == "alleged_perpetrator":
            return
        if person.role == "victim":
            if person.pregnant:
                yield self.midwives(person)
                yield self.visitors(person)
            yield self.practice(person)
        if person.role == "unborn":
            yield self.midwives(person)
            yield self.visitors(person)
        yield from self._of_child(person)
        if self._is_meant(person) and self.is_without_nurse(person):
            yield self.looked_up(person, "school-nursing")

    def conference(
        self, people: list[Someone], actions: list[Mapping[str, Any]]
    ) -> Iterator[ToBeTold]:
        """P10 and P11: as for abuse, safeguarding teams, and whoever has an action besides."""
        told = [one for person in people for one in self.abuse(person)]
        told += [one for person in people for one in self._trusts(person)]
        yield from told
        victim = next(person for person in people if person.role == "victim")
        owners = {(a["service"], a["organisation"]) for a in actions if a["status"] == "open"}
        for service, organisation in sorted(owners):
            heard = {one.recipient.partition(":")[0] for one in told if one.service == service}
            if organisation not in heard:
                team = self.teams.of_organisation(service, organisation)
                yield ToBeTold(victim.number, service, team or MASH)

    def _trusts(self, person: Someone) -> Iterator[ToBeTold]:
        """P11: the trusts that may hold a record of somebody; their safeguarding teams look."""
        if person.role == "alleged_perpetrator":
            return
        if person.role == "unborn" or (person.role == "victim" and person.pregnant):
            yield self.named_midwife(person)
        if person.role == "victim" and not self.is_child(person):
            yield self.looked_up(person, "adult-mental-health")
        cared_for = {one.service for one in self._of_child(person)} - {"gp"}
        for service in sorted(cared_for):
            yield self.looked_up(person, service)
        if cared_for:
            yield self.looked_up(person, "camhs")

    def _of_child(self, person: Someone) -> Iterator[ToBeTold]:
        return self.of_child(person) if self._is_meant(person) else iter(())

    def _is_meant(self, person: Someone) -> bool:
        """A child by age, or by role where nobody knows the age."""
        return person.born is not None or person.role in _CHILDREN_OF_UNKNOWN_AGE


def to_be_told(
    kind: str, people: list[Someone], told: Mapping[str, Any], teams: Teams, on: date
) -> Iterator[ToBeTold]:
    """Who should be told of an occurrence of a kind (`police.domestic-abuse`), told so.

    `on` is the day (London) on which it happened.
    """
    abuse, attendance = DomesticAbuse(teams, on), Attendance(teams, on)
    maternity, social_care = Maternity(teams, on), SocialCare(teams, on)
    community = Community(teams, on)
    if kind == "police.domestic-abuse":
        return (one for person in people for one in abuse.abuse(person))
    if kind == "marac.outcome":
        return abuse.conference(people, told["actions"])
    if kind == "maternity.ended":
        return iter(())
    pathway = {
        "emergency.attendance": attendance.attendance,
        "emergency.onward-referral": attendance.sent_on,
        "maternity.booking": maternity.booking,
        "maternity.concern": maternity.concern,
        "maternity.appointment-missed": maternity.missed,
        "maternity.birth": maternity.birth,
        "maternity.postnatal-transfer": maternity.transfer,
        "social-care.child-status": social_care.status,
        "social-care.conference-invitation": social_care.invitation,
        "social-care.conference-outcome": social_care.outcome,
        "social-care.referral": social_care.referral,
        "social-care.exploitation-risk": social_care.exploitation,
        "community.transfer-in": community.transfer_in,
        "community.relapse-plan": community.relapse_plan,
        "community.contact": community.contact,
        "community.not-brought": community.not_brought,
        "community.assessment-due": community.assessment_due,
    }[kind]
    return pathway(people, told)


def london_day(at: datetime) -> date:
    """The day of a moment in London."""
    return at.astimezone(_LONDON).date()
