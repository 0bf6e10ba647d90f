"""What comes of itself in a household of the synthetic county: pregnancies, births, second records.

It comes on its day, whatever else happens. Some of it is told late, or twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random

from services.sandbox.county_maternity import birth, booked_elsewhere, booking, ended, transfer
from services.sandbox.county_places import Places
from services.sandbox.county_register import (
    changed_identity,
    father_of_unborn,
    mother_of,
    newborn,
    second_record,
)
from services.sandbox.county_reports import Later, Report, Scene, saying
from services.sandbox.county_residents import Pregnancy

ToCome = Iterator[tuple[datetime, Later]]
_Make = Callable[[Scene], Report]
_UNMERGED = 0.25
_TOLD_LATE = 0.1
_CORRECTED, _MOVED, _IN_ERROR = 0.2, 0.15, 0.02
_FATHER_LINKED, _NOT_THE_FATHER = 0.5, 0.1


def life_of(places: Places, scene: Scene) -> ToCome:
    """What is to come in a household, each with when it is told (UTC)."""
    if scene.home.booked_with is not None:
        for pregnancy in scene.home.pregnancies:
            if pregnancy.ends_on >= scene.on:
                yield from _life_of_pregnancy(places, scene, pregnancy)
    if places.registration is not None:
        yield from _second_records(places, scene)


def _life_of_pregnancy(places: Places, scene: Scene, pregnancy: Pregnancy) -> ToCome:
    chance = Random(f"{scene.home.number}/{pregnancy.pregnancy_id}")
    told = partial(_told, scene, chance)
    if pregnancy.booked_on <= pregnancy.ends_on:
        booked = max(_on(pregnancy.booked_on, chance), scene.at)
        yield booked, told(lambda then: booking(places, then, pregnancy))
        yield from _booked_again(places, scene, pregnancy, booked)
        yield from _fathered(places, scene, pregnancy, booked)
    over = _on(pregnancy.ends_on, chance) + timedelta(hours=chance.randint(1, 30))
    late = timedelta(days=chance.randint(3, 20) if chance.random() < _TOLD_LATE else 0)
    is_birth = bool(pregnancy.babies)
    tell = birth if is_birth else ended
    yield max(over + late, scene.at), told(lambda then: tell(places, then, pregnancy))
    if not is_birth:
        return
    if not any(baby.lives for baby in pregnancy.babies) and chance.random() < 0.5:
        yield over + timedelta(days=1), told(lambda then: ended(places, then, pregnancy))
    going_home = over + timedelta(days=chance.randint(6, 12))
    yield going_home, told(lambda then: transfer(places, then, pregnancy))
    for baby in pregnancy.babies:
        if baby.lives and places.registration is not None:
            registered = over + timedelta(hours=chance.randint(20, 200))
            yield registered, told(partial(newborn, places, baby.who))
            yield registered, told(partial(mother_of, places, baby.who))


def _booked_again(places: Places, scene: Scene, pregnancy: Pregnancy, booked: datetime) -> ToCome:
    """A booking is corrected, or passes to another provider, or was entered in error."""
    chance = Random(f"{scene.home.number}/{pregnancy.pregnancy_id}/again")
    told = partial(_told, scene, chance)
    corrected = booked + scene.minute * chance.randint(5, 3000)
    due = (pregnancy.due + timedelta(days=chance.randint(-9, 9))).isoformat()
    if chance.random() < _CORRECTED:
        yield (
            corrected,
            told(lambda then: saying(booking(places, then, pregnancy), expected_due_date=due)),
        )
    moves = booked + scene.minute * 1440 * chance.randint(3, 90)
    elsewhere = chance.choice(sorted(places.maternity))
    if chance.random() < _MOVED and moves.date() < pregnancy.ends_on:
        yield moves, told(lambda then: booked_elsewhere(places, then, pregnancy, elsewhere))
    if chance.random() < _IN_ERROR:
        yield (
            corrected + scene.minute * 30,
            told(lambda then: saying(booking(places, then, pregnancy), status="entered_in_error")),
        )


def _fathered(places: Places, scene: Scene, pregnancy: Pregnancy, booked: datetime) -> ToCome:
    """The father is linked to the unborn child, now and then after its birth, or by mistake."""
    father = scene.home.partner
    if father is None or places.registration is None:
        return
    chance = Random(f"{scene.home.number}/{pregnancy.pregnancy_id}/father")
    if chance.random() >= _FATHER_LINKED:
        return
    told, link = partial(_told, scene, chance), partial(father_of_unborn, places, pregnancy, father)
    linked = booked + scene.minute * 1440 * chance.randint(1, 240)
    yield linked, told(link)
    if chance.random() < _NOT_THE_FATHER:
        wrong = linked + scene.minute * 1440 * chance.randint(1, 90)
        yield wrong, told(partial(link, status="entered_in_error"))


def _second_records(places: Places, scene: Scene) -> ToCome:
    """A child is registered twice; somebody sees it, and now and then it was right after all."""
    home, day = scene.home, scene.minute * 1440
    for who in home.children:
        number = home.duplicates.get(who.nhs_number)
        if number is None:
            continue
        chance = Random(f"{home.number}/{number}")
        told = partial(_told, scene, chance)
        yield scene.at + scene.minute, told(partial(second_record, places, who))
        merge = partial(changed_identity, places, number, who.nhs_number)
        merged = scene.at + day * chance.randint(3, 60)
        yield merged, told(partial(merge, reason="merged"))
        if chance.random() < _UNMERGED:
            parted = merged + day * chance.randint(2, 40)
            yield parted, told(partial(merge, reason="unmerged"))


def _told(scene: Scene, chance: Random, make: _Make) -> Later:
    return Later(timedelta(0), lambda at: make(replace(scene, at=at, chance=chance)))


def _on(day: date, chance: Random) -> datetime:
    """Some time of a day."""
    return datetime.combine(day, time(chance.randint(8, 18), chance.randint(0, 59)), tzinfo=UTC)
