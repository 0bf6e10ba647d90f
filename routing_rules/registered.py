"""What the register adds to the people of an event: who they are, and whose children they have.

For practice, school and maternity provider the register outranks what an officer or a receptionist
typed; what it does not know is filled from the event; where both speak and differ, that is a
conflict, which MASH is told of. An active booking outranks what an event says of a pregnancy.
Children whom only the register knows become people of the event, before it is routed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from routing_rules.humans import usable_nhs_number
from routing_rules.known import NOTHING_KNOWN, Known
from routing_rules.named_children import named_without_number
from routing_rules.people import ADULT_ROLES
from routing_rules.pregnancy_concerns import without_alerts
from routing_rules.pregnancy_endings import AfterEndings, delivered_in, heed_endings, with_mother_of
from routing_rules.register_bookings import ActiveBooking, active_booking, who_books_is_pregnant
from routing_rules.register_family import Child, children_of, registered_or_born
from routing_rules.register_people import RegisteredPerson, matches
from routing_rules.settings import RulebookSettings
from routing_rules.subjects import people_of, with_people
from routing_rules.working_time import LONDON
from schemas.events import AnyEventData
from schemas.person import Person, School
from schemas.values import (
    NhsNumberStatus,
    PersonStatus,
    Pregnant,
    Role,
    SchoolType,
    Sex,
)

PRACTICE = "practice"
SCHOOL = "school"
PROVIDER = "maternity provider"
PREGNANT = "pregnancy"
BORN = "date of birth"
ALIVE = "question whether this person is alive"
_WITHOUT_SCHOOL = frozenset({SchoolType.HOME_EDUCATED, SchoolType.NONE})
_GROWN_UP_ROLES = ADULT_ROLES | {Role.VICTIM, Role.ALLEGED_PERPETRATOR}
"""An unverified number in one of these roles names no child: it may be mistyped."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An event's people as the register and the event together know them.

    `conflicts` names, by ref, the fields on which they differ. `matched` are the people, by ref,
    whom the register knows. `parents` gives, for each child whom only the register knows, the refs
    of its parents in the event. `named` are the people, by ref, who are now called otherwise than
    when they are first seen, as they were. `ended` is what ends of pregnancies change.
    """

    data: AnyEventData
    matched: Mapping[str, RegisteredPerson] = field(default_factory=dict)
    conflicts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named: Mapping[str, Person] = field(default_factory=dict)
    ended: AfterEndings = field(default_factory=AfterEndings)


def register_adds(
    data: AnyEventData,
    known: Known,
    settings: RulebookSettings,
    *,
    occurrence_id: UUID,
    at: datetime,
) -> Registered:
    """The event with what is known about its people as at the occurrence (`at`, aware).

    What ended since is not heeded yet: see `with_endings`.
    """
    data = who_books_is_pregnant(with_mother_of(data, known, occurrence_id))
    if known == NOTHING_KNOWN:
        return Registered(data)
    adding = _Adding(at, delivered_in(data))
    people = []
    for told in people_of(data):
        person = holding(told, known)
        registered = _registered(person, known, at)
        booking = _booking(person, registered, known, settings, at)
        people.append(adding.known(person, registered, booking))
    found = _children(people, known, at)
    for place, registered in named_without_number(people, (child for child, _ in found.values())):
        people[place] = adding.known(people[place], registered, None)
    refs = {number: ref_of_child(occurrence_id, number) for number in found}
    children = [_as_person(refs[number], child) for number, (child, _) in found.items()]
    is_as_told = people == list(people_of(data)) and not children
    return Registered(
        data=data if is_as_told else with_people(data, [*people, *children]),
        matched=adding.matched
        | {refs[n]: one.registered for n, (one, _) in found.items() if one.registered},
        conflicts=adding.conflicts,
        parents={refs[number]: tuple(of) for number, (_, of) in found.items()},
        named={
            person.ref: person for person in people_of(data) if person.nhs_number in known.called
        },
    )


@dataclass(frozen=True, slots=True)
class _Adding:
    """What is added to one event's people as at a time, gathered by ref."""

    at: datetime
    delivered: str | None  # of whom the event tells that she is not pregnant any more
    matched: dict[str, RegisteredPerson] = field(default_factory=dict)
    conflicts: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def known(
        self, person: Person, registered: RegisteredPerson | None, booking: ActiveBooking | None
    ) -> Person:
        """The person as the register and the event together know them."""
        if registered is not None:
            self.matched[person.ref] = registered
        found = _conflicts(person, registered, booking, self.at)
        differ = tuple(each for each in found if (each, person.ref) != (PREGNANT, self.delivered))
        if differ:
            self.conflicts[person.ref] = differ
        return _filled(person, registered, booking)


def with_endings(
    registered: Registered, known: Known, settings: RulebookSettings, at: datetime
) -> Registered:
    """The same, once what became of pregnancies is heeded."""
    people = people_of(registered.data)
    ended = heed_endings(registered.data, people, known, settings, at)
    before = {was.ref: was for was, now in zip(people, ended.people, strict=True) if was != now}
    data = with_people(registered.data, ended.people) if before else registered.data
    data = without_alerts(data, ended.carriers)
    return replace(registered, data=data, named={**before, **registered.named}, ended=ended)


def holding(person: Person, known: Known) -> Person:
    """The person by the NHS number that now holds."""
    number = known.called.get(person.nhs_number or "")
    return person if number is None else person.model_copy(update={"nhs_number": number})


