"""What in a registration cannot stand is a duty of MASH: the register is put right, not guessed."""

from datetime import datetime
from uuid import UUID, uuid5

from routing_rules.case import DutyChange, HeldDuty
from routing_rules.data_quality import RULE, WHY
from routing_rules.decision import Json, Reason
from routing_rules.mash_duties import Matter, exception_for
from routing_rules.notices import duty_change, event_as_json
from routing_rules.reconcile import reconcile
from routing_rules.register_problems import ProblemKind, RegisterProblem
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON
from schemas.events import Event
from schemas.occurrence import occurred_at
from schemas.values import Urgency

BECAUSE = "what a registration tells cannot stand"
_KEY = "register-problem:"
"""Before what names a problem, in the place of a person's key."""
_REASON = Reason(RULE, WHY)
_SOON = frozenset({ProblemKind.WHOSE_LOSS})
"""Before somebody calls on a family about a baby who may have died."""


def owe_register_problem(
    event_occurrence_id: UUID,
    problem: RegisterProblem,
    event: Event,
    rulebook: Rulebook,
    at: datetime,
) -> tuple[DutyChange, ...]:
    """MASH's duty about one problem that this event brought. Pure.

    It names the person by NHS number, if there is one, and whoever is at the other end of a link:
    MASH must know whose record to put right.
    Of what was told it holds only the field and the reason. Its id is of the event and the problem,
    so that learning the event again owes nothing more. `at` is when it was learned.
    """
    mash = rulebook.mash(at.astimezone(LONDON).date())
    belongs_to = _id_of(event_occurrence_id, problem, event)
    key = f"{_KEY}{belongs_to}"
    urgency = Urgency.SAME_DAY if problem.kind in _SOON else Urgency.ROUTINE
    matter = Matter(_content(problem), urgency, _REASON, BECAUSE, key)
    owed = exception_for(mash, matter, rulebook, event.time)
    steps = reconcile(belongs_to, [owed], (), withdrawn={}, at=at)
    told_of = event_as_json(event.source, event.id, event.type, occurred_at(event.data, event.time))
    return tuple(duty_change(step, told_of, rulebook, at) for step in steps)


def is_register_problem(duty: HeldDuty) -> bool:
    """Whether a duty is about the register: no decision about its occurrence changes it."""
    return duty.person_key.startswith(_KEY)


def _content(problem: RegisterProblem) -> dict[str, Json]:
    is_somebody = problem.about.isdecimal()  # else it is the event that is named
    whose: dict[str, Json] = {"nhs_number": problem.about} if is_somebody else {}
    other: dict[str, Json] = {"other_nhs_number": problem.other} if problem.other else {}
    return {**whose, **other, "field": problem.field, "reason": problem.kind.value}


def _id_of(event_occurrence_id: UUID, problem: RegisterProblem, event: Event) -> UUID:
    parts = (event.source, event.id, problem.about, problem.kind, problem.field, problem.other)
    return uuid5(event_occurrence_id, "|".join(parts))
