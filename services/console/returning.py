"""What going back to an earlier rulebook does, worked out beside the console. Pure; seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from routing_rules.going_back import going_back
from routing_rules.proof import Verdict
from routing_rules.rulebook_diff import ChangeKind
from services.console.surveying import (
    ChangeSeen,
    PromiseSeen,
    change_seen,
    loaded_for_work,
    promise_seen,
)
from services.console.workshop import Hear, WorkRefused


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A promise of what is live that would come out otherwise, or is not decided."""

    today: Verdict
    then: PromiseSeen
    is_broken: bool


@dataclass(frozen=True, slots=True)
class Return:
    """What it does, as `routing_rules.going_back` says: in words, with examples to try."""

    on: date
    changes: tuple[ChangeSeen, ...]
    undecided: tuple[str, ...]
    promises: tuple[Otherwise, ...]
    proved: int
    unmade: tuple[str, ...]

    @property
    def broken(self) -> Sequence[Otherwise]:
        """Promises that may hold today, and would not be seen to hold any more."""
        return [each for each in self.promises if each.is_broken]

    def by_kind(self) -> Sequence[tuple[ChangeKind, Sequence[ChangeSeen]]]:
        """The changes by kind, in the order in which they must be read."""
        return [(kind, [c for c in self.changes if c.kind is kind]) for kind in ChangeKind]


@dataclass(frozen=True, slots=True)
class Returning:
    """Work for a workshop: the texts of what is live and of what is gone back to, on which day."""

    live: Mapping[str, str]
    target: Mapping[str, str]
    on: date

    def __call__(self, _: Hear) -> Return:
        """Does it. Raises `WorkRefused` where the two cannot be compared."""
        live, target = loaded_for_work(self.live, "what is live"), loaded_for_work(self.target)
        try:
            found = going_back(live, target, self.on)
        except LookupError:
            raise WorkRefused(f"one of the two has no MASH in its directory on {self.on}") from None
        promises = found.promises
        return Return(
            on=self.on,
            changes=tuple(map(change_seen, found.changes)),
            undecided=found.undecided,
            promises=tuple(
                Otherwise(each.today, promise_seen(each.then), each.is_broken)
                for each in promises.reproved
            ),
            proved=promises.proved,
            unmade=promises.unmade,
        )
