"""Findings: what in a rulebook does nothing, is used by nothing, or should be looked at again.

None of them stops a rulebook from loading or a promise from being proved.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from routing_rules.boxes import Box, Budget, BudgetSpent, Piece, is_covered
from routing_rules.cases import run_cases
from routing_rules.directory import Team, holds_on
from routing_rules.document import Rule, Withhold
from routing_rules.promises import Promise
from routing_rules.proof import STEPS
from routing_rules.proof_ground import Ground, ground_of
from routing_rules.proof_tellings import Telling, urgent_within
from routing_rules.rulebook import Rulebook
from routing_rules.source_text import Position
from routing_rules.vocabulary import in_words
from schemas.values import Ask, Service, Urgency


class FindingKind(StrEnum):
    """What is amiss."""

    UNREACHABLE = "UNREACHABLE"
    ADDS_NOTHING = "ADDS NOTHING"
    NOBODY_USES = "NOBODY USES"
    NEVER_TOLD = "NEVER TOLD"
    REVIEW = "REVIEW"
    NO_CASE = "NO CASE"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at, in words, and where it stands."""

    kind: FindingKind
    text: str
    position: Position | None = None

    @property
    def place(self) -> str:
        """File and line, as `rules/police.yaml:4`; empty where it stands nowhere."""
        return "" if self.position is None else f"{self.position.file}:{self.position.line}"


def findings_of(rulebook: Rulebook, on: date, *, steps: int = STEPS) -> tuple[Finding, ...]:
    """Everything worth a look, as the directory is on a day. Pure."""
    grounds = []
    for event in rulebook.vocabulary.values():
        try:
            grounds.append(ground_of(rulebook, event, on, Budget(steps)))
        except BudgetSpent:  # a kind of event that withholds in too many ways is left out
            continue
    return (
        *(each for ground in grounds for each in _idle_blocks(ground, steps)),
        *_unused_teams(rulebook, grounds, on),
        *_services_never_told(rulebook, grounds, on),
        *_past_review(rulebook, on),
        *_without_case(rulebook),
    )


def _idle_blocks(ground: Ground, steps: int) -> Iterator[Finding]:
    document, kind = ground.reading.rulebook.document, ground.space.type
    never = [*ground.limits, *ground.guards]
    blocks: list[Rule | Withhold] = [*document.rules, *document.withholds]
    for block in (each for each in blocks if each.event is kind):
        try:
            if _is_covered(ground.reading.matched(block), never, steps):
                text = f"{block.name}: it contradicts itself, or nothing is told about anybody so"
                yield Finding(FindingKind.UNREACHABLE, text, block.position)
            elif isinstance(block, Rule) and _adds_nothing(block, ground, steps):
                text = f"{block.name}: all that it does, but for its reason, is done by other rules"
                yield Finding(FindingKind.ADDS_NOTHING, text, block.position)
        except BudgetSpent:
            continue


def _is_covered(pieces: Sequence[Piece], boxes: Sequence[Box], steps: int) -> bool:
    return all(is_covered(piece, boxes, Budget(steps)) for piece in pieces)


def _adds_nothing(rule: Rule, ground: Ground, steps: int) -> bool:
    """Whether other rules tell the same teams, no later, and ask them the same."""
    own = [each for each in ground.tellings if each.rule is rule]
    others = [each for each in ground.tellings if each.rule is not rule]
    return all(
        _is_covered(
            pieces, [*ground.limits, *ground.guards, *_doing(others, telling, need, ground)], steps
        )
        for telling in own
        for need, pieces in _done_by(telling, ground)
    )


_Deed = tuple[Urgency | None, Ask | None]
"""A telling by an urgency, or one of the things that it asks."""


def _done_by(telling: Telling, ground: Ground) -> Iterator[tuple[_Deed, list[Piece]]]:
    """What a telling does, deed by deed, and where."""
    earlier: Piece | None = None
    for urgency in Urgency:
        within = urgent_within(ground.reading, telling.tell, urgency)
        if within is not None and within != earlier:
            yield (urgency, None), ground.meeting(telling.pieces, [within])
            earlier = within
    for ask in telling.tell.asks:
        yield (None, ask), list(telling.pieces)


def _doing(others: Sequence[Telling], telling: Telling, deed: _Deed, ground: Ground) -> list[Box]:
    """Where others do the same: at the same place, and whenever the rule fires."""
    urgency, ask = deed
    found: list[Piece] = []
    for other in others:
        same = (other.service, other.place) == (telling.service, telling.place)
        if not same or other.rule.once_per_days is not None:
            continue
        if urgency is not None:
            within = urgent_within(ground.reading, other.tell, urgency)
            found += [] if within is None else ground.meeting(other.pieces, [within])
        elif ask in other.tell.asks:
            found += other.pieces
    return ground.reading.boxes(found)


def _unused_teams(rulebook: Rulebook, grounds: Sequence[Ground], on: date) -> Iterator[Finding]:
    """Teams in force that no tell line can reach and that are nobody's contact."""
    answers = (answer for ground in grounds for t in ground.tellings for answer in t.answers)
    found = [team for answer in answers for team in (answer.found, *answer.or_else)]
    reached = {team.recipient for team in found if isinstance(team, Team)}
    teams = [t for served in rulebook.directory.served.values() for t in served if holds_on(t, on)]
    reached |= {team.out_of_hours for team in teams if team.out_of_hours}
    lines = (line for handlers in rulebook.directory.handlers.values() for line in handlers)
    reached |= {line.recipient for line in lines}
    told: set[str] = set()
    for team in sorted(teams, key=lambda each: each.position):
        needed = team.service in (Service.MASH, Service.EMERGENCY)
        if team.recipient not in reached | told and not needed:
            told.add(team.recipient)
            text = f"{team.recipient}: no rule tells it of anything"
            yield Finding(FindingKind.NOBODY_USES, text, team.position)


def _services_never_told(
    rulebook: Rulebook, grounds: Sequence[Ground], on: date
) -> Iterator[Finding]:
    told = {
        service for g in grounds for t in g.tellings for service in (t.service, *t.services_told)
    }
    listed = {service for service, _ in rulebook.directory.queues(on)} - told - {Service.MASH}
    for service in Service:
        if service in listed:
            text = f"{in_words(service).replace('-', ' ')}: it has teams, and no rule tells it"
            yield Finding(FindingKind.NEVER_TOLD, text)


def _past_review(rulebook: Rulebook, on: date) -> Iterator[Finding]:
    document = rulebook.document
    blocks: list[Rule | Withhold | Promise] = [*document.rules, *document.withholds]
    for block in (*blocks, *rulebook.promises.promises):
        if block.review_by is not None and block.review_by < on:
            text = f"{block.name}: it was to be reviewed by {block.review_by}"
            yield Finding(FindingKind.REVIEW, text, block.position)


def _without_case(rulebook: Rulebook) -> Iterator[Finding]:
    coverage = run_cases(rulebook, rulebook.files).coverage
    positions = {each.name: each.position for each in rulebook.document.rules}
    for name in coverage.never_fires:
        text = f"{name}: no case shows it"
        yield Finding(FindingKind.NO_CASE, text, positions.get(name))
