"""Who should be told of what, pathway by pathway: written from the product's words, not its rules.

Covered: P01 to P03 (police), P04 to P09, P13, P15, P16, P18, P45 and exploitation (departments),
P10 and P11 (conferences), with P38 to P40 as they bear on these. Not covered: MASH's duties of data
quality, the departments' own (P43, a caring role not asked about), out-of-hours contacts, unborn
children of the accused, adults' mental-health teams; urgency, content and handling of any duty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.sandbox.county_truth_people import CHILD_OF_REGISTER, Someone
from services.sandbox.county_truth_teams import Teams

MASH = "MASH"
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
    }
)
"""The services of which the truth says who should be told."""
_LONDON = ZoneInfo("Europe/London")
_CRISIS = {
    "self_harm",
    "overdose",
    "domestic_abuse",
    "alcohol",
    "substance_misuse",
    "mental_health",
}
_CONFIDENTIAL = {"emergency_contraception", "sexual_health"}
_SCHOOL_STARTS = (9, 1)


@dataclass(frozen=True, slots=True, order=True)
class ToBeTold:
    """A service must be told about somebody; recipient `MASH` is an exception in its stead."""

    number: str
    service: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Pathways:
    """What follows for each person of an occurrence, on the day (London) on which it happened."""

    teams: Teams
    on: date

    def abuse(self, person: Someone) -> Iterator[ToBeTold]:
        """P01 to P03: the victim, and every child of the family; never the accused."""
        if person.role == "alleged_perpetrator":
            return
        if person.role == "victim":
            if person.pregnant:
                yield self._midwives(person)
                yield self._visitors(person)
            yield self._practice(person)
        yield from self._of_child(person)
        if self._is_without_nurse(person):
            yield self._looked_up(person, "school-nursing")

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
        if person.role == "victim":
            if person.pregnant and person.provider is not None:
                team = self.teams.of_organisation("safeguarding", person.provider)
                yield ToBeTold(person.number, "safeguarding", team or MASH)
            elif person.pregnant:
                yield self._looked_up(person, "midwifery")
            if not self._is_child(person):
                yield self._looked_up(person, "adult-mental-health")
        cared_for = {one.service for one in self._of_child(person)} - {"gp"}
        for service in sorted(cared_for):
            yield self._looked_up(person, service)
        if cared_for:
            yield self._looked_up(person, "camhs")

    def attendance(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P04 to P09, P13, P15, P16, P18; `frequent` says which thresholds were crossed."""
        concerns = set(told["concerns"])
        patient = next(person for person in people if person.role == "patient")
        everything = [*self._patient(patient, told, concerns), *self._child(patient, told)]
        if self._is_child(patient) and is_confidential(told):
            hear = {"safeguarding", "social-care"}
            if concerns & {"self_harm", "overdose"}:
                hear.add("camhs")
            everything = [one for one in everything if one.service in hear]
        yield from everything
        for person in people:
            if person.role == CHILD_OF_REGISTER and "patient" in person.parents:
                yield from self._of_child(person) if concerns & _CRISIS else ()
                if concerns & _CRISIS and self._is_without_nurse(person):
                    yield self._hospital(person, told)

    def _patient(
        self, patient: Someone, told: Mapping[str, Any], concerns: set[str]
    ) -> Iterator[ToBeTold]:
        """P04 to P06: everybody is told once the patient has left, or should have."""
        if patient.pregnant and (told["has_left"] or concerns & (_CRISIS | {"assault"})):
            yield self._midwives(patient)
            yield self._practice(patient)
            if concerns & (_CRISIS | {"assault"}):
                yield self._visitors(patient)
        if told["has_left"]:
            yield from self._of_child(patient)
            if self._is_without_nurse(patient):
                yield self._hospital(patient, told)

    def _child(self, patient: Someone, told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P07, P08, P13, P15, P16, P18 and P45."""
        if not self._is_child(patient):
            return
        concerns, site = set(told["concerns"]), told["site"]
        left = str(told.get("disposal", "")).startswith("left_before")
        harmed, bitten = concerns & {"self_harm", "overdose"}, "dog_bite" in concerns
        frequent, flagged = told["frequent"], patient.is_flagged
        exploited = "exploitation" in concerns
        if left or harmed or bitten or frequent or flagged or exploited or concerns & _CONFIDENTIAL:
            yield self._hospital(patient, told)
        if left or harmed or bitten or frequent:
            yield self._practice(patient)
        if left or bitten or flagged or frequent:
            yield from (one for one in self._of_child(patient) if one.service != "gp")
        if bitten or frequent:
            team = self.teams.at_site("paediatric-liaison", site)
            yield ToBeTold(patient.number, "paediatric-liaison", team or MASH)
        if harmed:
            yield self._at_home(patient, "camhs")
        is_grave = left and told.get("perceived_risk") == "high"
        is_under_13 = (patient.age(self.on) or 0) < 13
        if is_grave or flagged or exploited or (concerns & _CONFIDENTIAL and is_under_13):
            yield self._at_home(patient, "social-care")
        if "bruising" in concerns and patient.age(self.on) == 0:
            yield from self._bruised_baby(patient, told)

    def _bruised_baby(self, baby: Someone, told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P45: of a bruise before a baby moves about everybody hears at once."""
        yield self._at_home(baby, "social-care")
        yield self._hospital(baby, told)
        team = self.teams.at_site("paediatric-liaison", told["site"])
        yield ToBeTold(baby.number, "paediatric-liaison", team or MASH)
        yield self._visitors(baby)
        yield self._practice(baby)

    def _of_child(self, person: Someone) -> Iterator[ToBeTold]:
        """Whoever cares for a child of that age, and its practice; nobody, for an adult."""
        if person.born is None or self._is_child(person):
            starts = None if person.born is None else _starts_school(person.born)
            both_until = None if starts is None else date(starts.year, 12, 31)
            if both_until is None or self.on <= both_until:
                yield self._visitors(person)
            if starts is None or self.on >= starts:
                team = self.teams.school_nurses(person.school, person.district)
                yield ToBeTold(person.number, "school-nursing", team or MASH)
            yield self._practice(person)

    def _is_child(self, person: Someone) -> bool:
        age = person.age(self.on)
        return age is not None and age < 18

    def _is_without_nurse(self, person: Someone) -> bool:
        """P39: a pupil of an independent school, of whom the trusts' safeguarding hears."""
        is_at_school = "school-nursing" in {one.service for one in self._of_child(person)}
        return is_at_school and self.teams.kind_of(person.school) == "independent"

    def _hospital(self, person: Someone, told: Mapping[str, Any]) -> ToBeTold:
        team = self.teams.safeguarding_at(told["site"])
        return ToBeTold(person.number, "safeguarding", team or MASH)

    def _looked_up(self, person: Someone, service: str) -> ToBeTold:
        """For the safeguarding team of the trust that provides a service at home."""
        team = self.teams.safeguarding_of_those_who(service, person.district)
        return ToBeTold(person.number, "safeguarding", team or MASH)

    def _midwives(self, woman: Someone) -> ToBeTold:
        team = self.teams.midwives(woman.provider, woman.district)
        return ToBeTold(woman.number, "midwifery", team or MASH)

    def _visitors(self, person: Someone) -> ToBeTold:
        return self._at_home(person, "health-visiting")

    def _at_home(self, person: Someone, service: str) -> ToBeTold:
        team = self.teams.of_district(service, person.district)
        return ToBeTold(person.number, service, team or MASH)

    def _practice(self, person: Someone) -> ToBeTold:
        return ToBeTold(person.number, "gp", self.teams.practice(person.practice) or MASH)


def _starts_school(born: date) -> date:
    """The first of September after the fourth birthday."""
    years = 4 if (born.month, born.day) < _SCHOOL_STARTS else 5
    return date(born.year + years, *_SCHOOL_STARTS)


def is_confidential(told: Mapping[str, Any]) -> bool:
    """Whether an attendance by a child, told so, is for nobody but safeguarding teams."""
    return not _CONFIDENTIAL.isdisjoint(told["concerns"])


def london_day(at: datetime) -> date:
    """The day of a moment in London."""
    return at.astimezone(_LONDON).date()
