"""The report of a proof: every promise of a rulebook on a day, with what the proof assumes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from routing_rules.boxes import Budget, BudgetSpent
from routing_rules.gap_report import GapReport, report_gap
from routing_rules.proof import STEPS, Proved, Verdict, prove
from routing_rules.proof_ground import Ground, ground_for, ground_of
from routing_rules.rulebook import Rulebook
from schemas.values import EventType

ALWAYS_ASSUMED = (
    "what was not cancelled and not entered in error",
    "a publisher that names nobody in 'do not tell'; whoever is so named becomes a duty of MASH",
    "what no recipient has returned; what is returned goes to whoever is named instead, or MASH",
    "pregnancies that have not ended; nobody is told, or any longer told, of one that was lost",
    "people who stand in an event in one role each, or as victim and accused at once",
    "beside the rules, MASH's questions about records and the actions of a conference go out",
)
"""What every proof looks at, and what it leaves aside."""
_TOO_MANY = "the rules withhold in too many ways to be looked at in the steps that are allowed"


@dataclass(frozen=True, slots=True)
class PromiseReport:
    """What came of one promise, with its gaps in words."""

    proved: Proved
    gaps: tuple[GapReport, ...]


@dataclass(frozen=True, slots=True)
class ProofReport:
    """What came of all promises of a rulebook, as its directory is on a day."""

    label: str
    on: date
    promises: tuple[PromiseReport, ...]
    assumptions: tuple[str, ...]

    @property
    def all_proved(self) -> bool:
        """Whether every promise is proved; a rulebook that promises nothing is not."""
        return bool(self.promises) and all(
            each.proved.verdict is Verdict.PROVED for each in self.promises
        )


def prove_all(rulebook: Rulebook, on: date, *, steps: int = STEPS) -> ProofReport:
    """Prove every promise of a rulebook, as its directory is on a day. Pure.

    Raises:
        LookupError: the directory has no MASH on that day.
    """
    rulebook.mash(on)
    grounds = _grounds(rulebook, on, steps)
    reports = tuple(
        _report(prove_on(grounds, promise_number, rulebook, steps), grounds)
        for promise_number in range(len(rulebook.promises.promises))
    )
    return ProofReport(rulebook.label, on, reports, _assumptions(rulebook, reports))


def prove_on(
    grounds: Mapping[EventType, Ground | None], number: int, rulebook: Rulebook, steps: int
) -> Proved:
    """One promise of a rulebook by its number, on the ground of its kind of event."""
    promise = rulebook.promises.promises[number]
    ground = grounds[promise.event]
    if ground is None:
        return Proved(promise, Verdict.UNDECIDED, because=_TOO_MANY)
    return prove(promise, ground, steps=steps)


def _grounds(rulebook: Rulebook, on: date, steps: int) -> dict[EventType, Ground | None]:
    """The ground of each kind of event of which something is promised; None past the budget."""
    promised = {promise.event for promise in rulebook.promises.promises}
    grounds: dict[EventType, Ground | None] = {}
    for event in rulebook.vocabulary.values():
        if event.type in promised:
            try:
                grounds[event.type] = ground_of(rulebook, event, on, Budget(steps))
            except BudgetSpent:
                grounds[event.type] = None
    return grounds


def _report(proved: Proved, grounds: Mapping[EventType, Ground | None]) -> PromiseReport:
    ground = grounds[proved.promise.event]
    if ground is None:
        return PromiseReport(proved, ())
    own = ground_for(proved.promise, ground)
    return PromiseReport(proved, tuple(report_gap(proved.promise, gap, own) for gap in proved.gaps))


def _assumptions(rulebook: Rulebook, reports: tuple[PromiseReport, ...]) -> tuple[str, ...]:
    stated = tuple(
        f"{fact.name} (stated at {fact.position.file}:{fact.position.line})"
        for fact in rulebook.promises.facts
    )
    once = sorted({name for each in reports for name in each.proved.once_per})
    fires = tuple(
        f"{name} fires: if it does not, it has told them within that time" for name in once
    )
    return (*ALWAYS_ASSUMED, *stated, *fires)
