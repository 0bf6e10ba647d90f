"""A gap as a rule owner reads it: where, the nearest rule and what excludes it, and an example."""

from dataclasses import dataclass

from routing_rules.boxes import Budget, BudgetSpent, leftovers
from routing_rules.gap_check import Checked, checked_example
from routing_rules.gap_nearest import Nearest, nearest_rule, nothing_tells
from routing_rules.promises import Kind, Promise
from routing_rules.proof import STEPS, Gap
from routing_rules.proof_ground import Ground
from routing_rules.region_words import region_in_words


@dataclass(frozen=True, slots=True)
class GapReport:
    """One gap in words. `nearest` is one line; `example` says itself whether it shows the gap."""

    what: str
    region: tuple[str, ...]
    nearest: str
    example: Checked


def report_gap(promise: Promise, gap: Gap, ground: Ground, *, steps: int = STEPS) -> GapReport:
    """Put a gap into words, and look for an example nearest to the rule that almost keeps it."""
    nearest = nearest_rule(gap, ground)
    budget = Budget(steps)
    mention = () if nearest is None else _tested_by(nearest)
    try:
        words = region_in_words(gap.region, ground, budget, mention)
    except BudgetSpent:
        words = ("a region that takes too many steps to describe",)
    near = _towards(gap, nearest, ground, steps)
    checked = checked_example(promise, near, ground.space, ground.reading.rulebook)
    if checked.doubt is not None:
        plain = checked_example(promise, gap, ground.space, ground.reading.rulebook)
        checked = plain if plain.doubt is None else checked
    return GapReport(_what(promise, gap), words, _nearest_in_words(gap, nearest, ground), checked)


def _tested_by(nearest: Nearest) -> list[str]:
    return [condition.field for condition in (*nearest.rule.when, *nearest.rule.about)]


def _towards(gap: Gap, nearest: Nearest | None, ground: Ground, steps: int) -> Gap:
    """The gap where only what excludes the nearest rule excludes it."""
    if nearest is None:
        return gap
    guards = [] if gap.telling is None else ground.guards
    try:
        possible = leftovers(nearest.towards, [*ground.limits, *guards], Budget(steps))
        piece = next(possible, gap.piece)
    except BudgetSpent:
        piece = gap.piece
    return Gap(gap.region, piece, gap.need, gap.telling)


def _what(promise: Promise, gap: Gap) -> str:
    if gap.need is not None:
        return f"{gap.need.unmet[0].upper()}{gap.need.unmet[1:]}"
    if promise.kind is Kind.NOBODY:
        return "Somebody is told"
    return f"It can be disclosed: {', '.join(sorted(promise.parts))}"


def _nearest_in_words(gap: Gap, nearest: Nearest | None, ground: Ground) -> str:
    if gap.telling is not None:
        position = gap.telling.tell.position
        return f"Told by {gap.telling.rule.name} ({position.file}:{position.line})"
    if nearest is None:
        assert gap.need is not None  # noqa: S101 - a gap is of a need or of a telling
        return nothing_tells(gap.need, ground.space.phrase)
    rule, position = nearest.rule, nearest.position
    because = "; ".join(nearest.excluded_by)
    return f"Nearest rule: {rule.name} ({position.file}:{position.line}): {because}"
