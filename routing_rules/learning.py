"""Routing with a register: what an event tells of its own occurrence, and of others.

The router and `rules explain` both route through here, each with a register of its own, so that
what is explained is what is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from routing_rules.case import Case, Outcome
from routing_rules.casework import as_told, decide, decide_again, decide_and_explain
from routing_rules.known import Booking, Firing, Known, Registration, Row
from routing_rules.register import Register
from routing_rules.register_problems import RegisterProblem
from routing_rules.register_storage import label_of_pregnancy
from routing_rules.rulebook import Rulebook
from routing_rules.subjects import people_of
from schemas.events import AnyEventData, EmergencyAttendance, Event
from schemas.maternity import (
    LONGEST_PREGNANCY,
    Birth,
    MaternityBooking,
    OfPregnancy,
    PregnancyEnded,
)
from schemas.onward_referral import OnwardReferral

OfOnePregnancy = OfPregnancy | PregnancyEnded
"""What happens in a pregnancy, and is found by it where it does not say whose it is."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What the register learned: rows to be stored, and firings to be put away.

    `affected` says, by NHS number, since when what happened to that person is to be decided again.
    `stands_under` is what else than the numbers in it finds an occurrence: its pregnancy, of which
    it may be learned later whose it is.
    """

    rows: tuple[Row, ...] = ()
    no_longer: tuple[Firing, ...] = ()
    affected: Mapping[str, datetime] = field(default_factory=dict)
    problems: tuple[RegisterProblem, ...] = ()
    stands_under: frozenset[str] = frozenset()


def numbers_in(data: AnyEventData) -> frozenset[str]:
    """The NHS numbers of everybody in an event, trusted or not."""
    return frozenset(p.nhs_number for p in people_of(data) if p.nhs_number is not None)


def learn(event: Event, register: Register, rulebook: Rulebook, at: datetime) -> Learned:
    """Take a registration, family link, change of identity, or a booking into the register.

    A booking is routed as well: `route_event` learns it first.
    What is learned of somebody counts for what happened to them in the time that the rulebook
    looks back from `at`; a death counts for as long as a pregnancy may have lasted.
    """
    applied = register.apply(event)
    since = at - rulebook.settings.look_back
    if any(isinstance(row, Registration) and "deceased_on" in row.fields for row in applied.rows):
        since = min(since, at - LONGEST_PREGNANCY)
    pregnancies = {
        label_of_pregnancy(*row.pregnancy) for row in applied.rows if isinstance(row, Booking)
    }
    return Learned(
        rows=applied.rows,
        affected=dict.fromkeys(applied.affected | pregnancies, since),
        problems=applied.problems,
    )


def route_event(
    case: Case, event: Event, register: Register, rulebook: Rulebook, at: datetime
) -> tuple[Case, Outcome, Learned]:
    """Decide a case with what the register knows, and tell the register of it."""
    known, learned = _told_register(case, event, register, rulebook, at)
    after, outcome = decide(case, event, rulebook, at, known)
    return after, outcome, _with_firings(after, outcome, register, learned)


def route_and_explain(
    case: Case, event: Event, register: Register, rulebook: Rulebook, at: datetime
) -> tuple[Case, Outcome, Learned]:
    """As `route_event`, with the verdict of every rule."""
    known, learned = _told_register(case, event, register, rulebook, at)
    after, outcome = decide_and_explain(case, event, rulebook, at, known)
    return after, outcome, _with_firings(after, outcome, register, learned)


def route_again(
    case: Case, register: Register, rulebook: Rulebook, at: datetime, *, is_late: bool
) -> tuple[Case, Outcome, Learned]:
    """Decide a case again with what is known now."""
    data, _ = as_told(case)
    known = register.known_about(_whom(data, case.events[0].publisher, register))
    after, outcome = decide_again(case, rulebook, at, known, is_late=is_late)
    learned = Learned(stands_under=stands_under(data, case.events[0].publisher))
    return after, outcome, _with_firings(after, outcome, register, learned)


def route_identified(
    case: Case, register: Register, rulebook: Rulebook, at: datetime
) -> tuple[Case, Outcome, Learned]:
    """Decide a case again because somebody in it was traced, and tell the register of it."""
    since = at - rulebook.settings.look_back
    known, learned = _taken_in(case, register, since=since)
    after, outcome = decide_again(case, rulebook, at, known, is_late=True)
    return after, outcome, _with_firings(after, outcome, register, learned)


def stands_under(data: AnyEventData, publisher: str) -> frozenset[str]:
    """The pregnancy that it is of, by which it is found where it names no mother."""
    if not isinstance(data, OfOnePregnancy) or data.pregnancy_id is None:
        return frozenset()
    return frozenset({label_of_pregnancy(publisher, data.pregnancy_id)})


def _whom(data: AnyEventData, publisher: str, register: Register) -> frozenset[str]:
    """Everybody in an event, and the mother of a pregnancy whom it does not name."""
    numbers = numbers_in(data)
    if not isinstance(data, OfOnePregnancy):
        return numbers
    mother = register.mother_of(publisher, data.pregnancy_id)
    return numbers if mother is None else numbers | {mother}


def _told_register(
    case: Case, event: Event, register: Register, rulebook: Rulebook, at: datetime
) -> tuple[Known, Learned]:
    """What is known, with this event, which counts itself; others are affected by it.

    A booking is learned as the event that it is, not as the occurrence now stands: the register
    folds bookings itself, by pregnancy.
    """
    now = replace(case, events=(*case.events, event))
    since = at - rulebook.settings.look_back
    if not isinstance(event.data, MaternityBooking):
        return _taken_in(now, register, since=since)
    booked = learn(event, register, rulebook, at)
    known, _ = _taken_in(now, register, since=since)
    under = stands_under(event.data, event.publisher)
    return known, replace(booked, stands_under=under)


def _taken_in(case: Case, register: Register, *, since: datetime) -> tuple[Known, Learned]:
    """Tells the register of an attendance, an onward referral or the end of a pregnancy.

    By an attendance those after it are affected, by the end of a pregnancy all `since` then, or
    since it can have begun, if that is earlier: everybody who was told of it is to let it rest.
    """
    data, happened = as_told(case)
    publisher = case.events[-1].publisher
    under = stands_under(data, publisher)
    learned = Learned(stands_under=under)
    if isinstance(data, EmergencyAttendance):
        applied = register.attended(case.occurrence_id, data, happened)
        after = applied.since or happened
        learned = Learned(applied.rows, affected=dict.fromkeys(applied.affected, after))
    if isinstance(data, OnwardReferral):
        learned = Learned(register.sent_on(case.occurrence_id, data, happened).rows)
    if isinstance(data, Birth | PregnancyEnded):
        applied = register.pregnancy_over(
            case.occurrence_id, data, publisher=publisher, ended_at=happened
        )
        others = register.pregnancies_of(applied.affected)
        also = {*under, *(label_of_pregnancy(*each) for each in others)}
        affected = applied.affected | also if applied.rows else applied.affected
        begun = min(since, happened - LONGEST_PREGNANCY)
        learned = Learned(
            applied.rows,
            affected=dict.fromkeys(affected, begun),
            problems=applied.problems,
            stands_under=under,
        )
    return register.known_about(_whom(data, publisher, register)), learned


def _with_firings(case: Case, outcome: Outcome, register: Register, learned: Learned) -> Learned:
    """Notes which rules fired that fire once in a while, and which did not after all.

    Either concerns what happened to the person afterwards, in whatever order it is decided: what
    fires for this occurrence must not for a later one, and the reverse.
    """
    before = register.firings_in(case.occurrence_id)
    no_longer = tuple(firing for firing in before if firing not in outcome.firings)
    new = tuple(firing for firing in outcome.firings if firing not in before)
    register.fired(outcome.firings, no_longer=no_longer)
    affected = dict(learned.affected)
    for firing in (*no_longer, *new):
        for number in register.same_as(firing.nhs_number):
            since = affected.get(number, firing.occurred_at)
            affected[number] = min(since, firing.occurred_at)
    rows = (*learned.rows, *outcome.firings)
    return replace(learned, rows=rows, no_longer=no_longer, affected=affected)
