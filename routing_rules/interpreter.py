"""The reference that explains: one rule, one person, one reason why it fired or did not."""

from routing_rules.conditions import because, first_failing
from routing_rules.decision import Verdict
from routing_rules.document import Rule, Withhold
from routing_rules.vocabulary import Features
from schemas.values import Service

FIRED = "all conditions hold"


def evaluate(rule: Rule, event: Features, person: Features, about: str) -> Verdict:
    """What a rule says of one person of an event of the rule's type; `about` is the person's ref.

    `because` is the first condition that fails, of the event before the person. Raises
    `FeatureInvalid` when a feature is missing or of another kind.
    """
    for conditions, features in ((rule.when, event), (rule.about, person)):
        failing = first_failing(conditions, features)
        if failing is not None:
            return Verdict(rule.name, about, fired=False, because=because(failing, features))
    return Verdict(rule.name, about, fired=True, because=FIRED)


def withheld(withhold: Withhold, event: Features, person: Features) -> bool:
    """Whether the block withholds this person's event from all services but its exceptions."""
    return (
        first_failing(withhold.when, event) is None
        and first_failing(withhold.about, person) is None
    )


def still_told(withhold: Withhold, event: Features, person: Features) -> frozenset[Service]:
    """The services that still hear of another concern of an event that the block withholds.

    Empty where the block withholds nothing.
    """
    if not withheld(withhold, event, person):
        return frozenset()
    told = (but.services for but in withhold.but_still if first_failing(but.when, event) is None)
    return frozenset().union(*told)
