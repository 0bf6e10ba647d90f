"""Who stands in an occurrence, as all that was published tells it: the truth's own reading.

An occurrence is what its events say together, the later one where two differ. Whom the register
knows by a checked number, or by a number and date of birth, it knows better than an officer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.sandbox.county_truth_register import Published, Record, has_flag
from services.sandbox.county_truth_teams import School, Teams

_UNKNOWN = (None, "unknown", "not_assessed", "not_recorded")
_CHECKED = {"verified", "traced"}
CHILD_OF_REGISTER = "child_known_to_register"


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
    is_flagged: bool
    parents: frozenset[str] = frozenset()
    """The roles of those whose child it is, for one whom only the register knows."""

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
        found = [one for person in persons for one in self._someone(person, at)]
        named = {one["nhs_number"] for one in persons if self._names(one, at)}
        hidden: dict[str, set[str]] = {}
        for parent in found:
            if parent.is_identified:
                for child in self.published.children.get(parent.number, ()):
                    hidden.setdefault(child, set()).add(parent.role)
        for child in sorted(hidden.keys() - named):
            known = self.published.known(child, at)
            if known is None or _is_under_18(known, at):
                found += self._hidden(child, known, at, frozenset(hidden[child]))
        return _as_both_say(found)

    def true_number(self, person: Record) -> str:
        """Whom a report means, whatever it got wrong."""
        if "nhs_number" in person:
            return str(person["nhs_number"])
        name = person["name"]
        return self.names[name["given"], name["family"], person["date_of_birth"]]

    def _names(self, person: Record, at: datetime) -> bool:
        if "nhs_number" not in person:
            return False
        grown_up = person["role"] in {"victim", "alleged_perpetrator", "accompanying_adult"}
        return not grown_up or self._known(person, at) is not None or _is_checked(person)

    def _known(self, person: Record, at: datetime) -> Record | None:
        """What the register knows of somebody who can be matched with it."""
        if "nhs_number" not in person:
            return None
        known = self.published.known(person["nhs_number"], at)
        if known is None or _is_checked(person):
            return known
        return known if known.get("date_of_birth") == person["date_of_birth"] else None

    def _someone(self, person: Record, at: datetime) -> Iterator[Someone]:
        known = self._known(person, at)
        number = self.true_number(person)
        booked = self.published.booked(number, at) if "nhs_number" in person else None
        told = {**person, **({} if known is None else known)}
        told["address"] = person.get("address") or (known or {}).get("address")
        yield Someone(
            number=number,
            role=person["role"],
            born=date.fromisoformat(person["date_of_birth"]),
            pregnant=booked is not None or person.get("pregnant") in {"yes", "possible"},
            provider=booked.provider if booked else person.get("maternity_provider"),
            is_identified=known is not None or _is_checked(person),
            is_flagged=has_flag(known, at),
            **self._places(told),
        )

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
            is_flagged=has_flag(known, at),
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


def _is_checked(person: Record) -> bool:
    return "nhs_number" in person and person.get("nhs_number_status") in _CHECKED


def _is_under_18(known: Record, at: datetime) -> bool:
    born = date.fromisoformat(known["date_of_birth"])
    birthday = (born.month, born.day)
    return at.year - born.year - ((at.month, at.day) < birthday) < 18


def _as_both_say(found: list[Someone]) -> list[Someone]:
    """The people, where one whom an event names without a number may stand a second time.

    If the register has a child of the family with that name and date of birth, it is that child,
    and the register knows its practice and its school better. What the one does not say the other
    does; where they live in two homes, both count.
    """
    children = {one.number: one for one in found if one.role == CHILD_OF_REGISTER and one.born}
    named = {one.number: one for one in found if one.role != CHILD_OF_REGISTER}
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
        is_flagged=one.is_flagged or other.is_flagged,
    )


def folded(events: Iterable[tuple[str, Record]], numbers: frozenset[str]) -> dict[str, Any]:
    """What events say together, each with its place among them: the later one where they differ.

    `people` is by ref, the patient among them.
    """
    told: dict[str, Any] = {"people": {}, "concerns": []}
    for _, event in sorted(events, key=lambda placed: placed[0]):
        for name, value in event.items():
            if name == "concerns":
                told[name] = list(dict.fromkeys((*told[name], *value)))
            elif name not in {"people", "patient"} and value not in _UNKNOWN:
                told[name] = value
        patient = [event["patient"]] if "patient" in event else []
        for person in (*patient, *event.get("people", ())):
            _add(told["people"].setdefault(person["ref"], {}), person, numbers)
    return told


def _add(known: dict[str, Any], person: Record, numbers: frozenset[str]) -> None:
    """Adds what an event says of somebody; a mistyped number says nothing, nor does its status."""
    is_somebodys = person.get("nhs_number") in numbers
    for name, value in person.items():
        if name in {"nhs_number", "nhs_number_status"} and not is_somebodys:
            continue
        if value not in _UNKNOWN:
            known[name] = value
