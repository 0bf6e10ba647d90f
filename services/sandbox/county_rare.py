"""Stories of the synthetic county that are too rare to wait for: each is told once, early on.

With them every rule of the rulebook has something to say in the county's first days, and whatever
a pregnancy or an identity can come to has been seen.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from services.sandbox.county_people import Household
from services.sandbox.county_places import Places
from services.sandbox.county_rare_families import bereaved, expecting, protected, young
from services.sandbox.county_rare_known import known_at_last
from services.sandbox.county_rare_people import (
    BEREAVED,
    EXPECTING,
    PROTECTED,
    STRANGERS,
    YOUNG,
    as_of,
    rare_households,
    told_rarely,
)
from services.sandbox.county_rare_strangers import strangers
from services.sandbox.county_rare_tellings import Tell
from services.sandbox.county_reports import Later, Report, Scene

_NUMBERS_FROM = 900_000
"""Of what happens to them; the county itself never counts so far."""
_COMMUNITY = ("community", "sexual-health", "looked-after", "mental-health")
_AFTER = 60
"""Minutes before the first of them: what the register tells of others comes first."""
_APART = 7
"""Minutes between one report and the next."""


def rare_stories(
    places: Places, at: datetime, minute: timedelta, seed: int
) -> Iterator[tuple[datetime, Later]]:
    """What is to come, each with when it is told, from `at` (UTC) on."""
    if not (places.registration and places.maternity and places.social_care):
        return  # too little is published there for them
    if not {*_COMMUNITY} <= places.community.keys():
        return
    homes = rare_households(places)
    number = _NUMBERS_FROM
    for household, tellings in (
        (STRANGERS, strangers()),
        (EXPECTING, expecting()),
        (BEREAVED, bereaved()),
        (YOUNG, young()),
        (PROTECTED, protected()),
        (STRANGERS, known_at_last()),
    ):
        for tell in tellings:
            number += 1
            when = at + (_AFTER + (number - _NUMBERS_FROM) * _APART) * minute
            scene = Scene(homes[household], when, Random(f"{seed}/rare/{number}"), number, minute)
            yield when, Later(timedelta(0), _told(places, tell, scene))


def _told(places: Places, tell: Tell, scene: Scene) -> Callable[[datetime], Report]:
    def told(at: datetime) -> Report:
        home: Household = as_of(scene.home, at.date())
        then = replace(scene, home=home, at=at)
        return replace(told_rarely(tell(places, then), home), later=None)

    return told
