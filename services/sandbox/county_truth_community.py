"""Who should be told of what the community sees.

P16, P20 to P22, P28 to P30, P34 to P36, P45, and P47 to P49.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from services.sandbox.county_truth_people import CHILD_OF_REGISTER, Someone
from services.sandbox.county_truth_recipients import Recipients, ToBeTold

_SEXUAL = {"emergency_contraception", "sexual_health"}
_PLANS = {"child_protection", "looked_after", "child_in_need", "unknown"}
_PLANS_OF_FAMILY = _PLANS | {"unborn_plan"}
_LOOKED_AFTER_BY_PATIENT = {
    "dependant",
    "child_present",
    "child_resident_not_present",
    "child_elsewhere",
}
_CHILDREN_NAMED = _LOOKED_AFTER_BY_PATIENT | {"sibling"}
_WHO_MOVE = _LOOKED_AFTER_BY_PATIENT | {"sibling", "patient"}
_HARM = {"self_harm", "overdose"}
_PERINATAL = "perinatal_mental_health"
_OF_THE_MIND = {"adult_mental_health", _PERINATAL, "substance_misuse", None}


def may_be_shared(told: Mapping[str, Any]) -> bool:
    """Whether a relapse plan may be told: with consent, or for a reason that outweighs it."""
    consent = told.get("consent")
    return consent in {"given", "not_sought_unsafe"} or told.get("override_reason") is not None


class Community(Recipients):
    """What follows for each person of an event of the community."""

    def contact(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P16, P34, P45, P48 and P49; sexual health of a child is for those who review it."""
        patient = next(person for person in people if person.role == "patient")
        everything = [*self._patient(patient, told)]
        everything += self._young_carers(people, told)
        is_clinic = told.get("setting") == "sexual_health"
        concerns = set(told["concerns"])
        is_kept = is_clinic or concerns & _SEXUAL
        allowed = {"safeguarding", "social-care"}
        if concerns & (_HARM | {"worse_while_waiting"}):
            allowed.add("camhs")
        kept = {p.number for p in people if is_kept and self.may_be_child(p)}
        yield from (e for e in everything if e.number not in kept or e.service in allowed)

    def _patient(self, patient: Someone, told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        concerns, provider = set(told["concerns"]), told["sender"]
        age = patient.age(self.on)
        if "worrying_encounter" in concerns:
            yield from self._worried_about_unborn(patient)
        if not self.may_be_child(patient):
            return
        if concerns & (_SEXUAL | {"exploitation"}) or told.get("exploitation_tool") == "positive":
            yield self.safeguarding_of(patient, provider)
        is_active = concerns & _SEXUAL and age is not None and age < 13
        is_exploited = "exploitation" in concerns or told.get("exploitation_tool") == "positive"
        if is_exploited or is_active:
            yield self.safeguarding_of(patient, provider)
            yield self.at_home(patient, "social-care")
        if told.get("setting") == "sexual_health":
            is_assessed = told.get("fraser_assessed") == "yes"
            if (age is None or age < 16) and not is_assessed:
                yield self.safeguarding_of(patient, provider)
            if told.get("exploitation_tool") is None:
                yield self.safeguarding_of(patient, provider)
        if "bruising" in concerns and told.get("mobile") != "yes" and (age is None or age < 2):
            yield self.at_home(patient, "social-care")
            yield self.safeguarding_of(patient, provider)
            yield self.visitors(patient)
            yield self.practice(patient)
        if "worrying_encounter" in concerns and patient.flags & _PLANS:
            yield self.at_home(patient, "social-care")
            yield self.practice(patient)
            yield from self.nurses(patient)
        yield from self._fgm_or_unreadable(patient, told)
        yield from self._of_the_mind(patient, told)

    def _fgm_or_unreadable(self, child: Someone, told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P30; and what nobody can read, which may be anything."""
        if {"fgm", "unknown"} & set(told["concerns"]):
            yield self.safeguarding_of(child, told["sender"])
        if "fgm" in told["concerns"]:
            yield self.at_home(child, "social-care")

    def _worried_about_unborn(self, mother: Someone) -> Iterator[ToBeTold]:
        """P34: a plan for an unborn child, or a pregnant woman's flag that nobody can read."""
        if "unborn_plan" in mother.flags or ("unknown" in mother.flags and mother.pregnant):
            yield self.at_home(mother, "social-care")
            yield self.midwives(mother)
            yield self.visitors(mother)
            yield self.practice(mother)

    def _of_the_mind(self, child: Someone, told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P18 and P49: self-harm, of whoever is known to be a child; and a wait for CAMHS."""
        concerns = set(told["concerns"])
        if "worse_while_waiting" in concerns:
            yield self.at_home(child, "camhs")
            yield self.school_nurses(child)
            yield self.practice(child)
        if not concerns & _HARM or told.get("setting") == "camhs":
            return
        yield self.safeguarding_of(child, told["sender"])
        if self.is_child(child):
            yield self.at_home(child, "camhs")
            yield self.practice(child)
            if self.is_pupil(child):
                yield self.school_nurses(child)

    def _young_carers(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        for person in people:
            is_meant = person.role in _LOOKED_AFTER_BY_PATIENT | {"patient"}
            if "young_carer" in told["concerns"] and is_meant and self.is_pupil(person):
                yield self.at_home(person, "social-care")
                yield self.school_nurses(person)
                yield self.practice(person)

    def transfer_in(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P28 and P29: who takes over, and who sends the notes on."""
        reason = told.get("reason")
        for person in people:
            if person.role not in _WHO_MOVE or not self.may_be_child(person):
                continue
            if reason == "school_entry":
                yield self.school_nurses(person)
                continue
            if self.is_young(person):
                yield self.visitors(person)
                yield self.practice(person)
                if reason != "family_nurse_graduation" and told.get("records_sent") != "yes":
                    team = self.teams.of_district("health-visiting", told.get("from_district"))
                    yield ToBeTold(person.number, "health-visiting", team or "MASH")
            if reason != "family_nurse_graduation" and self.is_pupil(person):
                yield self.school_nurses(person)

    def relapse_plan(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P20 and P21: nobody but its own team hears of a plan that may not be shared."""
        patient = next(person for person in people if person.role == "patient")
        is_cared_for = told.get("caring_responsibilities")
        if is_cared_for is None or (told.get("consent") is None and not may_be_shared(told)):
            yield self.of_sender(patient, "adult-mental-health", told["sender"])
        if not may_be_shared(told):
            return
        if patient.pregnant:
            yield self.midwives(patient)
        if patient.pregnant or is_cared_for != "no":
            yield self.visitors(patient)
            yield self.practice(patient)
        for person in people:
            is_patients = person.role == CHILD_OF_REGISTER and "patient" in person.parents
            if is_patients or person.role in _LOOKED_AFTER_BY_PATIENT:
                yield from self.nurses(person)

    def not_brought(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P22 and P47: who cares for a family hears that somebody was not seen."""
        patient = next(person for person in people if person.role == "patient")
        setting = told.get("setting")
        if told.get("first_appointment") != "no" and setting in _OF_THE_MIND | {"camhs"}:
            asked = "camhs" if setting == "camhs" else "adult-mental-health"
            yield from self._first_missed(patient, told, asked)
        if self.may_be_child(patient):
            yield from self._was_not_brought(patient, told)
        yield from self._expecting(patient)
        for person in people:
            if self._is_of_family(person) and person.flags & _PLANS_OF_FAMILY:
                yield from self.nurses(person)
                yield self.at_home(person, "social-care")
                yield self.looked_up(person, "adult-mental-health")

    def _first_missed(
        self, patient: Someone, told: Mapping[str, Any], asked: str
    ) -> Iterator[ToBeTold]:
        """P22: who cares for a parent; `asked` is who was to see the patient."""
        if patient.pregnant or self._is_a_parent(patient, told):
            yield self.midwives(patient) if patient.pregnant else self.visitors(patient)
            yield self.visitors(patient)
            yield self.practice(patient)
            yield self.of_sender(patient, asked, told["sender"])
        elif asked != "camhs" and self._is_to_be_asked(patient, told):
            yield self.of_sender(patient, asked, told["sender"])

    def _is_a_parent(self, patient: Someone, told: Mapping[str, Any]) -> bool:
        """P22: an adult unless somebody says no, a child if somebody says so; perinatal is both."""
        is_cared_for = told.get("caring_responsibilities")
        is_young = self.is_child(patient) and told.get("setting") != _PERINATAL
        if is_young or told.get("setting") == "camhs":
            return is_cared_for == "yes"
        return is_cared_for != "no"

    def _is_to_be_asked(self, patient: Someone, told: Mapping[str, Any]) -> bool:
        """Somebody under eighteen, seen as an adult, whom nobody asked about a child."""
        is_unasked = told.get("caring_responsibilities") is None
        return is_unasked and self.is_child(patient) and told.get("setting") is not None

    def _is_of_family(self, person: Someone) -> bool:
        """P47: a child whom the event names, or the register as one of the patient or a parent."""
        is_known = person.role == CHILD_OF_REGISTER and person.parents & {"patient", "parent"}
        return bool(is_known or person.role in _CHILDREN_NAMED) and self.may_be_child(person)

    def _expecting(self, patient: Someone) -> Iterator[ToBeTold]:
        """P47: a plan for an unborn child, or a flag that nobody can read and that may be one."""
        has_plan, is_unread = "unborn_plan" in patient.flags, "unknown" in patient.flags
        if has_plan or (is_unread and not patient.is_not_pregnant):
            yield self.at_home(patient, "social-care")
        if has_plan or (is_unread and patient.pregnant):
            yield self.midwives(patient)
            yield self.visitors(patient)
            yield self.practice(patient)
            yield self.looked_up(patient, "adult-mental-health")

    def _was_not_brought(self, child: Someone, told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        if child.flags & _PLANS:
            yield self.at_home(child, "social-care")
            yield self.practice(child)
            yield self.looked_up(child, "adult-mental-health")
            yield from self.nurses(child)
        if told.get("safeguarding_marker") == "yes":
            yield self.safeguarding_of(child, told["sender"])
            yield self.practice(child)

    def assessment_due(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P35 and P36: who does it, with what the practice knows, and what is missing for it."""
        patient = next(person for person in people if person.role == "patient")
        age = patient.age(self.on)
        yield self.at_home(patient, "looked-after-health")
        yield self.practice(patient)
        if told.get("assessment") != "initial":
            if self.is_young(patient):
                yield self.visitors(patient)
            if self.is_pupil(patient):
                yield self.school_nurses_though_independent(patient)
        is_of_age = age is None or 4 <= age <= 16
        if is_of_age and told.get("strengths_and_difficulties") != "yes":
            yield self.at_home(patient, "social-care")