def _registered(person: Person, known: Known, at: datetime) -> RegisteredPerson | None:
    if person.nhs_number is None:
        return None
    registered = registered_or_born(known, person.nhs_number, at)
    return registered if registered is not None and matches(person, registered) else None


def _booking(
    person: Person,
    registered: RegisteredPerson | None,
    known: Known,
    settings: RulebookSettings,
    at: datetime,
) -> ActiveBooking | None:
    if person.nhs_number is None:
        return None
    is_trusted = registered is not None or usable_nhs_number(person) is not None
    if not is_trusted and not _is_born_as_booked(person, known):
        return None
    after = settings.pregnancy_active_after_due_date
    return active_booking(known, person.nhs_number, at, after_due_date=after)


def _is_born_as_booked(person: Person, known: Known) -> bool:
    """Whether maternity, which verified the number, gives the same date of birth with it."""
    number, born = person.nhs_number or "", person.date_of_birth
    return born is not None and any(
        row.verified and row.mother == number and row.date_of_birth == born
        for row in known.bookings.get(number, ())
    )


def _conflicts(
    person: Person,
    registered: RegisteredPerson | None,
    booking: ActiveBooking | None,
    at: datetime,
) -> Iterator[str]:
    """The fields on which the event and the register differ."""
    if registered is not None:
        died = registered.deceased_on
        if died is not None and died < at.astimezone(LONDON).date():
            yield ALIVE
        if _differ(person.date_of_birth, registered.date_of_birth):
            yield BORN
        if _differ(person.gp_practice, registered.gp_practice):
            yield PRACTICE
        if _schools_differ(person.school, registered.school):
            yield SCHOOL
    if booking is not None:
        if _differ(person.maternity_provider, booking.provider):
            yield PROVIDER
        if person.pregnant is Pregnant.NO:
            yield PREGNANT


def _differ(told: date | str | None, registered: date | str | None) -> bool:
    return told is not None and registered is not None and told != registered


def _schools_differ(told: School | None, registered: School | None) -> bool:
    if told is None or registered is None:
        return False
    if told.urn is not None and registered.urn is not None:
        return told.urn != registered.urn
    known = SchoolType.UNKNOWN not in {told.type, registered.type}
    if known and told.type is not registered.type:
        return True
    either = {told.type, registered.type}
    return bool(either & _WITHOUT_SCHOOL) and (told.urn or registered.urn) is not None


def _filled(
    person: Person, registered: RegisteredPerson | None, booking: ActiveBooking | None
) -> Person:
    told: dict[str, object] = {}
    if registered is not None:
        told |= {
            "nhs_number_status": _status(person),
            "gp_practice": registered.gp_practice or person.gp_practice,
            "school": _school(person.school, registered.school),
            "address": person.address or registered.address,
            "address_restricted": _restricted(person, registered),
            "name": person.name or registered.name,
            "date_of_birth": person.date_of_birth or registered.date_of_birth,
            "sex": person.sex if person.sex is not Sex.UNKNOWN else registered.sex,
        }
    if booking is not None:
        told |= {
            "pregnant": Pregnant.YES,
            "maternity_provider": booking.provider or person.maternity_provider,
            "expected_due_date": booking.expected_due_date or person.expected_due_date,
            "pregnancy_id": booking.pregnancy_id or person.pregnancy_id,
        }
    return person.model_copy(update=told) if told else person


def _status(person: Person) -> NhsNumberStatus:
    """A number that the register knows is a verified one; there may be none."""
    return NhsNumberStatus.VERIFIED if person.nhs_number else person.nhs_number_status


def _school(told: School | None, registered: School | None) -> School | None:
    """The registered school; where only its kind is registered, which one the event says."""
    if told is None or registered is None:
        return registered or told
    if registered.urn is None and not _schools_differ(told, registered):
        return School(urn=told.urn, type=registered.type)
    return registered


def _restricted(person: Person, registered: RegisteredPerson) -> bool | None:
    """Restricted if either says so; unrestricted only if one says so and neither otherwise."""
    said = {person.address_restricted, registered.address_restricted}
    if True in said:
        return True
    return False if False in said else None


def _children(
    people: list[Person], known: Known, at: datetime
) -> dict[str, tuple[Child, list[str]]]:
    """By NHS number, the children whom only the register knows, and the refs of their parents."""
    present = [p for p in people if p.status is not PersonStatus.ENTERED_IN_ERROR]
    named = {p.nhs_number for p in present if usable_nhs_number(p) or p.role not in _GROWN_UP_ROLES}
    found: dict[str, tuple[Child, list[str]]] = {}
    for person in present:
        for child in children_of(known, usable_nhs_number(person) or "", at):
            if child.nhs_number not in named:
                found.setdefault(child.nhs_number, (child, []))[1].append(person.ref)
    return dict(sorted(found.items()))


def ref_of_child(occurrence_id: UUID, nhs_number: str) -> str:
    """A child's ref: it stays the same in the occurrence, and tells nobody the number."""
    return f"child-{uuid5(occurrence_id, nhs_number).hex[:12]}"


def _as_person(ref: str, child: Child) -> Person:
    registered = child.registered or RegisteredPerson(child.nhs_number)
    return Person.model_construct(
        ref=ref,
        role=Role.CHILD_KNOWN_TO_REGISTER,
        nhs_number=child.nhs_number,
        nhs_number_status=NhsNumberStatus.VERIFIED,
        name=registered.name,
        date_of_birth=registered.date_of_birth,
        sex=registered.sex,
        address=registered.address,
        address_restricted=registered.address_restricted,
        gp_practice=registered.gp_practice,
        school=registered.school,
    )
