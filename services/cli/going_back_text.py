"""What going back to another rulebook would do, as whoever must act reads it."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from routing_rules.gap_report import GapReport
from routing_rules.going_back import GoingBack, PromisesThen, Reproved
from routing_rules.proof import Verdict
from routing_rules.rulebook_diff import Change, ChangeKind
from services.cli.change_text import in_words
from services.cli.wording import counted, listed

FEW = 2
"""So many changes of a kind, and promises, are told to whoever must act; the rest is counted."""
_INDENT = " " * 5
_COUNTED_ALWAYS = (
    ChangeKind.NEWLY_TOLD,
    ChangeKind.NO_LONGER_TOLD,
    ChangeKind.TIMING_CHANGED,
    ChangeKind.DISCLOSURE_CHANGED,
)


def going_back_lines(found: GoingBack) -> Iterator[str]:
    """The first changes of each kind, the first promises, and last the counts of all."""
    yield from _changes(found.changes)
    yield from promise_lines(found.promises, most=FEW)
    yield f"Over every event that there could be, on {found.on}:"
    if found.is_nothing:
        yield f"{_INDENT}they mean the same, and promise the same"
        return
    yield f"{_INDENT}{', '.join(_counts(found.changes))}"
    yield f"{_INDENT}{_kept(found.promises)}"
    if found.undecided:
        yield f"{_INDENT}{undecided_line(found.undecided)}"


def undecided_line(events: Sequence[str]) -> str:
    """In which kinds of events the steps ran out."""
    return (
        f"UNDECIDED in {listed(events)}: it takes more steps than are allowed, and more may be "
        "changed than is said"
    )


def promise_lines(promises: PromisesThen, *, most: int | None = None) -> Iterator[str]:
    """Promises that would come out otherwise, the broken ones first; so many in full, at most."""
    told = sorted(promises.reproved, key=lambda each: not each.is_broken)
    for each in told[:most]:
        yield from _promise(each, whole=most is None)
    if most is not None and len(told) > most:
        yield f"{_INDENT}and {counted(len(told) - most, 'more promise')}"
    unmade = promises.unmade[:most]
    yield from (f"NO LONGER PROMISED, though it would hold  {name}" for name in unmade)
    if len(promises.unmade) > len(unmade):
        yield f"{_INDENT}and {len(promises.unmade) - len(unmade)} more of these"


def _changes(changes: tuple[Change, ...]) -> Iterator[str]:
    order = list(ChangeKind)
    numbered = sorted(enumerate(changes, 1), key=lambda each: order.index(each[1].kind))
    for kind, these in groupby(((each.kind, n, each) for n, each in numbered), key=itemgetter(0)):
        own = list(these)
        for _, number, change in own[:FEW]:
            yield from in_words(change, number).splitlines()
        if len(own) > FEW:
            yield f"{_INDENT}and {len(own) - FEW} more {kind}"


def _promise(each: Reproved, *, whole: bool) -> Iterator[str]:
    proved = each.then.proved
    sources = f" ({', '.join(proved.promise.sources)})" if proved.promise.sources else ""
    yield f"{each.today} -> {proved.verdict}  {proved.promise.name}{sources}"
    if proved.because is not None:
        yield f"{_INDENT}{proved.because[0].upper()}{proved.because[1:]}"
    for gap in each.then.gaps if whole else each.then.gaps[:1]:
        yield from _gap(gap)


def _gap(gap: GapReport) -> Iterator[str]:
    yield f"{_INDENT}{gap.what} when: {'; '.join(gap.region) or 'always'}"
    yield f"{_INDENT}{gap.nearest}"


def _counts(changes: tuple[Change, ...]) -> Iterator[str]:
    for kind in ChangeKind:
        number = sum(each.kind is kind for each in changes)
        if number or kind in _COUNTED_ALWAYS:
            yield f"{number} {kind}"


def _kept(promises: PromisesThen) -> str:
    """What becomes of the promises, in one line."""
    then = [(each.is_broken, each.then.proved.verdict) for each in promises.reproved]
    gaps, held = then.count((True, Verdict.GAP)), then.count((False, Verdict.PROVED))
    told = f"{counted(promises.proved, 'promise')} proved today: {gaps} would be broken"
    if unsure := promises.broken - gaps:
        told += f", {unsure} not decided"
    if held:
        told += f", {held} would hold again"
    if promises.unmade:
        told += f", {len(promises.unmade)} would hold and no longer be promised"
    return told
