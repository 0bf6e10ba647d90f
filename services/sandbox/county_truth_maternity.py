"""Who should be told of what happens in a pregnancy.

P12 (a birth), P23, P24, P26, P30, P44 and P46.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from services.sandbox.county_truth_people import CHILD_OF_REGISTER, Someone
from services.sandbox.county_truth_recipients import Recipients, ToBeTold

_ALERTS = {"unborn_alert", "child_removed_before", "concealed_pregnancy"}
_ELSEWHERE_TOLD = _ALERTS | {"fgm", "delayed_discharge"}
_CHILDREN = {
    "child_elsewhere",
    "child_present",
    "child_resident_not_present",
    "sibling",
    "dependant",
    CHILD_OF_REGISTER,
}
_NEEDED = (
    "maternal_mental_health",
    "child_protection_status",
    "planned_mbu_transfer",
    "parental_responsibility",
    "ethnicity",
    "gp_practice",
    "risk_marker",
)
_LIVES = {"live", None}
"""Of whom nobody says how it is, it is not said that it was lost."""


class Maternity(Recipients):
    """What follows for each person of a pregnancy's event."""

    def booking(self, people: list[Someone], _told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P24: whoever visits her from its beginning, and her practice; of nobody else.

        A family nurse comes in the place of a health visitor where there is one, which is nowhere.
        """
        mother = _mother(people)
        yield self.visitors(mother)
        yield self.practice(mother)

    def concern(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P30, P44 and P46: her midwives and the named midwife, and whoever else must act."""
        mother, provider = _mother(people), told.get("provider")
        concerns = set(told["concerns"])
        girls_at_risk = "fgm" in concerns and told.get("risk_to_girls") != "no"
        yield self.midwives(mother, provider)
        yield self.named_midwife(mother, provider)
        if concerns & _ALERTS:
            yield self.visitors(mother)
            yield from self.everywhere(mother, "midwifery")
        is_girl = "fgm" in concerns and self.may_be_child(mother)
        if "delayed_discharge" in concerns or girls_at_risk or is_girl:
            yield self.at_home(mother, "social-care")
        for person in people:
            is_girl = person.role in _CHILDREN and person.sex != "male"
            if girls_at_risk and is_girl and self.may_be_child(person):
                yield self.at_home(person, "social-care")

    def missed(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P23: her midwives; the second time, or with a marker, everybody who cares for her."""
        mother, provider = _mother(people), told.get("provider")
        count, marker = told.get("missed_in_pregnancy"), told.get("safeguarding_marker")
        if count is None or count >= 1:
            yield self.midwives(mother, provider)
            if mother.flags & {"unborn_plan", "unknown"}:
                yield self.at_home(mother, "social-care")
        if count is None or count >= 2 or marker != "no":
            yield self.named_midwife(mother, provider)
            yield self.visitors(mother)
            yield self.practice(mother)

    def birth(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P12: who holds the plan of an unborn child hears that it is born."""
        mother = _mother(people)
        if mother.flags & {"unborn_plan", "unknown"} and _is_one_alive(told):
            yield self.at_home(mother, "social-care")
            yield self.visitors(mother)

    def transfer(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P26: who takes over from midwives; a blank is the sender's to fill in."""
        mother, is_one_alive = _mother(people), _is_one_alive(told)
        yield self.practice(mother)
        if is_one_alive:
            yield self.visitors(mother)
            if mother.flags & {"unborn_plan", "unknown"}:
                yield self.at_home(mother, "social-care")
            if any(told.get(name) is None for name in _NEEDED):
                yield self.of_sender(mother, "midwifery", told["sender"])
        has_plan = told.get("child_protection_status") not in {None, "no_plan"}
        for person in people:
            if person.is_baby and person.outcome in _LIVES:
                yield self.visitors(person)
                yield self.practice(person)
                if has_plan:
                    yield self.at_home(person, "social-care")


def _mother(people: list[Someone]) -> Someone:
    return next(person for person in people if person.role == "patient")


def _is_one_alive(told: Mapping[str, Any]) -> bool:
    babies = [person for person in told["people"].values() if "order" in person]
    return any(baby.get("outcome") in _LIVES for baby in babies)
