"""Who stands in an occurrence, as all that was published tells it: the truth's own reading.

An occurrence is what its events say together, the later one where two differ. Whom the register
knows by a checked number, or by a number and date of birth, it knows better than an officer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.sandbox.county_truth_endings import is_checked
from services.sandbox.county_truth_register import Published, Record, flags_on
from services.sandbox.county_truth_teams import School, Teams

_UNKNOWN = (None, "unknown", "not_assessed", "not_recorded")
_GROWN_UP = {"victim", "alleged_perpetrator", "accompanying_adult", "parent", "other_adult"}
CHILD_OF_REGISTER = "child_known_to_register"
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody about whom others may have to be told. `number` is who it truly is."""

    number: str
    role: str
    born: date | None
    pregnant: bool
    provider: str | None
    district: str | None
    practice: str | None
    school: School | None
    is_identified: bool
    flags: frozenset[str] = frozenset()
    sex: str | None = None
    parents: frozenset[str] = frozenset()
    """The roles of those whose child it is, for one whom only the register knows."""
    is_baby: bool = False
    pregnancy_id: str | None = None
    mother: str | None = None
    """The number of an unborn child's mother."""
    is_not_pregnant: bool = False
    """Whether somebody says so; else nobody knows, or she is."""
    outcome: str | None = None
    """How its birth ended for a baby, as far as anybody says."""

    def age(self, on: date) -> int | None:
        """Full years."""
        if self.born is None:
            return None
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who is who: the county's people, and what has been published about them."""

    names: Mapping[tuple[str, str, str], str]
    """The NHS number by given name, family name and date of birth."""
    published: Published
    teams: Teams

    def people(self, told: Record, at: datetime) -> list[Someone]:
        """Everybody in an occurrence that is told so, and the children whom the register adds."""
        persons = list(told["people"].values())
        found = [self._someone(one, at) for one in persons if one["role"] != "unborn"]
        named = {self._holder(one) for one in persons if self._names(one, at)}
        hidden: dict[str, set[str]] = {}
        for parent in found:
            if parent.is_identified:
                for child in self.published.children(parent.number, at):
                    hidden.setdefault(child, set()).add(parent.role)
        for child in sorted(hidden.keys() - named):
            known = self.published.known(child, at)
            born = self.published.endings.as_born(child)
            if known is None or "date_of_birth" not in known or _is_child_then(known, at):
                found += self._hidden(child, known or born, at, frozenset(hidden[child]))
        unborn = [self._unborn(p, persons, found) for p in persons if p["role"] == "unborn"]
        return [*unborn, *self._once_born(_as_both_say(found), unborn)]

    def _once_born(self, found: list[Someone], unborn: list[Someone]) -> list[Someone]:
        """Those who were born since are who they were in the event before their birth."""
        born = {self.published.endings.number_of_baby(one.number): one.number for one in unborn}
        return [replace(one, number=born.get(one.number, one.number)) for one in found]

    def _holder(self, person: Record) -> str:
        return self.published.holder(str(person["nhs_number"]))

    def _unborn(self, unborn: Record, persons: list[Record], found: list[Someone]) -> Someone:
        """An unborn child, who is where its mother is."""
        pregnancy_id, order = unborn["pregnancy_id"], unborn["order"]
        by_ref = dict(
            zip((p["ref"] for p in persons if p["role"] != "unborn"), found, strict=False)
        )
        mother: Someone = next(
            by_ref[p["ref"]]
            for p in persons
            if p.get("pregnancy_id") == pregnancy_id and p["role"] != "unborn"
        )
        number = f"unborn:{pregnancy_id}:{order}"
        return replace(
            mother,
            number=number,
            role="unborn",
            born=None,
            pregnant=False,
            flags=_NONE,
            mother=mother.number,
        )

    def true_number(self, person: Record) -> str:
        """Whom a report means, whatever it got wrong; of whom it says too little, nobody."""
        if "nhs_number" in person:
            return str(person["nhs_number"])
        name = person.get("name", {})
        named = (name.get("given", ""), name.get("family", ""), person.get("date_of_birth", ""))
        return self.names.get(named, "")

    def _names(self, person: Record, at: datetime) -> bool:
        if "nhs_number" not in person:
            return False
        grown_up = person["role"] in _GROWN_UP
        return not grown_up or self._known(person, at) is not None or is_checked(person)

    def _known(self, person: Record, at: datetime) -> Record | None:
        """What the register knows of somebody who can be matched with it."""
        if "nhs_number" not in person:
            return None
        known = self.published.known(person["nhs_number"], at)
        if known is None or is_checked(person):
            return known
        born = person.get("date_of_birth")
        return known if born is not None and known.get("date_of_birth") == born else None

    def _someone(self, person: Record, at: datetime) -> Someone:
        known = self._known(person, at)
        number = self.true_number(person)
        booked = self.published.booked(number, at) if "nhs_number" in person else None
        told = {**person, **({} if known is None else known)}
        told["address"] = person.get("address") or (known or {}).get("address")
        born = person.get("date_of_birth") or (known or {}).get("date_of_birth")
        return Someone(
            number=number,
            role=person["role"],
            born=date.fromisoformat(born) if born else None,
            pregnant=booked is not None or person.get("pregnant") in {"yes", "possible"},
            is_not_pregnant=booked is None and person.get("pregnant") == "no",
            provider=booked.provider if booked else person.get("maternity_provider"),
            is_identified=known is not None or is_checked(person),
            flags=self._flags(person.get("nhs_number", ""), known, at),
            sex=person.get("sex") or (known or {}).get("sex"),
            pregnancy_id=booked.pregnancy_id if booked else person.get("pregnancy_id"),
            is_baby="order" in person,
            outcome=person.get("outcome"),
            **self._places(told),
        )

    def _flags(self, number: str, known: Record | None, at: datetime) -> frozenset[str]:
        """Flags of somebody whom the register knows; a baby keeps the plan from before birth."""
        plan = {"unborn_plan"} if self.published.keeps_plan(number, at) else set[str]()
        return flags_on(known, at) | plan

    def _hidden(
        self, number: str, known: Record | None, at: datetime, parents: frozenset[str]
    ) -> Iterator[Someone]:
        born = (known or {}).get("date_of_birth")
        yield Someone(
            number=number,
            role=CHILD_OF_REGISTER,
            born=date.fromisoformat(born) if born else None,
            pregnant=False,
            provider=None,
            is_identified=True,
            flags=self._flags(number, known, at),
            sex=(known or {}).get("sex"),
            parents=parents,
            **self._places(known or {}),
        )

    def _places(self, told: Record) -> dict[str, Any]:
        practice, school = told.get("gp_practice"), told.get("school")
        lives = (told.get("address") or {}).get("district")
        return {
            "practice": practice,
            "district": lives or self.teams.district_of_practice(practice),
            "school": School(school.get("urn"), school["type"]) if school else None,
        }


