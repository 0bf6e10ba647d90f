"""Who should be told of an attendance, and of a child who was sent on.

P04 to P09, P13 to P19, P30, P41, P43 and P45.

Of an adult's attendance the children at home are told about, never the adult's mental-health team.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from services.sandbox.county_truth_people import CHILD_OF_REGISTER, Someone
from services.sandbox.county_truth_recipients import Recipients, ToBeTold

CRISIS = {
    "self_harm",
    "overdose",
    "domestic_abuse",
    "alcohol",
    "substance_misuse",
    "mental_health",
}
_CONFIDENTIAL = {"emergency_contraception", "sexual_health"}
_FLAGS = {"child_protection", "looked_after", "child_in_need", "exploitation_risk", "unknown"}
_LOOKED_AFTER_BY_PATIENT = {
    "dependant",
    "child_present",
    "child_resident_not_present",
    "child_elsewhere",
}
_NOBODYS_NAME = {"mum", "dad"}


def is_confidential(told: Mapping[str, Any]) -> bool:
    """Whether an attendance by a child, told so, is for nobody but safeguarding teams."""
    return not _CONFIDENTIAL.isdisjoint(told["concerns"])


class Attendance(Recipients):
    """What follows for each person of an attendance."""

    def attendance(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """`frequent` says which thresholds were crossed, `has_left` whether it is over."""
        concerns = set(told["concerns"])
        patient = next(person for person in people if person.role == "patient")
        everything = [*self._patient(patient, told, concerns), *self._child(patient, told)]
        everything += self._grown_up(patient, told, concerns)
        if self.may_be_child(patient) and is_confidential(told):
            hear = {"safeguarding", "social-care"}
            if concerns & {"self_harm", "overdose"}:
                hear |= {"camhs", "looked-after-health"}
            everything = [one for one in everything if one.service in hear]
        yield from everything
        for person in people:
            is_patients = person.role == CHILD_OF_REGISTER and "patient" in person.parents
            if is_patients and concerns & CRISIS:
                yield from self._at_home_of_patient(person, told)
            if person.role in _LOOKED_AFTER_BY_PATIENT and concerns & (CRISIS | {"dog_bite"}):
                yield from self._at_home_of_patient(person, told)
            if "fgm" in concerns and self._is_girl_of_family(person):
                yield self.at_home(person, "social-care")

    def _at_home_of_patient(self, child: Someone, told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P09: the child at home, of whom only that there is a concern is told."""
        yield from self.of_child(child)
        if self.is_without_nurse(child):
            yield self.hospital(child, told["site"])

    def _is_girl_of_family(self, person: Someone) -> bool:
        """P30: a daughter or a sister, or of whom nobody says that she is none."""
        is_of_family = person.role in {*_LOOKED_AFTER_BY_PATIENT, "sibling", CHILD_OF_REGISTER}
        return is_of_family and person.sex != "male" and self.may_be_child(person)

    def _patient(
        self, patient: Someone, told: Mapping[str, Any], concerns: set[str]
    ) -> Iterator[ToBeTold]:
        """P04 to P06: everybody is told once the patient has left, or should have.

        P30: FGM is told at once; to social care of a girl, to midwives in a pregnancy.
        """
        if "fgm" in concerns:
            yield self.hospital(patient, told["site"])
            if self.may_be_child(patient):
                yield self.at_home(patient, "social-care")
            if patient.pregnant:
                yield self.midwives(patient)
        if patient.pregnant and (told["has_left"] or concerns & (CRISIS | {"assault"})):
            yield self.midwives(patient)
            yield self.practice(patient)
            if concerns & (CRISIS | {"assault"}):
                yield self.visitors(patient)
        if not told["has_left"]:
            return
        if patient.born is None:
            yield self.hospital(patient, told["site"])
        elif self.is_child(patient):
            yield from self.of_child(patient)
        if self.is_without_nurse(patient):
            yield self.hospital(patient, told["site"])

    def _grown_up(
        self, patient: Someone, told: Mapping[str, Any], concerns: set[str]
    ) -> Iterator[ToBeTold]:
        """P09: whom nobody asked who depends on them; P13: whose unborn child has a plan."""
        asked = told.get("caring_responsibilities") in {"yes", "no"}
        is_asked_again = told["has_left"] and concerns & CRISIS and not asked
        if is_asked_again and not self.is_child(patient):
            yield self.at_site(patient, "emergency", told["site"])
        has_plan, is_unread = "unborn_plan" in patient.flags, "unknown" in patient.flags
        if has_plan or (is_unread and not patient.is_not_pregnant):
            yield self.at_home(patient, "social-care")
            yield self.hospital(patient, told["site"])
        if has_plan or (is_unread and patient.pregnant):
            yield self.midwives(patient)

    def _child(self, patient: Someone, told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P07, P08, P13, P15, P16, P18, P19, P41, P43 and P45."""
        if not self.may_be_child(patient):
            return
        concerns, site = set(told["concerns"]), told["site"]
        left = str(told.get("disposal", "")).startswith("left_before")
        harmed, bitten = concerns & {"self_harm", "overdose"}, "dog_bite" in concerns
        frequent, flagged = told["frequent"], patient.flags & _FLAGS
        exploited = "exploitation" in concerns
        if left or harmed or bitten or frequent or flagged or exploited or concerns & _CONFIDENTIAL:
            yield self.hospital(patient, site)
        is_known = self.is_child(patient)
        if left or bitten or frequent or (harmed and is_known):
            yield self.practice(patient)
        if is_known and (left or bitten or flagged or frequent):
            yield from self.nurses(patient)
        is_listed = told["has_left"] and told.get("department", "miu") == "miu"
        if bitten or frequent or is_listed:
            yield self.at_site(patient, "paediatric-liaison", site)
        may_be_baby = patient.age(self.on) == 0 or (patient.born is None and not patient.pregnant)
        if "bruising" in concerns and may_be_baby:
            yield from self._bruised_baby(patient, site)
        if is_known and told["has_left"] and not _is_accompanied(told):
            yield self.at_site(patient, "emergency", site)
        yield from self._at_once(patient, told, concerns)

    def _at_once(
        self, patient: Someone, told: Mapping[str, Any], concerns: set[str]
    ) -> Iterator[ToBeTold]:
        """Who must see or hear of the child at once: CAMHS, social care, looked-after health."""
        harmed, is_known = concerns & {"self_harm", "overdose"}, self.is_child(patient)
        is_looked_after = harmed and patient.flags & {"looked_after", "unknown"}
        if (harmed and is_known) or is_looked_after:
            yield self.at_home(patient, "camhs")
        if is_looked_after:
            yield self.at_home(patient, "looked-after-health")
        left = str(told.get("disposal", "")).startswith("left_before")
        is_grave = left and told.get("perceived_risk") == "high"
        is_under_13 = is_known and (patient.age(self.on) or 0) < 13
        is_active = concerns & _CONFIDENTIAL and is_under_13
        flagged, exploited = patient.flags & _FLAGS, "exploitation" in concerns
        if is_grave or flagged or exploited or is_looked_after or is_active:
            yield self.at_home(patient, "social-care")

    def _bruised_baby(self, baby: Someone, site: str) -> Iterator[ToBeTold]:
        """P45: of a bruise before a baby moves about everybody hears at once."""
        yield self.at_home(baby, "social-care")
        yield self.hospital(baby, site)
        yield self.at_site(baby, "paediatric-liaison", site)
        yield self.visitors(baby)
        yield self.practice(baby)

    def sent_on(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P14: `arrival` says whether a child who was sent on has arrived, or since when not."""
        patient = next(person for person in people if person.role == "patient")
        if not self.may_be_child(patient) or told["arrival"] in {"arrived", "awaited"}:
            return
        yield self.at_site(patient, "emergency", told["from_site"])
        if told["arrival"] == "still missing":
            yield self.hospital(patient, told["from_site"])
            yield from self.of_child(patient)


def _is_accompanied(told: Mapping[str, Any]) -> bool:
    """P43: whether an adult who came with the child is written down by a full name."""
    adults = [p for p in told["people"].values() if p["role"] in {"accompanying_adult", "parent"}]
    names = [person.get("name", {}) for person in adults]
    return any(
        name.get("family") and name.get("given", "").lower() not in {"", *_NOBODYS_NAME}
        for name in names
    )
