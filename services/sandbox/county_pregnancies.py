"""The pregnancies of the synthetic county's women: when they begin, and how they end.

All of it is drawn beforehand, so that a day of the county is the same however one came to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.sandbox.county_residents import Newborn, Pregnancy, Resident

PREGNANCY_DAYS = 280
_CYCLE = 580
"""Days from one pregnancy to the next: so nobody expects all the time."""
_CYCLES = 4
_LOST_EARLY, _STILLBORN, _DIED = 0.08, 0.01, 0.01
_TWINS = 0.05
_OLDEST_MOTHER = 46


@dataclass(frozen=True, slots=True)
class Draw:
    """From what pregnancies and babies are drawn; `given` are the names by sex."""

    chance: Random
    numbers: Iterator[str]
    given: Mapping[str, Sequence[str]]


def drawn_pregnancies(mother: Resident, anchor: date, draw: Draw) -> Iterator[Pregnancy]:
    """Those that end from some months before `anchor` to about five years after it."""
    first = anchor + timedelta(days=draw.chance.randrange(_CYCLE) - PREGNANCY_DAYS)
    for cycle in range(_CYCLES):
        due = first + timedelta(days=cycle * _CYCLE)
        if mother.age(due) <= _OLDEST_MOTHER:
            yield _pregnancy(mother, due, draw)


def _pregnancy(mother: Resident, due: date, draw: Draw) -> Pregnancy:
    chance = draw.chance
    begun = due - timedelta(days=PREGNANCY_DAYS)
    booked_on = begun + timedelta(days=chance.randint(63, 90))
    pregnancy_id = f"MAT-{mother.nhs_number[3:]}-{due:%y%m%d}"
    if chance.random() < _LOST_EARLY:
        ends_on = booked_on + timedelta(days=chance.randint(5, 70))
        how = chance.choice(("miscarriage", "miscarriage", "termination"))
        return Pregnancy(pregnancy_id, begun, booked_on, due, ends_on, how)
    ends_on = due + timedelta(days=chance.randint(-24, 10))
    drawn = chance.random()
    outcome = "stillborn" if drawn < _STILLBORN else "died" if drawn > 1 - _DIED else "live"
    is_twins = chance.random() < _TWINS
    outcomes = (outcome, "live") if is_twins else (outcome,)
    babies = _babies(mother, ends_on, outcomes, draw)
    return Pregnancy(pregnancy_id, begun, booked_on, due, ends_on, "birth", babies)


def _babies(
    mother: Resident, born: date, outcomes: Sequence[str], draw: Draw
) -> tuple[Newborn, ...]:
    """As many as there are outcomes; twins have different names."""
    sex = draw.chance.choice(("female", "male"))
    names = draw.chance.sample(draw.given[sex], k=len(outcomes))
    return tuple(
        Newborn(
            Resident(next(draw.numbers), name, mother.family, born, sex, mother.practice),
            order,
            outcome,
        )
        for order, (name, outcome) in enumerate(zip(names, outcomes, strict=True), start=1)
    )
