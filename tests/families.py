"""Families in events, and rules under which only the guards keep anything back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from routing_rules.decision import Decision, OwedDuty
from routing_rules.fields import phrase_of
from routing_rules.rulebook import Rulebook
from schemas.events import ROUTED_MODELS
from schemas.values import EventType, Role
from tests.builders import (
    EMERGENCY,
    MARAC,
    POLICE,
    a_person,
    attendance,
    conference,
    decision_on,
    nhs_number,
    police,
    with_rules,
)

_TELL_ALL = """
- rule: everybody-{name}
  why: Everybody hears of everybody.
  event: {event}
  about: {{role: [{roles}]}}
  tell:
    - {{midwifery: at the booked provider, urgency: immediate, ask: [acknowledge]}}
    - {{health visiting: of the home district, urgency: routine, ask: [record]}}
    - {{gp: at the registered practice, urgency: routine, ask: [record]}}
    - {{social care: of the home district, urgency: routine, ask: [act]}}
    - {{safeguarding: of the attending hospital, urgency: routine, ask: [act]}}
  source: [para 1.13]
  owner: named.nurse
  review by: 2027-04-01
"""
TEXTS = {"headline": "Headline0x", "summary": "Summary0x", "narrative": "Narrative0x"}
_ADULTS = frozenset({"parent", "accompanying_adult", "other_adult"})
ACCUSED = "alleged_perpetrator"
_COMMON = [("victim",), ("child_present",), ("sibling",), ("dependant",), (ACCUSED,)]
_TWICE = [("victim", ACCUSED), (ACCUSED, "parent"), ("victim", "parent"), (ACCUSED, "victim")]
REFERRAL = EventType.SOCIAL_CARE_REFERRAL
CONTACT = EventType.COMMUNITY_CONTACT
CONCERN = EventType.MATERNITY_CONCERN
SOMEBODYS = (EMERGENCY, CONTACT, CONCERN)
"""Events that are one patient's; the other adults may have to be taken for the perpetrator."""
_BESIDE = [("parent",), ("accompanying_adult",), ("sibling",), ("victim",), (ACCUSED,)]
_ROLES: Mapping[EventType, Sequence[tuple[str, ...]]] = {
    POLICE: [*_COMMON, ("other_adult",), ("unborn",), *_TWICE],
    MARAC: [*_COMMON, ("other_adult",), ("unborn",), *_TWICE],
    REFERRAL: [*_COMMON, ("child_elsewhere",), ("unborn",), *_TWICE],
    **dict.fromkeys(SOMEBODYS, _BESIDE),
}


@cache
def tell_all() -> Rulebook:
    """Rules under which only the guards keep anything back."""
    roles = ", ".join(role.value.replace("_", " ") for role in Role)
    events = map(phrase_of, ROUTED_MODELS)
    return with_rules(
        "".join(
            _TELL_ALL.format(name=event.replace(" ", "-"), event=event, roles=roles)
            for event in events
        )
    )


@dataclass(frozen=True)
class Human:
    """One human of a family: the refs under which they stand there, and what betrays them."""

    number: int
    roles: tuple[str, ...]
    known: Mapping[str, Any]

    @property
    def refs(self) -> list[dict[str, Any]]:
        return [
            a_person(role, ref=f"h{self.number}.{place}", **self.known)
            for place, role in enumerate(self.roles)
        ]

    @property
    def marks(self) -> set[str]:
        """Texts that stand for this human alone."""
        marks = {f"Given{self.number}x", f"Family{self.number}x", f"Lane{self.number}x"}
        return marks | {self.known.get("nhs_number", "no number")}

    @property
    def is_grown_up(self) -> bool:
        return str(self.known.get("date_of_birth", "2020")) < "2008"

    def is_only_accused(self, *, treated: bool) -> bool:
        roles = set(self.roles)
        if "victim" in roles or "patient" in roles:
            return False
        if ACCUSED in roles:
            return roles <= {ACCUSED, *_ADULTS} or self.is_grown_up
        return treated and (bool(roles & _ADULTS) or self.is_grown_up)


