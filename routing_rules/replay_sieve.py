"""The sieve of a replay: which stored decisions another rulebook cannot have made otherwise.

Who is told follows from the facts, by the rules and withhold blocks that match them, the settings,
the directory and the working time. Where two rulebooks differ in blocks only, and none of those
blocks matches a stored fact, the decision is the same: it need not be made again. What is told
(disclosure) and what is chased (escalation) is no part of who is told.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from routing_rules.compiler import CompiledRules, compile_rules
from routing_rules.conditions import FeatureInvalid
from routing_rules.document import ButStill, Condition, Rule, RuleDocument, Tell, Withhold
from routing_rules.escalation_loader import ESCALATION_FILE
from routing_rules.footing import is_common_ground
from routing_rules.promises_loader import PROMISES_FILE
from routing_rules.rulebook import DISCLOSURE_FILE, Rulebook
from routing_rules.source_text import Position
from routing_rules.vocabulary import Features
from schemas.values import EventType

_NOWHERE = Position("")
_NO_PART_OF_WHO_IS_TOLD = frozenset({DISCLOSURE_FILE, ESCALATION_FILE, PROMISES_FILE})
_COMPARED_BY_BLOCK = ("rules/", "cases/")


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """The features of one stored decision: of the event, and of each person in it."""

    event: Features
    persons: Sequence[Features]


@dataclass(frozen=True, slots=True)
class Sieve:
    """Answers for two rulebooks what `may_differ`; `changed` are the blocks that only one has.

    None: they differ in more than blocks, so that everything may. `is_common_ground` as in
    `footing`.
    """

    changed: CompiledRules | None
    types: frozenset[EventType]
    """The kinds of events that may be decided otherwise; of all others none is."""
    is_common_ground: bool

    def may_differ(self, event_type: EventType, facts_of: Callable[[], StoredFacts]) -> bool:
        """Whether one decision may be another; False only if it cannot.

        It asks for the facts only where these decide. Facts that do not fit the vocabulary (an
        older release stored them) may.
        """
        if event_type not in self.types:
            return False
        if self.changed is None:
            return True
        facts = facts_of()
        try:
            event = self.changed.rows_of_event(event_type, facts.event)
            persons = [self.changed.rows_of_person(event_type, each) for each in facts.persons]
        except FeatureInvalid:
            return True
        return any(
            event.rules & person.rules or event.withholds & person.withholds for person in persons
        )


def sieve(before: Rulebook, after: Rulebook) -> Sieve:
    """What of the decisions of one rulebook another may have made otherwise."""
    if _the_rest(before.files) != _the_rest(after.files):
        return Sieve(None, frozenset(EventType), is_common_ground(before, after))
    rules = _only_in_one(
        (_bare_rule(each) for each in before.document.rules),
        (_bare_rule(each) for each in after.document.rules),
    )
    withholds = _only_in_one(
        (_bare_withhold(each) for each in before.document.withholds),
        (_bare_withhold(each) for each in after.document.withholds),
    )
    document = RuleDocument(
        tuple(each for each in rules if isinstance(each, Rule)),
        tuple(each for each in withholds if isinstance(each, Withhold)),
    )
    blocks: tuple[Rule | Withhold, ...] = (*document.rules, *document.withholds)
    types = frozenset(each.event for each in blocks)
    return Sieve(compile_rules(document, after.vocabulary), types, is_common_ground=True)


def _the_rest(files: Mapping[str, str]) -> Mapping[str, str]:
    """The texts that must be equal: settings, directory, working time and whatever else."""
    return {
        path: text
        for path, text in files.items()
        if path not in _NO_PART_OF_WHO_IS_TOLD and not path.startswith(_COMPARED_BY_BLOCK)
    }


def _only_in_one(
    before: Iterable[Rule | Withhold], after: Iterable[Rule | Withhold]
) -> list[Rule | Withhold]:
    """By name, what is not the same in both: as it was, and as it is."""
    old = {each.name: each for each in before}
    new = {each.name: each for each in after}
    differing = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return [book[name] for name in differing for book in (old, new) if name in book]


def _bare_rule(rule: Rule) -> Rule:
    """The rule without what decides nothing about who is told."""
    return replace(
        rule,
        why="",
        when=_bare(rule.when),
        about=_bare(rule.about),
        tell=tuple(_bare_tell(each) for each in rule.tell),
        sources=(),
        owner="",
        review_by=date.min,
        position=_NOWHERE,
        pathways=(),
    )


def _bare_tell(tell: Tell) -> Tell:
    return replace(tell, position=_NOWHERE)


def _bare_withhold(block: Withhold) -> Withhold:
    return replace(
        block,
        when=_bare(block.when),
        about=_bare(block.about),
        but_still=tuple(ButStill(_bare(each.when), each.services) for each in block.but_still),
        position=_NOWHERE,
        why=None,
        sources=(),
        owner=None,
        review_by=None,
        basis=None,
    )


def _bare(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Conditions in a fixed order, wherever they stand in the file: all must hold."""
    return tuple(
        sorted(
            (replace(each, position=_NOWHERE) for each in conditions), key=lambda each: each.field
        )
    )
