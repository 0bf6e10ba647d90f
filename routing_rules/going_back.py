"""What going back to another rulebook would do: read before it is done, within seconds.

Both questions of a signer, with budgets so small that nobody who must act is held up: what it would
change, and which promises of today it would no longer keep.
"""

from dataclasses import dataclass, replace
from datetime import date

from routing_rules.boxes import Budget, BudgetSpent
from routing_rules.promises import Promises
from routing_rules.proof import Verdict
from routing_rules.proof_report import PromiseReport, prove_all
from routing_rules.rulebook import Rulebook
from routing_rules.rulebook_diff import Change, changed_in, changed_settings
from routing_rules.vocabulary import Vocabulary

STEPS = 1_000_000
"""How many looks at a box one kind of event, or one promise, may take: about a second each."""


@dataclass(frozen=True, slots=True)
class Reproved:
    """A promise of what is live whose verdict would be another, or that is not decided.

    `then` is what would come of it by the rules and the directory that are gone back to.
    """

    today: Verdict
    then: PromiseReport

    @property
    def is_broken(self) -> bool:
        """Whether it may hold today, and would not be seen to hold any more."""
        return self.today is not Verdict.GAP and self.then.proved.verdict is not Verdict.PROVED


@dataclass(frozen=True, slots=True)
class PromisesThen:
    """The promises of what is live, by the rules and the directory of another rulebook.

    `reproved` are those of which something else, or nothing, can be said; `proved` is how many hold
    today. `unmade` are the names of those that would hold and no longer be promised: nothing would
    show if a later change broke them.
    """

    reproved: tuple[Reproved, ...]
    proved: int
    unmade: tuple[str, ...]

    @property
    def broken(self) -> int:
        """How many may hold today, and would not be seen to hold any more."""
        return sum(each.is_broken for each in self.reproved)


@dataclass(frozen=True, slots=True)
class GoingBack:
    """What it would do on a day, as the directories are then.

    `undecided` are the kinds of events in which there may be more changes than are told.
    """

    on: date
    changes: tuple[Change, ...]
    undecided: tuple[str, ...]
    promises: PromisesThen

    @property
    def is_nothing(self) -> bool:
        """Whether both mean the same, and promise the same."""
        found = (self.changes, self.undecided, self.promises.reproved, self.promises.unmade)
        return not any(found)


def going_back(live: Rulebook, target: Rulebook, on: date, *, steps: int = STEPS) -> GoingBack:
    """What it would do to go from what is live to a target. Pure; a second or two, seldom more.

    Raises:
        LookupError: one of the directories has no MASH on that day.
    """
    changes, undecided = changes_between(live, target, on, steps=steps)
    promises = promises_then(live, target, on, steps=steps)
    return GoingBack(on, tuple(changes), tuple(undecided), promises)


def changes_between(
    old: Rulebook, new: Rulebook, on: date, *, steps: int
) -> tuple[list[Change], list[str]]:
    """What is found within so many steps for each kind of event; and in which kinds they ran out.

    What is found is true all the same. Raises `LookupError` as `going_back` does. Pure.
    """
    changes, undecided = changed_settings(old, new, on), list[str]()
    for event in new.vocabulary.values():
        found = changed_in(old, new, event, on, Budget(steps))
        try:
            changes.extend(found)
        except BudgetSpent:
            undecided.append(event.phrase)
    return changes, undecided


def promises_then(
    live: Rulebook, target: Rulebook, on: date, *, steps: int = STEPS
) -> PromisesThen:
    """What would come of the promises of what is live, with the facts that it states. Pure.

    Raises:
        LookupError: one of the directories has no MASH on that day.
    """
    today = prove_all(live, on, steps=steps).promises
    then = prove_all(_promising(target, live), on, steps=steps).promises
    pairs = [Reproved(a.proved.verdict, b) for a, b in zip(today, then, strict=True)]
    return PromisesThen(
        reproved=tuple(each for each in pairs if _is_told(each)),
        proved=sum(each.today is Verdict.PROVED for each in pairs),
        unmade=_unmade(pairs, target.promises),
    )


def _promising(target: Rulebook, live: Rulebook) -> Rulebook:
    """The target's rules and directory under the promises of what is live, in its words too."""
    return replace(
        target,
        promises=live.promises,
        vocabulary=_of_both(target.vocabulary, live.vocabulary),
    )


def _of_both(own: Vocabulary, other: Vocabulary) -> Vocabulary:
    """Every field of both: a promise may speak of what the target has no word for."""
    return {
        phrase: replace(
            event,
            event_fields={**other[phrase].event_fields, **event.event_fields},
            person_fields={**other[phrase].person_fields, **event.person_fields},
        )
        for phrase, event in own.items()
    }


def _is_told(pair: Reproved) -> bool:
    then = pair.then.proved.verdict
    return pair.today is not then or then is Verdict.UNDECIDED


def _unmade(pairs: list[Reproved], made: Promises) -> tuple[str, ...]:
    names = {each.name for each in made.promises}
    kept = [each.then.proved for each in pairs if each.then.proved.verdict is Verdict.PROVED]
    return tuple(each.promise.name for each in kept if each.promise.name not in names)