def _is_child_then(known: Record, at: datetime) -> bool:
    """Born by then, and under 18."""
    born = date.fromisoformat(known["date_of_birth"])
    birthday = (born.month, born.day)
    return born <= at.date() and at.year - born.year - ((at.month, at.day) < birthday) < 18


def _as_both_say(found: list[Someone]) -> list[Someone]:
    """The people, where one whom an event names without a number may stand a second time.

    If the register has a child of the family with that name and date of birth, it is that child,
    and the register knows its practice and its school better. What the one does not say the other
    does; where they live in two homes, both count.
    """
    children = {one.number: one for one in found if one.role == CHILD_OF_REGISTER and one.born}
    named = {one.number: one for one in found if one.role != CHILD_OF_REGISTER and one.number}
    same = children.keys() & named.keys()
    return [
        one
        if one.number not in same
        else _filled(one, named if one.role == CHILD_OF_REGISTER else children)
        for one in found
    ]


def _filled(one: Someone, others: Mapping[str, Someone]) -> Someone:
    other = others.get(one.number)
    if other is None:
        return one
    first, second = (one, other) if one.role == CHILD_OF_REGISTER else (other, one)
    return replace(
        one,
        practice=first.practice or second.practice,
        district=one.district or other.district,
        school=first.school or second.school,
        flags=one.flags | other.flags,
    )


def folded(events: Iterable[tuple[str, Record]], numbers: frozenset[str]) -> dict[str, Any]:
    """What events say together, each with its place among them: the later one where they differ.

    `people` is by ref, patient, mother and babies among them, `invitees` by service.
    """
    told: dict[str, Any] = {"people": {}, "concerns": [], "invitees": {}}
    for _, event in sorted(events, key=lambda placed: placed[0]):
        for name, value in {"status": "new", **event}.items():
            if name == "concerns":
                told[name] = list(dict.fromkeys((*told[name], *value)))
            elif name == "invitees":
                told[name] |= {each["service"]: each for each in value}
            elif name not in {*_SUBJECTS, *_LISTED} and value not in _UNKNOWN:
                told[name] = value
        subjects = [event[name] for name in _SUBJECTS if name in event]
        listed = [each for name in _LISTED for each in event.get(name, ())]
        for person in (*subjects, *listed):
            _add(told["people"].setdefault(person["ref"], {}), person, numbers)
    return told


_SUBJECTS = ("patient", "mother")
_LISTED = ("babies", "people")


def _add(known: dict[str, Any], person: Record, numbers: frozenset[str]) -> None:
    """Adds what an event says of somebody; a mistyped number says nothing, nor does its status."""
    is_somebodys = person.get("nhs_number") in numbers
    for name, value in person.items():
        if name in {"nhs_number", "nhs_number_status"} and not is_somebodys:
            continue
        if value not in _UNKNOWN:
            known[name] = value
