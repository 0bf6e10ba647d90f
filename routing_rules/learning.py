"""Routing with a register: what an event tells of its own occurrence, and of others.

The router and `rules explain` both route through here, each with a register of its own, so that
what is explained is what is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from routing_rules.case import Case, Outcome
from routing_rules.casework import as_told, decide, decide_again, decide_and_explain
from routing_rules.known import Firing, Known, Row
from routing_rules.register import Register
from routing_rules.register_problems import RegisterProblem
from routing_rules.rulebook import Rulebook
from routing_rules.subjects import people_of
from schemas.events import AnyEventData, EmergencyAttendance, Event
from schemas.onward_referral import OnwardReferral


@dataclass(frozen=True, slots=True)
class Learned:
    """What the register learned: rows to be stored, and firings to be put away.

    `affected` says, by NHS number, since when what happened to that person is to be decided again.
    """

    rows: tuple[Row, ...] = ()
    no_longer: tuple[Firing, ...] = ()
    affected: Mapping[str, datetime] = field(default_factory=dict)
    problems: tuple[RegisterProblem, ...] = ()


def numbers_in(data: AnyEventData) -> frozenset[str]:
    """The NHS numbers of everybody in an event, trusted or not."""
    return frozenset(p.nhs_number for p in people_of(data) if p.nhs_number is not None)


def learn(event: Event, register: Register, rulebook: Rulebook, at: datetime) -> Learned:
    """Take a registration, booking or family link into the register.

    What is learned of somebody counts for what happened to them in the time that the rulebook
    looks back from `at`.
    """
    applied = register.apply(event)
    since = at - rulebook.settings.look_back
    return Learned(
        rows=applied.rows,
        affected=dict.fromkeys(applied.affected, since),
        problems=applied.problems,
    )


def route_event(
    case: Case, event: Event, register: Register, rulebook: Rulebook, at: datetime
) -> tuple[Case, Outcome, Learned]:
    """Decide a case with what the register knows, and tell the register of it."""
    known, learned = _told_register(case, event, register)
    after, outcome = decide(case, event, rulebook, at, known)
    return after, outcome, _with_firings(after, outcome, register, learned)


def route_and_explain(
    case: Case, event: Event, register: Register, rulebook: Rulebook, at: datetime
) -> tuple[Case, Outcome, Learned]:
    """As `route_event`, with the verdict of every rule."""
    known, learned = _told_register(case, event, register)
    after, outcome = decide_and_explain(case, event, rulebook, at, known)
    return after, outcome, _with_firings(after, outcome, register, learned)


def route_again(
    case: Case, register: Register, rulebook: Rulebook, at: datetime, *, is_late: bool
) -> tuple[Case, Outcome, Learned]:
    """Decide a case again with what is known now."""
    data, _ = as_told(case)
    known = register.known_about(numbers_in(data))
    after, outcome = decide_again(case, rulebook, at, known, is_late=is_late)
    return after, outcome, _with_firings(after, outcome, register, Learned())


def route_identified(
    case: Case, register: Register, rulebook: Rulebook, at: datetime
) -> tuple[Case, Outcome, Learned]:
    """Decide a case again because somebody in it was traced, and tell the register of it."""
    known, learned = _attended(case, register)
    after, outcome = decide_again(case, rulebook, at, known, is_late=True)
    return after, outcome, _with_firings(after, outcome, register, learned)


def _told_register(case: Case, event: Event, register: Register) -> tuple[Known, Learned]:
    """What is known, with this attendance, which counts itself; later ones are affected by it."""
    return _attended(replace(case, events=(*case.events, event)), register)


def _attended(case: Case, register: Register) -> tuple[Known, Learned]:
    data, happened = as_told(case)
    learned = Learned()
    if isinstance(data, EmergencyAttendance):
        applied = register.attended(case.occurrence_id, data, happened)
        since = applied.since or happened
        learned = Learned(applied.rows, affected=dict.fromkeys(applied.affected, since))
    if isinstance(data, OnwardReferral):
        learned = Learned(register.sent_on(case.occurrence_id, data, happened).rows)
    return register.known_about(numbers_in(data)), learned


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
        since = affected.get(firing.nhs_number, firing.occurred_at)
        affected[firing.nhs_number] = min(since, firing.occurred_at)
    rows = (*learned.rows, *outcome.firings)
    return replace(learned, rows=rows, no_longer=no_longer, affected=affected)
