"""What the end of a pregnancy means for the people of an event that was told before, or later.

Who was lost is told about to nobody, and whoever carried them is not pregnant any more: those who
were told of the pregnancy alone are then told to let it rest. An unborn child who was born stays
the person it was, and is called by its own number and name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from routing_rules.humans import humans_of, usable_nhs_number
from routing_rules.known import Known, Newborn
from routing_rules.people import CHILDREN_OF_A_FAMILY
from routing_rules.pregnancy_concerns import is_only_of_it
from routing_rules.register_bookings import active_booking
from routing_rules.register_people import person_as_at
from routing_rules.register_pregnancies import (
    LOST,
    Ended,
    ended_after,
    ended_around,
    ended_before,
    is_lost_baby,
)
from routing_rules.settings import RulebookSettings
from routing_rules.unborn import carried_by
from routing_rules.working_time import LONDON
from schemas.events import AnyEventData
from schemas.maternity import (
    Baby,
    Birth,
    OfPregnancy,
    PostnatalTransfer,
    PregnancyEnded,
)
from schemas.person import Person
from schemas.values import (
    BabyOutcome,
    NhsNumberStatus,
    PersonStatus,
    Pregnant,
    Role,
)

LET_IT_REST = "do not contact about this pregnancy"
_OVER = {
    "pregnant": Pregnant.NO,
    "expected_due_date": None,
    "pregnancy_id": None,
}
_DIED = BabyOutcome.DIED
_TELLS_OF_IT = Birth | PregnancyEnded | PostnatalTransfer
_AFTER_A_LOSS = timedelta(days=42)
"""So long after its end, what others say of a pregnancy is of the one that was over."""


@dataclass(frozen=True, slots=True)
class AfterEndings:
    """An event's people once the ends of pregnancies are heeded.

    `lost` are the refs of those about whom nobody is told; `carriers` those of the people whose
    pregnancy is over. `is_moot`: the whole event was about a pregnancy that was lost.
    """

    people: tuple[Person, ...] = ()
    lost: frozenset[str] = frozenset()
    carriers: frozenset[str] = frozenset()
    is_moot: bool = False

    @property
    def changes_anything(self) -> bool:
        """Whether somebody may have been told of what is no more."""
        return bool(self.lost or self.carriers or self.is_moot)


@dataclass(slots=True)
class _Heeding:
    known: Known
    settings: RulebookSettings
    at: datetime
    whose: Mapping[str, str] = field(default_factory=dict)
    """By ref: the number of somebody who gives none, and is known by the pregnancy alone."""
    changed: dict[str, Person] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    carriers: set[str] = field(default_factory=set)


def heed_endings(
    data: AnyEventData,
    people: Sequence[Person],
    known: Known,
    settings: RulebookSettings,
    at: datetime,
) -> AfterEndings:
    """The people of an event that occurred at a time (aware), as what ended since makes them."""
    heeding = _Heeding(known, settings, at, _known_by_pregnancy(data, known))
    heeding.lost |= {person.ref for person in people if _is_lost_baby(person, known)}
    if isinstance(data, Birth | PostnatalTransfer):
        _heed_babies(data, people, heeding)
    is_moot = False
    if (known.endings or known.registrations) and not isinstance(data, _TELLS_OF_IT):
        mother = data.mother.ref if isinstance(data, OfPregnancy) else None
        _heed_pregnancies(people, mother, heeding)
        is_moot = mother in heeding.carriers and is_only_of_it(data)
    return AfterEndings(
        tuple(heeding.changed.get(person.ref, person) for person in people),
        frozenset(heeding.lost),
        frozenset(heeding.carriers),
        is_moot,
    )


def delivered_in(data: AnyEventData) -> str | None:
    """By ref, whose pregnancy is over by what an event itself tells, if it names her."""
    return data.mother.ref if isinstance(data, _TELLS_OF_IT) and data.mother else None


def with_mother_of(data: AnyEventData, known: Known, occurrence_id: UUID) -> AnyEventData:
    """The end of a pregnancy with the mother whom the register knows, where it names none."""
    if not isinstance(data, PregnancyEnded) or data.mother is not None:
        return data
    rows = (row for each in known.endings.values() for row in each)
    numbers = {row.mother for row in rows if row.occurrence_id == occurrence_id and row.mother}
    if len(numbers) != 1:
        return data
    mother = Person.model_construct(
        ref=f"mother-{uuid5(occurrence_id, 'mother').hex[:12]}",
        role=Role.PATIENT,
        nhs_number=numbers.pop(),
        nhs_number_status=NhsNumberStatus.VERIFIED,
    )
    return data.model_copy(update={"mother": mother})


def _is_lost_baby(person: Person, known: Known) -> bool:
    if isinstance(person, Baby) and person.outcome in LOST:
        return True
    if person.role not in CHILDREN_OF_A_FAMILY or usable_nhs_number(person) is None:
        return False
    return is_lost_baby(known, person.nhs_number or "")


def _heed_babies(
    data: Birth | PostnatalTransfer, people: Sequence[Person], heeding: _Heeding
) -> None:
    """The babies who died, as somebody else told, where this event leaves it open or is older.

    Who expects a baby by it must not go to see one who died. Where one says that a baby lives and
    another that it was stillborn, nobody knows, and it is told about.
    """
    mother = next((each for each in people if each.ref == data.mother.ref), data.mother)
    number = usable_nhs_number(mother) or heeding.whose.get(mother.ref)
    if number is None:
        return
    pregnancy_id = data.pregnancy_id or mother.pregnancy_id
    ended = ended_around(heeding.known, number, heeding.at, pregnancy_id)
    if ended is None:
        return
    for baby in people:
        if not isinstance(baby, Baby) or baby.outcome in LOST:
            continue
        lost = ended.lost_baby(usable_nhs_number(baby), baby.order)
        contradicts = baby.outcome is BabyOutcome.LIVE and lost and lost.outcome is not _DIED
        if lost is not None and not contradicts:
            heeding.lost.add(baby.ref)
            heeding.changed[baby.ref] = baby.model_copy(update={"outcome": lost.outcome})


def _known_by_pregnancy(data: AnyEventData, known: Known) -> Mapping[str, str]:
    """The mother in an event of a pregnancy, if its end says whose that was."""
    if not isinstance(data, OfPregnancy) or data.pregnancy_id is None:
        return {}
    rows = (row for each in known.endings.values() for row in each)
    mothers = {row.mother for row in rows if row.pregnancy_id == data.pregnancy_id and row.mother}
    return {data.mother.ref: mothers.pop()} if len(mothers) == 1 else {}


def _heed_pregnancies(people: Sequence[Person], mother: str | None, heeding: _Heeding) -> None:
    present = [each for each in people if each.status is not PersonStatus.ENTERED_IN_ERROR]
    unborn = [each for each in present if each.role is Role.UNBORN]
    humans = humans_of(present, {each.ref: each.ref for each in present})
    numbers = {humans[p.ref]: number for p in present if (number := usable_nhs_number(p))}
    carried = {each.ref: carried_by(each, present, humans).mother for each in unborn}
    for person in present:
        human = humans[person.ref]
        number = numbers.get(human) or heeding.whose.get(person.ref)
        if number is None or person.role is Role.UNBORN:
            continue
        hers = [each for each in unborn if (m := carried[each.ref]) and humans[m.ref] == human]
        maybe = person.pregnant in (Pregnant.YES, Pregnant.POSSIBLE)
        if not (maybe or hers or person.ref == mother):
            continue
        ended = _ended(person, number, hers, heeding)
        if ended is None:
            continue
        for child in hers:
            _heed_child(child, ended, heeding)
        if ended.has_lost_all:
            heeding.carriers.add(person.ref)
            heeding.changed[person.ref] = person.model_copy(update=_OVER)


def _heed_child(child: Person, ended: Ended, heeding: _Heeding) -> None:
    if ended.has_lost(child.order):
        heeding.lost.add(child.ref)
    elif (baby := ended.baby(child.order)) is not None:
        heeding.changed[child.ref] = _called(child, baby)


def _ended(
    person: Person, number: str, unborn: Iterable[Person], heeding: _Heeding
) -> Ended | None:
    """How the pregnancy ended in which this person is told to be, or was; None: not known."""
    known, at = heeding.known, heeding.at
    ids = (person.pregnancy_id, *(child.pregnancy_id for child in unborn))
    pregnancy_id = next((one for one in ids if one), None)
    ended = ended_after(known, number, at, pregnancy_id)
    if ended is not None:
        return ended
    after = heeding.settings.pregnancy_active_after_due_date
    if active_booking(known, number, at, after_due_date=after) is None:
        before = ended_before(known, number, at, pregnancy_id)
        if before and at - before.ended_at <= _AFTER_A_LOSS:
            return before if before.has_lost_all else None
    return _died_pregnant(person, number, heeding)


def _died_pregnant(person: Person, number: str, heeding: _Heeding) -> Ended | None:
    """Her death before anybody told of a birth, where it is known that she was pregnant then."""
    registered = person_as_at(heeding.known, number, heeding.at)
    died = registered.deceased_on if registered else None
    if died is None or died < heeding.at.astimezone(LONDON).date():
        return None
    ended_at = datetime.combine(died, datetime.min.time(), tzinfo=LONDON)
    after = heeding.settings.pregnancy_active_after_due_date
    due = person.expected_due_date
    booking = active_booking(heeding.known, number, heeding.at, after_due_date=after)
    is_hers = booking.is_active(ended_at, after) if booking else due and died <= due + after
    return Ended(ended_at, is_lost=True) if is_hers else None


def _called(child: Person, baby: Newborn) -> Person:
    """An unborn child by what the baby is called; it stays the same person in the event."""
    told: dict[str, object] = {
        "name": baby.name or child.name,
        "date_of_birth": baby.date_of_birth or child.date_of_birth,
    }
    if baby.nhs_number is not None:
        told |= {"nhs_number": baby.nhs_number, "nhs_number_status": NhsNumberStatus.VERIFIED}
    return child.model_copy(update=told)
