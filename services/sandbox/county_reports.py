"""What a publisher of the synthetic county says of something that happened, and of people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from routing_rules.decision import Json
from schemas.events import family_of
from schemas.occurrence import occurrence_id
from schemas.values import EventType, Service
from services.sandbox.county_people import Household
from services.sandbox.county_residents import Pregnancy, Resident

Told = dict[str, Json]
"""The data of an event, or a part of it, ready to be written as JSON."""


_NAMED_WITHOUT_TYPE = frozenset(
    {
        EventType.POLICE_DOMESTIC_ABUSE,
        EventType.EMERGENCY_ATTENDANCE,
        EventType.MARAC_OUTCOME,
        EventType.MATERNITY_BOOKING,
    }
)


@dataclass(frozen=True, slots=True)
class Report:
    """One event before it is numbered: what is said, by whom, and what is said later.

    `references` name the occurrence, in the contract's order.
    """

    publisher: str
    type: EventType
    references: tuple[str, ...]
    data: Told
    later: "Later | None" = None
    is_flawless: bool = False
    """Whether no mistake is made in it, and it is not lost: a story that must be heard."""

    @property
    def family(self) -> str:
        """The family of events that it belongs to."""
        return family_of(self.type).value

    @property
    def key(self) -> str:
        """The Kafka key: a hash of the occurrence, so that its events stay in order.

        The oldest kinds of events are named without their type, a registration with it.
        """
        _, _, name, _ = self.type.value.split(".")
        named = () if self.type in _NAMED_WITHOUT_TYPE else (name,)
        parts = (self.family, self.publisher, *named, *self.references)
        return str(occurrence_id("|".join(parts)))


@dataclass(frozen=True, slots=True)
class Later:
    """Another report of the same occurrence, so long after this one."""

    after: timedelta
    tell: Callable[[datetime], Report]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a report is made from: a household, a time (UTC), chance, and a number of its own.

    `minute` is how long a minute of the county lasts: less, where nobody wants to wait for what
    comes hours later.
    """

    home: Household
    at: datetime
    chance: Random
    number: int
    minute: timedelta = timedelta(minutes=1)

    @property
    def on(self) -> date:
        """The day of the scene."""
        return self.at.date()

    @property
    def children(self) -> tuple[Resident, ...]:
        """The children who live there by then."""
        return self.home.children_on(self.on)

    @property
    def pregnancy(self) -> Pregnancy | None:
        """The mother's pregnancy that is under way."""
        return self.home.pregnancy_on(self.on)

    def happens(self, share: float) -> bool:
        """Whether something that happens in this share of cases does so now."""
        return self.chance.random() < share

    def earlier(self, least: int, most: int) -> datetime:
        """Some minutes ago."""
        return self.at - timedelta(minutes=self.chance.randint(least, most))

    def days(self, least: int, most: int) -> timedelta:
        """Some of the county's days."""
        return self.chance.randint(least * 1440, most * 1440) * self.minute

    def later(self, least: int, most: int, tell: "Callable[[datetime], Report]") -> "Later":
        """Another report, some of the county's minutes after this one."""
        return Later(self.chance.randint(least, most) * self.minute, tell)


Step = tuple[timedelta, Callable[[Scene], Report]]
"""So long after what came before: what is told then."""


def told_in_turn(scene: Scene, first: Report, *steps: Step) -> Report:
    """A report after which others follow, each made when it is told."""
    if not steps:
        return first
    (after, make), *others = steps

    def tell(at: datetime) -> Report:
        then = replace(scene, at=at)
        return told_in_turn(then, make(then), *others)

    return replace(first, later=Later(after, tell))


def saying(report: Report, **told: Json) -> Report:
    """The same report, which says this besides, or instead."""
    return replace(report, data=report.data | told)


def moment(at: datetime) -> str:
    """A time as it travels, to the second."""
    return at.isoformat(timespec="seconds")


def person(
    ref: str, role: str, who: Resident, scene: Scene, *, children: Sequence[str] = ()
) -> Told:
    """What a publisher knows about somebody; `children` are the refs of theirs in this event."""
    told: Told = {
        "ref": ref,
        "role": role,
        **_identity(who, scene),
        "name": {"given": who.given, "family": who.family},
        "date_of_birth": who.date_of_birth.isoformat(),
        "sex": who.sex,
        "address": _address(scene.home),
        "address_restricted": scene.home.is_restricted,
        "gp_practice": who.practice,
    }
    if who.school is not None and who.is_at_school(scene.on) and scene.happens(0.85):
        school: Told = {"type": who.school.type}
        if who.school.urn is not None:
            school["urn"] = who.school.urn
        told["school"] = school
    if children:
        told["relationships"] = [{"to": child, "is": "parent"} for child in children]
    return told | _pregnancy(who, scene)


def _identity(who: Resident, scene: Scene) -> Mapping[str, str]:
    status = scene.chance.choices(("verified", "traced", "unverified", "absent"), (80, 8, 8, 4))[0]
    number = {} if status == "absent" else {"nhs_number": who.nhs_number}
    return {**number, "nhs_number_status": status}


def _address(home: Household) -> Told:
    return {
        "lines": list(home.lines),
        "postcode": home.postcode,
        "district": home.district.code,
    }


def _pregnancy(who: Resident, scene: Scene) -> Told:
    if who.sex != "female" or who.age(scene.on) < 14:
        return {}
    pregnancy = scene.pregnancy if who == scene.home.mother else None
    if pregnancy is None:
        return {"pregnant": scene.chance.choice(("no", "unknown"))}
    if scene.happens(0.15):
        return {"pregnant": scene.chance.choice(("possible", "unknown"))}
    told: Told = {"pregnant": "yes", "expected_due_date": pregnancy.due.isoformat()}
    provider = scene.home.district.organisations.get(Service.MIDWIFERY)
    if provider is not None and scene.happens(0.7):
        told["maternity_provider"] = provider
        told["pregnancy_id"] = pregnancy.pregnancy_id
    return told
