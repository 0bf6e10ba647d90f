"""What is withheld about one human: from whom, and which of the event's concerns.

Two blocks withhold from everybody but those who may hear under both, by exception or because
they are still told of another concern.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from routing_rules.document import Withhold
from routing_rules.facts import Facts, PersonFacts
from routing_rules.interpreter import still_told
from routing_rules.rulebook import Rulebook
from routing_rules.vocabulary import Features
from schemas.values import Service


@dataclass(frozen=True, slots=True)
class Withholding:
    """The blocks that withhold, by name, and what follows from them.

    `allowed` may hear everything (None: nothing is withheld), `still` only of another concern
    than `concerns`: what `public_rules` tell, which fire without those.
    """

    names: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    allowed: frozenset[Service] | None = None
    still: frozenset[Service] = frozenset()
    concerns: frozenset[str] = frozenset()
    public_rules: frozenset[str] = frozenset()

    @property
    def because(self) -> str:
        """Why somebody is not told."""
        return "withheld: " + "; ".join(self.names)

    @property
    def basis(self) -> str | None:
        """The lawful basis of not telling them, where the blocks say one."""
        return "; ".join(self.bases) or None

    def hears_all(self, service: Service) -> bool:
        """Whether nothing is withheld from this service."""
        return self.allowed is None or service in self.allowed

    def permits(self, service: Service) -> bool:
        """Whether this service may hear anything about the person."""
        return self.hears_all(service) or service in self.still

    def hidden_from(self, service: Service) -> frozenset[str]:
        """The concerns that nothing for this service may carry."""
        return frozenset() if self.hears_all(service) else self.concerns

    def shows(self, rule: str, service: Service) -> bool:
        """Whether this service may know that the rule fired."""
        return self.hears_all(service) or rule in self.public_rules

    def tells(self, rule: str, service: Service) -> bool:
        """Whether a tell line of this rule reaches this service."""
        return self.permits(service) and self.shows(rule, service)

    def joined(self, block: Withhold, still: frozenset[Service]) -> "Withholding":
        """With one more block, under which `still` are told of another concern."""
        allowed, permitted = block.except_, block.except_ | still
        if self.allowed is not None:
            allowed, permitted = allowed & self.allowed, permitted & (self.allowed | self.still)
        names = tuple(dict.fromkeys((*self.names, block.name)))
        told = (*self.bases, *((block.basis,) if block.basis else ()))
        bases = tuple(dict.fromkeys(told))
        return replace(self, names=names, bases=bases, allowed=allowed, still=permitted - allowed)


NOTHING_WITHHELD = Withholding()


def withholding(
    facts: Facts,
    refs: Sequence[PersonFacts],
    blocks: Iterable[Sequence[Withhold]],
    rulebook: Rulebook,
) -> Withholding:
    """What is withheld about one human; `blocks` are those that match each of the refs."""
    result = NOTHING_WITHHELD
    concerns: set[str] = set()
    for person, matched in zip(refs, blocks, strict=True):
        for block in matched:
            result = result.joined(block, still_told(block, facts.event, person.features))
            concerns |= _concerns(block, facts.event)
    if result.allowed is None:
        return NOTHING_WITHHELD
    return replace(
        result,
        concerns=frozenset(concerns),
        public_rules=_public_rules(facts, refs, frozenset(concerns), rulebook),
    )


def _concerns(block: Withhold, event: Features) -> frozenset[str]:
    """Which values of the event's lists a block withholds."""
    concerns: frozenset[str] = frozenset()
    for condition in block.when:
        present = event[condition.field]
        if isinstance(present, frozenset):
            concerns |= condition.words & present
    return concerns


def _public_rules(
    facts: Facts, refs: Sequence[PersonFacts], concerns: frozenset[str], rulebook: Rulebook
) -> frozenset[str]:
    """The rules that would fire if the concerns were not there."""
    public = {
        name: value - concerns if isinstance(value, frozenset) else value
        for name, value in facts.event.items()
    }
    features = [person.features for person in refs]
    matched = rulebook.compiled.matching(facts.type, public, features)
    return frozenset(rule.name for rules in matched for rule in rules)
