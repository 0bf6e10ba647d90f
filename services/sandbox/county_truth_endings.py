"""How pregnancies ended, as the county's truth hears of it: who was born, and who was lost."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

_LOST = {"stillborn", "died"}
_AT_BIRTH = ("name", "date_of_birth")
_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Ending:
    """A birth, or the end of a pregnancy; `babies` are by order, as they were told."""

    pregnancy_id: str
    mother: str | None
    day: date
    outcome: str
    babies: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Endings:
    """By pregnancy and occurrence, how pregnancies ended; and whose each pregnancy is."""

    _told: dict[str, dict[str, Ending]] = field(default_factory=lambda: defaultdict(dict))
    _mothers: dict[str, str] = field(default_factory=dict)
    _hers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _births: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def booked(self, pregnancy_id: str, mother: str) -> None:
        """A booking says whose a pregnancy is."""
        self._mothers[pregnancy_id] = mother
        self._hers[mother].add(pregnancy_id)

    def take(self, key: str, told: Mapping[str, Any]) -> None:
        """A birth or an end as all its events tell it."""
        pregnancy_id = told["pregnancy_id"]
        mother = told["people"].get("mother", {}).get("nhs_number")
        babies = {p["order"]: p for p in told["people"].values() if "order" in p}
        day = date.fromisoformat(told.get("born_on") or told["ended_on"])
        outcome = "birth" if "born_on" in told else told.get("outcome", "unknown")
        self._told[pregnancy_id][key] = Ending(pregnancy_id, mother, day, outcome, babies)
        if mother is not None:
            self._hers[mother].add(pregnancy_id)
        for baby in babies.values():
            if is_checked(baby):
                self._births[baby["nhs_number"]].add(pregnancy_id)

    def of_mother(self, numbers: Iterable[str]) -> list[Ending]:
        """The ends of the pregnancies of somebody with these numbers, the earliest first."""
        mine = frozenset(numbers)
        ids = {pregnancy_id for number in mine for pregnancy_id in self._hers.get(number, ())}
        told = (one for each in ids for one in self._told.get(each, {}).values())
        return sorted((one for one in told if self.mother(one) in mine), key=lambda one: one.day)

    def pregnancies_of(self, numbers: Iterable[str]) -> frozenset[str]:
        """The pregnancies that are booked for somebody with these numbers."""
        mine = frozenset(numbers)
        hers = (each for number in mine for each in self._hers.get(number, ()))
        return frozenset(each for each in hers if self._mothers.get(each) in mine)

    def is_known_whose(self, pregnancy_id: str) -> bool:
        """Whether anybody who told of a pregnancy says whose it is."""
        told = self._told.get(pregnancy_id, {}).values()
        return pregnancy_id in self._mothers or any(one.mother for one in told)

    def mother(self, one: Ending) -> str | None:
        """Whose pregnancy it was."""
        return one.mother or self._mothers.get(one.pregnancy_id)

    def babies_of(self, mother: str) -> Iterator[str]:
        """The numbers of those who were born to somebody."""
        for one in self.of_mother((mother,)):
            yield from (b["nhs_number"] for b in one.babies.values() if is_checked(b))

    def born_of(self, pregnancy_id: str, *, but_not_of: AbstractSet[str]) -> Iterator[str]:
        """The numbers of those who were born of a pregnancy, of a mother who is none of these."""
        for one in self._told.get(pregnancy_id, {}).values():
            if self.mother(one) not in but_not_of:
                yield from (b["nhs_number"] for b in one.babies.values() if is_checked(b))

    def is_born_and_lives(self, number: str, at: datetime) -> bool:
        """Whether a child may be told about, as far as its birth says."""
        day = at.astimezone(_LONDON).date()
        births = self.births_of((number,))
        return all(one.day <= day for one in births) and not self.is_lost(number)

    def is_lost(self, number: str) -> bool:
        """Whether somebody was born dead, or died since."""
        return any(
            baby.get("nhs_number") == number and outcome in _LOST
            for pregnancy_id in self._births.get(number, ())
            for baby, outcome in self.outcomes(pregnancy_id)
        )

    def as_born(self, number: str) -> Mapping[str, Any] | None:
        """What a birth alone tells of a baby, and nothing of where it lives."""
        told = next((baby for _, baby in self._births_of(number)), None)
        return told and {name: told[name] for name in _AT_BIRTH if name in told}

    def births_of(self, numbers: Iterable[str]) -> list[Ending]:
        """The births of somebody with these numbers."""
        return [one for number in numbers for one, _ in self._births_of(number)]

    def _births_of(self, number: str) -> Iterator[tuple[Ending, Mapping[str, Any]]]:
        for pregnancy_id in self._births.get(number, ()):
            for one in self._told[pregnancy_id].values():
                for baby in one.babies.values():
                    if is_checked(baby) and baby["nhs_number"] == number:
                        yield one, baby

    def outcomes(self, pregnancy_id: str) -> list[tuple[Mapping[str, Any], str | None]]:
        """The babies of a pregnancy, and what became of each; a death is the only one's."""
        same = self._told.get(pregnancy_id, {}).values()
        babies = {order: baby for one in same for order, baby in one.babies.items()}
        died = any(one.outcome == "neonatal_death" for one in same) and len(babies) == 1
        return [(b, "died" if died else b.get("outcome")) for b in babies.values()]

    def number_of_baby(self, unborn: str) -> str | None:
        """The NHS number of an unborn child (`unborn:pregnancy:order`), once it is born."""
        _, pregnancy_id, order = unborn.split(":")
        babies = (baby for baby, _ in self.outcomes(pregnancy_id) if is_checked(baby))
        return next((b["nhs_number"] for b in babies if b["order"] == int(order)), None)

    def has_lost_all(self, pregnancy_id: str) -> bool:
        """Whether no baby of a pregnancy lives on, as far as is told."""
        outcomes = [outcome in _LOST for _, outcome in self.outcomes(pregnancy_id)]
        return all(outcomes) if outcomes else self._is_lost(pregnancy_id)

    def has_lost(self, pregnancy_id: str, order: int) -> bool:
        """Whether the unborn child of this place was lost."""
        outcomes = {baby["order"]: outcome for baby, outcome in self.outcomes(pregnancy_id)}
        return outcomes[order] in _LOST if order in outcomes else self._is_lost(pregnancy_id)

    def _is_lost(self, pregnancy_id: str) -> bool:
        told = self._told.get(pregnancy_id, {}).values()
        return any(one.outcome != "birth" for one in told)


def is_checked(person: Mapping[str, Any]) -> bool:
    """Whether an NHS number may identify somebody by itself."""
    status = person.get("nhs_number_status")
    return "nhs_number" in person and status in {"verified", "traced"}