@dataclass(frozen=True)
class Family:
    """Everybody in one event."""

    event: EventType
    humans: tuple[Human, ...]
    concerns: tuple[str, ...] = ()

    @property
    def is_treated(self) -> bool:
        """Whether every other adult is taken for the perpetrator."""
        named = any(ACCUSED in human.roles for human in self.humans)
        unnamed = self.event is CONCERN and not self.concerns
        violent = unnamed or {"assault", "domestic_abuse", "unknown"} & set(self.concerns)
        return self.event in SOMEBODYS and bool(violent) and not named

    @property
    def guarded(self) -> list[Human]:
        treated = self.is_treated
        return [human for human in self.humans if human.is_only_accused(treated=treated)]

    def decision(self, *, without: Sequence[Human] = ()) -> Decision:
        people = [ref for human in self.humans if human not in without for ref in human.refs]
        return decision_on(self.event, self._data(people), rulebook=tell_all())

    def _data(self, people: list[dict[str, Any]]) -> dict[str, Any]:
        concerns = list(self.concerns)
        if self.event is POLICE:
            return police(*people, **TEXTS, location={"address": "Place0x"})
        if self.event is MARAC:
            return conference(*people, headline="Headline0x", risk_summary="Summary0x")
        if self.event is REFERRAL:
            blanks = {"household": "Place0x", "analysis_of_risk": "Reason0x"}
            return {"referral_id": "R", "people": people, **TEXTS, **blanks}
        if self.event is EMERGENCY:
            told: dict[str, Any] = {"concerns": concerns, "reason": "Reason0x", **TEXTS}
            return attendance(people[0], *people[1:], **told)
        alone = "patient" if self.event is CONTACT else "mother"
        return {alone: people[0], "people": people[1:], "concerns": concerns, **TEXTS}

    def about(self, duty: OwedDuty) -> Human | None:
        """Whom a duty is about; None for the unborn child of somebody guarded."""
        assert duty.about is not None
        if duty.about.ref.endswith("/unborn"):
            return None
        number = int(duty.about.ref.removeprefix("h").split(".")[0])
        return next(human for human in self.humans if human.number == number)


@st.composite
def humans(draw: st.DrawFn, number: int, roles: Sequence[tuple[str, ...]]) -> Human:
    told = draw(st.sampled_from(roles))
    known: dict[str, Any] = {
        "gp_practice": draw(st.sampled_from(["Y90004", "Y90016"])),
        "address": {"lines": [f"Lane{number}x"], "district": "E07000193"},
        "address_restricted": draw(st.sampled_from([True, False, None])),
        "pregnant": draw(st.sampled_from(["yes", "possible", "no", "unknown"])),
        "sex": draw(st.sampled_from(["female", "male", "unknown"])),
    }
    named = draw(st.booleans())
    if named:
        known["name"] = {"given": f"Given{number}x", "family": f"Family{number}x"}
    born = draw(st.sampled_from(["1990-01-02", "2009-12-12", "2020-01-01", None]))
    if born or (named and len(told) > 1):
        known["date_of_birth"] = born or "1991-01-02"
    if draw(st.booleans()) or (len(told) > 1 and not named):
        known |= {"nhs_number": nhs_number(number + 11), "nhs_number_status": "verified"}
    if told == ("unborn",):
        known = {"address": known["address"], "address_restricted": False}
    return Human(number, told, known)


@st.composite
def families(
    draw: st.DrawFn, events: Sequence[EventType] = (POLICE, MARAC, REFERRAL, *SOMEBODYS)
) -> Family:
    event = draw(st.sampled_from(events))
    count = draw(st.integers(1, 4))
    people = [draw(humans(number, _ROLES[event])) for number in range(1, count + 1)]
    if event not in SOMEBODYS:
        return Family(event, tuple(people))
    words = {EMERGENCY: ["assault", "burn"], CONTACT: ["assault", "burn"], CONCERN: ["fgm"]}[event]
    concerns = draw(st.sets(st.sampled_from([*words, "domestic_abuse", "unknown"])))
    patient = draw(humans(0, [("patient",)]))
    return Family(event, (patient, *people), tuple(sorted(concerns)))
