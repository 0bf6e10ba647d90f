"""What a replay found and a named person has had issued: told late, and only to those who were not.

Deciding goes through `route_again`, as after any order; what is then kept of it only adds. Nobody
is taken anything from, nobody gets an update, and what time or a firing would set off elsewhere is
left to the rulebook by which routers decide.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from routing_rules.case import Case, DutyChange, Outcome
from routing_rules.learning import Learned, route_again
from routing_rules.reconcile import identity_of_held
from routing_rules.register import Register
from routing_rules.rulebook import Rulebook
from schemas.values import DutyState, Service

ISSUED_LATE = "issued late after a replay"


@dataclass(frozen=True, slots=True)
class TellLate:
    """Decides a case again, and tells those of `whom` who are owed it now and have not been told.

    `whom` are person keys, each with the service that should have been told. It is called as
    `routing_rules.learning.route_again` is; `is_late` makes no difference.
    """

    whom: Collection[tuple[str, Service]]

    def __call__(
        self, case: Case, register: Register, rulebook: Rulebook, at: datetime, *, is_late: bool
    ) -> tuple[Case, Outcome, Learned]:
        """The case with what is newly owed, all of it late. Pure but for the register."""
        del is_late
        _, outcome, learned = route_again(case, register, rulebook, at, is_late=False)
        after, outcome = only_late(case, outcome, self.whom)
        rows = outcome.firings
        return after, outcome, Learned(rows=rows, stands_under=learned.stands_under)


def only_late(
    case: Case, outcome: Outcome, whom: Collection[tuple[str, Service]]
) -> tuple[Case, Outcome]:
    """Of an outcome, what tells those of `whom` late who have not been told; and the case then."""
    changes = tuple(_late(each) for each in outcome.changes if _is_to_be_told(each, case, whom))
    rules = {
        reason.rule for each in changes if each.owed is not None for reason in each.owed.reasons
    }
    fired = tuple(each for each in outcome.firings if each.rule in rules)
    held = tuple(replace(each.held, is_issued=True) for each in changes)
    return (
        replace(case, duties=(*case.duties, *held)),
        replace(outcome, changes=changes, firings=fired),
    )


def _is_to_be_told(change: DutyChange, case: Case, whom: Collection[tuple[str, Service]]) -> bool:
    held = change.held
    if change.owed is None or (held.person_key, held.instead_of or held.service) not in whom:
        return False
    identity = identity_of_held(held)
    return not any(
        identity_of_held(duty) == identity and duty.state is not DutyState.WITHDRAWN
        for duty in case.duties
    )


def _late(change: DutyChange) -> DutyChange:
    """The same change told late, whatever its time: it should have been told when it happened."""
    return replace(
        change,
        late=True,
        why=ISSUED_LATE,
        notification={**change.notification, "late": True},
    )
