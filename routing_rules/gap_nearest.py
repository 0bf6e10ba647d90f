"""The nearest rule to a gap: the one that almost keeps the promise there, and what excludes it."""

from collections.abc import Iterator
from dataclasses import dataclass

from routing_rules.boxes import Piece
from routing_rules.conditions import allowed_in_words
from routing_rules.document import Condition, Rule, UrgencyByField
from routing_rules.engine import GUARDED
from routing_rules.no_team import NoTeam
from routing_rules.proof import Gap
from routing_rules.proof_ground import Ground
from routing_rules.proof_needs import Need, conditions_met, services_in_words
from routing_rules.proof_space import DERIVED, flag_dimension
from routing_rules.proof_tellings import Telling
from routing_rules.source_text import Position
from routing_rules.vocabulary import FieldKind, in_words

_ELSEWHERE = "its line goes elsewhere"


@dataclass(frozen=True, slots=True)
class Nearest:
    """A rule and why it does not do: `excluded_by` is what leaves the gap out, in words.

    `towards` is the part of the gap in which nothing else excludes the rule. `position` is where
    the condition stands, or the rule where it is no condition.
    """

    rule: Rule
    excluded_by: tuple[str, ...]
    position: Position
    towards: Piece


def nearest_rule(gap: Gap, ground: Ground) -> Nearest | None:
    """The rule that the fewest things exclude; None if no rule tells the services at all."""
    if gap.telling is not None:
        rule = gap.telling.rule
        return Nearest(rule, ("it tells them",), rule.position, gap.region)
    runs = ground.space.layout.runs.values()

    def distance(nearest: Nearest) -> tuple[int, bool, int]:
        """Fewest reasons first; then a rule whose own line goes there; then most of the gap."""
        goes_elsewhere = any(said.startswith(_ELSEWHERE) for said in nearest.excluded_by)
        narrowed = sum(1 for run in runs if nearest.towards & run != gap.region & run)
        return len(nearest.excluded_by), goes_elsewhere, narrowed

    return min(_near(gap, ground), key=distance, default=None)


def _near(gap: Gap, ground: Ground) -> Iterator[Nearest]:
    need = gap.need
    for telling in ground.tellings if need is not None else ():
        assert need is not None  # noqa: S101 - mypy does not see the line above
        if telling.service in need.services or telling.services_told & {*need.services}:
            for piece in telling.matched:
                yield from _excluded(gap.region, piece, telling, need, ground)


def _excluded(
    region: Piece, matched: Piece, telling: Telling, need: Need, ground: Ground
) -> Iterator[Nearest]:
    """What excludes one telling from a region, for each way in which it could meet the need."""
    reasons = _Reasons(region, telling, ground)
    met = list(conditions_met(need, telling, ground.reading))
    if not met:
        fires, position, towards = reasons.conditions(matched)
        other = (_why_never(need, telling),)
        yield Nearest(telling.rule, (*fires, *other), position, towards)
    for piece in met:
        fires, position, towards = reasons.conditions(matched)
        told, towards = reasons.of_team(piece, need, towards)
        withheld = reasons.withheld(towards, matched)
        said = (*fires, *told, *withheld, *reasons.guarded())
        yield Nearest(telling.rule, said, position, towards)


def _why_never(need: Need, telling: Telling) -> str:
    if need.ask is not None and need.ask not in telling.tell.asks:
        return f"it does not ask them to {need.ask}"
    urgency = telling.tell.urgency
    if need.within is not None and not isinstance(urgency, UrgencyByField):
        return f"it tells them {in_words(urgency)} only"
    teams = [each.found for each in telling.answers if isinstance(each.found, NoTeam)]
    return teams[0].because if teams else "no team of that service is told by it"


@dataclass(frozen=True, slots=True)
class _Reasons:
    region: Piece
    telling: Telling
    ground: Ground

    def conditions(self, matched: Piece) -> tuple[list[str], Position, Piece]:
        """The conditions that leave the region out, where the first stands, and what is nearest."""
        conflicts, towards = self._towards(self.region, matched)
        rule = self.telling.rule
        said: dict[str, Position] = {}
        for name in conflicts:
            condition = self._condition(rule, name)
            if condition is None:
                said[f"{_ELSEWHERE}: {self.telling.place}"] = self.telling.tell.position
            else:
                allowed = allowed_in_words(condition)
                said[f"its condition '{condition.field}: {allowed}'"] = condition.position
        position = next(iter(said.values()), rule.position)
        return list(said), position, towards

    def _condition(self, rule: Rule, name: str) -> Condition | None:
        for condition in (*rule.when, *rule.about):
            names = {condition.field, DERIVED.get(condition.field)}
            field = self.ground.space.fields.get(condition.field)
            if field is not None and field.kind is FieldKind.FLAGS:
                names |= {flag_dimension(condition.field, word) for word in condition.words}
            if name in names and not self._meets(condition):
                return condition
        return None

    def _meets(self, condition: Condition) -> bool:
        pieces = self.ground.reading.where(condition)
        return any(self.ground.space.layout.is_piece(self.region & each) for each in pieces)

    def of_team(self, met: Piece, need: Need, towards: Piece) -> tuple[list[str], Piece]:
        """Why the directory or the urgency leaves the region out, and what is nearest."""
        conflicts, nearer = self._towards(towards, met)
        said = [self._why(name, need, nearer) for name in conflicts]
        return list(dict.fromkeys(said)), nearer

    def _why(self, name: str, need: Need, towards: Piece) -> str:
        layout = self.ground.space.layout
        for answer in self.telling.answers:
            is_there = layout.is_piece(towards & self.ground.reading.asked(answer))
            if is_there and name in answer.asking and isinstance(answer.found, NoTeam):
                return answer.found.because
        if need.at_home and name in DERIVED.values():
            return "the team that it tells is not that of the home district"
        urgency = "" if need.within is None else f", not within {in_words(need.within)}"
        return f"its urgency depends on {name}{urgency}"

    def withheld(self, towards: Piece, matched: Piece) -> list[str]:
        """What withholds the line there, once its rule fires."""
        reading, service, space = self.ground.reading, self.telling.service, self.ground.space
        for run in space.layout.runs.values():
            towards |= matched & run if not towards & matched & run else 0
        if self.ground.meeting([towards & matched], self.telling.pieces):
            return []
        return [
            f"withheld: {block.name} ({block.position.file}:{block.position.line})"
            for block in reading.rulebook.document.withholds
            if block.event is space.type
            and service not in block.except_
            and self.ground.meeting([towards], reading.matched(block))
        ]

    def guarded(self) -> list[str]:
        """That nothing is ever told about anybody there, if so."""
        guards = self.ground.guards
        return [GUARDED] if any(not self.region & guard.beyond for guard in guards) else []

    def _towards(self, region: Piece, piece: Piece) -> tuple[list[str], Piece]:
        """The dimensions in which they do not meet, and the region where the others do."""
        layout, conflicts = self.ground.space.layout, []
        for name, run in layout.runs.items():
            if region & piece & run:
                region &= ~run | piece
            else:
                conflicts.append(name)
        return conflicts, region


def nothing_tells(need: Need, phrase: str) -> str:
    """What is said where no rule tells any of the services."""
    return f"No rule tells {services_in_words(need.services)} of an event '{phrase}'"
